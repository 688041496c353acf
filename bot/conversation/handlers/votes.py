"""
"Was this useful?"
"""

from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.payloads import Payload
from bot.conversation.turn import Turn
from bot.events import Voted
from bot.model import Reply


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


def _note(turn: Turn, payload: Payload, *, useful: bool) -> None:
    _, subject = payload.arguments
    content = turn.voice.content
    if subject not in content.answers and subject not in content.faq:
        raise KeyError(subject)
    turn.hook(Voted(turn.voice.language, subject, useful))
