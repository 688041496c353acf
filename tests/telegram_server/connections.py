"""
Telegram Business as the server keeps it: who connected the bot to their account, and the chats of that account.

What people do in these chats is in `business.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.telegram_server.chats import Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json, User

ANSWERABLE_FOR = 24 * 60 * 60
BUSINESS_RIGHTS = frozenset(
    [
        "can_reply",
        "can_read_messages",
        "can_delete_sent_messages",
        "can_delete_all_messages",
        "can_edit_name",
        "can_edit_bio",
        "can_edit_profile_photo",
        "can_edit_username",
        "can_change_gift_settings",
        "can_view_gifts_and_stars",
        "can_convert_gifts_to_stars",
        "can_transfer_and_upgrade_gifts",
        "can_transfer_stars",
        "can_manage_stories",
    ]
)


@dataclass
class Connection:
    """The bot's connection to one person's account."""

    id: str
    owner: User
    date: int
    rights: frozenset[str]
    enabled: bool = True
    chats: dict[int, Chat] = field(default_factory=dict)
    """The owner's private chats that the bot may see, by the id of the other person."""
    # An account counts its own messages; that these ids also occur in the bot's chats is a trap worth having.
    _message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1201))

    def new_message_id(self) -> int:
        """The next message id in the owner's account."""
        return next(self._message_ids)

    def chat_with(self, person: User) -> Chat:
        """The owner's private chat with someone."""
        return self.chats.setdefault(person.id, Chat(person.id, "private", user=person, reachable="open"))

    def writable_chat(self, person_id: object, now: int) -> Chat:
        """The owner's chat with this person, provided that the bot may write there now."""
        chat = self.known_chat(person_id)
        if "can_reply" not in self.rights:
            raise bad_request("BUSINESS_PEER_INVALID")
        heard = [message.date for message in chat if message.sender == chat.user]
        if not heard or now - heard[-1] > ANSWERABLE_FOR:
            raise bad_request("BUSINESS_PEER_USAGE_MISSING")
        return chat

    def known_chat(self, person_id: object) -> Chat:
        """The owner's chat with this person."""
        if not self.enabled:
            raise bad_request("business connection not found")
        chat = self.chats.get(person_id) if isinstance(person_id, int) else None
        if chat is None:
            raise bad_request("BUSINESS_PEER_INVALID")
        return chat

    def to_json(self) -> Json:
        """The `BusinessConnection` object."""
        return {
            "id": self.id,
            "user": self.owner.to_json(),
            "user_chat_id": self.owner.id,
            "date": self.date,
            "rights": dict.fromkeys(sorted(self.rights), True),
            "is_enabled": self.enabled,
        }
