"""
Telegram Business: someone connects the bot to their own account, and it reads and writes in their private chats.

What the server keeps of it is in `connections.py`.
"""

from __future__ import annotations

from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.connections import BUSINESS_RIGHTS, Connection
from tests.telegram_server.model import Json, Message, Reaction, User
from tests.telegram_server.participants import Participant
from tests.telegram_server.people import Person
from tests.telegram_server.screen import Screen
from tests.telegram_server.state import World


class BusinessAccount:
    """Someone's own account, connected to the bot."""

    def __init__(self, world: World, connection: Connection) -> None:
        """Look at a connection."""
        self._world = world
        self._connection = connection

    @property
    def id(self) -> str:
        """The id of the connection."""
        return self._connection.id

    def chat_with(self, person: Person) -> BusinessChat:
        """The owner's private chat with someone."""
        return BusinessChat(self._world, self._connection, person.user)

    async def disconnect(self) -> None:
        """The owner takes the bot out of their account."""
        self._connection.enabled = False
        self.tell_bot()

    async def change_rights(self, **rights: bool) -> None:
        """The owner gives rights (`can_reply=True`) or takes them away (`can_reply=False`)."""
        check_rights(frozenset(rights))
        taken = {right for right, given in rights.items() if not given}
        self._connection.rights = (self._connection.rights | rights.keys()) - taken
        self.tell_bot()

    def tell_bot(self) -> None:
        """Queue the update that describes the connection as it is now."""
        self._world.updates.add("business_connection", self._connection.to_json(), self._connection.owner.id)


class _Side(Participant):
    """One of the two people in a private chat of a connected account."""

    def __init__(self, world: World, connection: Connection, chat: Chat, user: User) -> None:
        super().__init__(world, chat, user)
        self._connection = connection

    async def delete(self, message: Message | int) -> None:
        """Delete a message for both; the bot of the account is told."""
        message_id = self._shown(message).message_id
        await super().delete(message_id)
        payload = {
            "business_connection_id": self._connection.id,
            "chat": self._chat.to_json(),
            "message_ids": [message_id],
        }
        self._queue("deleted_business_messages", payload)

    def _new_message_id(self) -> int:
        return self._connection.new_message_id()

    def _options(self) -> Json:
        return {"business_connection_id": self._connection.id}

    def _open(self) -> None:
        """Writing to the owner opens no chat with the bot."""
        private = self._world.chats[self.user.id]
        if private.reachable == "unknown":
            private.reachable = "met"

    def _deliver(self, kind: str, message: Message) -> None:
        name = {"message": "business_message", "edited_message": "edited_business_message"}[kind]
        self._queue(name, self._chat.render(message))

    def _deliver_reaction(self, shown: Message, old: Reaction | None, new: Reaction | None) -> None:
        """Telegram tells bots nothing of reactions in the chats of an account."""

    def _queue(self, kind: str, payload: Json) -> None:
        if self._connection.enabled:
            self._world.updates.add(kind, payload, self._chat.id)


class BusinessChat(_Side, Screen):
    """
    A private chat of a connected account, as both people see it.

    The methods without a prefix are what the other person does; `owner` is the account's own side.
    """

    def __init__(self, world: World, connection: Connection, person: User) -> None:
        """Look at the owner's chat with someone."""
        super().__init__(world, connection, connection.chat_with(person), person)
        self.owner = _Side(world, connection, self._chat, connection.owner)

    @property
    def id(self) -> int:
        """The chat id, which is the id of the other person and also that of their chat with the bot."""
        return self._chat.id

    async def owner_send_text(self, text: str, **where: Any) -> Message:
        """The owner writes a text."""
        return await self.owner.send_text(text, **where)

    async def owner_edit(self, message: Message | int, text: str) -> Message:
        """The owner changes what they wrote."""
        return await self.owner.edit(message, text)

    async def owner_delete(self, message: Message | int) -> None:
        """The owner deletes a message."""
        await self.owner.delete(message)


def check_rights(rights: frozenset[str]) -> frozenset[str]:
    """The rights, provided that Telegram knows them all."""
    if not rights <= BUSINESS_RIGHTS:
        raise ValueError(f"no such rights: {rights - BUSINESS_RIGHTS}")
    return rights
