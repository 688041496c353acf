"""
What the stand-in server knows, as frozen values: users, entities, buttons, messages.

No behaviour beyond reading and serialising; the chats that hold these values live in `chats.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""A JSON object on its way into or out of the Bot API."""


@dataclass(frozen=True)
class User:
    """A person or the bot, as the `User` object shows them."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False

    def to_json(self) -> Json:
        """The `User` object."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "is_premium": self.is_premium or None,
        }
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value is not None},
        }


@dataclass(frozen=True)
class Entity:
    """A stretch of formatted text; `offset` and `length` count UTF-16 code units."""

    type: str
    offset: int
    length: int
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> Json:
        """The `MessageEntity` object."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


@dataclass(frozen=True)
class FormattedText:
    """Plain text with its entities, and the HTML it was written in (empty if it was not)."""

    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""


@dataclass(frozen=True)
class Button:
    """One button under a message: its label and what pressing it does."""

    label: str
    action: str
    value: Any = None

    @property
    def callback_data(self) -> str | None:
        """The payload of a callback button, None for any other kind."""
        return self.value if self.action == "callback_data" else None

    @property
    def url(self) -> str | None:
        """The address of a link button, None for any other kind."""
        return self.value if self.action == "url" else None


@dataclass(frozen=True)
class Reaction:
    """What someone put under a message: an emoji, or the id of a custom one."""

    type: str
    value: str

    @classmethod
    def from_json(cls, raw: Json) -> Reaction:
        """Read a `ReactionType` object."""
        kind = str(raw.get("type", ""))
        return cls(kind, str(raw.get("emoji" if kind == "emoji" else "custom_emoji_id", "")))

    def to_json(self) -> Json:
        """The `ReactionType` object."""
        return {"type": self.type, "emoji" if self.type == "emoji" else "custom_emoji_id": self.value}


@dataclass(frozen=True)
class Message:
    """A message as it stands on the screen now, with edits applied."""

    message_id: int
    chat_id: int
    date: int
    sender: User
    body: FormattedText = FormattedText("")
    content: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[tuple[Button, ...], ...] = ()
    markup: Mapping[str, Any] | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    album_id: str | None = None
    edited_at: int | None = None
    origin: Mapping[str, Any] | None = None
    reacted: Mapping[int, Reaction] = field(default_factory=dict)
    """User id → their reaction, in the order in which they reacted."""
    pinned: bool = False
    silent: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text, or the caption of a media message."""
        return self.body.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities of the text or caption."""
        return self.body.entities

    @property
    def html(self) -> str:
        """The text exactly as the bot sent it with `parse_mode=HTML`; empty otherwise."""
        return self.body.html

    @property
    def kind(self) -> str:
        """`text`, `photo`, `voice`, `location`, … or the name of a service message."""
        return next(iter(self.content), "text")

    @property
    def from_bot(self) -> bool:
        """Whether the bot under test wrote it, in its own name or in that of a business account."""
        return self.sender.is_bot or "sender_business_bot" in self.options

    @property
    def reactions(self) -> tuple[str, ...]:
        """The reactions under the message: emojis, or ids of custom ones."""
        return tuple(reaction.value for reaction in self.reacted.values())

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons, row after row."""
        return [button.label for row in self.buttons for button in row]
