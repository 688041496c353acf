"""
Given only a blog's address: where its articles are best read from.

Asked in this order: the WordPress REST API (whole posts, and it tells what changed), a feed that leads to all posts,
and the sitemap, if it lists more than the feed holds. What is given may also be the address of one of these itself.
"""

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree, html

from bot.blog import feeds, sitemap, wordpress
from bot.blog.feeds import FeedError
from bot.blog.fetch import Fetcher, FetchError, Page
from bot.blog.sitemap import SitemapError
from bot.content.schema import SourceKind

_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_USUAL_FEEDS = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feeds/posts/default")
_USUAL_SITEMAPS = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
_ENDLESS = ("wordpress", "blogger")
"""
Programs whose feeds lead from page to page to the first post.
"""
_DEEPEST = 3
_MOST_SITEMAPS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """
    Where articles can be read from.

    Parameters:
        kind: As what.
        url: Where.
        posts: How many posts are there; 0 if that cannot be told yet.
    """

    kind: SourceKind
    url: str
    posts: int = 0


async def discover(fetcher: Fetcher, url: str) -> Found:
    """
    Find the best source of a blog.

    Parameters:
        fetcher: Fetches pages.
        url: The blog's address.

    Raises:
        FetchError: The blog cannot be reached, or nothing was found there.
    """
    home = await fetcher.get(url)
    if (itself := _itself(home)) is not None:
        return itself
    links = _links(home)
    if links.api and (found := await _wordpress(fetcher, links.api)):
        return found
    feed = await _first_feed(fetcher, links.feeds or [urljoin(home.url, name) for name in _USUAL_FEEDS])
    if feed is not None and feed[1]:
        return feed[0]
    site = await _sitemap(fetcher, home.url)
    if site is not None and (feed is None or site.posts > feed[0].posts):
        return site
    if feed is not None:
        return feed[0]
    raise FetchError(
        "no feed, sitemap or WordPress was found there; name one in pack.yaml (feed: or sitemap:), or an export file"
    )


async def list_pages(fetcher: Fetcher, url: str) -> dict[str, str]:
    """
    All pages that a sitemap lists, with what it says of their last change.

    Raises:
        FetchError: The sitemap cannot be had.
        SitemapError: It is none.
    """
    pages: dict[str, str] = {}
    waiting, seen = [(url, 0)], {url}
    while waiting and len(seen) <= _MOST_SITEMAPS:
        address, depth = waiting.pop(0)
        try:
            listed = sitemap.read_sitemap((await fetcher.get(address)).body)
        except (FetchError, SitemapError):
            if address == url:
                raise
            continue
        pages |= listed.pages
        if depth < _DEEPEST:
            fresh = [child for child in listed.sitemaps if child not in seen]
            seen.update(fresh)
            waiting += [(child, depth + 1) for child in fresh]
    return pages


@dataclass(frozen=True, slots=True)
class _Links:
    api: str
    feeds: list[str]


def _itself(page: Page) -> Found | None:
    """
    The page, if it is a source itself.
    """
    try:
        listed = sitemap.read_sitemap(page.body)
        return Found(SourceKind.SITEMAP, page.url, len(listed.pages))
    except SitemapError:
        pass
    if b"<html" in page.body[:2000].lower():
        return None
    try:
        return Found(SourceKind.FEED, page.url, len(feeds.read_feed(page.body, page.url).articles))
    except FeedError:
        return None


def _links(page: Page) -> _Links:
    """
    What a home page says of its API and its feeds; feeds of comments are none of posts.
    """
    try:
        root = html.fromstring(page.body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _Links("", [])
    api, found = "", []
    for link in root.iter("link"):
        relation, target = link.get("rel", ""), urljoin(page.url, link.get("href", ""))
        if relation == "https://api.w.org/":
            api = target
        titled = f"{link.get('title', '')} {target}".lower()
        if "alternate" in relation and link.get("type") in _FEED_TYPES and "comment" not in titled:
            found.append(target)
    return _Links(api, found)


async def _wordpress(fetcher: Fetcher, api: str) -> Found | None:
    try:
        url = wordpress.posts_url(api, 1)
        posts = wordpress.read_posts((await fetcher.get(url)).body, url)
    except (FetchError, FeedError):
        return None
    return Found(SourceKind.WORDPRESS, api, len(posts.articles)) if posts.articles else None


async def _first_feed(fetcher: Fetcher, urls: list[str]) -> tuple[Found, bool] | None:
    """
    The first feed that works, and whether it leads to all posts, whole.
    """
    for url in urls:
        try:
            page = await fetcher.get(url)
            feed = feeds.read_feed(page.body, page.url)
        except (FetchError, FeedError):
            continue
        if feed.articles:
            endless = bool(feed.next_url) or any(name in feed.generator for name in _ENDLESS)
            return Found(SourceKind.FEED, url, len(feed.articles)), endless and feed.full_text
    return None


async def _sitemap(fetcher: Fetcher, home: str) -> Found | None:
    declared = await fetcher.sitemaps(home)
    for url in dict.fromkeys([*declared, *(urljoin(home, name) for name in _USUAL_SITEMAPS)]):
        try:
            pages = await list_pages(fetcher, url)
        except (FetchError, SitemapError):
            continue
        if pages:
            return Found(SourceKind.SITEMAP, url, len(pages))
    return None
