"""
People with a private chat, and how the bot's membership in any chat changes.

What they do inside a chat is in `participants.py`.
"""

from __future__ import annotations

from tests.telegram_server.chats import Chat
from tests.telegram_server.methods.chats import bot_member
from tests.telegram_server.model import Json, User
from tests.telegram_server.participants import Participant
from tests.telegram_server.screen import Screen
from tests.telegram_server.state import World


class Person(Participant, Screen):
    """Someone with a private chat with the bot."""

    def __init__(self, world: World, chat: Chat, user: User) -> None:
        """Give a person their chat."""
        Participant.__init__(self, world, chat, user)

    @property
    def id(self) -> int:
        """The user id, which is the id of the private chat as well."""
        return self.user.id

    @property
    def first_name(self) -> str:
        """What the person calls themselves."""
        return self.user.first_name

    async def block(self) -> None:
        """Block the bot."""
        self._change_membership("blocked")

    async def unblock(self) -> None:
        """Let the bot write again."""
        self._change_membership("open")

    async def deactivate(self) -> None:
        """Delete the account; the bot finds out when it writes."""
        self._chat.reachable = "deactivated"

    def _change_membership(self, reachable: str) -> None:
        old = bot_member(self._world, self._chat)
        self._chat.reachable = reachable
        self._world.updates.add("my_chat_member", membership(self._world, self._chat, self.user, old), self._chat.id)


def membership(world: World, chat: Chat, by: User, old: Json) -> Json:
    """The `ChatMemberUpdated` object of a change of the bot's own membership."""
    return {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": world.now(),
        "old_chat_member": old,
        "new_chat_member": bot_member(world, chat),
    }
