"""
One call of the Bot API after decoding: typed access to its parameters, files and chat.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.connections import Connection
from tests.telegram_server.errors import ApiError, bad_request, forbidden, migrated
from tests.telegram_server.files import StoredFile, Upload
from tests.telegram_server.model import FormattedText, Message
from tests.telegram_server.state import World
from tests.telegram_server.text import bot_text

_INTEGERS = frozenset(
    [
        "chat_id",
        "from_chat_id",
        "message_id",
        "user_id",
        "offset",
        "limit",
        "timeout",
        "message_thread_id",
        "cache_time",
        "duration",
        "width",
        "height",
        "length",
        "max_connections",
        "icon_color",
    ]
)
_FLAGS = frozenset(
    [
        "allow_paid_broadcast",
        "disable_notification",
        "drop_pending_updates",
        "protect_content",
        "show_alert",
        "is_anonymous",
        "allows_multiple_answers",
        "remove_caption",
        "is_big",
        "revoke_messages",
        "is_personal",
        "for_channels",
        "has_spoiler",
        "show_caption_above_media",
        "disable_content_type_detection",
        "supports_streaming",
    ]
)
_NUMBERS: dict[str, type[int | float]] = dict.fromkeys(_INTEGERS, int) | {"latitude": float, "longitude": float}
_OBJECTS = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "reply_parameters",
        "link_preview_options",
        "commands",
        "scope",
        "media",
        "allowed_updates",
        "message_ids",
        "reaction",
        "results",
        "menu_button",
        "options",
        "button",
    ]
)
_OBJECT_NAMES = {
    "reply_markup": "reply keyboard markup",
    "message_ids": "message identifiers",
    "entities": "message entities",
}


def decode(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as typed values: a parameter has the same type in every method that knows it."""
    return {name: _typed(name, value) for name, value in raw.items()}


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _FLAGS:
        return value.lower() in {"true", "yes", "1"}
    if name in _OBJECTS:
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {_OBJECT_NAMES.get(name, name)} JSON object") from None
    if name in _NUMBERS:
        # What is no number stays text (chat_id may be a username); the methods refuse it where it matters.
        with suppress(ValueError):
            return _NUMBERS[name](value)
    return value


@dataclass(frozen=True)
class Query:
    """A call on its way to its method."""

    world: World
    method: str
    parameters: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text parameter, empty if absent."""
        return str(self.parameters.get(name, ""))

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, the default if absent or no number."""
        value = self.parameters.get(name, default)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        """A boolean, False if absent."""
        return bool(self.parameters.get(name, False))

    def value(self, name: str) -> Any:
        """A JSON parameter, None if absent."""
        return self.parameters.get(name)

    @property
    def connection(self) -> Connection | None:
        """The business connection on whose behalf the bot acts, if it does."""
        wanted = self.text("business_connection_id")
        if wanted and wanted not in self.world.connections:
            raise bad_request("business connection not found")
        return self.world.connections.get(wanted)

    def known_chat(self, name: str = "chat_id") -> Chat:
        """The addressed chat, provided that the bot has ever met it."""
        wanted = self.parameters.get(name, "")
        if wanted == "":
            raise bad_request("chat_id is empty")
        if self.connection is not None:
            return self.connection.known_chat(wanted)
        chat = self.world.chats.get(wanted) if isinstance(wanted, int) else self._by_username(str(wanted))
        if chat is None or chat.reachable == "unknown":
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        return chat

    def open_chat(self, name: str = "chat_id") -> Chat:
        """The addressed chat, provided that the bot may write there now."""
        if self.connection is not None:
            return self.connection.writable_chat(self.value(name), self.world.now())
        chat = self.known_chat(name)
        if chat.reachable != "open":
            raise _unreachable(chat)
        return chat

    def formatted(self, name: str, entities: str) -> FormattedText:
        """A text or caption after parsing."""
        return bot_text(self.text(name), self.text("parse_mode"), self.value(entities))

    def own_message(self, chat: Chat, missing: str) -> Message:
        """The addressed message, or 400 with the wording for a missing one."""
        message = chat.find(self.integer("message_id"))
        if message is None:
            raise bad_request(missing)
        return message

    def file(self, name: str, kind: str, raw: str | None = None) -> StoredFile:
        """A file parameter: uploaded, already known, or an address that Telegram would fetch."""
        reference = self.text(name) if raw is None else raw
        upload = self.uploads.get(reference.removeprefix("attach://") if reference else name)
        if upload is not None:
            if not upload.content:
                raise bad_request("file must be non-empty")
            return self.world.files.store(kind, upload)
        if not reference:
            raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
        if reference.startswith(("http://", "https://")):
            return self.world.files.store(kind, Upload(reference.rpartition("/")[2], b""))
        known = self.world.files.known(reference)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad_request(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return known

    def _by_username(self, username: str) -> Chat | None:
        for chat in self.world.chats.values():
            name = chat.user.username if chat.user is not None else chat.username
            if name and f"@{name}" == username:
                return chat
        return None


def _unreachable(chat: Chat) -> ApiError:
    reasons = {
        "blocked": "bot was blocked by the user",
        "deactivated": "user is deactivated",
        "met": "bot can't initiate conversation with a user",
        "kicked": f"bot was kicked from the {chat.type} chat",
        "left": f"bot is not a member of the {chat.type} chat",
    }
    return forbidden(reasons[chat.reachable])
