"""
Telegram's HTML is read and refused as Telegram does it.
"""

from __future__ import annotations

import html
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.telegram_server import (
    parse_html,
)
from tests.telegram_server.errors import ApiError


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>bold</b> and <i>it</i>", "bold and it", [("bold", 0, 4), ("italic", 9, 2)]),
        ("👋🏽 <b>é</b>", "👋🏽 é", [("bold", 5, 1)]),
        ("a &lt;b&gt; &amp; &quot; &#233; &#x1F44D; &nbsp;", 'a <b> & " é 👍 &nbsp;', []),
        ("AT&T <u>R&D</u>", "AT&T R&D", [("underline", 5, 3)]),
        ("<b>1<i>2</i></b>", "12", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://a.org?x=1&amp;y=2">l</a>', "l", [("text_link", 0, 1)]),
        ('<a href="nonsense">l</a>', "l", []),
        ("<b></b>x", "x", []),
        ('<pre><code class="language-py">p</code></pre>', "p", [("pre", 0, 1)]),
        ("<B>big</B>", "big", [("bold", 0, 3)]),
        ("<b>short</>", "short", [("bold", 0, 5)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Markup disappears and entities count in UTF-16 units."""
    parsed = parse_html(source)
    assert parsed.text == text
    assert [(entity.type, entity.offset, entity.length) for entity in parsed.entities] == entities


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a!>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_faulty_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    """A bot's log shows the same error, at the same byte, as with Telegram."""
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_through_unchanged(text: str) -> None:
    """Whatever a person writes, `html.escape` is enough to quote it."""
    text = text.replace("\0", " ")
    assert parse_html(html.escape(text, quote=False)).text == text


@settings(max_examples=300)
@given(st.text(alphabet="<>/ab&;#=\"' x1é👍"))
def test_any_markup_is_parsed_or_refused(source: str) -> None:
    """The parser itself never fails, and its entities lie within the text."""
    with suppress(ApiError):
        parsed = parse_html(source)
        size = len(parsed.text.encode("utf-16-le")) // 2
        assert all(0 <= entity.offset < entity.offset + entity.length <= size for entity in parsed.entities)
