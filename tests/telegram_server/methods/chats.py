"""
Methods about chats, their members and files.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from tests.telegram_server.chats import ADMIN_RIGHTS, Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json, User
from tests.telegram_server.query import Query
from tests.telegram_server.state import World


def get_chat(query: Query) -> Json:
    """`getChat`."""
    chat = query.known_chat()
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        True,
    )
    return chat.to_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(query: Query) -> Json:
    """`getChatMember`."""
    chat = query.known_chat()
    user_id = query.integer("user_id")
    if user_id == query.world.bot.id:
        return bot_member(query.world, chat)
    user = query.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    present = user_id in chat.members or (chat.is_private and chat.user == user)
    return _member(user, chat.statuses.get(user_id, "member") if present else "left", chat, ADMIN_RIGHTS)


def bot_member(world: World, chat: Chat) -> Json:
    """The `ChatMember` object of the bot."""
    return _member(world.bot, _bot_status(chat), chat, chat.bot_rights)


def _bot_status(chat: Chat) -> str:
    if chat.reachable in {"blocked", "kicked"}:
        return "kicked"
    # In a group that it was never in, the bot counts as having left.
    if chat.reachable == "left" or (chat.reachable == "unknown" and not chat.is_private):
        return "left"
    return "administrator" if chat.bot_is_admin else "member"


def _member(user: User, status: str, chat: Chat, rights: AbstractSet[str]) -> Json:
    member: Json = {"user": user.to_json(), "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    if status == "administrator":
        member |= {right: right in rights for right in sorted(ADMIN_RIGHTS)}
        member |= {"can_be_edited": False, "is_anonymous": False}
        if chat.type != "supergroup":
            member.pop("can_manage_topics")
    if status == "kicked":
        member["until_date"] = 0
    return member


def get_chat_member_count(query: Query) -> int:
    """`getChatMemberCount`, the bot included."""
    chat = query.known_chat()
    return (1 if chat.is_private else len(chat.members)) + 1


def get_chat_administrators(query: Query) -> list[Json]:
    """`getChatAdministrators`; other bots are left out, as Telegram does."""
    chat = query.known_chat()
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    people = [_member(chat.members[each], status, chat, ADMIN_RIGHTS) for each, status in chat.statuses.items()]
    return [*people, bot_member(query.world, chat)] if chat.bot_is_admin else people


def leave_chat(query: Query) -> bool:
    """`leaveChat`."""
    chat = query.open_chat()
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.reachable = "left"
    chat.bot_is_admin = False
    query.world.changes.notify()
    return True


def get_file(query: Query) -> Json:
    """`getFile`."""
    if not query.text("file_id"):
        raise bad_request("file_id not specified")
    return query.world.files.describe(query.text("file_id"))
