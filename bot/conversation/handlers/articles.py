"""
Finding, showing and reading the blog's articles.
"""

import hashlib
from dataclasses import replace
from html import escape

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.cards import found_card, open_rows, summary_card
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.events import Opened
from bot.model import Asked, Button, Card, Reply

MOST_CARDS = 3
_PAGE = 5
_MOST_PAGES = 10
_PAGE_LENGTH = 3500
"""
Characters of an article shown at a time; below a message's limit, to leave room for the heading.
"""


def choose(turn: Turn, intent: str) -> tuple[Card, ...]:
    """
    The articles that go best with an intent and with what the person wrote; they count as shown.
    """
    utterance = turn.words if turn.reading else ""
    found = turn.reader.articles_about(intent, turn.voice.language, utterance, MOST_CARDS)
    turn.memory.remember_articles(tuple(article.id for article in found))
    return tuple(map(summary_card, found))


async def another(turn: Turn, payload: Payload) -> Reply:
    """
    Show an article on an intent that the person has not seen lately.

    Raises:
        LookupError: The button names no intent of this pack.
    """
    (intent,) = payload.arguments
    voice = turn.voice
    title = voice.title(intent)
    seen = turn.memory.shown_articles
    unseen = [a for a in turn.reader.articles_about(intent, voice.language) if a.id not in seen]
    if not unseen:
        buttons = ((voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU),), (turn.coach_button(),))
        return turn.reply(voice.phrase(Phrase.ARTICLE_NO_MORE, title=title), buttons=buttons)
    cards = (summary_card(unseen[0]),)
    turn.memory.remember_articles((unseen[0].id,))
    more = voice.phrase_button(Phrase.BUTTON_ANOTHER_ARTICLE, Verb.ANOTHER_ARTICLE, intent)
    reply = turn.reply(voice.phrase(Phrase.ARTICLE_MORE, title=title), buttons=(*open_rows(voice, cards), (more,)))
    return replace(reply, cards=cards, asked=Asked(intent))


async def read(turn: Turn, payload: Payload) -> Reply:
    """
    Show a page of an article's text in the conversation.

    Raises:
        LookupError: The article or the page is gone.
    """
    article_id, page = payload.arguments
    article = turn.library.article(article_id)
    if article is None:
        raise KeyError(article_id)
    pages = markup.split(escape(article.text, quote=False), _PAGE_LENGTH)
    number = int(page)
    if not 1 <= number <= len(pages):
        raise IndexError(page)
    voice, buttons = turn.voice, []
    if number < len(pages):
        label = voice.plain(Phrase.BUTTON_READ_ON, page=number + 1, pages=len(pages))
        buttons.append((voice.button(label, Verb.READ, article_id, str(number + 1)),))
    if number == 1:
        turn.hook(Opened(article.id))
    heading = f"<b>{escape(article.title, quote=False)}</b>"
    return turn.reply(f"{heading}\n\n{pages[number - 1]}", buttons=tuple(buttons))


async def command(turn: Turn) -> Reply:
    """
    `/article WORDS`: search the blog.
    """
    if not turn.incoming.arguments.strip():
        buttons = ((turn.voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU),),)
        return turn.reply(turn.voice.phrase(Phrase.ARTICLE_USAGE), buttons=buttons)
    return _results(turn, turn.incoming.arguments.strip())


async def find(turn: Turn, intent: str) -> Reply:
    """
    Answer somebody who asks for an article; without words to look for, the intent's own text asks for some.
    """
    if turn.reading is None:
        return turn.reply(turn.voice.advice(intent), buttons=(turn.ways_on(),))
    return _results(turn, turn.words)


async def results(turn: Turn, payload: Payload) -> Reply:
    """
    Another page of what the person looked for last.

    Raises:
        LookupError: They have looked for something else since, or the page is gone.
    """
    search, page = payload.arguments
    words = turn.memory.searched
    if search != _search_id(words):
        raise KeyError(search)
    return replace(_results(turn, words, int(page)), replaces=True)


def _results(turn: Turn, words: str, page: int = 1) -> Reply:
    voice = turn.voice
    matches = turn.reader.search(words, voice.language, page * _PAGE + 1)
    shown = matches[(page - 1) * _PAGE : page * _PAGE]
    if not 1 <= page <= _MOST_PAGES or (page > 1 and not shown):
        raise IndexError(page)
    if not shown:
        return turn.reply(voice.phrase(Phrase.ARTICLE_NONE, words=words[:100]), buttons=(turn.ways_on(),))
    turn.memory.remember_search(words)
    turn.memory.remember_articles(tuple(match.article.id for match in shown))
    cards = tuple(found_card(match.article, words) for match in shown)
    more = len(matches) > page * _PAGE and page < _MOST_PAGES
    buttons = (*open_rows(voice, cards), _steps(turn, turn.memory.searched, page, more=more), turn.ways_on())
    phrase = Phrase.ARTICLE_FOUND if page == 1 else Phrase.ARTICLE_PAGE
    reply = turn.reply(voice.phrase(phrase, count=len(shown), words=words[:100], page=page), buttons=buttons)
    return replace(reply, cards=cards)


def _steps(turn: Turn, searched: str, page: int, *, more: bool) -> tuple[Button, ...]:
    """
    The buttons to the pages before and behind. They name what was looked for by a hash: no button carries words.
    """
    search = _search_id(searched)
    steps = []
    if page > 1:
        steps.append(turn.voice.phrase_button(Phrase.BUTTON_PREVIOUS, Verb.RESULTS, search, str(page - 1)))
    if more:
        steps.append(turn.voice.phrase_button(Phrase.BUTTON_NEXT, Verb.RESULTS, search, str(page + 1)))
    return tuple(steps)


def _search_id(words: str) -> str:
    return hashlib.blake2b(words.encode(), digest_size=4).hexdigest()
