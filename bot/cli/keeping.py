"""
The commands of whoever hosts the bot: is all well, copies and keys, what is stored, who is muted, is the pack sound.
"""

import argparse
import asyncio
from pathlib import Path

from bot import app
from bot.cli.command import Command
from bot.cli.output import fail
from bot.content import retention
from bot.content.check import load_pack
from bot.content.render import Renderer
from bot.ops import keeping
from bot.settings import Settings
from bot.storage.upkeep import UpkeepError
from bot.understanding import evaluation


def check(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot check`: every fault of the pack; with `--examples`, what is worth a look among its examples.
    """
    problems, left_out = app.check(settings.pack, settings.overlay)
    for problem in problems:
        print(problem)
    if problems:
        return 1
    for fault in left_out:
        print(f"left out: {fault}")
    print(f"{settings.pack}: no problem found")
    if options.examples:
        exam = evaluation.read_messages(options.against) if options.against else []
        findings = app.audit_examples(settings, exam)
        for finding in findings:
            print(finding)
        print(f"{len(findings)} places worth a look among the examples")
    return 0


def privacy(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot privacy`: what is stored, why and for how long, as a Markdown page.
    """
    print(retention.page(Renderer(load_pack(settings.pack))), end="")
    return 0


def doctor(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot doctor`: whether everything the bot needs is in place, and what to do if not.
    """
    findings = asyncio.run(app.examine(settings))
    for finding in findings:
        print(f"{'ok     ' if finding.well else 'PROBLEM'} {finding.part}: {finding.text}")
    return 0 if all(finding.well for finding in findings) else 1


def database(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot db …`: a copy of the database, bringing one back, a new key.
    """
    access = app.access_of(settings)
    try:
        if options.action == "backup":
            print(f"{asyncio.run(keeping.back_up(access, options.path))} rows copied to {options.path}")
        elif options.action == "restore":
            print(f"{asyncio.run(keeping.bring_back(access, options.path))} rows brought back from {options.path}")
        else:
            print(f"{asyncio.run(keeping.rotate_key(access))} rows sealed with the new key; keep a copy of it")
    except UpkeepError as error:
        return fail(str(error))
    return 0


def mute(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot mute PERSON HOURS`: leave somebody who abuses the bot unanswered for a while.
    """
    try:
        until = asyncio.run(keeping.mute(app.access_of(settings), options.person, options.hours))
    except UpkeepError as error:
        return fail(str(error))
    print(f"{options.person} is not answered for {options.hours:g} hours" if until else f"{options.person} is answered")
    return 0


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--examples",
        action="store_true",
        help="also show near-duplicates, examples that read as another intent, and intents with little variety",
    )
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="with --examples: also show overlap with this file"
    )


def _mute_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", metavar="PERSON", help="the eight digits behind person= in the log")
    parser.add_argument("hours", type=float, metavar="HOURS", help="how long; 0 to answer them again")


def _database_actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    for action, text in (("backup", "copy the database into a file"), ("restore", "fill an empty database from one")):
        actions.add_parser(action, help=text, description=text).add_argument("path", type=Path, metavar="PATH")
    actions.add_parser("rotate-key", help="seal everything with a new key")


CHECK = Command(
    "check",
    "look for faults in a content pack",
    ("python -m bot check", "python -m bot check --pack my_pack --examples"),
    check,
    _check_options,
)
PRIVACY = Command(
    "privacy",
    "print what is stored, why and for how long",
    ("python -m bot privacy > docs/privacy.md",),
    privacy,
)
DOCTOR = Command(
    "doctor",
    "look whether everything the bot needs is in place",
    ("python -m bot doctor",),
    doctor,
)
MUTE = Command(
    "mute",
    "leave somebody unanswered for a while",
    ("python -m bot mute 1f0c9a7e 24", "python -m bot mute 1f0c9a7e 0"),
    mute,
    _mute_options,
)
DB = Command(
    "db",
    "look after the database",
    ("python -m bot db backup tremplin.backup", "python -m bot db rotate-key"),
    database,
    _database_actions,
)
