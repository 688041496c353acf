"""
A site to read, and what reads it.
"""

from collections.abc import AsyncIterator

import pytest

from bot.blog.fetch import Fetcher, open_fetcher
from tests.blog.site import Site


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
