"""
Whether the articles are still where they were, and still true.
"""

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from bot.blog.fetch import Fetcher, FetchError
from bot.blog.posts import clean_url
from bot.blog.reading import GONE
from bot.blog.sync import Told, unseen
from bot.model import Article
from bot.storage.articles import Shelf

_FEWEST_TO_DOUBT = 10
"""
Articles that must have been looked at before it is asked whether the site rather than the articles is at fault.
"""


@dataclass(slots=True)
class Health:
    """
    How the articles were found.

    Parameters:
        checked: How many were looked at.
        gone: Those that are no longer there.
        moved: Those that are elsewhere for good, with their new address.
        unsure: Those that could not be looked at, and why.
        doubtful: Whether so many were gone that the site must be at fault; nothing was changed then.
    """

    checked: int = 0
    gone: list[Article] = field(default_factory=list)
    moved: list[tuple[Article, str]] = field(default_factory=list)
    unsure: list[tuple[Article, str]] = field(default_factory=list)
    doubtful: bool = False


async def check(shelf: Shelf, fetcher: Fetcher, names: Collection[str], count: int, told: Told = unseen) -> Health:
    """
    Look at the articles that were not looked at for longest. Those that are gone leave the search, and come back when
    they do.

    Parameters:
        shelf: Keeps the articles.
        fetcher: Fetches pages.
        names: The sources.
        count: How many to look at.
        told: Told how far it is.

    Raises:
        StorageError: The articles cannot be read or kept.
    """
    health = Health()
    seen: list[tuple[str, bool, str | None]] = []
    due = await shelf.to_check(names, count)
    for article in due:
        health.checked += 1
        try:
            page = await fetcher.get(article.url)
        except FetchError as error:
            if error.status in GONE:
                health.gone.append(article)
                seen.append((article.id, True, None))
            else:
                health.unsure.append((article, str(error)))
        else:
            target = clean_url(page.url) if page.moved else ""
            moved = target if target and target != article.url else None
            if moved is not None:
                health.moved.append((article, moved))
            seen.append((article.id, False, moved))
        told("", health.checked, len(due))
    health.doubtful = len(due) >= _FEWEST_TO_DOUBT and len(health.gone) * 2 > len(due)
    if not health.doubtful:
        await shelf.checked(seen, int(time.time()))
    return health


def old_names(article: Article, renamed: Mapping[str, str]) -> list[str]:
    """
    The old names of things that an article uses without saying how they are called now.

    Parameters:
        article: The article.
        renamed: By old name: the new one.
    """
    text = f"{article.title}\n{article.summary}\n{article.text}"
    return [old for old, new in renamed.items() if _named(old).search(text) and not _named(new).search(text)]


@cache
def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
