"""
Methods that put new messages into a chat: text, media, albums, places, contacts, polls.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.keyboards import read_markup
from tests.telegram_server.media import contact_content, location_content, media_content, poll_content
from tests.telegram_server.model import FormattedText, Json, Message
from tests.telegram_server.query import Query
from tests.telegram_server.text import MAX_CAPTION, MAX_TEXT, utf16_length

MAX_ALBUM = 10
ALBUM_KINDS = frozenset({"photo", "video", "audio", "document"})
MAX_POLL_OPTIONS = 12
CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
NO_TEXT = FormattedText("")

# Parameters that come back in the message under a name of their own.
_SHOWN_OPTIONS = {
    "protect_content": "has_protected_content",
    "link_preview_options": "link_preview_options",
    "has_spoiler": "has_media_spoiler",
    "show_caption_above_media": "show_caption_above_media",
    "message_effect_id": "effect_id",
    "business_connection_id": "business_connection_id",
}


def check_length(body: FormattedText, *, caption: bool) -> None:
    """Refuse a text or caption that is too long once its markup is gone."""
    if utf16_length(body.text) > (MAX_CAPTION if caption else MAX_TEXT):
        raise bad_request("message caption is too long" if caption else "message is too long")


def post(
    query: Query,
    body: FormattedText,
    content: Mapping[str, Any] | None = None,
    *,
    album_id: str | None = None,
    origin: Json | None = None,
) -> Message:
    """Put a message of the bot into the addressed chat."""
    world, chat, connection = query.world, query.open_chat(), query.connection
    markup = read_markup(query.value("reply_markup"), private=chat.is_private)
    check_length(body, caption=bool(content))
    reply_to = _reply_target(query, chat)
    options = {shown: query.value(name) for name, shown in _SHOWN_OPTIONS.items() if query.value(name)}
    if connection is not None:
        options["sender_business_bot"] = world.bot.to_json()
    message = Message(
        message_id=world.new_message_id(chat) if connection is None else connection.new_message_id(),
        chat_id=chat.id,
        date=world.now(),
        sender=world.bot if connection is None else connection.owner,
        body=body,
        content=content or {},
        buttons=markup.inline,
        markup=markup.inline_json,
        reply_to=reply_to.message_id if reply_to else None,
        thread_id=_thread(query, chat, reply_to),
        album_id=album_id,
        origin=origin,
        silent=query.flag("disable_notification"),
        options=options,
    )
    if markup.reply_keyboard is not None:
        chat.reply_keyboard = markup.reply_keyboard
    world.show(chat, message)
    if connection is not None:
        # What goes out of an account comes to its bot, even what that bot sent itself.
        world.updates.add("business_message", chat.render(message), chat.id)
    return message


def shown(query: Query, message: Message) -> Json:
    """The `Message` object of a message in the addressed chat."""
    return query.known_chat().render(message)


def send_message(query: Query) -> Json:
    """`sendMessage`."""
    if not query.text("text"):
        raise bad_request("message text is empty")
    body = query.formatted("text", "entities")
    if not body.text:
        raise bad_request("text must be non-empty")
    return shown(query, post(query, body))


def send_media(query: Query, kind: str) -> Json:
    """`sendPhoto`, `sendVoice` and the like."""
    body = query.formatted("caption", "caption_entities")
    query.open_chat()
    content = media_content(kind, query.file(kind, kind), query.parameters)
    return shown(query, post(query, body, content))


def send_media_group(query: Query) -> list[Json]:
    """`sendMediaGroup`."""
    items = query.value("media") or []
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {item.get("type") for item in items}
    for alone in ("document", "audio"):
        if alone in kinds and len(kinds) > 1:
            raise bad_request(f"{alone} can't be mixed with other media types")
    query.open_chat()
    album_id = str(uuid.uuid4().int % 10**17)
    prepared = [media_item(query, item, ALBUM_KINDS) for item in items]
    sent = [post(query, body, content, album_id=album_id) for body, content in prepared]
    return [shown(query, message) for message in sent]


def media_item(query: Query, item: Json, kinds: AbstractSet[str]) -> tuple[FormattedText, Json]:
    """The caption and content of an `InputMedia`, checked before anything is shown."""
    own = Query(query.world, query.method, item, query.uploads)
    kind = own.text("type")
    if kind not in kinds:
        raise bad_request(f"can't parse InputMedia: type {kind} is not allowed here")
    body = own.formatted("caption", "caption_entities")
    check_length(body, caption=True)
    return body, media_content(kind, own.file("media", kind), item)


def send_location(query: Query) -> Json:
    """`sendLocation`."""
    return shown(query, post(query, NO_TEXT, location_content(query.value("latitude"), query.value("longitude"))))


def send_contact(query: Query) -> Json:
    """`sendContact`."""
    if not query.text("phone_number"):
        raise bad_request("PHONE_NUMBER_INVALID")
    content = contact_content(query.text("phone_number"), query.text("first_name"), last_name=query.text("last_name"))
    return shown(query, post(query, NO_TEXT, content))


def send_poll(query: Query) -> Json:
    """`sendPoll`."""
    raw = query.value("options") or []
    options = [option if isinstance(option, str) else str(option.get("text", "")) for option in raw]
    if not query.text("question"):
        raise bad_request("poll question must be non-empty")
    if not 0 < len(options) <= MAX_POLL_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_POLL_OPTIONS} options" if options else "poll has no options")
    content = poll_content(
        poll_id=query.world.new_query().id,
        question=query.text("question"),
        options=options,
        anonymous=bool(query.parameters.get("is_anonymous", True)),
        several=query.flag("allows_multiple_answers"),
    )
    return shown(query, post(query, NO_TEXT, content))


def send_chat_action(query: Query) -> bool:
    """`sendChatAction`."""
    chat = query.open_chat()
    if query.text("action").lower() not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(query.text("action").lower())
    query.world.changes.notify()
    return True


def _reply_target(query: Query, chat: Chat) -> Message | None:
    wanted = query.value("reply_parameters")
    if not wanted:
        return None
    found = chat.find(int(wanted["message_id"]))
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _thread(query: Query, chat: Chat, reply_to: Message | None) -> int | None:
    """The topic that a message goes into: that of the message it replies to, otherwise the one named."""
    answered = reply_to.thread_id if reply_to else None
    thread_id = answered or query.integer("message_thread_id")
    # 1 is the topic "General", which a forum has without anyone creating it and which messages do not name.
    if not thread_id or (thread_id == 1 and chat.is_forum):
        return None
    topic = chat.topics.get(thread_id) if chat.has_topics else None
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not (chat.bot_may("can_manage_topics") or topic.creator_id == query.world.bot.id):
        raise bad_request("TOPIC_CLOSED")
    return thread_id
