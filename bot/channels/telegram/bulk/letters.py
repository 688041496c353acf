"""
From a message that a coach wrote or forwarded to a letter that can be sent to many, and from a letter to the calls for
one of them.
"""

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any

from jinja2 import TemplateError
from telegram import Message, Poll

from bot.channels.telegram.calls import NO_PREVIEW, Call, keyboard
from bot.channels.telegram.updates import file_id_of
from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.payloads import Verb
from bot.conversation.voice import Voice
from bot.model import Button, Letter

_FILES = (
    # A GIF is an animation and a document at once, so animations come first.
    ("animation", "sendAnimation"),
    ("photo", "sendPhoto"),
    ("video", "sendVideo"),
    ("voice", "sendVoice"),
    ("audio", "sendAudio"),
    ("document", "sendDocument"),
    ("sticker", "sendSticker"),
    ("video_note", "sendVideoNote"),
)
_IN_ALBUMS = frozenset({"photo", "video", "audio", "document"})
_WORDLESS = frozenset({"sticker", "video_note"})
_ALBUM = "sendMediaGroup"
_TEXT = "sendMessage"
_CAPTION_LENGTH = 1024
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_BUTTON = re.compile(r"^\s*(.{1,60}?)\s*\|\s*(https?://\S+|tg://\S+)\s*$")
_OWN_TAGS = re.compile(r"</?tg-(?:emoji|time)[^>]*>")


class LetterError(ValueError):
    """
    A message cannot be sent to many; the text says why, for the coach.
    """


def letter_of(messages: Sequence[Message]) -> Letter:
    """
    What some messages say: one, or the parts of an album.

    Raises:
        LetterError: It is of a kind that cannot be sent to many.
    """
    first = messages[0]
    if len(messages) > 1:
        return Letter(_ALBUM, {"media": [_album_part(one) for one in messages]})
    if first.text:
        return Letter(_TEXT, {"link_preview_options": NO_PREVIEW}, "text", _words(first.text_html))
    if first.poll is not None:
        return _poll(first.poll)
    for kind, method in _FILES:
        if content := getattr(first, kind):
            kept = {kind: file_id_of(content)}
            return Letter(method, kept) if kind in _WORDLESS else Letter(method, kept, "caption", _captioned(first))
    raise LetterError(first.effective_attachment.__class__.__name__)


def with_buttons(letter: Letter) -> Letter:
    """
    The letter with the lines at its end that read `Label | https://…` made buttons.
    """
    lines = letter.words.split("\n")
    rows: list[tuple[tuple[str, str], ...]] = []
    while lines and (found := _BUTTON.match(unescape(markup.plain(lines[-1])))):
        rows.insert(0, ((found[1], found[2]),))
        lines.pop()
    words = "\n".join(lines).rstrip()
    return Letter(letter.method, letter.parameters, letter.field, words, (*letter.buttons, *rows))


def check(letter: Letter, voice: Voice) -> None:
    """
    Make sure that a letter can be shown to somebody.

    Raises:
        LetterError: A variable is unknown, the template is broken, or it is too long.
    """
    texts = [str(part.get("words", "")) for part in _media(letter)] or [letter.words]
    is_text = letter.method == _TEXT
    limit = markup.MESSAGE_LENGTH if is_text else _CAPTION_LENGTH
    for text in texts:
        try:
            shown = markup.plain(_rendered(text, voice))
        except (TemplateError, markup.MarkupError) as error:
            raise LetterError(str(error).splitlines()[0]) from None
        if (length := markup.length(shown)) > limit:
            raise LetterError(f"{length} > {limit}")
        if is_text and not shown.strip():
            raise LetterError("∅")


def calls_of(letter: Letter, voice: Voice, chat: int) -> list[Call]:
    """
    The calls that show a letter to one person; the button that ends such messages hangs on the last one.

    Raises:
        jinja2.TemplateError: The words cannot be rendered.
    """
    buttons = tuple(tuple(Button(label, url=address) for label, address in row) for row in letter.buttons)
    stop = voice.phrase_button(Phrase.BUTTON_UNSUBSCRIBE, Verb.UNSUBSCRIBE)
    shown = {"reply_markup": keyboard((*buttons, (stop,)))}
    parameters: dict[str, Any] = {"chat_id": chat, **letter.parameters}
    if letter.method == _ALBUM:
        parameters["media"] = [_shown_part(part, voice) for part in _media(letter)]
        # An album carries no buttons.
        below = {"chat_id": chat, "text": escape(voice.plain(Phrase.BROADCAST_BELOW_ALBUM), quote=False), **shown}
        return [Call(letter.method, parameters), Call(_TEXT, below)]
    if letter.field and letter.words:
        parameters |= {letter.field: _rendered(letter.words, voice), "parse_mode": "HTML"}
    return [Call(letter.method, {**parameters, **shown})]


def _poll(poll: Poll) -> Letter:
    options = [option.text for option in poll.options]
    kept: dict[str, Any] = {"question": poll.question, "options": options, "is_anonymous": True}
    if poll.allows_multiple_answers:
        kept["allows_multiple_answers"] = True
    if poll.type == "quiz" and poll.correct_option_ids:
        kept |= {"type": "quiz", "correct_option_ids": list(poll.correct_option_ids)}
    return Letter("sendPoll", kept)


def _rendered(words: str, voice: Voice) -> str:
    return voice.renderer.letter(words, voice.form, voice.person.first_name)


def _captioned(message: Message) -> str:
    return _words(message.caption_html or "")


def _words(html: str) -> str:
    """
    A coach's words as a template: what Telegram escaped within braces is code again, spoilers are in their short form,
    and emoji of one's own, which bots may not send, become ordinary ones.
    """
    html = _OWN_TAGS.sub(
        "", html.replace('<span class="tg-spoiler">', "<tg-spoiler>").replace("</span>", "</tg-spoiler>")
    )
    return _TEMPLATE.sub(lambda found: unescape(markup.plain(found[0])), html)


def _media(letter: Letter) -> list[dict[str, Any]]:
    media = letter.parameters.get("media")
    return list(media) if isinstance(media, list) else []


def _album_part(message: Message) -> dict[str, Any]:
    for kind, _ in _FILES:
        if kind in _IN_ALBUMS and (content := getattr(message, kind)):
            return {"type": kind, "media": file_id_of(content), "words": _captioned(message)}
    raise LetterError("album")


def _shown_part(part: dict[str, Any], voice: Voice) -> dict[str, Any]:
    shown = {"type": part["type"], "media": part["media"]}
    return {**shown, "caption": _rendered(part["words"], voice), "parse_mode": "HTML"} if part["words"] else shown
