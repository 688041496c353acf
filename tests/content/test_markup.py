"""
Telegram's HTML is read, measured and split as Telegram does it.
"""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import markup


def test_pieces_know_their_tags_and_links() -> None:
    """
    The terminal can show what Telegram shows.
    """
    found = markup.pieces('a <b>b <i>c</i></b> <a href="https://x.org">d</a>')
    assert [(piece.text, piece.tags, piece.url) for piece in found if piece.text.strip()] == [
        ("a ", (), ""),
        ("b ", ("b",), ""),
        ("c", ("b", "i"), ""),
        ("d", ("a",), "https://x.org"),
    ]


@pytest.mark.parametrize("faulty", ["<b>a", "a</b>", "<b><i>a</b></i>", "<br/>", "<h1>a</h1>", "<a>x</a>", "a & b"])
def test_what_telegram_would_refuse_is_refused(faulty: str) -> None:
    """
    A text that cannot be sent is found before it is sent.
    """
    with pytest.raises(markup.MarkupError):
        markup.pieces(faulty)


@pytest.mark.parametrize(("text", "units"), [("abc", 3), ("é", 1), ("🙂", 2), ("👨‍👩‍👧", 8)])
def test_length_counts_as_telegram_does(text: str, units: int) -> None:
    """
    An emoji takes two units of the 4096.
    """
    assert markup.length(text) == units


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300), max_size=12))
def test_split_loses_no_word_and_fits(paragraphs: list[str]) -> None:
    """
    However long a text, each part fits and the parts together say the same.
    """
    source = html.escape("\n\n".join(paragraphs))
    parts = markup.split(source, 120)
    assert all(markup.length(part) <= 120 for part in parts)
    assert "".join("".join(map(markup.plain, parts)).split()) == "".join("".join(paragraphs).split())


def test_split_cuts_between_paragraphs() -> None:
    """
    A reader sees whole paragraphs wherever that is possible.
    """
    assert markup.split("<b>a</b> a\n\nb b\n\nc c", 18) == ("<b>a</b> a\n\nb b", "c c")
