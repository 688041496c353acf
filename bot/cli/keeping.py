"""
The commands of whoever hosts the bot: is all well, copies and keys, what is stored, who is muted, is the pack sound.
"""

import argparse
import asyncio

from bot import app
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
