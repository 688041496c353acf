"""
RSS and Atom become articles: feeds, and the export files of WordPress (WXR) and Blogger, which are feeds too.
"""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import feedparser

from bot.blog.posts import PostError, Skipped, make_article, text_of
from bot.model import Article

_BLOGGER_KIND = "http://schemas.google.com/g/2005#kind"
_BLOGGER_POST = "http://schemas.google.com/blogger/2008/kind#post"
_FULL_TEXT_WORDS = 120
"""
Words from which a feed's text of a post is taken for the whole post.
"""


class FeedError(ValueError):
    """
    These bytes are no feed. The message says what they are instead, as far as can be told.
    """


@dataclass(frozen=True, slots=True)
class FeedPage:
    """
    What one page of a feed holds.

    Parameters:
        articles: The posts, in the feed's order.
        skipped: What was left out.
        next_url: Where older posts are; empty on the last page, or if the feed does not say.
        generator: The program that made it, in lower case.
        full_text: Whether the posts are whole rather than their first lines.
        total: How many posts there are on all pages together; 0 if it does not say.
    """

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()
    next_url: str = ""
    generator: str = ""
    full_text: bool = True
    total: int = 0


def read_feed(body: bytes, url: str) -> FeedPage:
    """
    Read a page of a feed, or an export file.

    Parameters:
        body: Its bytes, in whatever encoding.
        url: Where it came from, for relative links.

    Raises:
        FeedError: It is no feed.
    """
    # Bytes without headers: feedparser then looks for the encoding in them, and survives a wrong one.
    parsed = feedparser.parse(body, response_headers={"content-location": url}, sanitize_html=False)
    if not parsed.get("version") and not parsed.entries:
        raise FeedError("this is no RSS or Atom feed")
    language = str(parsed.feed.get("language", ""))[:2].lower()
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for entry in parsed.entries:
        if reason := _not_a_post(entry):
            if reason != "silent":
                skipped.append(Skipped(str(entry.get("link") or entry.get("title") or url), reason))
            continue
        try:
            articles.append(_article(entry, url, language))
        except PostError as error:
            skipped.append(Skipped(str(entry.get("link") or entry.get("title") or url), str(error)))
    lengths = sorted(len(article.text.split()) for article in articles)
    return FeedPage(
        tuple(articles),
        tuple(skipped),
        _next_url(parsed.feed, url),
        str(parsed.feed.get("generator", "")).lower() + str(parsed.feed.get("generator_detail", {}).get("href", "")),
        full_text=not lengths or lengths[len(lengths) // 2] >= _FULL_TEXT_WORDS,
    )


def older_url(url: str) -> str:
    """
    The address of the page behind a page of a WordPress feed.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    number = int(query.get("paged", "1")) + 1
    return urlunsplit(parts._replace(query=urlencode(query | {"paged": str(number)})))


def _not_a_post(entry: Any) -> str:
    """
    Why an entry is no published post; empty if it is one, "silent" if nobody would look for it among the posts.
    """
    kinds = [tag.get("term") for tag in entry.get("tags", ()) if tag.get("scheme") == _BLOGGER_KIND]
    kind = entry.get("wp_post_type") or entry.get("blogger_type") or (kinds[0] if kinds else "")
    if kind and kind not in {"post", "POST", _BLOGGER_POST}:
        return "silent"
    state = str(entry.get("wp_status") or entry.get("blogger_status") or "").lower()
    if state not in {"", "publish", "live"} or "app_draft" in entry or entry.get("app_control"):
        return "it is not published"
    if entry.get("wp_post_password"):
        return "it is protected by a password"
    return ""


def _article(entry: Any, base: str, language: str) -> Article:
    bodies = sorted((text_of(str(content.get("value", ""))) for content in entry.get("content", ())), key=len)
    summary = str(entry.get("summary", ""))
    text = max([*bodies[-1:], text_of(summary)], key=len)
    link = str(entry.get("link") or "")
    if not link and entry.get("blogger_filename"):
        link = str(entry["blogger_filename"])
    if not link and str(entry.get("id", "")).startswith("http"):
        link = str(entry["id"])
    return make_article(
        url=urljoin(base, link) if link else "",
        title=str(entry.get("title", "")),
        text=text,
        language=str(_language_of(entry) or language),
        published=_day(entry.get("published_parsed") or entry.get("updated_parsed")),
        tags=_tags(entry),
        summary=summary if bodies else "",
    )


def _language_of(entry: Any) -> str:
    declared = (entry.get("title_detail") or {}).get("language") or ""
    return str(declared)[:2].lower()


def _tags(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if tag.get("scheme") != _BLOGGER_KIND and tag.get("term"):
            yield str(tag["term"])


def _day(moment: time.struct_time | None) -> dt.date | None:
    try:
        return dt.date(*moment[:3]) if moment else None
    except ValueError:
        return None


def _next_url(feed: Any, base: str) -> str:
    """
    Where RFC 5005 says that older posts are: the next page, or the archive before this one.
    """
    for relation in ("next", "prev-archive"):
        for link in feed.get("links", ()):
            if link.get("rel") == relation and link.get("href"):
                return urljoin(base, str(link["href"]))
    return ""
