"""
The commands of the blog: read it, look whether its articles are still there.
"""

import argparse
import asyncio
from contextlib import AbstractContextManager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import app
from bot.blog.sync import Report
from bot.cli.command import Command, take_pack_behind
from bot.content.schema import SourceKind
from bot.settings import Settings

_SHOWN = 10
_SOURCES = {
    SourceKind.WORDPRESS: "the WordPress API",
    SourceKind.FEED: "its feed",
    SourceKind.SITEMAP: "its sitemap and pages",
}


def blog(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot blog …`: read the blog, or look after its articles.
    """
    return _sync(options, settings) if options.action == "sync" else _check(options, settings)


def _sync(options: argparse.Namespace, settings: Settings) -> int:
    with _progress() as progress:
        task = progress.add_task("Reading the blog …", total=None)

        def told(source: str, done: int, total: int) -> None:
            progress.update(task, description=source, completed=done, total=total or None)

        reports = asyncio.run(app.sync_blog(settings, told, anew=options.anew))
    if not reports:
        print("There is nothing to read: the articles are in folders of the pack, or none are named in pack.yaml.")
        print("To connect a blog, set TREMPLIN_BLOG to its address, or write under articles: in pack.yaml")
        print("  - blog: https://your-blog.example")
        return 0
    for report in reports:
        _show(report, everything=options.all)
    return 1 if any(report.trouble for report in reports) else 0


def _show(report: Report, *, everything: bool) -> None:
    print(report.source)
    if report.found is not None:
        print(f"  read from {_SOURCES[report.found.kind]}, {report.found.url}")
    print(f"  {report.read} posts read: {len(report.new)} new, {report.changed} changed")
    if report.skipped:
        print(f"  {len(report.skipped)} left out:")
    shown = report.skipped if everything else report.skipped[:_SHOWN]
    for skipped in shown:
        print(f"    {skipped.url}: {skipped.reason}")
    if len(shown) < len(report.skipped):
        print(f"    … and {len(report.skipped) - len(shown)} more (--all shows them)")
    if report.trouble:
        print(f"  it could not be read to the end: {report.trouble}")
        print("  What was read before is kept; the next sync goes on from there.")


def _check(options: argparse.Namespace, settings: Settings) -> int:
    with _progress() as progress:
        task = progress.add_task("Looking at the articles …", total=None)
        health, outdated = asyncio.run(
            app.check_blog(settings, lambda _, done, total: progress.update(task, completed=done, total=total))
        )
    lines = [f"gone       {article.title}  {article.url}" for article in health.gone]
    lines += [f"moved      {article.title}  {article.url} -> {target}" for article, target in health.moved]
    lines += [f"not seen   {article.title}  {article.url}: {reason}" for article, reason in health.unsure]
    lines += [f"outdated   {article.title}  {article.url}: {', '.join(article.outdated)}" for article in outdated]
    for line in lines if options.all else lines[: 5 * _SHOWN]:
        print(line)
    if not options.all and len(lines) > 5 * _SHOWN:
        print(f"… and {len(lines) - 5 * _SHOWN} more (--all shows them)")
    print(
        f"{health.checked} looked at: {len(health.gone)} gone, {len(health.moved)} moved, "
        f"{len(health.unsure)} not seen; {len(outdated)} outdated"
    )
    if health.doubtful:
        print("More than half are gone, which looks like trouble with the site: none was taken out of the search.")
    return 1 if health.gone or health.doubtful else 0


def _progress() -> AbstractContextManager[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    syncing = actions.add_parser("sync", help=(text := "read what is new on the blog"), description=text)
    syncing.add_argument("--anew", action="store_true", help="read everything, as if for the first time")
    looking = actions.add_parser(
        "check", help=(text := "find articles that are gone, moved or outdated"), description=text
    )
    for child in (syncing, looking):
        child.add_argument("--all", action="store_true", help="show every line")
        take_pack_behind(child)


BLOG = Command(
    "blog",
    "read the blog's articles and look after them",
    (
        "python -m bot blog sync",
        "TREMPLIN_BLOG=https://your-blog.example python -m bot blog sync",
        "python -m bot blog check",
    ),
    blog,
    _actions,
)
