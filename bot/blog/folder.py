"""
A folder of Markdown posts becomes articles.

A post is `<stem>.md`: front matter with `title`, `date`, `language` and, if wanted, `tags`, `summary` and `url`; then
the text.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.blog.posts import article_id, shortened
from bot.content.problems import Problem
from bot.content.schema import LanguageCode, Url
from bot.model import Article

_FENCE = "---\n"


class PostHeader(BaseModel):
    """
    The front matter of a post.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=200)
    date: dt.date | None = None
    language: LanguageCode
    tags: list[str] = Field(default_factory=list)
    series: str | None = None
    summary: str = ""
    url: Url | None = None


def read_folder(folder: Path, url: str | None = None) -> tuple[list[Article], list[Problem]]:
    """
    Read all posts of a folder.

    Parameters:
        folder: Where the `.md` files are.
        url: The address of a post that names none itself, with {stem} for its file's name; without it the post is only
            readable where the file is.

    Returns:
        The articles, and what was wrong with the posts that were left out.
    """
    articles: list[Article] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        try:
            articles.append(_article(path, url))
        except ValidationError as error:
            faults = (
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)
            )
            problems.extend(Problem(_shown(path), 1, fault) for fault in faults)
        except (ValueError, OSError, yaml.YAMLError) as error:
            problems.append(Problem(_shown(path), 1, f"this post cannot be read: {' '.join(str(error).split())}"))
    return articles, problems


def _article(path: Path, url: str | None) -> Article:
    source = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    head, fence, body = source.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not fence or not source.startswith(_FENCE):
        raise ValueError("a post begins with front matter between two lines of ---")
    header = PostHeader.model_validate(yaml.load(head, Loader=yaml.CSafeLoader) or {})
    text = "\n\n".join(_paragraphs(body))
    if not text:
        raise ValueError("there is no text")
    address = header.url or (url.replace("{stem}", path.stem) if url else path.resolve().as_uri())
    return Article(
        id=article_id(header.url or path.stem),
        title=header.title,
        url=address,
        language=header.language,
        published=header.date,
        tags=tuple(tag.lower() for tag in header.tags),
        summary=header.summary or shortened(text),
        text=text,
    )


def _paragraphs(markdown: str) -> Iterator[str]:
    """
    The paragraphs, headings and list items of a Markdown text without their markup; a list stays one paragraph.
    """
    items: list[str] = []
    depth = 0
    for token in MarkdownIt("commonmark").parse(markdown):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type in ("bullet_list_close", "ordered_list_close") and depth == 0:
            yield "\n".join(items)
            items = []
        if token.type in ("fence", "code_block"):
            yield token.content.strip()
        if token.type != "inline":
            continue
        text = "".join(
            " " if child.type == "softbreak" else "\n" if child.type == "hardbreak" else child.content
            for child in token.children or ()
        )
        if depth:
            items.append(f"• {text}")
        elif text.strip():
            yield text.strip()


def _shown(path: Path) -> Path:
    """
    The path as `bot check` reports it: from the pack's directory on.
    """
    return Path(path.parent.name, path.name)
