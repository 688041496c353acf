"""
The answer to an intent that has no handler of its own: its advice, articles, and ways to go on.
"""

from bot.content.phrases import Phrase
from bot.conversation.handlers.articles import MOST_CARDS, choose, read_rows
from bot.conversation.payloads import Verb
from bot.conversation.turn import Turn
from bot.model import Article, Button, Reply


async def answer(turn: Turn, intent: str) -> Reply:
    """
    Give an intent's advice, up to three articles and buttons; a FAQ entry that fits well comes instead of the advice.
    """
    voice, reading = turn.voice, turn.reading
    found = choose(turn, intent)
    entry = reading.faq_answer if reading and turn.incoming.payload is None else None
    text = voice.faq(entry) if entry else voice.advice(intent)
    subject = (Verb.FAQ_ENTRY, entry) if entry else (Verb.INTENT, intent)
    also = (voice.intent_button(intent),) if entry else ()
    return Reply(
        voice.language,
        (text,),
        articles=found,
        buttons=_buttons(turn, intent, subject, also, found),
    )


def _buttons(
    turn: Turn, intent: str, subject: tuple[Verb, str], also: tuple[Button, ...], found: tuple[Article, ...]
) -> tuple[tuple[Button, ...], ...]:
    voice, reading = turn.voice, turn.reading
    related = voice.content.answers[intent].header.related
    second = reading.verdict.second if reading else None
    if second and second != intent:
        title = voice.plain(Phrase.BUTTON_ALSO, title=voice.title(second))
        also = (voice.button(title, Verb.INTENT, second), *also)
    rows = [
        useful_row(turn, *subject),
        *((button,) for button in also),
        *read_rows(turn, found),
        (voice.phrase_button(Phrase.BUTTON_ANOTHER_ARTICLE, Verb.ANOTHER_ARTICLE, intent),)
        if len(found) == MOST_CARDS
        else (),
        *((voice.intent_button(other),) for other in related if other != second),
        (turn.coach_button(),),
    ]
    return tuple(row for row in rows if row)


def useful_row(turn: Turn, kind: Verb, subject: str) -> tuple[Button, ...]:
    """
    The buttons that ask whether an answer was useful.

    Parameters:
        turn: The turn.
        kind: `Verb.INTENT` or `Verb.FAQ_ENTRY`.
        subject: The id of the intent or the entry.
    """
    return (
        turn.voice.phrase_button(Phrase.BUTTON_USEFUL, Verb.USEFUL, kind, subject),
        turn.voice.phrase_button(Phrase.BUTTON_NOT_USEFUL, Verb.NOT_USEFUL, kind, subject),
    )
