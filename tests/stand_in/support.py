"""
A stock application, and handlers to give it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.telegram_server import (
    TelegramServer,
)

Stock = Application[Any, Any, Any, Any, Any, Any]
Handlers = Sequence[Any]


@asynccontextmanager
async def polling(server: TelegramServer, handlers: Handlers) -> AsyncIterator[Stock]:
    """A stock application that long-polls the server."""
    builder = Application.builder().token(server.token).base_url(server.base_url).base_file_url(server.base_file_url)
    application = builder.build()
    application.add_handlers(handlers)
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=10)
        yield application
        await application.updater.stop()
        await application.stop()


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a message with its own text."""
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"You said: {update.effective_message.text}")


ECHO = MessageHandler(filters.TEXT, echo)


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer /start with a button."""
    assert update.effective_message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Tell me more", callback_data="more")]])
    payload = " ".join(context.args or [])
    await update.effective_message.reply_html(f"<b>Hello</b> {payload}", reply_markup=keyboard)


async def tell_more(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the button by changing the message."""
    assert update.callback_query is not None
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("Much more")


def keyboard(**button: Any) -> InlineKeyboardMarkup:
    """A keyboard of one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("label", **button)]])
