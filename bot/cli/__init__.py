"""
The commands: parse, call, print. No logic of its own.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot import __version__
from bot.cli import blog, broadcast, keeping, sharing, stats, talking, teaching
from bot.cli.command import epilog_of
from bot.cli.output import fail
from bot.content.problems import PackError
from bot.ops.logs import configure
from bot.settings import Settings
from bot.storage.crypto import SealError
from bot.storage.engine import DatabaseError, StorageError
from bot.understanding import evaluation

_DESCRIPTION = "Tremplin answers job seekers in private messages, with a career blogger's own words and articles."
_EXAMPLES = (
    "python -m bot chat",
    'python -m bot ask "cv a refaire svp"',
    "python -m bot check --pack my_pack",
)
_COMMANDS = (
    talking.CHAT,
    talking.RUN,
    talking.ASK,
    talking.SEARCH,
    talking.EVAL,
    keeping.CHECK,
    teaching.PACK,
    keeping.PRIVACY,
    keeping.DOCTOR,
    keeping.MUTE,
    blog.BLOG,
    sharing.LINK,
    broadcast.BROADCAST,
    sharing.INVITE,
    stats.STATS,
    keeping.DB,
)
"""
Every command, in the order of the help.
"""


def run(arguments: Sequence[str]) -> int:
    """
    Run one command.

    Parameters:
        arguments: What stands behind the program's name.

    Returns:
        The exit code: 0 if all went well, 1 if the pack, a file or the token is at fault, 2 if the words are off.
    """
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        settings = Settings(pack=options.pack) if getattr(options, "pack", None) else Settings()
        configure(settings.log_format, settings.log_level)
        return int(options.command(options, settings))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return fail(f"TREMPLIN_{str(first['loc'][0]).upper()}: {first['msg']}; .env.example says what it may be")
    except PackError as error:
        return fail(str(error))
    except (evaluation.EvaluationError, DatabaseError, SealError, StorageError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description=_DESCRIPTION,
        epilog=epilog_of(_EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tremplin {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        child = commands.add_parser(
            command.name,
            help=command.text,
            description=command.text,
            epilog=epilog_of(command.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        child.add_argument("--pack", type=Path, metavar="DIR", help="another content pack than the one in the settings")
        child.set_defaults(command=command.run)
        command.add_options(child)
    return parser
