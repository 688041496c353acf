"""
What all sources of articles share: from the parts of a post to an `Article`, and what is left out and why.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree, html

from bot.model import Article

LONGEST_TEXT = 100_000
"""
Characters of a post that are kept: about five hours of reading aloud.
"""

_LONGEST_TITLE = 200
_LONGEST_URL = 2000
_SUMMARY_LENGTH = 200
_MOST_TAGS = 30
_TRACKERS = ("utm_", "fbclid", "gclid")
_LEFT_OUT = ("script", "style", "noscript", "iframe", "form", "figure", "svg", "template")
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "section", "article"}
    | {"header", "footer", "main", "aside", "hr", "dl", "dd", "dt", "tr"}
)
_SPACE = re.compile(r"[^\S\n]+")


class PostError(ValueError):
    """
    A post cannot become an article. The message says why, for the blogger.
    """


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """
    Something that did not become an article.

    Parameters:
        url: Where it is.
        reason: Why it was left out.
    """

    url: str
    reason: str


def make_article(  # noqa: PLR0913 (the parts of a post)
    *,
    url: str,
    title: str,
    text: str,
    language: str,
    published: dt.date | None = None,
    tags: Iterable[str] = (),
    summary: str = "",
) -> Article:
    """
    An article from the parts of a post, cut to what is useful.

    Raises:
        PostError: It has no address, title or text.
    """
    url, title, text = clean_url(url), _sound(one_line(title))[:_LONGEST_TITLE], _sound(text).strip()[:LONGEST_TEXT]
    if not url:
        raise PostError("it has no web address")
    if not title:
        raise PostError("it has no title")
    if not text:
        raise PostError("there is no text")
    kept = dict.fromkeys(_sound(one_line(tag)).lower()[:60] for tag in tags)
    return Article(
        id=article_id(url),
        title=title,
        url=url,
        language=language,
        published=published,
        tags=tuple(filter(None, kept))[:_MOST_TAGS],
        summary=shortened(_sound(one_line(summary)) or text),
        text=text,
    )


def article_id(name: str) -> str:
    """
    Ten hexadecimal digits for an address or a file's stem: the same on every machine, short enough for a button.
    """
    return hashlib.blake2b(name.encode(), digest_size=5).hexdigest()


def clean_url(url: str) -> str:
    """
    A web address without fragment and without what only counts visitors; empty if it is none.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(url) > _LONGEST_URL:
        return ""
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(_TRACKERS)]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", urlencode(query), ""))


def shortened(text: str) -> str:
    """
    The beginning of a text, up to the end of a word.
    """
    first = text.split("\n\n", maxsplit=1)[0].replace("\n", " ")
    if len(first) <= _SUMMARY_LENGTH:
        return first
    return first[: max(first.rfind(" ", 0, _SUMMARY_LENGTH), _SUMMARY_LENGTH // 2)] + "…"


def one_line(markup: str) -> str:
    """
    A title or a summary, which may hold HTML, as one line of plain text.
    """
    return " ".join(text_of(markup).split())


def text_of(markup: str) -> str:
    """
    An HTML fragment as plain text: paragraphs with a blank line between, list items with a dot, no pictures or scripts.
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        # A declared encoding is not allowed in text that is decoded already.
        root = html.fromstring(f"<div>{re.sub(r'<[?][^>]*>', '', markup)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    pieces: list[str] = []
    _collect(root, pieces)
    text = _SPACE.sub(" ", "".join(pieces))
    lines = (line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"•\s+", "• ", "\n".join(lines))).strip()


def _sound(text: str) -> str:
    """
    A text without what no database keeps: NUL, and halves of characters.
    """
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _collect(element: html.HtmlElement, pieces: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag and tag not in _LEFT_OUT:
        block = tag in _BLOCKS
        pieces.append("\n\n" if block else "\n• " if tag == "li" else "\n" if tag == "br" else "")
        pieces.append(_SPACE.sub(" ", (element.text or "").replace("\n", " ")))
        for child in element:
            _collect(child, pieces)
        pieces.append("\n\n" if block else "")
    pieces.append((element.tail or "").replace("\n", " "))
