"""
Methods for what people see of the bot before they write to it.
"""

from __future__ import annotations

import re

from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json
from tests.telegram_server.profile import scope_key
from tests.telegram_server.query import Query

MAX_COMMANDS = 100
MAX_COMMAND = 32
MAX_COMMAND_DESCRIPTION = 256

# field → (longest text, error for a longer one)
TEXT_LIMITS = {
    "name": (64, "BOT_TITLE_TOO_LONG"),
    "description": (512, "DESCRIPTION_TOO_LONG"),
    "short_description": (120, "ABOUT_TOO_LONG"),
}
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(query: Query) -> Json:
    """`getMe`."""
    return query.world.bot.to_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not query.world.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": query.world.business_mode,
        "has_main_web_app": False,
        "has_topics_enabled": query.world.topics_in_private,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
    }


def set_text(query: Query, field_name: str) -> bool:
    """`setMyName`, `setMyDescription`, `setMyShortDescription`; an empty text removes one language's."""
    longest, error = TEXT_LIMITS[field_name]
    text = query.text(field_name)
    if len(text) > longest:
        raise bad_request(error)
    key = (field_name, _language(query))
    if text:
        query.world.profile.texts[key] = text
    else:
        query.world.profile.texts.pop(key, None)
    query.world.changes.notify()
    return True


def get_text(query: Query, field_name: str) -> Json:
    """`getMyName`, `getMyDescription`, `getMyShortDescription`."""
    text = query.world.profile.text(field_name, _language(query))
    return {field_name: text or (query.world.bot.first_name if field_name == "name" else "")}


def set_commands(query: Query) -> bool:
    """`setMyCommands`."""
    commands = query.value("commands") or []
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cleaned = [_command(raw) for raw in commands]
    query.world.profile.command_lists[_scope(query), _language(query)] = cleaned
    query.world.changes.notify()
    return True


def get_commands(query: Query) -> list[Json]:
    """`getMyCommands`."""
    return query.world.profile.command_lists.get((_scope(query), _language(query)), [])


def delete_commands(query: Query) -> bool:
    """`deleteMyCommands`."""
    query.world.profile.command_lists.pop((_scope(query), _language(query)), None)
    return True


def set_menu_button(query: Query) -> bool:
    """`setChatMenuButton`, for one private chat or for all."""
    button = query.value("menu_button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    query.world.profile.menu_buttons[_menu_chat(query)] = button
    query.world.changes.notify()
    return True


def get_menu_button(query: Query) -> Json:
    """`getChatMenuButton`."""
    return query.world.profile.menu_button(_menu_chat(query))


def _menu_chat(query: Query) -> int | None:
    return query.known_chat().id if query.value("chat_id") else None


def _command(raw: Json) -> Json:
    name, description = str(raw.get("command", "")).strip().removeprefix("/"), str(raw.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > MAX_COMMAND:
        raise bad_request(f"command length must not exceed {MAX_COMMAND}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > MAX_COMMAND_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
    return {"command": name, "description": description}


def _scope(query: Query) -> str:
    scope = query.value("scope") or {"type": "default"}
    needed = _SCOPES.get(str(scope.get("type")))
    if needed is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in needed:
        if not scope.get(name):
            raise bad_request(f"{name} is empty")
    if "chat_id" in needed:
        Query(query.world, query.method, {"chat_id": scope["chat_id"]}).known_chat()
    return scope_key(scope)


def _language(query: Query) -> str:
    code = query.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
