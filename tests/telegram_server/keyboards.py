"""
`reply_markup`: inline and reply keyboards, checked as Telegram checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.errors import bad_request
from tests.telegram_server.html import normal_url
from tests.telegram_server.model import Button, Json

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_COPY_TEXT = 256

# The order decides which action counts when a button wrongly carries two.
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)

ReplyKeyboard = tuple[str, ...]
"""The labels of the keyboard that replaces a person's letters; empty when none is shown."""


@dataclass(frozen=True)
class Markup:
    """A checked `reply_markup`."""

    inline: tuple[tuple[Button, ...], ...] = ()
    inline_json: Mapping[str, Any] | None = None
    reply_keyboard: ReplyKeyboard | None = None
    """New labels of the reply keyboard, empty to remove it, None to leave it as it is."""


def read_markup(raw: Json | None, *, private: bool) -> Markup:
    """The keyboard a bot sends with a message, or Telegram's error."""
    if not raw:
        return Markup()
    if "inline_keyboard" in raw:
        rows = tuple(
            tuple(_inline_button(button, private=private) for button in row) for row in raw["inline_keyboard"] if row
        )
        if sum(map(len, rows)) > MAX_BUTTONS:
            raise bad_request("reply markup is too long")
        return Markup(rows, _stored(raw) if rows else None)
    if "keyboard" in raw:
        return Markup(reply_keyboard=tuple(_reply_label(button) for row in raw["keyboard"] for button in row))
    if raw.get("remove_keyboard"):
        return Markup(reply_keyboard=())
    if raw.get("force_reply"):
        return Markup()
    raise bad_request("object expected as reply markup")


def read_inline_markup(raw: Json | None, *, private: bool) -> Markup:
    """The keyboard of an edit, which may only be inline."""
    if raw and "inline_keyboard" not in raw:
        raise bad_request("inline keyboard expected")
    return read_markup(raw, private=private)


def _stored(raw: Json) -> Json:
    """The keyboard as Telegram gives it back: links in their normal form, empty rows gone."""
    rows = [
        [{**button, "url": normal_url(button["url"])} if "url" in button else button for button in row]
        for row in raw["inline_keyboard"]
        if row
    ]
    return {"inline_keyboard": rows}


def _inline_button(raw: Json, *, private: bool) -> Button:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    label = str(raw.get("text", ""))
    if not label.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    action = next((name for name in _ACTIONS if name in raw), None)
    if action is None:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    value = raw[action]
    if action == "callback_data" and not 0 < len(str(value).encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text" and not 0 < len(str(value.get("text", ""))) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app" and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    if action in {"url", "web_app", "login_url"}:
        _check_link(value if action == "url" else value.get("url", ""), https_only=action != "url")
    return Button(label, action, value)


def _check_link(url: str, *, https_only: bool) -> None:
    if not normal_url(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if https_only and not url.startswith("https://"):
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _reply_label(raw: Json | str) -> str:
    label = raw if isinstance(raw, str) else str(raw.get("text", ""))
    if not label:
        raise bad_request("keyboard button text must be non-empty")
    return label
