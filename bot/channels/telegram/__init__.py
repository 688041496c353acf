"""
Telegram: python-telegram-bot brings updates, the conversation answers, the calls go back.
"""
