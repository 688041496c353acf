"""
Methods about chats, their members and files.
"""

from __future__ import annotations

from tests.telegram_server.chats import Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json, User
from tests.telegram_server.query import Query

_ADMIN_RIGHTS = [
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
        return member_json(query.world.bot, bot_status(chat), chat)
    user = query.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    present = user_id in chat.members or (chat.is_private and chat.user == user)
    return member_json(user, "member" if present else "left", chat)


def bot_status(chat: Chat) -> str:
    """The bot's membership in a chat."""
    if chat.reachable in {"blocked", "kicked"}:
        return "kicked"
    if chat.reachable == "left":
        return "left"
    return "administrator" if chat.bot_is_admin else "member"


def member_json(user: User, status: str, chat: Chat) -> Json:
    """The `ChatMember` object."""
    member: Json = {"user": user.to_json(), "status": status}
    if status == "administrator":
        member |= dict.fromkeys(_ADMIN_RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
        if not chat.is_forum:
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
    return [member_json(query.world.bot, "administrator", chat)] if chat.bot_is_admin else []


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
