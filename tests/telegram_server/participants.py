"""
What someone in a chat can do, so that a test reads like a conversation.

How they send messages is in `sending.py`; who they are, and whether they let the bot write at all, in `people.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.telegram_server.files import Upload
from tests.telegram_server.media import media_content
from tests.telegram_server.model import Button, Json, Message, Reaction
from tests.telegram_server.screen import PATIENCE
from tests.telegram_server.sending import Sender, typed
from tests.telegram_server.state import OpenQuery, World


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


class Participant(Sender):
    """Someone in one chat: the person in private, or a member of a group."""

    async def edit(self, message: Message | int, text: str) -> Message:
        """Change the text or caption of a message of one's own."""
        return self._edited(replace(self._own(message), body=typed(text)))

    async def edit_media(self, message: Message | int, content: bytes, *, name: str = "") -> Message:
        """Put another picture or file of the same kind in the place of one's own; the caption stays."""
        original = self._own(message)
        old = self._world.files.known(_file_id(original))
        if old is None:
            raise LookupError("there is no file in this message")
        stored = self._world.files.store(old.kind, Upload(name or old.name, content, old.mime_type))
        return self._edited(replace(original, content=media_content(old.kind, stored, {})))

    async def delete(self, message: Message | int) -> None:
        """Delete a message for everyone; the bot is told nothing of it."""
        self._chat.remove(self._shown(message).message_id)
        self._world.changes.notify()

    async def react(self, message: Message | int, emoji: str | None = None, *, custom: str = "") -> None:
        """
        React with an emoji or with a custom one, named by its id; None takes the reaction back.

        The bot hears of it only if it asked for `message_reaction`, and in a group only as an administrator.
        """
        shown, mine = self._shown(message), self.user.id
        new = Reaction("custom_emoji", custom) if custom else Reaction("emoji", emoji) if emoji else None
        old = shown.reacted.get(mine)
        if new == old:
            return
        others = {user_id: each for user_id, each in shown.reacted.items() if user_id != mine}
        self._world.show(self._chat, replace(shown, reacted=others | ({mine: new} if new else {})))
        self._deliver_reaction(shown, old, new)

    def _deliver_reaction(self, shown: Message, old: Reaction | None, new: Reaction | None) -> None:
        if not self._chat.is_private and not (self._chat.bot_is_admin and self._chat.reachable == "open"):
            return
        payload = {
            "chat": self._chat.to_json(),
            "message_id": shown.message_id,
            "user": self.user.to_json(),
            "date": self._world.now(),
            "old_reaction": [old.to_json()] if old else [],
            "new_reaction": [new.to_json()] if new else [],
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

    def _edited(self, changed: Message) -> Message:
        edited = replace(changed, edited_at=self._world.now())
        self._world.show(self._chat, edited)
        self._deliver("edited_message", edited)
        return edited

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


def _file_id(message: Message) -> str:
    described = message.content.get(message.kind)
    chosen: Json = described[-1] if isinstance(described, list) else described or {}
    return str(chosen.get("file_id", ""))
