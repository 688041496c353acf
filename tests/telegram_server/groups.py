"""
Groups: their screen, their members, and what happens to the bot in them.
"""

from __future__ import annotations

from tests.telegram_server.chats import Chat
from tests.telegram_server.model import Json, Message, User
from tests.telegram_server.participants import Participant
from tests.telegram_server.people import Person, membership
from tests.telegram_server.screen import Screen
from tests.telegram_server.state import World


class Group(Screen):
    """A group or supergroup that the bot may be in."""

    def __init__(self, world: World, chat: Chat) -> None:
        """Look at a group."""
        super().__init__(world, chat)

    @property
    def id(self) -> int:
        """The chat id: negative, for supergroups starting with -100."""
        return self._chat.id

    @property
    def title(self) -> str:
        """The name of the group."""
        return self._chat.title

    def member(self, person: Person) -> Participant:
        """A person as a member of this group, through whom they write here."""
        self._chat.members[person.id] = person.user
        return Participant(self._world, self._chat, person.user)

    async def add_bot(self, by: Person, *, admin: bool = False) -> None:
        """Someone adds the bot, or makes it an administrator."""
        old = _status(self._chat)
        self._chat.reachable, self._chat.bot_is_admin = "open", admin
        self._tell_bot(by.user, old)

    async def remove_bot(self, by: Person) -> None:
        """Someone throws the bot out."""
        old = _status(self._chat)
        self._chat.reachable, self._chat.bot_is_admin = "kicked", False
        self._tell_bot(by.user, old)

    async def migrate(self, by: Person) -> Group:
        """Turn the group into a supergroup, which gets an id of its own."""
        new = Chat(
            id=self._world.new_group_id(supergroup=True),
            type="supergroup",
            title=self._chat.title,
            reachable="open",
            bot_is_admin=self._chat.bot_is_admin,
            members=dict(self._chat.members),
        )
        self._world.chats[new.id] = new
        self._service(self._chat, by.user, {"migrate_to_chat_id": new.id})
        self._service(new, by.user, {"migrate_from_chat_id": self._chat.id})
        self._chat.migrated_to = new.id
        return Group(self._world, new)

    def _tell_bot(self, by: User, old_status: str) -> None:
        payload = membership(self._world, self._chat, by, old_status)
        self._world.updates.add("my_chat_member", payload, self._chat.id)

    def _service(self, chat: Chat, by: User, content: Json) -> None:
        message = Message(
            message_id=self._world.new_message_id(chat),
            chat_id=chat.id,
            date=self._world.now(),
            sender=by,
            content=content,
        )
        self._world.show(chat, message)
        self._world.updates.add("message", chat.render(message), chat.id)


def _status(chat: Chat) -> str:
    """The bot's membership before a change; in a group it never was in, it counts as having left."""
    if chat.reachable == "open":
        return "administrator" if chat.bot_is_admin else "member"
    return "kicked" if chat.reachable == "kicked" else "left"
