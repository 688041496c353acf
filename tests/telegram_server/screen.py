"""
How a test reads a chat: what is on the screen, and waiting for what comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tests.telegram_server.chats import Chat, Topic
from tests.telegram_server.model import Message
from tests.telegram_server.state import World

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds that a test waits by default before it fails."""


class Screen:
    """A chat as someone with the app open sees it."""

    def __init__(self, world: World, chat: Chat) -> None:
        """Look at a chat."""
        self._world = world
        self._chat = chat

    @property
    def messages(self) -> list[Message]:
        """Everything that is shown now, oldest first, edits and deletions applied."""
        return self._chat.messages

    @property
    def bot_messages(self) -> list[Message]:
        """What is shown now from the bot, notices such as "pinned a message" included."""
        return [message for message in self._chat if message.from_bot]

    @property
    def last(self) -> Message:
        """The newest message."""
        return self._chat.messages[-1]

    @property
    def actions(self) -> list[str]:
        """The chat actions that were shown ("typing", …), in order."""
        return self._chat.actions

    @property
    def reply_keyboard(self) -> tuple[str, ...]:
        """The labels of the keyboard shown instead of letters."""
        return self._chat.reply_keyboard

    @property
    def topics(self) -> list[Topic]:
        """The forum topics, oldest first."""
        return list(self._chat.topics.values())

    def find(self, message: Message | int) -> Message | None:
        """A message as it stands now; None once it is deleted."""
        return self._chat.find(message if isinstance(message, int) else message.message_id)

    async def next_message(self, within: float = PATIENCE) -> Message:
        """The bot's next message that this test has not taken yet."""
        return await self.wait_for(self._chat.take_unread, within)

    async def edited(self, message: Message, within: float = PATIENCE) -> Message:
        """The message once it differs from the version the test holds."""
        return await self.wait_for(lambda: self._changed(message), within)

    async def wait_for(self, predicate: Callable[[], T | None], within: float = PATIENCE) -> T:
        """The first true answer of a predicate, asked again after every change on the server."""
        return await self._world.changes.wait_for(predicate, within, self._describe)

    def _changed(self, message: Message) -> Message | None:
        current = self.find(message)
        return None if current == message else current

    def _describe(self) -> str:
        lines = [f"{message.sender.first_name}: {message.text or message.kind!r}" for message in self._chat]
        failed = [f"{call.method}: {call.outcome.description}" for call in self._world.calls if not call.outcome.ok]
        return f"on the screen: {lines[-10:]}; calls that failed: {failed[-5:]}"
