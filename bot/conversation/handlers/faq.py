"""
Browsing and finding FAQ entries. Browsing edits one message instead of sending new ones.
"""

from bot.content.phrases import Phrase
from bot.conversation.handlers import advice
from bot.conversation.handlers.entries import MOST_OFFERED, faq_button, offer, show
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import Button, Reply
from bot.understanding.verdict import Outcome

_PAGE_SIZE = 6
_CLEARLY = 0.9
"""
How close the second entry may come to the first at most, for the first to be given without asking.
"""


async def command(turn: Turn) -> Reply:
    """
    `/faq` shows the categories. `/faq WORDS` gives the entry that is asked for; if that is not sure it asks which is
    meant; if there is none it gives the advice, or says that there is none.
    """
    words = turn.incoming.arguments.strip()
    if not words:
        return _categories(turn)
    voice = turn.voice
    matches = turn.reader.find_faq(words, voice.language, MOST_OFFERED)
    # A single word names a subject rather than a question.
    several = len(matches) > 1 and (" " not in words or matches[1].score > _CLEARLY * matches[0].score)
    if matches and not several and turn.reader.is_answer(matches[0]):
        return show(turn, matches[0].entry)
    if matches:
        return offer(turn, tuple(match.entry for match in matches))
    if turn.reading is not None and turn.reading.verdict.outcome is Outcome.SURE:
        return await advice.answer(turn, turn.reading.verdict.intent)
    return turn.reply(voice.phrase(Phrase.FAQ_NONE, words=words[:100]), buttons=(turn.ways_on(),))


async def categories_button(turn: Turn, payload: Payload) -> Reply:
    """
    Go back to the categories.
    """
    return _categories(turn, replaces=bool(payload.arguments))


async def category(turn: Turn, payload: Payload) -> Reply:
    """
    Show a page of the questions of one category.

    Raises:
        LookupError: The category or the page is gone.
    """
    name, page_text = payload.arguments
    voice, page = turn.voice, int(page_text)
    entries = _entries_of(turn, name)
    pages = -(-len(entries) // _PAGE_SIZE)
    if not 1 <= page <= pages:
        raise IndexError(page_text)
    rows = [(faq_button(voice, entry),) for entry in entries[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]]
    steps: list[Button] = []
    if page > 1:
        steps.append(voice.phrase_button(Phrase.BUTTON_PREVIOUS, Verb.FAQ_CATEGORY, name, str(page - 1)))
    if page < pages:
        steps.append(voice.phrase_button(Phrase.BUTTON_NEXT, Verb.FAQ_CATEGORY, name, str(page + 1)))
    back = voice.phrase_button(Phrase.BUTTON_BACK, Verb.FAQ, "back")
    title = voice.renderer.pack.manifest.faq_categories[name][voice.language]
    text = voice.phrase(Phrase.FAQ_PAGE, title=title, page=page, pages=pages)
    return turn.reply(text, buttons=(*rows, tuple(steps), (back,)), replaces=True)


async def entry(turn: Turn, payload: Payload) -> Reply:
    """
    Show a question and its answer.

    Raises:
        LookupError: The entry is gone.
    """
    (name,) = payload.arguments
    return show(turn, name)


def _categories(turn: Turn, *, replaces: bool = False) -> Reply:
    voice = turn.voice
    categories = voice.renderer.pack.manifest.faq_categories
    rows = tuple(
        (voice.button(titles[voice.language], Verb.FAQ_CATEGORY, name, "1"),)
        for name, titles in categories.items()
        if _entries_of(turn, name)
    )
    if not rows:
        return turn.reply(voice.phrase(Phrase.FAQ_EMPTY), buttons=(turn.ways_on(),), replaces=replaces)
    return turn.reply(voice.phrase(Phrase.FAQ), buttons=rows, replaces=replaces)


def _entries_of(turn: Turn, category: str) -> list[str]:
    return [name for name, entry in turn.voice.content.faq.items() if entry.header.category == category]
