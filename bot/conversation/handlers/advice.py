"""
The answer to an intent that has no handler of its own: its advice, articles, and ways to go on.
"""

from bot.content.phrases import Phrase
from bot.conversation.cards import open_rows
from bot.conversation.handlers.articles import MOST_CARDS, choose
from bot.conversation.handlers.entries import about, faq_button
from bot.conversation.handlers.follow_ups import left_open
from bot.conversation.handlers.votes import useful_row
from bot.conversation.payloads import Verb
from bot.conversation.turn import Turn
from bot.model import Button, Card, Reply


async def answer(turn: Turn, intent: str) -> Reply:
    """
    Give an intent's advice, up to three articles and buttons; a FAQ entry that fits well comes instead of the advice.
    """
    voice, reading = turn.voice, turn.reading
    found = choose(turn, intent)
    entry = reading.faq_answer if reading and turn.incoming.payload is None else None
    text = voice.faq(entry) if entry else voice.advice(intent)
    subject = (Verb.FAQ_ENTRY, entry) if entry else (Verb.INTENT, intent)
    also = (voice.intent_button(intent),) if entry else tuple(faq_button(voice, name) for name in _near(turn, intent))
    return Reply(
        voice.language,
        (text,),
        cards=found,
        buttons=_buttons(turn, intent, subject, also, found),
        asked=about(voice, (intent,)) if entry else left_open(intent, text),
    )


def _near(turn: Turn, intent: str) -> list[str]:
    """
    The FAQ entry that may be meant, where none is close enough to be the answer: of this intent, not a wild guess.
    """
    if turn.reading is None or turn.incoming.payload is not None:
        return []
    faq = turn.voice.content.faq
    return [name for name in turn.reading.faq_near[:1] if intent in faq[name].header.intents]


def _buttons(
    turn: Turn, intent: str, subject: tuple[Verb, str], also: tuple[Button, ...], found: tuple[Card, ...]
) -> tuple[tuple[Button, ...], ...]:
    voice, second = turn.voice, turn.second
    related = voice.content.answers[intent].header.related
    if second and second != intent:
        title = voice.plain(Phrase.BUTTON_ALSO, title=voice.title(second))
        also = (voice.button(title, Verb.INTENT, second), *also)
    rows = [
        useful_row(turn, *subject),
        *((button,) for button in also),
        *open_rows(voice, found),
        (voice.phrase_button(Phrase.BUTTON_ANOTHER_ARTICLE, Verb.ANOTHER_ARTICLE, intent),)
        if len(found) == MOST_CARDS
        else (),
        *((voice.intent_button(other),) for other in related if other != second),
        (turn.coach_button(),),
    ]
    return tuple(row for row in rows if row)
