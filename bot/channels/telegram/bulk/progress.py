"""
How far a broadcast has come: one message that is edited, with what can be done about it.
"""

import datetime as dt
from collections.abc import Mapping
from html import escape

from babel.dates import format_timedelta

from bot.channels.telegram.bulk.buttons import bulk_button
from bot.channels.telegram.calls import Call, body, keyboard, message
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.sender import Sender
from bot.content.phrases import Phrase
from bot.model import Broadcast, BroadcastState, Button, RecipientState
from bot.storage.broadcasts import Broadcasts

_CELLS = 16


class Progress:
    """
    Shows broadcasts to coaches.

    Parameters:
        broadcasts: Where they stand.
        desk: Its words.
        sender: Sends and edits.
    """

    def __init__(self, broadcasts: Broadcasts, desk: Desk, sender: Sender) -> None:
        self._broadcasts, self._desk, self._sender = broadcasts, desk, sender

    async def show(self, broadcast: Broadcast, rate: float, over: bool) -> None:
        """
        Show how far a broadcast has come, in the message that shows it.

        Parameters:
            broadcast: Which.
            rate: Messages a second.
            over: Whether it does not go on.
        """
        if not broadcast.chat:
            return
        html, buttons = await self.text(broadcast, 0.0 if over else rate)
        shown = message(broadcast.chat, body(html, keyboard(buttons)))
        if broadcast.progress:
            parameters = {**shown.parameters, "message_id": broadcast.progress}
            await self._sender.carry(Call("editMessageText", parameters, optional=True))
            return
        receipt = await self._sender.carry(shown)
        if receipt.result is not None:
            await self._broadcasts.show_at(broadcast.id, int(receipt.result["message_id"]))

    async def text(self, broadcast: Broadcast, rate: float = 0.0) -> tuple[str, tuple[tuple[Button, ...], ...]]:
        """
        The figures of a broadcast as Telegram HTML, and what can be done about it.

        Parameters:
            broadcast: Which.
            rate: Messages a second; 0 if it does not go now.
        """
        figures = await self._broadcasts.figures(broadcast.id)
        total = sum(figures.values())
        left = figures[RecipientState.PENDING] + figures[RecipientState.SENDING]
        done = total - left - figures[RecipientState.HELD]
        say = self._desk.say
        lines = [
            say(Phrase.BROADCAST_HEAD, count=broadcast.id, title=self._desk.plain(_NAMES[broadcast.state])),
            f"<code>{_bar(done, total)}</code> {done}/{total}",
            self._counted(figures),
        ]
        if rate and left:
            seconds = max(left / rate, broadcast.ends - self._desk.now.timestamp())
            ahead = format_timedelta(dt.timedelta(seconds=seconds), locale=self._desk.language)
            lines.append(say(Phrase.BROADCAST_RATE, count=round(rate), title=ahead))
        if broadcast.trouble:
            lines.append(say(Phrase.BROADCAST_TROUBLE, words=broadcast.trouble[:300]))
        if broadcast.audience.anyway:
            lines.append(say(Phrase.BROADCAST_ANYWAY, words=broadcast.audience.anyway))
        reactions = await self._broadcasts.reactions(broadcast.id)
        if reactions:
            lines.append(" ".join(f"{escape(emoji)} {count}" for emoji, count in reactions.items()))
        return "\n".join(filter(None, lines)), self._buttons(broadcast, figures)

    def _counted(self, figures: Mapping[RecipientState, int]) -> str:
        names = {
            RecipientState.SENT: Phrase.BROADCAST_SENT,
            RecipientState.BLOCKED: Phrase.BROADCAST_BLOCKED,
            RecipientState.FAILED: Phrase.BROADCAST_FAILED,
            RecipientState.UNKNOWN: Phrase.BROADCAST_UNKNOWN,
            RecipientState.SKIPPED: Phrase.BROADCAST_SKIPPED,
            RecipientState.HELD: Phrase.BROADCAST_HELD,
        }
        return " · ".join(self._desk.say(name, count=figures[state]) for state, name in names.items() if figures[state])

    def _buttons(self, broadcast: Broadcast, figures: Mapping[RecipientState, int]) -> tuple[tuple[Button, ...], ...]:
        desk, number = self._desk, broadcast.id
        cancel = bulk_button(desk, Phrase.BROADCAST_BUTTON_CANCEL, "cancel", number)
        if broadcast.state in {BroadcastState.SCHEDULED, BroadcastState.RUNNING}:
            return ((bulk_button(desk, Phrase.BROADCAST_BUTTON_PAUSE, "pause", number), cancel),)
        if broadcast.state is BroadcastState.PAUSED:
            return ((bulk_button(desk, Phrase.BROADCAST_BUTTON_RESUME, "resume", number), cancel),)
        if broadcast.state is not BroadcastState.FINISHED:
            return ()
        held, unknown = figures[RecipientState.HELD], figures[RecipientState.UNKNOWN]
        rest = bulk_button(desk, Phrase.BROADCAST_BUTTON_REST, "rest", number, count=held)
        again = bulk_button(desk, Phrase.BROADCAST_BUTTON_UNKNOWN, "unknown", number, count=unknown)
        return tuple((button,) for button, count in ((rest, held), (again, unknown)) if count)


_NAMES = {
    BroadcastState.DRAFT: Phrase.BROADCAST_DRAFT,
    BroadcastState.SCHEDULED: Phrase.BROADCAST_SCHEDULED,
    BroadcastState.RUNNING: Phrase.BROADCAST_RUNNING,
    BroadcastState.PAUSED: Phrase.BROADCAST_PAUSED,
    BroadcastState.FINISHED: Phrase.BROADCAST_FINISHED,
    BroadcastState.CANCELLED: Phrase.BROADCAST_CANCELLED,
    BroadcastState.FAULTY: Phrase.BROADCAST_FAULTY,
}


def _bar(done: int, total: int) -> str:
    filled = round(_CELLS * done / total) if total else 0
    return "▓" * filled + "░" * (_CELLS - filled)
