"""
How someone in a chat sends messages, and how the bot gets to know of them.

What they do with messages that are there already is in `participants.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.files import Upload
from tests.telegram_server.media import (
    contact_content,
    giveaway_content,
    location_content,
    media_content,
    poll_content,
)
from tests.telegram_server.model import Entity, FormattedText, Json, Message, User
from tests.telegram_server.state import World
from tests.telegram_server.text import MAX_TEXT, trimmed, with_automatic_entities

NO_TEXT = FormattedText("")
_JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
_DAY = 24 * 60 * 60
_ALBUM_FILES = {
    "photo": Upload("photo.jpg", _JPEG, "image/jpeg"),
    "document": Upload("cv.pdf", b"%PDF-1.4", "application/pdf"),
}


class Sender:
    """
    Someone who writes in one chat.

    Every `send_...` takes `reply_to` (a message), `thread_id` (a topic) and `protect` (it may not be copied).
    """

    def __init__(self, world: World, chat: Chat, user: User) -> None:
        """Put a person into a chat."""
        self._world = world
        self._chat = chat
        self.user = user

    async def send_text(self, text: str, **where: Any) -> Message:
        """
        Write a text.

        As in the apps it is trimmed, and a text over 4096 characters goes out in several messages, of which the last
        is returned.
        """
        body = trimmed(FormattedText(text))
        if not body.text:
            raise ValueError("Telegram's apps do not send an empty text")
        # Cutting at 2048 characters keeps every piece within 4096 UTF-16 units whatever it is made of.
        size = MAX_TEXT if body.text.isascii() else MAX_TEXT // 2
        whole = len(body.text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_TEXT
        pieces = [body.text] if whole else [body.text[at : at + size] for at in range(0, len(body.text), size)]
        for piece in pieces:
            sent = self._say(typed(piece), **where)
        return sent

    async def send_command(self, command: str, **where: Any) -> Message:
        """Write a command such as `/start campaign`."""
        if not command.startswith("/"):
            raise ValueError(f"not a command: {command!r}")
        return await self.send_text(command, **where)

    async def send_photo(self, caption: str = "", content: bytes = _JPEG, **where: Any) -> Message:
        """Send a picture."""
        return self._send_file("photo", Upload("photo.jpg", content, "image/jpeg"), caption, where)

    async def send_album(self, captions: Sequence[str], *, kind: str = "photo", **where: Any) -> list[Message]:
        """Send several pictures (or files: `document`) at once, one for each caption (which may be empty)."""
        together = {**where, "album_id": self._world.new_query().id}
        return [self._send_file(kind, _ALBUM_FILES[kind], caption, together) for caption in captions]

    async def send_document(
        self,
        name: str = "cv.pdf",
        content: bytes = b"%PDF-1.4",
        *,
        mime_type: str = "application/pdf",
        caption: str = "",
        **where: Any,
    ) -> Message:
        """Send a file."""
        return self._send_file("document", Upload(name, content, mime_type), caption, where)

    async def send_voice(self, duration: int = 4, content: bytes = b"OggS", **where: Any) -> Message:
        """Send a voice message."""
        return self._send_file("voice", Upload("voice.oga", content), "", where, duration=duration)

    async def send_sticker(self, emoji: str = "👍", **where: Any) -> Message:
        """Send a sticker."""
        return self._send_file("sticker", Upload("sticker.webp", b"RIFF"), "", where, emoji=emoji)

    async def send_video(self, caption: str = "", content: bytes = b"ftypmp42", **where: Any) -> Message:
        """Send a video."""
        return self._send_file("video", Upload("video.mp4", content), caption, where)

    async def send_video_note(self, **where: Any) -> Message:
        """Send a round video."""
        return self._send_file("video_note", Upload("note.mp4", b"ftypmp42"), "", where)

    async def send_location(self, latitude: float = 48.8566, longitude: float = 2.3522, **where: Any) -> Message:
        """Send a place."""
        return self._say(NO_TEXT, location_content(latitude, longitude), **where)

    async def send_contact(self, phone_number: str = "+33601020304", **where: Any) -> Message:
        """Send one's own telephone number."""
        content = contact_content(phone_number, self.user.first_name, user_id=self.user.id)
        return self._say(NO_TEXT, content, **where)

    async def send_poll(self, question: str, options: list[str], **where: Any) -> Message:
        """Send a poll."""
        poll_id = self._world.new_query().id
        return self._say(NO_TEXT, poll_content(poll_id, question, options, anonymous=True, several=False), **where)

    async def send_uncopyable(self, **where: Any) -> Message:
        """Send a giveaway, which nobody can copy."""
        channel = {"id": -1_001_987_654_321, "type": "channel", "title": "Prizes"}
        return self._say(NO_TEXT, giveaway_content(channel, self._world.now() + _DAY), **where)

    def _send_file(self, kind: str, upload: Upload, caption: str, where: dict[str, Any], **details: Any) -> Message:
        stored = self._world.files.store(kind, upload)
        return self._say(typed(caption), media_content(kind, stored, details), **where)

    def _say(
        self,
        body: FormattedText,
        content: Json | None = None,
        *,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        album_id: str | None = None,
        protect: bool = False,
    ) -> Message:
        self._refuse_if_blocked()
        self._open()
        message = Message(
            message_id=self._new_message_id(),
            chat_id=self._chat.id,
            date=self._world.now(),
            sender=self.user,
            body=body,
            content=content or {},
            reply_to=reply_to.message_id if reply_to else None,
            # An answer goes where the message is that it answers.
            thread_id=(reply_to.thread_id if reply_to else None) or thread_id,
            album_id=album_id,
            options=self._options() | ({"has_protected_content": True} if protect else {}),
        )
        self._world.show(self._chat, message)
        self._deliver("message", message)
        return message

    def _new_message_id(self) -> int:
        return self._world.new_message_id(self._chat)

    def _options(self) -> Json:
        """What every message of this chat carries."""
        return {}

    def _open(self) -> None:
        """Writing makes a private chat known to the bot; writing in a group only the person."""
        private = self._world.chats[self.user.id]
        if private.reachable in {"unknown", "met"}:
            private.reachable = "open" if self._chat.is_private else "met"

    def _deliver(self, kind: str, message: Message) -> None:
        if self._chat.is_private or self._bot_reads(message):
            self._world.updates.add(kind, self._chat.render(message), self._chat.id)

    def _bot_reads(self, message: Message) -> bool:
        """Whether the bot gets this group message: in privacy mode only commands and replies to it."""
        if self._chat.reachable != "open":
            return False
        if self._chat.bot_is_admin or not self._world.privacy_mode:
            return True
        original = self._chat.find(message.reply_to) if message.reply_to else None
        if original is not None and original.from_bot:
            return True
        return any(self._for_bot(message.text, entity) for entity in message.entities)

    def _for_bot(self, text: str, entity: Entity) -> bool:
        if entity.type != "bot_command":
            return False
        units = text.encode("utf-16-le", "surrogatepass")[2 * entity.offset : 2 * (entity.offset + entity.length)]
        addressee = units.decode("utf-16-le", "surrogatepass").partition("@")[2]
        return not addressee or addressee.lower() == (self._world.bot.username or "").lower()

    def _refuse_if_blocked(self) -> None:
        if self._chat.is_private and self._chat.reachable in {"blocked", "deactivated"}:
            raise RuntimeError(f"{self.user.first_name} cannot use the chat: {self._chat.reachable}")


def typed(text: str) -> FormattedText:
    """What someone typed: no markup, but the commands and links in it are marked."""
    return with_automatic_entities(FormattedText(text))
