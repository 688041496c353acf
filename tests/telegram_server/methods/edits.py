"""
Methods that change what is already on a screen: edits, deletions, reactions, pins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram.constants import ReactionEmoji

from tests.telegram_server.chats import Chat
from tests.telegram_server.errors import bad_request
from tests.telegram_server.keyboards import Markup, read_inline_markup
from tests.telegram_server.methods.messages import ALBUM_KINDS, check_length, media_item
from tests.telegram_server.model import Json, Message, Reaction
from tests.telegram_server.query import Query

MEDIA = ALBUM_KINDS | {"animation"}
DELETABLE_FOR = 48 * 60 * 60
MAX_DELETED_AT_ONCE = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
_REACTIONS = frozenset(str(emoji.value) for emoji in ReactionEmoji)


def edit_text(query: Query) -> Json:
    """`editMessageText`."""
    if not query.text("text"):
        raise bad_request("message text is empty")
    body = query.formatted("text", "entities")
    if not body.text:
        raise bad_request("text must be non-empty")
    chat, message = _editable(query)
    if message.content:
        raise bad_request("there is no text in the message to edit")
    check_length(body, caption=False)
    return _apply(query, chat, message, body=body)


def edit_caption(query: Query) -> Json:
    """`editMessageCaption`."""
    body = query.formatted("caption", "caption_entities")
    chat, message = _editable(query)
    if not message.content:
        raise bad_request("there is no caption in the message to edit")
    check_length(body, caption=True)
    return _apply(query, chat, message, body=body)


def edit_media(query: Query) -> Json:
    """`editMessageMedia`, which can also add media to a text."""
    body, content = media_item(query, query.value("media") or {}, MEDIA)
    chat, message = _editable(query)
    if message.content and message.kind not in MEDIA:
        raise bad_request("there is no media in the message to edit")
    edited = replace(message, body=body, content=content)
    if message.album_id is not None and edited.kind != message.kind:
        _check_album(message, edited)
    return _apply(query, chat, message, body=body, content=content)


def edit_markup(query: Query) -> Json:
    """`editMessageReplyMarkup`."""
    chat, message = _editable(query)
    return _apply(query, chat, message)


def delete_message(query: Query) -> bool:
    """`deleteMessage`."""
    chat = query.known_chat()
    message = query.own_message(chat, "message to delete not found")
    if not _deletable(query, chat, message):
        raise bad_request("message can't be deleted")
    chat.remove(message.message_id)
    query.world.changes.notify()
    return True


def delete_messages(query: Query) -> bool:
    """`deleteMessages`: those that are gone already are passed over."""
    ids = query.value("message_ids") or []
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MAX_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    chat = query.known_chat()
    found = [message for number in ids if (message := chat.find(number)) is not None]
    if not all(_deletable(query, chat, message) for message in found):
        raise bad_request("message can't be deleted")
    for message in found:
        chat.remove(message.message_id)
    query.world.changes.notify()
    return True


def set_reaction(query: Query) -> bool:
    """`setMessageReaction`."""
    chat = query.open_chat()
    message = query.own_message(chat, "message to react not found")
    reactions = query.value("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chosen = [Reaction.from_json(reaction) for reaction in reactions]
    others = {user_id: each for user_id, each in message.reacted.items() if user_id != query.world.bot.id}
    # A bot has no custom emoji of its own; it may join those who used one.
    if not all(each.value in _REACTIONS or each in others.values() for each in chosen):
        raise bad_request("REACTION_INVALID")
    reacted = others | ({query.world.bot.id: chosen[0]} if chosen else {})
    query.world.show(chat, replace(message, reacted=reacted))
    return True


def pin_message(query: Query) -> bool:
    """`pinChatMessage`; leaves the service message that everyone sees."""
    chat, world = query.open_chat(), query.world
    message = query.own_message(chat, "message to pin not found")
    _require_pin_right(chat)
    world.show(chat, replace(message, pinned=True))
    notice = Message(
        message_id=world.new_message_id(chat),
        chat_id=chat.id,
        date=world.now(),
        sender=world.bot,
        content={"pinned_message": chat.render(message, nested=False)},
        thread_id=message.thread_id,
    )
    world.show(chat, notice)
    # A notice is no answer of the bot; tests that read a conversation should not stumble over it.
    chat.unread.remove(notice.message_id)
    return True


def unpin_message(query: Query) -> bool:
    """`unpinChatMessage`."""
    chat = query.open_chat()
    _require_pin_right(chat)
    pinned = [message for message in chat if message.pinned]
    chosen = [message for message in pinned if message.message_id == query.integer("message_id")] or pinned[-1:]
    if not chosen:
        raise bad_request("message to unpin not found")
    query.world.show(chat, replace(chosen[0], pinned=False))
    return True


def _require_pin_right(chat: Chat) -> None:
    if not chat.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _editable(query: Query) -> tuple[Chat, Message]:
    if not query.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat = query.open_chat()
    message = query.own_message(chat, "message to edit not found")
    # On behalf of an account, a bot may change what its owner wrote as well.
    own = message.from_bot if query.connection is None else message.sender == query.connection.owner
    if not own or message.origin is not None:
        raise bad_request("message can't be edited")
    return chat, message


def _check_album(message: Message, edited: Message) -> None:
    if edited.kind not in ALBUM_KINDS:
        raise bad_request("message content type can't be used in an album")
    if {message.kind, edited.kind} & {"document", "audio"}:
        raise bad_request("can't change media type in the album")


def _apply(query: Query, chat: Chat, message: Message, **changed: Any) -> Json:
    """Show the message with its changes; an edit without a keyboard takes the keyboard away."""
    markup: Markup = read_inline_markup(query.value("reply_markup"), private=chat.is_private)
    edited = replace(message, **changed, buttons=markup.inline, markup=markup.inline_json)
    # The source of a text may differ where the text does not; Telegram compares what one sees.
    same = (edited.text, edited.entities, edited.content) == (message.text, message.entities, message.content)
    if same and edited.markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    edited = replace(edited, edited_at=query.world.now())
    return chat.render(query.world.show(chat, edited))


def _deletable(query: Query, chat: Chat, message: Message) -> bool:
    if query.world.now() - message.date > DELETABLE_FOR:
        return not chat.is_private and not message.from_bot and chat.bot_may("can_delete_messages")
    return message.from_bot or chat.bot_may("can_delete_messages")
