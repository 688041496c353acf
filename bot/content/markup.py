"""
Telegram's small dialect of HTML: read, measured, split.

The list of tags is the Bot API's (https://core.telegram.org/bots/api#html-style). The same reading serves `bot check`,
the limit of a message's length and the terminal, which shows the pieces in its own way.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

MESSAGE_LENGTH = 4096
"""
What Telegram takes in one message, in UTF-16 code units after the tags are read.
"""

TAGS = frozenset(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler"]
)
_STRAY_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")


class MarkupError(ValueError):
    """
    The text is not HTML as Telegram knows it. `line` counts from 1 within the text.
    """

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A run of text under the same tags.

    Parameters:
        text: Plain text.
        tags: The tags around it, outermost first.
        url: Where the surrounding link leads, or an empty string.
    """

    text: str
    tags: tuple[str, ...]
    url: str


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """
        Note an opening tag.
        """
        if tag not in TAGS:
            raise MarkupError(self.getpos()[0], f"Telegram does not know the tag <{tag}>")
        url = dict(attrs).get("href") or ""
        if tag == "a" and not url:
            raise MarkupError(self.getpos()[0], "a link needs an address: <a href=…>")
        self.open.append((tag, url))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """
        Refuse tags that open and close at once: Telegram has none.
        """
        raise MarkupError(self.getpos()[0], f"Telegram does not know the tag <{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        """
        Note a closing tag.
        """
        if not self.open or self.open[-1][0] != tag:
            raise MarkupError(self.getpos()[0], f"</{tag}> closes nothing that is open here")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """
        Note a run of text.
        """
        url = next((url for _, url in reversed(self.open) if url), "")
        self.pieces.append(Piece(data, tuple(tag for tag, _ in self.open), url))


def pieces(html: str) -> tuple[Piece, ...]:
    """
    Read Telegram HTML into runs of text.

    Raises:
        MarkupError: A tag is unknown, unclosed or misplaced, or an `&` should be `&amp;`.
    """
    if stray := _STRAY_AMPERSAND.search(html):
        raise MarkupError(html.count("\n", 0, stray.start()) + 1, "write & as &amp;")
    parser = _Parser()
    parser.feed(html)
    parser.close()
    if parser.open:
        raise MarkupError(html.count("\n") + 1, f"<{parser.open[-1][0]}> is never closed")
    return tuple(parser.pieces)


@lru_cache(maxsize=1024)
def plain(html: str) -> str:
    """
    The text a person reads once the tags are gone.

    Raises:
        MarkupError: As `pieces`.
    """
    return "".join(piece.text for piece in pieces(html))


def length(text: str) -> int:
    """
    The length of a plain text as Telegram counts it: UTF-16 code units.
    """
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def split(html: str, limit: int = MESSAGE_LENGTH) -> tuple[str, ...]:
    """
    Cut a text into parts that each fit one message, between paragraphs wherever possible.

    Parameters:
        html: Paragraphs of Telegram HTML separated by blank lines, each with its tags balanced.
        limit: UTF-16 code units of source a part may have; counting tags keeps the parts on the safe side.
    """
    parts: list[str] = []
    for paragraph in (fitting for whole in html.split("\n\n") for fitting in _cut(whole, limit)):
        joined = f"{parts[-1]}\n\n{paragraph}" if parts else paragraph
        if parts and length(joined) <= limit:
            parts[-1] = joined
        elif paragraph.strip():
            parts.append(paragraph)
    return tuple(parts)


def _cut(paragraph: str, limit: int) -> list[str]:
    """
    A paragraph too long for one message loses its tags and is cut between words, or inside a word without end.
    """
    if length(paragraph) <= limit:
        return [paragraph]
    # An escaped character takes up to 6 units ("&quot;") and a character outside the basic plane takes two.
    step = limit // 6
    rest, cuts = plain(paragraph), []
    while rest:
        end = len(rest) if len(rest) <= step else max(rest.rfind(" ", 0, step), rest.rfind("\n", 0, step))
        end = end if end > 0 else step
        cuts.append(escape(rest[:end].strip()))
        rest = rest[end:].lstrip()
    return cuts
