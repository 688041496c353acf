"""
Finding, showing and reading the blog's articles.
"""

from dataclasses import replace
from html import escape

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import Article, Button, Reply

MOST_CARDS = 3
_MOST_RESULTS = 5
_PAGE_LENGTH = 3500
"""
Characters of an article shown at a time; below a message's limit, to leave room for the heading.
"""


def choose(turn: Turn, intent: str) -> tuple[Article, ...]:
    """
    The articles that go best with an intent and with what the person wrote; they count as shown.
    """
    utterance = turn.words if turn.reading else ""
    found = turn.reader.articles_about(intent, turn.voice.language, utterance)[:MOST_CARDS]
    turn.memory.remember_articles(tuple(article.id for article in found))
    return found


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
    article = unseen[0]
    turn.memory.remember_articles((article.id,))
    more = voice.phrase_button(Phrase.BUTTON_ANOTHER_ARTICLE, Verb.ANOTHER_ARTICLE, intent)
    reply = turn.reply(voice.phrase(Phrase.ARTICLE_MORE, title=title), buttons=(*read_rows(turn, (article,)), (more,)))
    return replace(reply, articles=(article,))


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


def _results(turn: Turn, words: str) -> Reply:
    voice = turn.voice
    matches = turn.reader.search(words, voice.language, _MOST_RESULTS)
    if not matches:
        return turn.reply(voice.phrase(Phrase.ARTICLE_NONE, words=words[:100]), buttons=(turn.ways_on(),))
    found = tuple(match.article for match in matches)
    turn.memory.remember_articles(tuple(article.id for article in found))
    buttons = (*read_rows(turn, found), turn.ways_on())
    reply = turn.reply(voice.phrase(Phrase.ARTICLE_FOUND, count=len(found)), buttons=buttons)
    return replace(reply, articles=found)


def read_rows(turn: Turn, found: tuple[Article, ...]) -> tuple[tuple[Button, ...], ...]:
    """
    A button for each article that is in no public place, so that it can be read in the conversation.
    """
    voice = turn.voice
    return tuple(
        (voice.button(voice.plain(Phrase.BUTTON_READ, title=article.title), Verb.READ, article.id, "1"),)
        for article in found
        if not article.is_public
    )
