"""
The command that shows what people need and what the blog could write about.
"""

import argparse
import asyncio
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import app
from bot.cli.command import Command, positive
from bot.cli.output import fail
from bot.cli.talking import build_bot
from bot.settings import Settings

_SHOWN = 15


def stats(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot stats`: people, subjects, hand-overs, articles, votes, and questions that no article answers.
    """
    bot = build_bot(settings)
    figures = asyncio.run(app.statistics(bot, options.days))
    if options.html is not None:
        made = dt.datetime.now(ZoneInfo(settings.timezone))
        return _write(options.html, app.report_page(bot.pack, figures, made))
    if options.json:
        print(json.dumps(_plain(figures), ensure_ascii=False, indent=2))
    else:
        _show(Console(), figures)
    return 0


def _write(path: Path, page: str) -> int:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        return fail(f"{path} cannot be written: {error.strerror}")
    print(f"The page is in {path}")
    return 0


def _show(console: Console, figures: app.Statistics) -> None:
    articles = ", ".join(f"{count} in {language}" for language, count in sorted(figures.articles.items())) or "none"
    console.print(f"[bold]Articles:[/] {articles}")
    if figures.is_empty:
        console.print(f"Nobody has written in the last {figures.days} days.")
        return
    console.print(f"[bold]In the last {figures.days} days[/]")
    _table(console, "", ("", ""), _totals(figures))
    _table(console, "What people asked about", ("subject", "answers"), figures.intents.items())
    _table(console, "Why conversations were handed over", ("reason", "times"), figures.handovers.reasons.items())
    shown = ((article.title, count, _small(opened)) for article, count, opened in figures.shown)
    _table(console, "Articles", ("title", "shown", "opened"), shown)
    votes = ((*text, _small(yes), _small(no)) for text, (yes, no) in figures.votes.items())
    _table(console, "Was it useful?", ("text", "language", "version", "yes", "no"), votes)
    wishes = ((wish.intent or "not understood", wish.count, "\n".join(wish.samples)) for wish in figures.wishes)
    _table(console, "Questions without a good article: ideas for posts", ("subject", "times", "in their words"), wishes)
    console.print(f"Subjects with fewer than {app.FEWEST} questions are not shown, so that nobody can be recognised.")


def _totals(figures: app.Statistics) -> list[tuple[str, object]]:
    handovers = figures.handovers
    rows: list[tuple[str, object]] = [
        ("people", figures.people),
        ("conversations", figures.conversations),
        ("understood / asked back / lost", f"{figures.understood} / {figures.hesitated} / {figures.lost}"),
        ("votes: useful / not", f"{figures.useful} / {figures.not_useful}"),
        ("handed over to a coach", handovers.count),
    ]
    if handovers.median is not None and handovers.ninetieth is not None:
        times = (dt.timedelta(seconds=handovers.median), dt.timedelta(seconds=handovers.ninetieth))
        rows.append(("waited: half of them / nine of ten up to", " / ".join(map(str, times))))
    return [
        *rows,
        ("found the coach's answer useful", f"{handovers.useful} of {handovers.rated}"),
        ("waiting for a coach now", handovers.waiting),
        ("taken up by a coach unasked", handovers.unasked),
        ("jobs found", figures.hired),
    ]


def _small(count: int | None) -> str:
    return f"< {app.FEWEST}" if count is None else str(count)


def _table(console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    shown = list(rows)
    if not shown:
        return
    table = Table(*columns, title=title, title_justify="left", caption_justify="left", show_header=any(columns))
    for row in shown[:_SHOWN]:
        table.add_row(*(escape(str(value)) for value in row))
    if len(shown) > _SHOWN:
        table.caption = f"… and {len(shown) - _SHOWN} more; --json shows all"
    console.print(table)


def _plain(figures: app.Statistics) -> dict[str, object]:
    """
    The figures as JSON has them; null stands for a count too small to be shown.
    """
    handovers = figures.handovers
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
        "people": figures.people,
        "conversations": figures.conversations,
        "messages": figures.messages,
        "understood": figures.understood,
        "hesitated": figures.hesitated,
        "lost": figures.lost,
        "by_day": [{**asdict(day), "day": day.day.isoformat()} for day in figures.by_day],
        "useful": figures.useful,
        "not_useful": figures.not_useful,
        "handovers": {
            "count": handovers.count,
            "reasons": handovers.reasons,
            "median_seconds": handovers.median,
            "ninetieth_percentile_seconds": handovers.ninetieth,
            "waiting": handovers.waiting,
            "rated": handovers.rated,
            "useful": handovers.useful,
            "unasked": handovers.unasked,
        },
        "hired": figures.hired,
    }


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=positive, default=30, metavar="N", help="how many days back (30)")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print everything as JSON")
    forms.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page for the browser, without anybody's words"
    )


STATS = Command(
    "stats",
    "show what people need and what the blog could write about",
    ("python -m bot stats", "python -m bot stats --days 7 --json", "python -m bot stats --html report.html"),
    stats,
    _options,
)
