"""
Broadcasts from the terminal: write to everybody, see how far it has come, pause, resume, cancel.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot import app
from bot.cli.command import Command, take_pack_behind
from bot.cli.output import fail
from bot.model import Audience, Broadcast, BroadcastState, RecipientState
from bot.settings import Settings

_LOOK_SECONDS = 1.0
_ENDED = (BroadcastState.FINISHED, BroadcastState.CANCELLED, BroadcastState.FAULTY, BroadcastState.PAUSED)
_LEFT = (RecipientState.PENDING, RecipientState.SENDING)


def broadcast(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot broadcast …`: what its action says.
    """
    try:
        if options.action == "create":
            return _create(options, settings)
        return asyncio.run(_ACTIONS.get(options.action, _move)(options, settings))
    except app.BroadcastError as error:
        return fail(str(error))


def _create(options: argparse.Namespace, settings: Settings) -> int:
    """
    Make a broadcast of one or several text files, and let it begin once the number was typed.
    """
    texts: dict[str, str] = {}
    for given in options.text:
        language, sign, name = given.rpartition("=")
        try:
            texts[language if sign else ""] = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            return fail(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}")
    draft, count = asyncio.run(_drafted(settings, texts, options))
    if not count:
        return fail("nobody matches this choice; nothing is sent")
    typed = input(f"To send to {count}, type {count}: ") if options.confirm is None else options.confirm
    if str(typed).strip() != str(count):
        return fail(f"{typed} is not {count}, which is how many it would go to; nothing is sent")
    total = asyncio.run(_confirmed(settings, draft))
    print(f"Broadcast {draft.id} goes to {total}. The running bot sends it; python -m bot broadcast show {draft.id}")
    return 0


async def _drafted(settings: Settings, texts: Mapping[str, str], options: argparse.Namespace) -> tuple[Broadcast, int]:
    audience = Audience(
        language=options.language or "",
        theme=options.theme or "",
        alerts=options.followers,
        active_days=options.active or 0,
        sample=options.sample or 0,
        test=options.test,
        anyway=options.anyway or "",
    )
    async with app.broadcasting(settings) as terminal:
        return await terminal.create(texts, audience, options.hours or 0)


async def _confirmed(settings: Settings, draft: Broadcast) -> int:
    async with app.broadcasting(settings) as terminal:
        return await terminal.confirm(draft)


async def _list(options: argparse.Namespace, settings: Settings) -> int:
    """
    The latest broadcasts.
    """
    async with app.broadcasting(settings) as terminal:
        latest = await terminal.latest()
    if options.json:
        print(json.dumps([_plain(one) for one in latest], ensure_ascii=False, indent=2))
        return 0
    if not latest:
        print("No broadcast so far.")
        return 0
    names = ("number", "state", "sent", "blocked", "failed", "unknown", "skipped", "left")
    table = Table(*names, "reactions")
    for one in latest:
        plain = _plain(one)
        table.add_row(*(str(plain[name]) for name in names), escape(_reacted(one)))
    Console().print(table)
    return 0


async def _show(options: argparse.Namespace, settings: Settings) -> int:
    """
    One broadcast, with a bar that follows it until it ends.
    """
    async with app.broadcasting(settings) as terminal:
        results = await terminal.results(options.number)
        if options.json:
            print(json.dumps(_plain(results), ensure_ascii=False, indent=2))
            return 0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            task = bar.add_task(f"Broadcast {options.number}", total=sum(results.figures.values()))
            while True:
                left = sum(results.figures[state] for state in _LEFT)
                bar.update(task, completed=sum(results.figures.values()) - left - results.figures[RecipientState.HELD])
                if results.broadcast.state in _ENDED or not options.follow:
                    break
                await asyncio.sleep(_LOOK_SECONDS)
                results = await terminal.results(options.number)
    _say(results)
    return 0


async def _move(options: argparse.Namespace, settings: Settings) -> int:
    """
    Pause, resume or cancel.
    """
    async with app.broadcasting(settings) as terminal:
        _say(await terminal.move(options.number, options.action))
    return 0


_ACTIONS = {"list": _list, "show": _show}


def _say(results: app.Results) -> None:
    plain = _plain(results)
    figures = ", ".join(f"{plain[name]} {name}" for name in _FIGURES if plain[name])
    print(f"Broadcast {plain['number']} is {plain['state']}: {figures or 'nothing sent'}")
    if results.reactions:
        print(f"Reactions: {_reacted(results)}")
    if plain["trouble"]:
        print(f"It stopped because of this error: {plain['trouble']}")


_FIGURES = ("sent", "blocked", "failed", "unknown", "skipped", "held", "left")


def _plain(results: app.Results) -> Mapping[str, object]:
    """
    Results as JSON has them.
    """
    figures, one = results.figures, results.broadcast
    states = ("SENT", "BLOCKED", "FAILED", "UNKNOWN", "SKIPPED", "HELD")
    return {
        "number": one.id,
        "state": one.state.name.lower(),
        **{name.lower(): figures[RecipientState[name]] for name in states},
        "left": sum(figures[state] for state in _LEFT),
        "trouble": one.trouble,
        "reactions": dict(results.reactions),
    }


def _reacted(results: app.Results) -> str:
    return "  ".join(f"{emoji} {count}" for emoji, count in results.reactions.items())


def _actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    creating = actions.add_parser("create", help="write to many; the running bot sends it")
    _creation_options(creating)
    listing = actions.add_parser("list", help="the latest ones with their results")
    showing = actions.add_parser("show", help="how far one has come")
    for child in (listing, showing):
        child.add_argument("--json", action="store_true", help="print JSON")
    showing.add_argument("--follow", action="store_true", help="go on showing until it ends")
    movings = [actions.add_parser(name, help=f"{name} one") for name in ("pause", "resume", "cancel")]
    for child in (showing, *movings):
        child.add_argument("number", type=int, metavar="NUMBER", help="its number")
    for child in (creating, listing, showing, *movings):
        take_pack_behind(child)


def _creation_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text",
        nargs="+",
        metavar="[LANGUAGE=]FILE",
        help="Telegram HTML; {{ first_name }} and [vous|tu] work; - for stdin",
    )
    parser.add_argument("--language", metavar="LANGUAGE", help="only those who use it")
    parser.add_argument("--theme", metavar="THEME", help="only those who asked about a theme of the menu lately")
    parser.add_argument("--followers", action="store_true", help="only those who follow the blog")
    parser.add_argument("--active", type=int, metavar="DAYS", help="only those who wrote within so many days")
    parser.add_argument("--sample", type=int, metavar="PERCENT", help="first only so many in a hundred, by chance")
    parser.add_argument("--test", action="store_true", help="only the coaches")
    parser.add_argument("--hours", type=int, metavar="N", help="spread it over so many hours")
    parser.add_argument("--anyway", metavar="REASON", help="also to those who got one within a week, and why")
    parser.add_argument("--confirm", type=int, metavar="COUNT", help="to how many it goes, instead of being asked")


BROADCAST = Command(
    "broadcast",
    "write to many, once, safely",
    (
        "python -m bot broadcast create letter.html en=letter.en.html --sample 5",
        "python -m bot broadcast show 3 --follow",
        "python -m bot broadcast pause 3",
    ),
    broadcast,
    _actions,
)
