"""
Browsing and finding FAQ entries. Browsing edits one message instead of sending new ones.
"""

from bot.content.phrases import Phrase
from bot.conversation.handlers.advice import useful_row
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import Button, Reply

_PAGE_SIZE = 6
_MOST_FOUND = 5


async def command(turn: Turn) -> Reply:
    """
    `/faq` shows the categories; `/faq WORDS` finds entries.
    """
    words = turn.incoming.arguments.strip()
    if not words:
        return _categories(turn)
    voice = turn.voice
    matches = turn.reader.find_faq(words, voice.language, _MOST_FOUND)
    if not matches:
        return turn.reply(voice.phrase(Phrase.FAQ_NONE, words=words[:100]), buttons=(turn.ways_on(),))
    rows = tuple((_entry_button(turn, match.entry),) for match in matches)
    return turn.reply(voice.phrase(Phrase.FAQ_FOUND, count=len(matches)), buttons=rows)


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
    rows = [(_entry_button(turn, entry),) for entry in entries[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]]
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
    voice = turn.voice
    header = voice.content.faq[name].header
    rows = [useful_row(turn, Verb.FAQ_ENTRY, name)]
    rows += [(voice.intent_button(intent),) for intent in header.intents[:2]]
    rows.append((voice.phrase_button(Phrase.BUTTON_FAQ, Verb.FAQ), turn.coach_button()))
    return turn.reply(voice.faq(name), buttons=tuple(rows))


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


def _entry_button(turn: Turn, entry: str) -> Button:
    return turn.voice.button(turn.voice.content.faq[entry].header.question, Verb.FAQ_ENTRY, entry)
