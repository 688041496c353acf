"""
Groups: their screen, their members, and what happens to the bot in them.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from tests.telegram_server.chats import ADMIN_RIGHTS, Chat, Topic
from tests.telegram_server.methods.chats import bot_member
from tests.telegram_server.model import Json, Message, User
from tests.telegram_server.participants import Participant
from tests.telegram_server.people import Person, membership
from tests.telegram_server.screen import Screen
from tests.telegram_server.state import World
from tests.telegram_server.topics import ICON_COLORS, begin_topic, change_topic


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

    def member(self, person: Person, status: str = "") -> Participant:
        """A person as a member of this group, through whom they write here; `administrator` and `creator` are more."""
        if status not in {"", "member", "administrator", "creator"}:
            raise ValueError(f"no such status: {status!r}")
        self._chat.members[person.id] = person.user
        if status == "member":
            self._chat.statuses.pop(person.id, None)
        elif status:
            self._chat.statuses[person.id] = status
        return Participant(self._world, self._chat, person.user)

    async def add_bot(self, by: Person, *, admin: bool = False, rights: AbstractSet[str] = ADMIN_RIGHTS) -> None:
        """Someone adds the bot, makes it an administrator with these rights, or changes its rights."""
        if not rights <= ADMIN_RIGHTS:
            raise ValueError(f"no such rights: {rights - ADMIN_RIGHTS}")
        old = bot_member(self._world, self._chat)
        self._chat.reachable, self._chat.bot_is_admin, self._chat.bot_rights = "open", admin, frozenset(rights)
        self._tell_bot(by.user, old)

    async def remove_bot(self, by: Person) -> None:
        """Someone throws the bot out."""
        old = bot_member(self._world, self._chat)
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
            bot_rights=self._chat.bot_rights,
            members=dict(self._chat.members),
            statuses=dict(self._chat.statuses),
        )
        self._world.chats[new.id] = new
        self._service(self._chat, by.user, {"migrate_to_chat_id": new.id})
        self._service(new, by.user, {"migrate_from_chat_id": self._chat.id})
        self._chat.migrated_to = new.id
        return Group(self._world, new)

    async def switch_topics(self, *, on: bool) -> None:
        """Switch the topics on or off; the bot is told nothing of it."""
        if self._chat.type != "supergroup":
            raise ValueError("Telegram makes a group a supergroup before it gets topics")
        self._chat.is_forum = on

    async def create_topic(self, by: Person, name: str) -> Topic:
        """Someone opens a topic."""
        notice = begin_topic(self._world, self._chat, by.user, name, ICON_COLORS[0])
        self._announce(self._chat, notice)
        return self._chat.topics[notice.message_id]

    async def rename_topic(self, by: Person, thread_id: int, name: str) -> None:
        """Someone gives a topic another name."""
        topic = replace(self._chat.topics[thread_id], name=name)
        content = {"forum_topic_edited": {"name": name}}
        self._announce(self._chat, change_topic(self._world, self._chat, by.user, topic, content))

    async def close_topic(self, by: Person, thread_id: int) -> None:
        """Someone closes a topic."""
        topic = replace(self._chat.topics[thread_id], closed=True)
        content: Json = {"forum_topic_closed": {}}
        self._announce(self._chat, change_topic(self._world, self._chat, by.user, topic, content))

    async def reopen_topic(self, by: Person, thread_id: int) -> None:
        """Someone opens a closed topic again."""
        topic = replace(self._chat.topics[thread_id], closed=False)
        content: Json = {"forum_topic_reopened": {}}
        self._announce(self._chat, change_topic(self._world, self._chat, by.user, topic, content))

    async def delete_topic(self, thread_id: int) -> None:
        """Someone deletes a topic with all its messages; the bot is told nothing of it."""
        self._chat.drop_topic(thread_id)
        self._world.changes.notify()

    def _tell_bot(self, by: User, old: Json) -> None:
        payload = membership(self._world, self._chat, by, old)
        self._world.updates.add("my_chat_member", payload, self._chat.id)

    def _service(self, chat: Chat, by: User, content: Json) -> None:
        message = Message(
            message_id=self._world.new_message_id(chat),
            chat_id=chat.id,
            date=self._world.now(),
            sender=by,
            content=content,
        )
        self._announce(chat, self._world.show(chat, message))

    def _announce(self, chat: Chat, notice: Message) -> None:
        if chat.reachable == "open":
            self._world.updates.add("message", chat.render(notice), chat.id)
