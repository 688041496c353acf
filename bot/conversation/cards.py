"""
Cards: an article with the one sentence that tells why it is shown, in the blogger's own words.
"""

from bot.content.phrases import Phrase
from bot.conversation.payloads import Verb
from bot.conversation.voice import Voice
from bot.model import Article, Button, Card
from bot.understanding.text import sentences, stem, words

_SENTENCES = 60
_SHORTEST, _LONGEST = 30, 160


def summary_card(article: Article) -> Card:
    """
    A card with the beginning of the article's summary.
    """
    first = next(iter(sentences(article.summary)), "")
    return Card(article, "" if first == article.title else _cut(first))


def found_card(article: Article, searched: str) -> Card:
    """
    A card with the sentence of the article that has most of the words that were looked for.
    """
    language = article.language
    wanted = {stem(word, language) for word in words(searched, language) if len(word) > 2}  # noqa: PLR2004
    best, most = "", 0
    for sentence in sentences(article.text)[:_SENTENCES]:
        if len(sentence) < _SHORTEST:
            continue
        met = len(wanted & {stem(word, language) for word in words(sentence, language)})
        if met > most:
            best, most = sentence, met
    return Card(article, _cut(best.removeprefix("• "))) if best else summary_card(article)


def open_rows(voice: Voice, cards: tuple[Card, ...]) -> tuple[tuple[Button, ...], ...]:
    """
    The buttons that open the articles of some cards: on the blog, or in the conversation if they are in no public
    place. Several stand in one row, by their number.
    """
    if len(cards) == 1:
        label = voice.plain(Phrase.BUTTON_READ, title=cards[0].article.title)
        return ((_open_button(voice, cards[0].article, label),),)
    return (
        tuple(
            _open_button(voice, card.article, voice.plain(Phrase.BUTTON_READ, title=str(number)))
            for number, card in enumerate(cards, 1)
        ),
    )


def _open_button(voice: Voice, article: Article, label: str) -> Button:
    if article.is_public:
        return Button(label, url=voice.link(article))
    return voice.button(label, Verb.READ, article.id, "1")


def _cut(sentence: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[: sentence.rfind(" ", 0, _LONGEST)] + "…"
