"""
The web: where Telegram delivers updates, and where whoever watches over the bot asks how it is.
"""
