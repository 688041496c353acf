"""
The peer of `benchmarks.message`: the shortest bot that python-telegram-bot's own documentation would have one write.

    python -m benchmarks.echo TOKEN BASE_URL
"""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """
    Say what was said.
    """
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """
    Poll until stopped.
    """
    token, base_url = sys.argv[1:]
    application = ApplicationBuilder().token(token).base_url(base_url).concurrent_updates(256).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=["message"])


if __name__ == "__main__":
    main()
