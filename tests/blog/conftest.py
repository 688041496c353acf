"""
A site to read, and what reads it.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.blog.fetch import Fetcher, open_fetcher
from bot.blog.reading import SourceReader
from bot.blog.sync import Report, Syncer
from bot.content.schema import Source
from bot.storage.articles import Shelf
from bot.storage.engine import Database
from tests.blog.site import Site


class Blog:
    """
    A blog that is read again and again, at moments a test decides.
    """

    def __init__(self, site: Site, fetcher: Fetcher, database: Database, directory: Path) -> None:
        self.site, self.shelf, self.now = site, Shelf(database), 1_000_000.0
        reader = SourceReader(fetcher, site.url, directory, lambda: self.now)
        self.syncer = Syncer(self.shelf, reader, ["fr", "en"])

    async def sync(self, *, anew: bool = False, **source: Any) -> Report:
        (report,) = await self.syncer.sync([Source(**source)], anew=anew)
        return report

    async def titles(self, **source: Any) -> list[str]:
        return [article.title for article in await self.shelf.articles([Source(**source).name])]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """
    A web site on loopback.
    """
    async with Site() as site:
        yield site


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    """
    A fetcher whose operator named that site.
    """
    async with open_fetcher([site.url], 0.0, "Tremplin/test") as fetcher:
        yield fetcher


@pytest.fixture
def blog(site: Site, fetcher: Fetcher, store: Database, tmp_path: Path) -> Blog:
    """
    A blog without a page, and a database of each kind.
    """
    return Blog(site, fetcher, store, tmp_path)
