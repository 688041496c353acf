"""
From a `Reply` to the calls that show it: plain values, so that an answer can be kept and sent again after a crash.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram import InputFile

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.voice import Voice
from bot.model import Button, Card, Document, Reply

_LABEL_LENGTH = 60
NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call of the Bot API.

    Parameters:
        method: Its name.
        parameters: What it is called with; JSON values.
        document: A file that goes along, or None.
        instead: The call to make if Telegram refuses this one.
        optional: Whether nobody misses anything if it fails.
        unless_taken: What to do instead if a coach has taken over by then: nothing (`SILENCE`), or to carry the message
            to the coach (`CARRY`); empty to make the call anyway.
        upload: As what the file goes: "document" or "photo". Calls with a photo are not kept.
    """

    method: str
    parameters: Mapping[str, Any]
    document: Document | None = None
    instead: "Call | None" = None
    optional: bool = False
    unless_taken: str = ""
    upload: str = "document"

    def arguments(self) -> dict[str, Any]:
        """
        What to hand to the library.
        """
        if self.document is None:
            return dict(self.parameters)
        return {**self.parameters, self.upload: InputFile(self.document.content, filename=self.document.name)}

    def to_json(self) -> dict[str, Any]:
        """
        The call as it is kept.
        """
        kept: dict[str, Any] = {"method": self.method, "parameters": dict(self.parameters)}
        if self.document is not None:
            kept["document"] = [self.document.name, b64encode(self.document.content).decode()]
        if self.instead is not None:
            kept["instead"] = self.instead.to_json()
        if self.unless_taken:
            kept["unless_taken"] = self.unless_taken
        return {**kept, "optional": True} if self.optional else kept


SILENCE, CARRY = "silence", "carry"


def from_json(kept: Mapping[str, Any]) -> Call:
    """
    A call that was kept.
    """
    document = Document(kept["document"][0], b64decode(kept["document"][1])) if "document" in kept else None
    instead = from_json(kept["instead"]) if "instead" in kept else None
    optional, unless_taken = kept.get("optional", False), kept.get("unless_taken", "")
    return Call(kept["method"], kept["parameters"], document, instead, optional, unless_taken)


def to_calls(reply: Reply, voice: Voice, chat: int, pressed: int | None = None) -> list[Call]:
    """
    The calls that show a reply, in order; the buttons hang on the last message. None for a notice alone.

    Parameters:
        reply: What to show.
        voice: Words for what stands around it.
        chat: The chat to show it in.
        pressed: The message whose button was pressed, for a reply that takes its place.
    """
    text = "\n\n".join((*reply.blocks, *_cards(reply.cards, voice)))
    parts = markup.split(text) if text else ()
    bodies = [body(part, keyboard(reply.buttons) if part is parts[-1] else None) for part in parts]
    calls = [message(chat, one) for one in bodies]
    if reply.replaces and pressed is not None and len(calls) == 1:
        changed = {"chat_id": chat, "message_id": pressed, **bodies[0]}
        calls = [Call("editMessageText", changed, instead=calls[0])]
    if reply.document is not None:
        calls.append(Call("sendDocument", {"chat_id": chat}, document=reply.document))
    return calls


def message(chat: int, shown: Mapping[str, Any]) -> Call:
    """
    The call that sends a text with what `body` made of it.
    """
    return Call("sendMessage", {"chat_id": chat, **shown})


def text_message(chat: int, html: str) -> Call:
    """
    The call that sends a text without buttons.
    """
    return message(chat, body(html))


def acknowledgement(query_id: str, notice: str) -> Call:
    """
    The call that ends the waiting sign on a pressed button. An old press takes none any more.
    """
    shown = {"text": notice} if notice else {}
    return Call("answerCallbackQuery", {"callback_query_id": query_id, **shown}, optional=True)


def body(html: str, shown: dict[str, Any] | None = None) -> dict[str, Any]:
    """
    What a call needs to show a text.

    Parameters:
        html: The text.
        shown: Its buttons, as Telegram wants them, or None.
    """
    plain: dict[str, Any] = {"text": html, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    return plain if shown is None else {**plain, "reply_markup": shown}


def card_html(card: Card, voice: Voice, number: str = "") -> str:
    """
    An article as Telegram HTML: its title, which opens it, when it was written, how long it is, and why it is shown.
    """
    article = card.article
    title = escape(article.title, quote=False)
    if article.is_public:
        title = f'<a href="{escape(voice.link(article))}">{title}</a>'
    why = f"\n{escape(card.why, quote=False)}" if card.why else ""
    return f"{number}<b>{title}</b> <i>({escape(voice.details(article), quote=False)})</i>{why}"


def _cards(cards: tuple[Card, ...], voice: Voice) -> tuple[str, ...]:
    if not cards:
        return ()
    several = len(cards) > 1
    heading = f"<b>{voice.phrase(Phrase.ARTICLE_HEADING)}</b>"
    return (heading, *(card_html(card, voice, f"{at}. " if several else "") for at, card in enumerate(cards, 1)))


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, Any] | None:
    """
    Rows of buttons as Telegram wants them; None if there are none.
    """
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]} if rows else None


def _button(button: Button) -> dict[str, str]:
    label = button.label if len(button.label) <= _LABEL_LENGTH else button.label[: _LABEL_LENGTH - 1] + "…"
    return {"text": label, "url": button.url} if button.url else {"text": label, "callback_data": button.payload}
