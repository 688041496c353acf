"""
Setting the desk up: what it takes is explained step by step, and what is missing is named.
"""

from dataclasses import dataclass, replace

import structlog
from telegram import BotCommand, BotCommandScopeChat, Chat, ChatMemberAdministrator
from telegram.error import TelegramError

from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content.phrases import Phrase
from bot.model import Button

_EMOJI = ("❓", "❗", "💬", "✅")
_VARIATION = "\ufe0f"
COMMANDS = (
    "open",
    "r",
    "close",
    "note",
    "tag",
    "urgent",
    "later",
    "who",
    "delete",
    "faq",
    "mute",
    "ban",
    "away",
    "back",
    "hours",
    "broadcast",
    "broadcasts",
    "review",
    "stats",
    "team",
    "invite",
    "audit",
    "desk",
    "coach",
)
"""
The commands that are shown at the desk; `phrases.yaml` describes each as `desk_command_…`.
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """
    One thing the desk needs, and whether it is there.
    """

    name: Phrase
    well: bool


async def show(office: Office, order: Order) -> Done:
    """
    `/desk`: in the coach's own chat, what can be done; in a group, make it the desk if all it needs is there.
    """
    chat = order.message.chat
    if chat.type != Chat.PRIVATE:
        return await _in_group(office, chat.id)
    if office.desk.is_open:
        return Done(_status(office), _choices(office))
    me = await office.api.get_me()
    if not me.has_topics_enabled:
        return Done(office.desk.say(Phrase.DESK_SETUP, bot=f"@{office.api.username}"))
    here = (office.desk.button(Phrase.DESK_BUTTON_HERE, "here"),)
    return Done(office.desk.say(Phrase.DESK_SETUP_OR_HERE, bot=f"@{office.api.username}"), (here,))


async def here(office: Office, order: Order) -> Done:
    """
    Make the coach's own chat with the bot the desk: each person gets a topic there.
    """
    await _settle(office, order.message.chat.id, private=True)
    return Done(office.desk.say(Phrase.DESK_READY), _choices(office), replaces=True)


async def check_again(office: Office, order: Order) -> Done:
    """
    Look again whether a group has all it needs.
    """
    return replace(await _in_group(office, order.message.chat.id), replaces=True)


async def files(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    Have files that people send handed over, or not.
    """
    await office.desk.change(wants_files=not office.desk.place.wants_files)
    return Done(_status(office), _choices(office), replaces=True)


async def leave(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    Close the desk: all conversations go back to the bot, and people are told how to write to the coach.
    """
    await office.desk.change(chat=0, private=False, away=False, back="")
    return Done(office.desk.say(Phrase.DESK_LEFT), changes=(office.takeovers.ending_all(),), replaces=True)


async def _in_group(office: Office, chat_id: int) -> Done:
    checks = await _checks(office, chat_id)
    if not all(check.well for check in checks):
        lines = "\n".join(f"{'✅' if check.well else '❌'} {office.desk.say(check.name)}" for check in checks)
        again = (office.desk.button(Phrase.DESK_BUTTON_CHECK, "check"),)
        return Done(f"{office.desk.say(Phrase.DESK_MISSING)}\n\n{lines}", (again,))
    await _settle(office, chat_id, private=False)
    members = await office.api.get_chat_member_count(chat_id)
    return Done(office.desk.say(Phrase.DESK_READY_GROUP, count=members - 1), _choices(office))


async def _checks(office: Office, chat_id: int) -> list[Check]:
    """
    What a group must have to be the desk.
    """
    chat = await office.api.get_chat(chat_id)
    me = await office.api.get_chat_member(chat_id, office.api.id)
    may = me if isinstance(me, ChatMemberAdministrator) else None
    return [
        Check(Phrase.DESK_CHECK_PRIVATE, not chat.username),
        Check(Phrase.DESK_CHECK_FORUM, bool(chat.is_forum)),
        Check(Phrase.DESK_CHECK_ADMIN, may is not None),
        Check(Phrase.DESK_CHECK_TOPICS, may is not None and bool(may.can_manage_topics)),
        Check(Phrase.DESK_CHECK_DELETE, may is not None and bool(may.can_delete_messages)),
    ]


async def _settle(office: Office, chat_id: int, *, private: bool) -> None:
    """
    The desk is here from now on; topics that stood elsewhere are made anew when they are needed.
    """
    if office.desk.place.chat != chat_id:
        await office.threads.keep(office.takeovers.leaving_topics())
    await office.desk.change(chat=chat_id, private=private, icons=await _icons(office))
    described = [BotCommand(name, office.desk.plain(Phrase(f"desk_command_{name}"))) for name in COMMANDS]
    try:
        await office.api.set_my_commands(described, scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        # They can be typed all the same.
        _log.warning("desk_commands_not_set", reason=type(error).__name__)


async def _icons(office: Office) -> dict[str, str]:
    """
    The pictures that Telegram lets stand on a topic, for those emoji that stand for a state.
    """
    try:
        stickers = await office.api.get_forum_topic_icon_stickers()
    except TelegramError as error:
        _log.warning("desk_icons_not_found", reason=type(error).__name__)
        return {}
    known = {(one.emoji or "").replace(_VARIATION, ""): one.custom_emoji_id for one in stickers}
    return {emoji: str(known[emoji]) for emoji in _EMOJI if known.get(emoji)}


def _status(office: Office) -> str:
    desk = office.desk
    files_are = desk.say(Phrase.DESK_FILES_ON if desk.place.wants_files else Phrase.DESK_FILES_OFF)
    silence = desk.say(Phrase.DESK_SILENCE, count=round(desk.rules.silence_hours))
    return f"{desk.say(Phrase.DESK_STATUS)}\n• {files_are}\n• {silence}"


def _choices(office: Office) -> tuple[tuple[Button, ...], ...]:
    desk = office.desk
    wanted = Phrase.DESK_BUTTON_FILES_OFF if desk.place.wants_files else Phrase.DESK_BUTTON_FILES_ON
    return ((desk.button(wanted, "files"),), (desk.button(Phrase.DESK_BUTTON_LEAVE, "leave"),))
