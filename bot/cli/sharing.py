"""
The commands that make links into the bot: for a coach, or for everybody with a QR picture for paper and slides.
"""

import argparse
import asyncio
import sys
from pathlib import Path

import segno

from bot import app
from bot.cli.command import Command
from bot.cli.output import fail
from bot.settings import Settings

_KINDS = (".png", ".svg", ".pdf", ".eps")


def invite(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot invite`: a link by which somebody becomes a coach, once.
    """
    try:
        name = (options.bot or asyncio.run(app.bot_name(settings))).removeprefix("@")
    except app.LinkError as error:
        return fail(str(error))
    payload = asyncio.run(app.invitation(settings, owner=options.owner))
    print(f"https://t.me/{name}?start={payload}")
    print(f"It works once, within {app.INVITATION_HOURS} hours, for whoever opens it: give it to nobody else.")
    return 0


def link(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot link TARGET`: the link that opens an answer, a FAQ entry or an article in the bot, as text and as a QR picture.
    """
    path: Path | None = options.out
    if path is not None and path.suffix not in _KINDS:
        return fail(f"{path}: the name of the picture ends in one of {', '.join(_KINDS)}")
    try:
        payload = asyncio.run(app.start_payload(settings, options.target))
        name = (options.bot or asyncio.run(app.bot_name(settings))).removeprefix("@")
    except app.LinkError as error:
        return fail(str(error))
    address = f"https://t.me/{name}?start={payload}"
    code = segno.make(address, error="m", micro=False)
    print(address)
    if path is None:
        code.terminal(sys.stdout, compact=True)
        return 0
    try:
        code.save(str(path), scale=8)
    except OSError as error:
        return fail(f"{path} cannot be written: {error.strerror}")
    print(f"The QR picture is in {path}")
    return 0


def _invitation_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--owner", action="store_true", help="who may also set up the desk and invite others")
    parser.add_argument("--bot", metavar="NAME", help="the bot's user name; asked from Telegram if not given")


def _link_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="the id of an intent or a FAQ entry, or an article's address")
    parser.add_argument("--bot", metavar="NAME", help="the bot's user name; asked from Telegram if not given")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the QR picture there: .png, .svg, .pdf or .eps")


INVITE = Command(
    "invite",
    "make a link by which somebody becomes a coach",
    ("python -m bot invite --owner", "python -m bot invite --bot my_bot"),
    invite,
    _invitation_options,
)
LINK = Command(
    "link",
    "make a link that opens an answer, a FAQ entry or an article in the bot",
    ("python -m bot link cv_writing", "python -m bot link https://my-blog.org/post --out post.svg"),
    link,
    _link_options,
)
