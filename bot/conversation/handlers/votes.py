"""
"Was this useful?"
"""

import hashlib
import re
from dataclasses import replace

from bot.content.pack import LanguageContent
from bot.content.phrases import Phrase
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.events import Voted
from bot.model import Button, Reply

_VERSION = re.compile(r"[0-9a-f]{4}")


async def useful(turn: Turn, payload: Payload) -> Reply:
    """
    Take note that an answer helped.
    """
    _note(turn, payload, useful=True)
    return replace(turn.reply(), notice=turn.voice.plain(Phrase.VOTE_THANKS))


async def not_useful(turn: Turn, payload: Payload) -> Reply:
    """
    Take note that an answer did not help, and offer other ways.
    """
    _note(turn, payload, useful=False)
    return turn.reply(turn.voice.phrase(Phrase.VOTE_SORRY), buttons=(turn.ways_on(),))


def useful_row(turn: Turn, kind: Verb, subject: str) -> tuple[Button, ...]:
    """
    The buttons that ask whether an answer was useful.

    Parameters:
        turn: The turn.
        kind: `Verb.INTENT` or `Verb.FAQ_ENTRY`.
        subject: The id of the intent or the entry.
    """
    version = version_of(turn.voice.content, subject)
    return (
        turn.voice.phrase_button(Phrase.BUTTON_USEFUL, Verb.USEFUL, kind, subject, version),
        turn.voice.phrase_button(Phrase.BUTTON_NOT_USEFUL, Verb.NOT_USEFUL, kind, subject, version),
    )


def version_of(content: LanguageContent, subject: str) -> str:
    """
    Four hexadecimal digits that change with the text of an answer or an entry, so that votes count for what was read.

    Raises:
        LookupError: There is no such answer or entry.
    """
    texts = (content.faq[subject].body,) if subject in content.faq else content.answers[subject].wordings
    return hashlib.blake2b("\0".join(text.source for text in texts).encode(), digest_size=2).hexdigest()


def _note(turn: Turn, payload: Payload, *, useful: bool) -> None:
    _, subject, version = payload.arguments
    content = turn.voice.content
    if (subject not in content.answers and subject not in content.faq) or not _VERSION.fullmatch(version):
        raise KeyError(subject)
    turn.hook(Voted(turn.voice.language, subject, version, useful))
