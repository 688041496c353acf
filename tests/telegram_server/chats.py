"""
Chats and what is on their screens: messages in order, topics, members, who may write.

Nothing here knows of HTTP or of the people's side; `people.py` and `methods/` act on these chats.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.telegram_server.icons import TOPIC_ICONS
from tests.telegram_server.model import Json, Message, User

ADMIN_RIGHTS = frozenset(
    [
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_pin_messages",
        "can_manage_topics",
    ]
)
"""Everything that an administrator of a group can be allowed to do."""


@dataclass(frozen=True)
class Topic:
    """A forum topic."""

    thread_id: int
    name: str
    icon_color: int
    creator_id: int
    icon_custom_emoji_id: str = ""
    closed: bool = False

    @property
    def icon(self) -> str:
        """The emoji that its icon stands for, empty if it has none."""
        return TOPIC_ICONS.get(self.icon_custom_emoji_id, "")


@dataclass
class Chat:
    """One chat as the server keeps it."""

    id: int
    type: str
    title: str = ""
    user: User | None = None
    username: str | None = None
    is_forum: bool = False
    reachable: str = "unknown"
    """`open`, or why the bot cannot write: `unknown`, `blocked`, `deactivated`, `kicked`, `left`, `met`."""
    bot_is_admin: bool = False
    bot_rights: frozenset[str] = ADMIN_RIGHTS
    """What the bot may do as an administrator."""
    migrated_to: int | None = None
    members: dict[int, User] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    """Members who are more than that: `administrator` or `creator`."""
    topics: dict[int, Topic] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    reply_keyboard: tuple[str, ...] = ()
    unread: deque[int] = field(default_factory=deque)
    """Ids of the bot's messages that no test has taken yet."""
    _messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it is the chat of one person with the bot."""
        return self.type == "private"

    @property
    def has_topics(self) -> bool:
        """Whether messages can go into topics; in a private chat that depends on the bot."""
        return self.is_private or self.is_forum

    def bot_may(self, right: str) -> bool:
        """Whether the bot may do what takes an administrator's right in a group."""
        return self.is_private or (self.bot_is_admin and right in self.bot_rights)

    @property
    def messages(self) -> list[Message]:
        """What one sees now, oldest first."""
        return list(self._messages.values())

    def __iter__(self) -> Iterator[Message]:
        """The messages, oldest first."""
        return iter(self.messages)

    def find(self, message_id: int) -> Message | None:
        """The message with this id, unless it was deleted."""
        return self._messages.get(message_id)

    def put(self, message: Message) -> Message:
        """Show a message, or show it anew after a change."""
        fresh = message.message_id not in self._messages
        self._messages[message.message_id] = message
        if fresh and message.from_bot:
            self.unread.append(message.message_id)
        return message

    def remove(self, message_id: int) -> bool:
        """Take a message off the screen; False when there was none."""
        return self._messages.pop(message_id, None) is not None

    def drop_topic(self, thread_id: int) -> None:
        """Take a topic off the screen with all its messages."""
        del self.topics[thread_id]
        for message in self:
            if message.thread_id == thread_id:
                self.remove(message.message_id)

    def take_unread(self) -> Message | None:
        """The bot's next message that was not taken yet, as it stands now."""
        while self.unread:
            if (message := self.find(self.unread.popleft())) is not None:
                return message
        return None

    def to_json(self) -> Json:
        """The `Chat` object."""
        shared: Json = {"id": self.id, "type": self.type}
        if self.user is not None:
            profile = self.user.to_json()
            return shared | {name: profile[name] for name in ("first_name", "last_name", "username") if name in profile}
        named = shared | {"title": self.title} | ({"username": self.username} if self.username else {})
        return named | ({"is_forum": True} if self.is_forum else {})

    def render(self, message: Message, *, nested: bool = True) -> Json:
        """The `Message` object; the message it replies to is included once, as Telegram does."""
        shown: Json = {
            "message_id": message.message_id,
            "from": message.sender.to_json(),
            "chat": self.to_json(),
            "date": message.date,
        }
        if message.thread_id is not None:
            shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if nested and (original := self._answered(message)) is not None:
            shown["reply_to_message"] = self.render(original, nested=False)
        optional = {
            "edit_date": message.edited_at,
            "media_group_id": message.album_id,
            "forward_origin": message.origin,
            "reply_markup": message.markup,
        }
        shown |= {name: value for name, value in optional.items() if value is not None}
        return shown | _body(message) | dict(message.content) | dict(message.options)

    def _answered(self, message: Message) -> Message | None:
        """What a message replies to; for Telegram, all that replies to nothing in a topic replies to its beginning."""
        number = message.thread_id if message.reply_to is None else message.reply_to
        return None if number is None or number == message.message_id else self.find(number)


def _body(message: Message) -> Json:
    """Text and entities under the names they have in this kind of message."""
    if not message.text:
        return {}
    text_name, entities_name = ("caption", "caption_entities") if message.content else ("text", "entities")
    body: Json = {text_name: message.text}
    if message.entities:
        body[entities_name] = [entity.to_json() for entity in message.entities]
    return body
