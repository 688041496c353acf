"""
The command that brings what coaches taught the bot into the pack.
"""

import argparse
from pathlib import Path

from bot.cli.command import Command, take_pack_behind
from bot.cli.output import fail
from bot.content.export import export
from bot.content.overlay import Overlay, OverlayError
from bot.settings import Settings


def pack(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot pack export`: merge what coaches taught into the pack, or into a copy of it.
    """
    try:
        merged = export(settings.pack, Overlay(settings.overlay), options.dir)
    except OverlayError as error:
        return fail(str(error))
    if not merged:
        print(f"There is nothing to merge: {settings.overlay} holds nothing that the pack lacks.")
        return 0
    for file in merged:
        print(f"{file.path}: {file.examples} examples" if file.examples else f"{file.path}: an entry")
    print(f"{len(merged)} files merged into {options.dir or settings.pack}")
    return 0


def _actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    merging = actions.add_parser("export", help=(text := "merge it into the pack's files"), description=text)
    merging.add_argument("dir", type=Path, nargs="?", metavar="DIR", help="merge it into a copy of the pack instead")
    take_pack_behind(merging)


PACK = Command(
    "pack",
    "bring what coaches taught the bot into the content pack",
    ("python -m bot pack export", "python -m bot pack export my_new_pack"),
    pack,
    _actions,
)
