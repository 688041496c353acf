"""
From an `Update` to an `Incoming`, and where it was done: pure, and never raising on what a person may send.
"""

from typing import Any

from telegram import Chat, Message, MessageEntity, Update, User

from bot.model import AttachmentKind, Incoming, Person

_ATTACHMENTS = (
    ("photo", AttachmentKind.PHOTO),
    ("voice", AttachmentKind.VOICE),
    ("audio", AttachmentKind.VOICE),
    ("video_note", AttachmentKind.VIDEO),
    ("video", AttachmentKind.VIDEO),
    # A GIF is an animation and a document at once, so animations come first.
    ("animation", AttachmentKind.VIDEO),
    ("document", AttachmentKind.DOCUMENT),
    ("sticker", AttachmentKind.STICKER),
    # A venue is a location too.
    ("location", AttachmentKind.LOCATION),
    ("contact", AttachmentKind.CONTACT),
)


def to_incoming(update: Update) -> Incoming | None:
    """
    What a person did in a private chat, or None if the update is nothing a person did there.
    """
    query, user = update.callback_query, update.effective_user
    if user is None:
        return None
    if query is not None:
        return Incoming(to_person(user), payload=query.data or "")
    message = update.message or update.edited_message
    if message is None or is_service(message):
        return None
    return from_message(message, edited=update.edited_message is not None)


def is_private(update: Update) -> bool:
    """
    Whether a person did it in their own chat with the bot; a button of someone else's chat does nothing.
    """
    query = update.callback_query
    if query is not None and query.message is not None:
        return query.message.chat.id == query.from_user.id
    chat = update.effective_chat
    return chat is None or chat.type == Chat.PRIVATE


def chat_id_of(update: Update) -> int:
    """
    The chat to answer in; 0 if there is none.
    """
    chat, user = update.effective_chat, update.effective_user
    if chat is not None:
        return chat.id
    return user.id if user is not None else 0


def pressed_message(update: Update) -> int | None:
    """
    The number of the message whose button was pressed; None if none was, or it is gone.
    """
    query = update.callback_query
    return query.message.message_id if query is not None and isinstance(query.message, Message) else None


def from_message(message: Message, *, edited: bool = False) -> Incoming:
    """
    What somebody wrote, as the conversation knows it.

    Raises:
        ValueError: Nobody wrote it.
    """
    user = message.from_user
    if user is None:
        raise ValueError("a message without a sender is nobody's")
    if command := command_of(message):
        name, arguments = command
        return Incoming(to_person(user), command=name, arguments=arguments, edited=edited)
    text = _sound(message.text or message.caption or "")
    kind = next((kind for name, kind in _ATTACHMENTS if getattr(message, name)), None)
    if kind is None and not text:
        kind = AttachmentKind.OTHER
    return Incoming(to_person(user), text=text, attachment=kind, edited=edited)


def to_person(user: User) -> Person:
    """
    Somebody on Telegram, as the conversation knows them.
    """
    return Person(f"telegram:{user.id}", _sound(user.first_name or ""), user.language_code)


def _sound(text: str) -> str:
    """
    The text without halves of characters, which no encoding can carry.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def command_of(message: Message) -> tuple[str, str] | None:
    """
    The command a text begins with, without slash and bot name, and what follows it.
    """
    text = _sound(message.text or "")
    first = next((entity for entity in message.entities if entity.type == MessageEntity.BOT_COMMAND), None)
    if first is None or first.offset != 0:
        return None
    name = text[1 : first.length].partition("@")[0].lower()
    return name, text[first.length :].strip()


def file_id_of(content: Any) -> str:
    """
    The id of a file that a message carries; of a photo, its largest size.
    """
    return str((content[-1] if isinstance(content, tuple) else content).file_id)


def is_service(message: Message) -> bool:
    """
    Whether Telegram made the message on its own: pinned, timer changed, chat created and the like.
    """
    return bool(
        message.pinned_message
        or message.new_chat_members
        or message.left_chat_member
        or message.message_auto_delete_timer_changed
        or message.write_access_allowed
        or message.chat_background_set
        or message.forum_topic_created
        or message.forum_topic_edited
        or message.forum_topic_closed
        or message.forum_topic_reopened
    )
