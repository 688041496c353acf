"""
The posts of the blog.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Article:
    """
    A post of the blog.

    Parameters:
        id: Ten characters that stay the same as long as the address does; fits into a button.
        title: As the blogger wrote it.
        url: Where it can be read; a `file:` address for posts that are in no public place.
        language: Two letters.
        published: The day it was published, or None.
        tags: Lower-case words the blogger filed it under.
        summary: One or two sentences.
        text: The whole post as plain text, paragraphs separated by blank lines.
        outdated: Old names of things that it uses, from which a reader should know that it has aged.
    """

    id: str
    title: str
    url: str
    language: str
    published: date | None
    tags: tuple[str, ...]
    summary: str
    text: str
    outdated: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """
        Whether `url` opens in anybody's browser.
        """
        return self.url.startswith(("https://", "http://"))

    @property
    def reading_minutes(self) -> int:
        """
        Minutes it takes to read at 230 words a minute (Brysbaert 2019, silent reading of non-fiction), at least one.
        """
        return _reading_minutes(self.text)


@lru_cache(maxsize=1024)
def _reading_minutes(text: str) -> int:
    return max(1, round(len(text.split()) / 230))


@dataclass(frozen=True, slots=True)
class Card:
    """
    An article as it is shown.

    Parameters:
        article: The article.
        why: One sentence of it that tells why; plain text, may be empty.
    """

    article: Article
    why: str = ""
