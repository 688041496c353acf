"""
All articles of the blog, by id and for searching; they can be replaced while the bot answers.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.model import Article
from bot.understanding.articles import ArticleIndex, ArticleMatch
from bot.understanding.features import ConceptMatcher


class Catalogue:
    """
    The articles there are now.

    Parameters:
        matchers: By language: what finds concepts. Articles in other languages are left out.
        articles: The articles.
    """

    def __init__(self, matchers: Mapping[str, ConceptMatcher], articles: Iterable[Article] = ()) -> None:
        self._matchers = matchers
        self._articles: dict[str, Article] = {}
        self._indexes: dict[str, ArticleIndex] = {}
        self.replace(articles)

    def replace(self, articles: Iterable[Article]) -> None:
        """
        Take other articles from now on. It takes a second for each 10,000; those who search meanwhile see the old ones.
        """
        kept = {article.id: article for article in articles if article.language in self._matchers}
        indexes = {
            language: ArticleIndex((a for a in kept.values() if a.language == language), matcher)
            for language, matcher in self._matchers.items()
        }
        self._articles, self._indexes = kept, indexes

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles.values())

    def __len__(self) -> int:
        return len(self._articles)

    def article(self, article_id: str) -> Article | None:
        """
        One article, or None if it is gone.
        """
        return self._articles.get(article_id)

    def newest(self, language: str, count: int) -> list[Article]:
        """
        The articles in a language that were published last, newest first.
        """
        dated = (article for article in self._articles.values() if article.published and article.language == language)
        return heapq.nlargest(count, dated, key=lambda article: (article.published, article.id))

    def search(self, words: str, language: str, count: int, topic: Sequence[str] = ()) -> list[ArticleMatch]:
        """
        The articles in one language that match best, as `ArticleIndex.search` has it.
        """
        return self._indexes[language].search(words, count, topic)

    def search_all(self, words: str, first: str, count: int) -> list[ArticleMatch]:
        """
        The articles that match in one language; where it has nothing, in the others.
        """
        for language in (first, *(other for other in self._indexes if other != first)):
            if matches := self.search(words, language, count):
                return matches
        return []
