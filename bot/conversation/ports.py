"""
What conversation needs from outside, named so that storage, fakes and other channels can give it.
"""

from typing import Protocol

from bot.model import Article, Holdings, Reception


class Library(Protocol):
    """
    The articles of the blog.
    """

    def article(self, article_id: str) -> Article | None:
        """
        One article, or None if it is gone.
        """

    def newest(self, language: str, count: int) -> list[Article]:
        """
        The articles in a language that were published last, newest first.
        """


class Archive(Protocol):
    """
    What is kept of people, for them to see.
    """

    async def holdings(self, key: str) -> Holdings | None:
        """
        Everything that is kept of a person; None if nothing is.

        Parameters:
            key: The person's key in their channel.
        """


class Desk(Protocol):
    """
    Where coaches take over.
    """

    def reception(self) -> Reception:
        """
        What somebody finds now who wants a human.
        """


class NoDesk:
    """
    The `Desk` of a bot without one.
    """

    def reception(self) -> Reception:
        """
        Nobody: people are told how to write to the coach.
        """
        return Reception()


class NoArchive:
    """
    The `Archive` of a channel that keeps nothing.
    """

    async def holdings(self, key: str) -> Holdings | None:  # noqa: ARG002 (the signature is the port's)
        """
        Nothing.
        """
        return None
