"""
Orders that take long: they go on beside everything else, and what comes of them is said where they were given.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from telegram import Message
from telegram.error import InvalidToken

from bot.channels.telegram.calls import Call
from bot.channels.telegram.desk.order import Done
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.wording import answer_calls, where_of
from bot.channels.telegram.sender import Sender
from bot.content.phrases import Phrase
from bot.model import Button, Document

_LAST_WORD_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Background:
    """
    Does what takes long.

    Parameters:
        desk: Its words.
        sender: Sends what comes of it.
    """

    def __init__(self, desk: Desk, sender: Sender) -> None:
        self._desk, self._sender = desk, sender
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, order: Message, work: Coroutine[Any, Any, None]) -> None:
        """
        Begin something, and go on at once.

        Parameters:
            order: The order, or the message whose button was pressed.
            work: What it takes, to the last word about it; if it fails, the coach is told.
        """
        task = asyncio.create_task(self._finish(order, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """
        Give up what is not done, and say so where it was asked for.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def say(self, order: Message, html: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> None:
        """
        Say something where an order was given.

        Parameters:
            order: The order, or the message whose button was pressed.
            html: What to say.
            buttons: Rows of buttons below.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        for call in answer_calls(order, Done(html, buttons)):
            await self._sender.answer(call)

    async def picture(self, order: Message, caption: str, picture: Document) -> None:
        """
        Show a picture where an order was given.

        Parameters:
            order: The order.
            caption: What to say below it, as Telegram HTML.
            picture: A PNG.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        shown = {**where_of(order), "caption": caption, "parse_mode": "HTML"}
        await self._sender.answer(Call("sendPhoto", shown, document=picture, upload="photo"))

    async def _finish(self, order: Message, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            # What says that it has begun must not stand there for good; but the bot does not wait long to stop.
            with suppress(InvalidToken, TimeoutError):
                async with asyncio.timeout(_LAST_WORD_SECONDS):
                    await self.say(order, self._desk.say(Phrase.DESK_INTERRUPTED))
            raise
        except Exception as error:  # noqa: BLE001 (it must not end the bot, and a coach can ask again)
            _log.error("order_failed", reason=type(error).__name__)
            # Without a token nothing can be said, and whatever polls or answers ends the program.
            with suppress(InvalidToken):
                await self.say(order, self._desk.say(Phrase.DESK_TROUBLE))
