"""
Sitemaps (https://www.sitemaps.org/protocol.html) and web pages become articles.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import etree

from bot.blog.posts import PostError, make_article
from bot.model import Article

_NO_POST = re.compile(
    r"/(tag|tags|category|categories|categorie|author|auteur|page|search|label|feed|wp-content|cart|shop|product)s?/|"
    r"[?&](p|page|cat|tag)=|\.(pdf|jpe?g|png|gif|webp|zip|mp[34])$",
    re.IGNORECASE,
)
_FEWEST_WORDS = 80
_DECLARED_LANGUAGE = re.compile(rb"<html[^>]*\slang=[\"']?([a-zA-Z]{2})")
_SAYS_ARTICLE = re.compile(
    rb"og:type[\"'][^>]*content=[\"']article|content=[\"']article[\"'][^>]*og:type|"
    rb"\"@type\"\s*:\s*\[?\s*\"(Blog|News)?(Posting|Article)\"|<article[\s>]|article:published_time"
)


class SitemapError(ValueError):
    """
    These bytes are no sitemap.
    """


@dataclass(frozen=True, slots=True)
class Sitemap:
    """
    What a sitemap lists.

    Parameters:
        sitemaps: Further sitemaps.
        pages: Pages that may be posts, by address: when they were changed last, as written there, or an empty string.
    """

    sitemaps: tuple[str, ...]
    pages: dict[str, str]


def read_sitemap(body: bytes) -> Sitemap:
    """
    Read a sitemap, or an index of sitemaps; where an index has sitemaps of posts, the others are left out.

    Raises:
        SitemapError: It is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    kind = "" if root is None else etree.QName(root).localname
    if kind == "sitemapindex":
        found = tuple(url for url, _ in _entries(root))
        posts = tuple(url for url in found if re.search(r"post|article", url.rsplit("/", 1)[-1]))
        return Sitemap(posts or found, {})
    if kind == "urlset":
        return Sitemap((), {url: changed for url, changed in _entries(root) if not _NO_POST.search(url)})
    raise SitemapError("this is no sitemap")


def read_page(body: bytes, url: str) -> Article:
    """
    Read a post from its web page.

    Parameters:
        body: The page.
        url: Where it is.

    Raises:
        PostError: It is no post.
    """
    found: Any = trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    if found is None or not found.text:
        raise PostError("no text was found in the page")
    if not _SAYS_ARTICLE.search(body):
        raise PostError("the page does not say that it is an article")
    if len(found.text.split()) < _FEWEST_WORDS:
        raise PostError(f"it has fewer than {_FEWEST_WORDS} words")
    declared = _DECLARED_LANGUAGE.search(body)
    return make_article(
        url=url,
        title=found.title or "",
        text=found.text.removeprefix(found.title or "").replace("\n", "\n\n"),
        language=declared[1].decode().lower() if declared else "",
        published=_day(found.date),
        tags=[*(found.categories or ()), *(found.tags or ())],
        summary=found.description or "",
    )


def _entries(root: etree._Element) -> list[tuple[str, str]]:
    entries = []
    for entry in root:
        parts = {etree.QName(part).localname: (part.text or "").strip() for part in entry if isinstance(part.tag, str)}
        if parts.get("loc"):
            entries.append((parts["loc"], parts.get("lastmod", "")))
    return entries


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
