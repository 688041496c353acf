"""
Methods that repeat a message somewhere else: copy (no trace of the origin) and forward.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import pairwise

from tests.telegram_server.chats import Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods.messages import post, shown
from tests.telegram_server.model import FormattedText, Json, Message
from tests.telegram_server.query import Query

MAX_AT_ONCE = 100
_SERVICE = frozenset(
    [
        "pinned_message",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "new_chat_members",
        "left_chat_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
    ]
)
_NOT_COPIED = _SERVICE | {"giveaway"}


def copy_message(query: Query) -> Json:
    """`copyMessage`."""
    source = query.known_chat("from_chat_id")
    original = _original(query, source, "copy", "copied", _NOT_COPIED)
    body = original.body
    if original.content and "caption" in query.parameters:
        body = query.formatted("caption", "caption_entities")
    return {"message_id": post(query, body, original.content).message_id}


def forward_message(query: Query) -> Json:
    """`forwardMessage`."""
    source = query.known_chat("from_chat_id")
    original = _original(query, source, "forward", "forwarded", _SERVICE)
    return shown(query, post(query, original.body, original.content, origin=_origin(original)))


def copy_messages(query: Query) -> list[Json]:
    """`copyMessages`: missing messages are passed over, albums stay albums."""
    return _repeat(query, "there are no messages to copy", forward=False)


def forward_messages(query: Query) -> list[Json]:
    """`forwardMessages`: as `copyMessages`, with the origin shown."""
    return _repeat(query, "there are no messages to forward", forward=True)


def _repeat(query: Query, nothing_left: str, *, forward: bool) -> list[Json]:
    ids = query.value("message_ids") or []
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MAX_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if any(later <= earlier for earlier, later in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = query.known_chat("from_chat_id")
    refused = _SERVICE if forward else _NOT_COPIED
    originals = [message for number in ids if (message := source.find(number)) and _repeatable(message, refused)]
    if not originals:
        raise bad_request(nothing_left)
    # A new album needs an id of its own, or clients would glue it to the old one.
    albums = {album: query.world.new_query().id for album in {message.album_id for message in originals} if album}
    sent = []
    for original in originals:
        body = FormattedText("") if original.content and query.flag("remove_caption") else original.body
        album_id = albums.get(original.album_id or "")
        origin = _origin(original) if forward else None
        sent.append(post(query, body, original.content, album_id=album_id, origin=origin))
    return [{"message_id": message.message_id} for message in sent]


def _original(query: Query, source: Chat, verb: str, done: str, refused: AbstractSet[str]) -> Message:
    message = query.own_message(source, f"message to {verb} not found")
    if not _repeatable(message, refused):
        raise bad_request(f"message can't be {done}")
    return message


def _repeatable(message: Message, refused: AbstractSet[str]) -> bool:
    return message.kind not in refused and not message.options.get("has_protected_content")


def _origin(message: Message) -> Json:
    """Where a forwarded message first came from, however often it was forwarded."""
    if message.origin is not None:
        return dict(message.origin)
    return {"type": "user", "date": message.date, "sender_user": message.sender.to_json()}
