"""
A folder of Markdown posts becomes articles.
"""

import datetime as dt
from pathlib import Path

import pytest

from bot.blog.folder import read_folder

POST = """---
title: Un titre
date: 2025-03-04
language: fr
tags: [CV, Photo]
---
Première **phrase** du
texte, avec un [lien](https://example.org).

## Un sous-titre

- un
- deux

> une citation
"""


def test_a_post_is_read_as_plain_text(tmp_path: Path) -> None:
    """
    Markup is gone, paragraphs and lists stay.
    """
    (tmp_path / "un-titre.md").write_text(POST, encoding="utf-8")
    ((article,), problems) = read_folder(tmp_path)
    assert problems == []
    assert article.title == "Un titre"
    assert article.published == dt.date(2025, 3, 4)
    assert article.tags == ("cv", "photo")
    assert article.text == "Première phrase du texte, avec un lien.\n\nUn sous-titre\n\n• un\n• deux\n\nune citation"
    assert article.summary == "Première phrase du texte, avec un lien."
    assert article.url == (tmp_path / "un-titre.md").as_uri()
    assert not article.is_public
    assert article.reading_minutes == 1


def test_a_blog_address_makes_posts_public(tmp_path: Path) -> None:
    """
    A source with an address links to the blog.
    """
    (tmp_path / "un-titre.md").write_text(POST, encoding="utf-8")
    ((article,), _) = read_folder(tmp_path, "https://example.org/{stem}/")
    assert article.url == "https://example.org/un-titre/"
    assert article.is_public


def test_an_id_does_not_depend_on_the_machine(tmp_path: Path) -> None:
    """
    Buttons go on working when the pack moves.
    """
    (tmp_path / "a").mkdir()
    for folder in (tmp_path, tmp_path / "a"):
        (folder / "un-titre.md").write_text(POST, encoding="utf-8")
    assert read_folder(tmp_path)[0][0].id == read_folder(tmp_path / "a")[0][0].id


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("no front matter", "begins with front matter"),
        ("---\nlanguage: fr\n---\ntext", "title: Field required"),
        ("---\ntitle: a\nlanguage: french\n---\ntext", "language: String should match"),
        ("---\ntitle: [\n---\ntext", "cannot be read"),
        ("---\ntitle: a\nlanguage: fr\n---\n", "there is no text"),
        ("---\ntitle: a\nlanguage: fr\nurl: nowhere\n---\ntext", "url: Value error, a web address is needed"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_faulty_post_is_left_out_and_reported(tmp_path: Path, content: str | bytes, fault: str) -> None:
    """
    One bad post does not hide the others.
    """
    (tmp_path / "bad.md").write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "good.md").write_text(POST, encoding="utf-8")
    articles, problems = read_folder(tmp_path)
    assert len(articles) == 1
    assert len(problems) == 1
    assert fault in str(problems[0])
