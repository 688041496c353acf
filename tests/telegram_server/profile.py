"""
What people see of the bot before they write: names, descriptions, commands, menu buttons.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.model import Json

DEFAULT_SCOPE: Json = {"type": "default"}


def scope_key(scope: Json | None) -> str:
    """A scope in one canonical spelling, so that equal scopes are the same key."""
    return json.dumps(scope or DEFAULT_SCOPE, sort_keys=True)


@dataclass
class Profile:
    """The profile of the bot, per language and scope."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """`(name | description | short_description, language)` → text."""
    command_lists: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)

    def text(self, field_name: str, language: str = "") -> str:
        """What someone with this language sees: their language's text, or the one for everyone."""
        return self.texts.get((field_name, language)) or self.texts.get((field_name, ""), "")

    def commands(self, language: str = "", scope: Json | str | None = None) -> list[Json]:
        """The commands stored for exactly this language and scope (a scope's type will do)."""
        wanted: Json | None = {"type": scope} if isinstance(scope, str) else scope
        return self.command_lists.get((scope_key(wanted), language), [])

    def menu_button(self, chat_id: int | None = None) -> dict[str, Any]:
        """The menu button of a chat, or the one for everyone."""
        return self.menu_buttons.get(chat_id) or self.menu_buttons.get(None) or {"type": "default"}
