"""
What conversation needs from outside, named so that storage, fakes and other channels can give it.
"""

from typing import Protocol

from bot.model import Article


class Memory(Protocol):
    """
    What is known of a person between two messages. All of it may be forgotten at any time without harm.
    """

    def language(self, person: str) -> str | None:
        """
        The language the person wrote in last, or None.
        """

    def remember_language(self, person: str, language: str) -> None:
        """
        Keep the language the person writes in.
        """

    def visits(self, person: str, subject: str) -> int:
        """
        How often the person was told about a subject before; each call counts as one more.
        """

    def shown_articles(self, person: str) -> frozenset[str]:
        """
        The ids of the articles that were shown to the person lately.
        """

    def remember_articles(self, person: str, articles: tuple[str, ...]) -> None:
        """
        Keep the ids of articles that were just shown.
        """


class Library(Protocol):
    """
    The articles of the blog.
    """

    def article(self, article_id: str) -> Article | None:
        """
        One article, or None if it is gone.
        """
