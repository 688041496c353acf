"""
The posts of a source, page by page: only what is new or may have changed, from where the last reading was stopped.

What a way of reading wants to remember stands in its `state`, which the caller keeps together with each page.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.blog import feeds, sitemap, wordpress
from bot.blog.discovery import Found, list_pages
from bot.blog.feeds import FeedError, FeedPage
from bot.blog.fetch import Fetcher, FetchError, Version
from bot.blog.posts import PostError, Skipped
from bot.blog.sitemap import SitemapError
from bot.content.schema import SourceKind
from bot.model import Article

GONE = (404, 410)
"""
The answers of a server to which there is no such page.
"""

_MOST_PAGES = 500
"""
Pages of one feed that are read: 50,000 posts of WordPress, 5,000 of a feed of ten.
"""
_MOST_POSTS = 20_000
_FOR_GOOD = (*GONE, 401, 403, 451)
_BEHIND_THE_LAST = 400
"""
What WordPress answers to a page number that is too high.
"""
_TOGETHER = 20
"""
Pages of a sitemap that are read before they are kept.
"""
_WEEK_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class SourceReader:
    """
    Reads posts from where they are.

    Parameters:
        fetcher: Fetches pages.
        home: The blog's address, which links in export files start from.
        directory: Where export files are.
        clock: Seconds since 1970.
    """

    fetcher: Fetcher
    home: str
    directory: Path
    clock: Callable[[], float] = time.time

    def pages(self, found: Found, known: frozenset[str], state: dict[str, Any]) -> AsyncGenerator[FeedPage, None]:
        """
        The pages of a source.

        Parameters:
            found: Where the source is.
            known: The ids of the articles it gave before.
            state: What was remembered; it changes with each page.

        Raises:
            FetchError: The source cannot be had.
            FeedError: It is no feed, or an empty one.
            SitemapError: It is no sitemap, or an empty one.
            OSError: The export file cannot be read.
        """
        ways = {
            SourceKind.FEED: self._feed,
            SourceKind.WORDPRESS: self._wordpress,
            SourceKind.SITEMAP: self._sitemap,
            SourceKind.EXPORT: self._export,
        }
        return ways[found.kind](found.url, known, state)

    async def _feed(self, url: str, known: frozenset[str], state: dict[str, Any]) -> AsyncGenerator[FeedPage, None]:
        """
        The pages of a feed, newest posts first. `state`: the `version` of the first page, and `older`, the address from
        which older posts are still to be read; empty once all were.
        """
        older: str | None = state.get("older")
        complete = older == ""
        first = await self.fetcher.get(url, Version(*state.get("version", ())))
        if not first.unchanged:
            page = await asyncio.to_thread(feeds.read_feed, first.body, first.url)
            if not page.articles and not page.skipped:
                raise FeedError("the feed is empty; what was read before is kept")
            if older is None or (complete and _ids(page) - known):
                older = _older_page(page, url)
            state |= {"version": [first.version.etag, first.version.modified], "older": older}
            yield page
            known = known | _ids(page) if complete else frozenset(_ids(page))
        for _ in range(_MOST_PAGES):
            if not older:
                break
            page = await self._older(older)
            # Behind its last page, many a feed gives the same posts again.
            if not _ids(page) - known:
                state["older"] = ""
                break
            known = known | _ids(page)
            state["older"] = older = _older_page(page, older)
            yield page

    async def _older(self, url: str) -> FeedPage:
        """
        A page of older posts; an empty one behind the last.
        """
        try:
            fetched = await self.fetcher.get(url)
            return await asyncio.to_thread(feeds.read_feed, fetched.body, fetched.url)
        except FetchError as error:
            if error.status in GONE:
                return FeedPage(())
            raise
        except FeedError:
            return FeedPage(())

    async def _wordpress(self, api: str, _: frozenset[str], state: dict[str, Any]) -> AsyncGenerator[FeedPage, None]:
        """
        The posts of a WordPress site; later only those that changed. `state`: `page`, the next one to read of
        all posts, `latest`, when the last known change was, and `since`, the same once all were read.
        """
        since = state.get("since", "")
        first = 1 if since else state.get("page", 1)
        for number in range(first, first + _MOST_PAGES):
            try:
                fetched = await self.fetcher.get(wordpress.posts_url(api, number, since))
            except FetchError as error:
                if error.status == _BEHIND_THE_LAST and number > 1:
                    break
                raise
            page = await asyncio.to_thread(wordpress.read_posts, fetched.body, fetched.url)
            posts = len(page.articles) + len(page.skipped)
            if not posts and number == 1 and not since:
                raise FeedError("WordPress gives no posts; what was read before is kept")
            state["latest"] = max(state.get("latest", ""), wordpress.latest_change(fetched.body))
            if not since:
                state["page"] = number + 1
            yield page
            if posts < wordpress.POSTS_PER_PAGE:
                break
        state["since"] = state.get("latest", "")

    async def _sitemap(self, url: str, _: frozenset[str], state: dict[str, Any]) -> AsyncGenerator[FeedPage, None]:
        """
        The posts that a sitemap lists and that may have changed. `state`: `pages`, for each page what the sitemap said
        of its last change and when it was read.
        """
        listed = await list_pages(self.fetcher, url)
        if not listed:
            raise SitemapError("the sitemap is empty; what was read before is kept")
        read: dict[str, list[Any]] = state.setdefault("pages", {})
        now = int(self.clock())
        due = [
            (address, changed)
            for address, changed in listed.items()
            if address not in read
            or (read[address][0] != changed if changed else now - read[address][1] > _WEEK_SECONDS)
        ]
        for start in range(0, min(len(due), _MOST_POSTS), _TOGETHER):
            articles: list[Article] = []
            skipped: list[Skipped] = []
            failed: FetchError | None = None
            for address, changed in due[start : start + _TOGETHER]:
                try:
                    articles.append(await self._post(address))
                except PostError as error:
                    skipped.append(Skipped(address, str(error)))
                except FetchError as error:
                    skipped.append(Skipped(address, str(error)))
                    if error.status not in _FOR_GOOD:
                        failed = error
                        continue
                read[address] = [changed, now]
            yield FeedPage(tuple(articles), tuple(skipped), total=len(due))
            if failed is not None and not articles:
                raise failed

    async def _post(self, url: str) -> Article:
        page = await self.fetcher.get(url)
        return await asyncio.to_thread(sitemap.read_page, page.body, url)

    async def _export(self, name: str, _: frozenset[str], state: dict[str, Any]) -> AsyncGenerator[FeedPage, None]:
        """
        The posts of an export file. `state`: the digest of the file that was read.
        """
        body = await asyncio.to_thread((self.directory / name).read_bytes)
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        if state.get("digest") == digest:
            return
        page = await asyncio.to_thread(feeds.read_feed, body, self.home)
        if not page.articles:
            raise FeedError("there is no published post in the file")
        yield page
        state["digest"] = digest


def _ids(page: FeedPage) -> set[str]:
    return {article.id for article in page.articles}


def _older_page(page: FeedPage, url: str) -> str:
    """
    Where posts older than a page's are: where it says, else where WordPress has them; empty if it has no posts.
    """
    if page.next_url or not page.articles:
        return page.next_url
    return "" if "blogger" in page.generator else feeds.older_url(url)
