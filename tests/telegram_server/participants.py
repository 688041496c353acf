"""
What someone in a chat can do, so that a test reads like a conversation.

Who they are, and whether they let the bot write at all, is in `people.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.files import Upload
from tests.telegram_server.media import contact_content, location_content, media_content, poll_content
from tests.telegram_server.model import Button, Entity, FormattedText, Json, Message, User
from tests.telegram_server.screen import PATIENCE
from tests.telegram_server.state import OpenQuery, World
from tests.telegram_server.text import MAX_TEXT, trimmed, with_automatic_entities

NO_TEXT = FormattedText("")
_JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


class NoSuchButtonError(LookupError):
    """There is no such button to press on this message."""


@dataclass(frozen=True)
class Press:
    """A pressed button, or an inline query, and what the bot answered to it."""

    query: OpenQuery
    world: World

    @property
    def id(self) -> str:
        """The query id that the bot has to answer."""
        return self.query.id

    @property
    def answer(self) -> Json | None:
        """What the bot answered; None as long as the button still shows its progress."""
        return self.query.answer

    def expire(self) -> None:
        """Let the time run out in which the bot may answer."""
        self.query.expired = True

    async def answered(self, within: float = PATIENCE) -> Json:
        """The bot's answer, once there is one."""
        return await self.world.changes.wait_for(lambda: self.answer, within, lambda: "the query was not answered")


class Participant:
    """Someone in one chat: the person in private, or a member of a group."""

    def __init__(self, world: World, chat: Chat, user: User) -> None:
        """Put a person into a chat."""
        self._world = world
        self._chat = chat
        self.user = user

    async def send_text(self, text: str, *, reply_to: Message | None = None, thread_id: int | None = None) -> Message:
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
            sent = self._say(_typed(piece), reply_to=reply_to, thread_id=thread_id)
        return sent

    async def send_command(self, command: str, **where: Any) -> Message:
        """Write a command such as `/start campaign`."""
        if not command.startswith("/"):
            raise ValueError(f"not a command: {command!r}")
        return await self.send_text(command, **where)

    async def send_photo(self, caption: str = "", content: bytes = _JPEG, **where: Any) -> Message:
        """Send a picture."""
        return self._send_file("photo", Upload("photo.jpg", content, "image/jpeg"), caption, where)

    async def send_album(self, captions: Sequence[str]) -> list[Message]:
        """Send several pictures at once, one for each caption (which may be empty)."""
        album_id = self._world.new_query().id
        upload = Upload("photo.jpg", _JPEG, "image/jpeg")
        return [self._send_file("photo", upload, caption, {"album_id": album_id}) for caption in captions]

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

    async def edit(self, message: Message | int, text: str) -> Message:
        """Change a message of one's own."""
        original = self._own(message)
        edited = replace(original, body=_typed(text), edited_at=self._world.now())
        self._world.show(self._chat, edited)
        self._deliver("edited_message", edited)
        return edited

    async def delete(self, message: Message | int) -> None:
        """Delete a message for everyone; the bot is told nothing of it."""
        self._chat.remove(self._shown(message).message_id)
        self._world.changes.notify()

    async def react(self, message: Message | int, emoji: str) -> None:
        """React to a message; the bot hears of it only if it asked for `message_reaction`."""
        shown = self._shown(message)
        old = [{"type": "emoji", "emoji": reaction} for reaction in shown.reactions]
        self._world.show(self._chat, replace(shown, reactions=(emoji,)))
        payload = {
            "chat": self._chat.to_json(),
            "message_id": shown.message_id,
            "user": self.user.to_json(),
            "date": self._world.now(),
            "old_reaction": old,
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        self._world.updates.add("message_reaction", payload, self._chat.id)

    async def press(self, message: Message | int, button: str) -> Press:
        """Press an inline button of the bot's message, named by its label or its payload."""
        shown = self._shown(message)
        buttons = [each for row in shown.buttons for each in row]
        found = next((each for each in buttons if button in (each.label, each.callback_data)), None)
        if found is None:
            raise NoSuchButtonError(f"no button {button!r} among {shown.labels}")
        if found.callback_data is None:
            raise NoSuchButtonError(f"{button!r} does not call the bot, it is a {found.action} button")
        return self._press(shown, found)

    async def forge_press(self, message: Message | int, payload: str) -> Press:
        """Press a button that is not there, as a manipulated app can."""
        return self._press(self._shown(message), Button("", "callback_data", payload))

    async def tap(self, label: str) -> Message:
        """Tap a key of the reply keyboard, which sends its label."""
        if label not in self._chat.reply_keyboard:
            raise NoSuchButtonError(f"no key {label!r} among {self._chat.reply_keyboard}")
        return await self.send_text(label)

    async def inline_query(self, text: str = "") -> Press:
        """Type `@bot text` somewhere."""
        query = self._world.new_query()
        payload = {"id": query.id, "from": self.user.to_json(), "query": text, "offset": "", "chat_type": "private"}
        self._world.updates.add("inline_query", payload, self.user.id)
        return Press(query, self._world)

    def _press(self, shown: Message, button: Button) -> Press:
        self._refuse_if_blocked()
        query = self._world.new_query()
        payload = {
            "id": query.id,
            "from": self.user.to_json(),
            "message": self._chat.render(shown),
            "chat_instance": str(abs(self._chat.id) * 31),
            "data": button.value,
        }
        self._world.updates.add("callback_query", payload, self.user.id)
        return Press(query, self._world)

    def _send_file(self, kind: str, upload: Upload, caption: str, where: dict[str, Any], **details: Any) -> Message:
        stored = self._world.files.store(kind, upload)
        return self._say(_typed(caption), media_content(kind, stored, details), **where)

    def _say(
        self,
        body: FormattedText,
        content: Json | None = None,
        *,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        album_id: str | None = None,
    ) -> Message:
        self._refuse_if_blocked()
        self._open()
        message = Message(
            message_id=self._world.new_message_id(self._chat),
            chat_id=self._chat.id,
            date=self._world.now(),
            sender=self.user,
            body=body,
            content=content or {},
            reply_to=reply_to.message_id if reply_to else None,
            thread_id=thread_id,
            album_id=album_id,
        )
        self._world.show(self._chat, message)
        self._deliver("message", message)
        return message

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

    def _shown(self, message: Message | int) -> Message:
        found = self._chat.find(message if isinstance(message, int) else message.message_id)
        if found is None:
            raise LookupError("this message is not on the screen any more")
        return found

    def _own(self, message: Message | int) -> Message:
        shown = self._shown(message)
        if shown.sender != self.user:
            raise PermissionError("people edit only what they wrote themselves")
        return shown


def _typed(text: str) -> FormattedText:
    """What someone typed: no markup, but the commands and links in it are marked."""
    return with_automatic_entities(FormattedText(text))
