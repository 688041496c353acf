"""
Showing a FAQ entry, and offering entries that may be meant.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.cards import found_card, open_rows
from bot.conversation.handlers.votes import useful_row
from bot.conversation.payloads import Verb
from bot.conversation.turn import Turn
from bot.conversation.voice import Voice
from bot.model import Asked, Button, Reply

MOST_OFFERED = 3
_RELATED, _CARDS = 2, 2
_CONSIDERED = 8


def show(turn: Turn, name: str) -> Reply:
    """
    A question and its answer, with articles and other questions on the same thing, and whether it was useful.

    Raises:
        LookupError: There is no such entry.
    """
    voice = turn.voice
    header = voice.content.faq[name].header
    matches = turn.reader.search(header.question, voice.language, _CARDS)
    cards = tuple(found_card(match.article, header.question) for match in matches)
    turn.memory.remember_articles(tuple(card.article.id for card in cards))
    rows = [
        useful_row(turn, Verb.FAQ_ENTRY, name),
        *open_rows(voice, cards),
        *((faq_button(voice, other),) for other in _related(turn, name)),
        *((voice.intent_button(intent),) for intent in header.intents[:2]),
        (voice.phrase_button(Phrase.BUTTON_FAQ, Verb.FAQ), turn.coach_button()),
    ]
    return replace(turn.reply(voice.faq(name), buttons=tuple(rows)), cards=cards, asked=about(voice, header.intents))


def about(voice: Voice, intents: Sequence[str]) -> Asked:
    """
    What an entry leaves open: there is more to say about its first intent.
    """
    return Asked(yes=voice.intent_button(intents[0]).payload) if intents else Asked()


def offer(turn: Turn, names: tuple[str, ...]) -> Reply:
    """
    Ask whether one of some questions is meant.
    """
    voice = turn.voice
    rows = tuple((faq_button(voice, name),) for name in names[:MOST_OFFERED])
    payloads = tuple(button.payload for (button,) in rows)
    asked = Asked(choices=payloads, yes=payloads[0] if len(payloads) == 1 else "")
    reply = turn.reply(voice.phrase(Phrase.FAQ_FOUND, count=len(rows)), buttons=(*rows, turn.ways_on()))
    return replace(reply, asked=asked)


def faq_button(voice: Voice, name: str) -> Button:
    """
    A button that leads to a FAQ entry.
    """
    return voice.button(voice.content.faq[name].header.question, Verb.FAQ_ENTRY, name)


def _related(turn: Turn, name: str) -> list[str]:
    """
    The closest other entries of the same category or intent.
    """
    faq = turn.voice.content.faq
    header = faq[name].header
    matches = turn.reader.find_faq(header.question, turn.voice.language, _CONSIDERED)
    others = [match.entry for match in matches if match.entry != name]
    alike = [
        other
        for other in others
        if faq[other].header.category == header.category or set(faq[other].header.intents) & set(header.intents)
    ]
    return alike[:_RELATED]
