"""
What whoever hosts the bot sees of it.
"""
