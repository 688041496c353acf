"""
The command that shows what people need and what the blog could write about.
"""

import argparse
import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app
from bot.cli.talking import build_bot
from bot.settings import Settings

_SHOWN = 15


def stats(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot stats`: articles, subjects, what is shown and opened, votes, and questions that no article answers.
    """
    figures = asyncio.run(app.statistics(build_bot(settings), options.days))
    if options.json:
        print(json.dumps(_plain(figures), ensure_ascii=False, indent=2))
        return 0
    console = Console()
    articles = ", ".join(f"{count} in {language}" for language, count in sorted(figures.articles.items())) or "none"
    console.print(f"[bold]Articles:[/] {articles}")
    if not any((figures.intents, figures.shown, figures.votes, figures.wishes)):
        console.print(f"Nobody has written in the last {figures.days} days.")
        return 0
    console.print(f"[bold]In the last {figures.days} days[/]")
    _table(console, "What people asked about", ("subject", "answers"), figures.intents.items())
    shown = ((article.title, count, opened) for article, count, opened in figures.shown)
    _table(console, "Articles", ("title", "shown", "opened"), shown)
    votes = ((subject, language, version, yes, no) for (subject, language, version), (yes, no) in figures.votes.items())
    _table(console, "Was it useful?", ("text", "language", "version", "yes", "no"), votes)
    wishes = ((wish.intent or "not understood", wish.count, "\n".join(wish.samples)) for wish in figures.wishes)
    _table(console, "Questions without a good article: ideas for posts", ("subject", "times", "in their words"), wishes)
    return 0


def _table(console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    shown = list(rows)
    if not shown:
        return
    table = Table(*columns, title=title, title_justify="left", caption_justify="left")
    for row in shown[:_SHOWN]:
        table.add_row(*(escape(str(value)) for value in row))
    if len(shown) > _SHOWN:
        table.caption = f"… and {len(shown) - _SHOWN} more; --json shows all"
    console.print(table)


def _plain(figures: app.Statistics) -> dict[str, object]:
    """
    The figures as JSON has them.
    """
    return {
        "days": figures.days,
        "articles": figures.articles,
        "intents": figures.intents,
        "shown": [
            {"title": article.title, "url": article.url, "shown": count, "opened": opened}
            for article, count, opened in figures.shown
        ],
        "votes": [
            {"text": subject, "language": language, "version": version, "useful": yes, "not_useful": no}
            for (subject, language, version), (yes, no) in figures.votes.items()
        ],
        "wishes": [asdict(wish) for wish in figures.wishes],
    }
