"""
From Telegram's messages to errands: what is to be carried, and how it can be shown on the other side.
"""

from collections.abc import Sequence
from typing import Any

from telegram import Message, ReactionType, ReactionTypeEmoji

from bot.channels.telegram.updates import file_id_of
from bot.model import Button
from bot.storage.errands import DESK_LANE, Errand

CARD, MIRROR, RELAY, NOTE, TELL, EDIT, REACT, ERASE, STATE, SAY = (
    "card",
    "mirror",
    "relay",
    "note",
    "tell",
    "edit",
    "react",
    "erase",
    "state",
    "say",
)
"""
The kinds of errands: open a topic with a summary; carry a message to the desk, or to the person; say something in the
topic, or to the person; carry an edit, a reaction or a deletion over; show the state of a thread; say something at the
desk that is about no thread.
"""

_REPLACEABLE = ("photo", "video", "animation", "audio", "document")


def mirrored(message: Message) -> Errand:
    """
    Carry what a person wrote to the desk.
    """
    return Errand(0, MIRROR, _carried(message))


def relayed(message: Message) -> Errand:
    """
    Carry what a coach wrote to the person.
    """
    return Errand(0, RELAY, _carried(message))


def noted(html: str, *, reply: int = 0, buttons: Sequence[Sequence[Button]] = (), silent: bool = False) -> Errand:
    """
    Say something in a topic.

    Parameters:
        html: What.
        reply: The message at the desk that it is about.
        buttons: Rows of buttons.
        silent: Whether nobody's phone should ring.
    """
    return Errand(0, NOTE, {"html": html, "reply": reply, "buttons": _kept(buttons), "silent": silent})


def said(html: str, buttons: Sequence[Sequence[Button]] = ()) -> Errand:
    """
    Say something at the desk that is about no thread.
    """
    return Errand(DESK_LANE, SAY, {"html": html, "buttons": _kept(buttons)})


def told(html: str, buttons: Sequence[Sequence[Button]] = ()) -> Errand:
    """
    Say something to the person of a thread.
    """
    return Errand(0, TELL, {"html": html, "buttons": _kept(buttons)})


def edited(message: Message, *, to_desk: bool) -> Errand:
    """
    Carry a change of a message over. Where it cannot be shown in place, its `html` is said instead.
    """
    body = _changed(message)
    about = {"source": message.message_id, "to_desk": to_desk, "html": _html(message)}
    return Errand(0, EDIT, {**about, "method": body[0], "body": body[1]} if body else about)


def reacted(message: int, reactions: Sequence[ReactionType], *, to_desk: bool) -> Errand:
    """
    Carry a reaction over, or that it was taken back. Only ordinary emoji can be; the rest is said.
    """
    emoji = [reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)]
    special = len(emoji) < len(reactions)
    return Errand(0, REACT, {"source": message, "emoji": emoji[:1], "special": special, "to_desk": to_desk})


def erased(message: int, *, at_desk: bool, both: bool) -> Errand:
    """
    Delete a message, named by its number at the desk or in the person's chat, and its copy if `both`.
    """
    return Errand(0, ERASE, {"source": message, "at_desk": at_desk, "both": both})


CARDED = Errand(0, CARD, {})
SHOWN = Errand(0, STATE, {})
"""
Open a topic with a summary; show the state of a thread.
"""


def buttons_of(kept: Sequence[Sequence[Sequence[str]]]) -> tuple[tuple[Button, ...], ...]:
    """
    Buttons as an errand keeps them.
    """
    return tuple(tuple(Button(label, payload, url) for label, payload, url in row) for row in kept)


def _kept(buttons: Sequence[Sequence[Button]]) -> list[list[list[str]]]:
    return [[[button.label, button.payload, button.url] for button in row] for row in buttons]


def _carried(message: Message) -> dict[str, Any]:
    original = message.reply_to_message
    # What stands in a topic without replying to anything replies to the notice that the topic was made.
    answers = original is not None and original.forum_topic_created is None
    return {
        "messages": [message.message_id],
        "album": message.media_group_id or "",
        "reply": original.message_id if original is not None and answers else 0,
        "html": message.text_html if message.text else "",
    }


def _changed(message: Message) -> tuple[str, dict[str, Any]] | None:
    """
    The call that shows a message as it is now, without where; None if none can.
    """
    if message.text:
        return "editMessageText", {"text": message.text_html, "parse_mode": "HTML"}
    caption = {"caption": message.caption_html or "", "parse_mode": "HTML"}
    for kind in _REPLACEABLE:
        if content := getattr(message, kind):
            return "editMessageMedia", {"media": {"type": kind, "media": file_id_of(content), **caption}}
    return ("editMessageCaption", caption) if message.voice else None


def _html(message: Message) -> str:
    return message.text_html if message.text else message.caption_html or ""
