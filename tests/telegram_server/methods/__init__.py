"""
The methods of the Bot API that the server knows, in one table.

A method is a function from a `Query` to its result; it raises `ApiError` to refuse. What is not here answers 404.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.telegram_server.media import MEDIA_KINDS
from tests.telegram_server.methods import (
    business,
    chats,
    copies,
    edits,
    messages,
    profile,
    queries,
    receiving,
    topics,
)
from tests.telegram_server.query import Query


def _nothing(_: Query) -> int:
    return 0


def _one(_: Query) -> int:
    return 1


Handler = Callable[[Query], object | Awaitable[object]]


@dataclass(frozen=True)
class Method:
    """A method and what it costs against the sending limits."""

    handler: Handler
    cost: Callable[[Query], int] = _nothing
    takes_connection: bool = False
    """Whether it can act on behalf of a business account."""


def _as_many_as(name: str) -> Callable[[Query], int]:
    return lambda query: len(query.value(name) or [])


def _camel(prefix: str, snake: str) -> str:
    return prefix + "".join(part.capitalize() for part in snake.split("_"))


METHODS: Mapping[str, Method] = {
    # Receiving
    "getUpdates": Method(receiving.get_updates),
    "setWebhook": Method(receiving.set_webhook),
    "deleteWebhook": Method(receiving.delete_webhook),
    "getWebhookInfo": Method(receiving.get_webhook_info),
    "logOut": Method(receiving.log_out),
    "close": Method(receiving.close),
    # Sending
    "sendMessage": Method(messages.send_message, _one, takes_connection=True),
    **{
        _camel("send", kind): Method(partial(messages.send_media, kind=kind), _one, takes_connection=True)
        for kind in MEDIA_KINDS
    },
    "sendMediaGroup": Method(messages.send_media_group, _as_many_as("media"), takes_connection=True),
    "sendLocation": Method(messages.send_location, _one, takes_connection=True),
    "sendContact": Method(messages.send_contact, _one, takes_connection=True),
    "sendPoll": Method(messages.send_poll, _one, takes_connection=True),
    "sendChatAction": Method(messages.send_chat_action, takes_connection=True),
    "copyMessage": Method(copies.copy_message, _one),
    "copyMessages": Method(copies.copy_messages, _as_many_as("message_ids")),
    "forwardMessage": Method(copies.forward_message, _one),
    "forwardMessages": Method(copies.forward_messages, _as_many_as("message_ids")),
    # Changing what was sent
    "editMessageText": Method(edits.edit_text, takes_connection=True),
    "editMessageCaption": Method(edits.edit_caption, takes_connection=True),
    "editMessageMedia": Method(edits.edit_media, takes_connection=True),
    "editMessageReplyMarkup": Method(edits.edit_markup, takes_connection=True),
    "deleteMessage": Method(edits.delete_message),
    "deleteMessages": Method(edits.delete_messages),
    "setMessageReaction": Method(edits.set_reaction),
    "pinChatMessage": Method(edits.pin_message),
    "unpinChatMessage": Method(edits.unpin_message),
    # Answering
    "answerCallbackQuery": Method(queries.answer_callback_query),
    "answerInlineQuery": Method(queries.answer_inline_query),
    # The bot's own profile
    "getMe": Method(profile.get_me),
    **{_camel("setMy", name): Method(partial(profile.set_text, field_name=name)) for name in profile.TEXT_LIMITS},
    **{_camel("getMy", name): Method(partial(profile.get_text, field_name=name)) for name in profile.TEXT_LIMITS},
    "setMyCommands": Method(profile.set_commands),
    "getMyCommands": Method(profile.get_commands),
    "deleteMyCommands": Method(profile.delete_commands),
    "setChatMenuButton": Method(profile.set_menu_button),
    "getChatMenuButton": Method(profile.get_menu_button),
    # Chats, members, files
    "getChat": Method(chats.get_chat),
    "getChatMember": Method(chats.get_chat_member),
    "getChatMemberCount": Method(chats.get_chat_member_count),
    "getChatAdministrators": Method(chats.get_chat_administrators),
    "leaveChat": Method(chats.leave_chat),
    "getFile": Method(chats.get_file),
    # Topics
    "createForumTopic": Method(topics.create_topic),
    "editForumTopic": Method(topics.edit_topic),
    "closeForumTopic": Method(topics.close_topic),
    "reopenForumTopic": Method(topics.reopen_topic),
    "deleteForumTopic": Method(topics.delete_topic),
    "unpinAllForumTopicMessages": Method(topics.unpin_all),
    "getForumTopicIconStickers": Method(topics.get_icon_stickers),
    # Telegram Business
    "getBusinessConnection": Method(business.get_connection, takes_connection=True),
}

_BY_LOWER_NAME = {name.lower(): name for name in METHODS}


def canonical_name(name: str) -> str | None:
    """The spelling of a method in the documentation; names are not case-sensitive. None if there is none."""
    return _BY_LOWER_NAME.get(name.lower())
