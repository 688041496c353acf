"""
The commands: parse, call, print. No logic of its own.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot import __version__
from bot.cli.blog import blog
from bot.cli.broadcast import add_actions, broadcast
from bot.cli.keeping import check, database, doctor, mute, privacy
from bot.cli.output import fail
from bot.cli.sharing import invite, link
from bot.cli.stats import stats
from bot.cli.talking import ask, chat, evaluate, search, telegram
from bot.cli.teaching import pack
from bot.content.problems import PackError
from bot.ops.logs import configure
from bot.settings import Settings
from bot.storage.crypto import SealError
from bot.storage.engine import DatabaseError, StorageError
from bot.understanding import evaluation

_DESCRIPTION = "Tremplin answers job seekers in private messages, with a career blogger's own words and articles."
_EXAMPLES = {
    "": 'examples:\n  python -m bot chat\n  python -m bot ask "cv a refaire svp"\n  python -m bot check --pack my_pack',
    "ask": 'examples:\n  python -m bot ask "cv a refaire svp"\n  python -m bot ask "interview tomorrow" --json\n'
    '  python -m bot ask "aucune reponse a mes candidatures" --explain',
    "search": 'examples:\n  python -m bot search "lettre de motivation"\n  python -m bot search relance --json -k 3',
    "eval": "examples:\n  python -m bot eval messages.jsonl\n  python -m bot eval messages.jsonl --json",
    "check": "examples:\n  python -m bot check\n  python -m bot check --pack my_pack --examples",
    "chat": "examples:\n  python -m bot chat\n  python -m bot chat --pack my_pack",
    "pack": "examples:\n  python -m bot pack export\n  python -m bot pack export my_new_pack",
    "privacy": "examples:\n  python -m bot privacy > docs/privacy.md",
    "doctor": "examples:\n  python -m bot doctor",
    "blog": "examples:\n  python -m bot blog sync\n  TREMPLIN_BLOG=https://your-blog.example python -m bot blog sync\n"
    "  python -m bot blog check",
    "link": "examples:\n  python -m bot link cv_writing\n  python -m bot link https://my-blog.org/post --out post.svg",
    "broadcast": "examples:\n  python -m bot broadcast create letter.html en=letter.en.html --sample 5\n"
    "  python -m bot broadcast show 3 --follow\n  python -m bot broadcast pause 3",
    "invite": "examples:\n  python -m bot invite --owner\n  python -m bot invite --bot my_bot",
    "stats": "examples:\n  python -m bot stats\n  python -m bot stats --days 7 --json\n"
    "  python -m bot stats --html report.html",
    "mute": "examples:\n  python -m bot mute 1f0c9a7e 24\n  python -m bot mute 1f0c9a7e 0",
    "db": "examples:\n  python -m bot db backup tremplin.backup\n  python -m bot db rotate-key",
    "run": "examples:\n  TREMPLIN_TOKEN=… python -m bot run\n  python -m bot run --pack my_pack   (token in .env)",
}


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
        epilog=_EXAMPLES[""],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tremplin {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: object, text: str) -> argparse.ArgumentParser:
        child = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=_EXAMPLES[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        child.add_argument("--pack", type=Path, metavar="DIR", help="another content pack than the one in the settings")
        child.set_defaults(command=command)
        return child

    add("chat", chat, "hold a conversation in the terminal")
    add("run", telegram, "run the bot on Telegram")
    asking = add("ask", ask, "answer one message")
    asking.add_argument("text", metavar="TEXT", help="what a person wrote")
    asking.add_argument("--json", action="store_true", help="print everything as JSON")
    asking.add_argument("--explain", action="store_true", help="show which words and concepts decided")
    searching = add("search", search, "search the blog's articles")
    searching.add_argument("text", metavar="TEXT", help="what to look for")
    searching.add_argument("--json", action="store_true", help="print JSON")
    searching.add_argument("-k", type=_positive, default=5, metavar="N", help="how many articles at most (5)")
    evaluating = add("eval", evaluate, "measure understanding on labelled messages")
    evaluating.add_argument("file", type=Path, metavar="FILE", help="a JSONL file: id, text, lang, intents, style")
    evaluating.add_argument("--json", action="store_true", help="print JSON")
    checking = add("check", check, "look for faults in a content pack")
    checking.add_argument(
        "--examples",
        action="store_true",
        help="also show near-duplicates, examples that read as another intent, and intents with little variety",
    )
    checking.add_argument(
        "--against", type=Path, metavar="FILE", help="with --examples: also show overlap with this file"
    )
    _add_export(add("pack", pack, "bring what coaches taught the bot into the content pack"))
    add("privacy", privacy, "print what is stored, why and for how long")
    add("doctor", doctor, "look whether everything the bot needs is in place")
    muting = add("mute", mute, "leave somebody unanswered for a while")
    muting.add_argument("person", metavar="PERSON", help="the eight digits behind person= in the log")
    muting.add_argument("hours", type=float, metavar="HOURS", help="how long; 0 to answer them again")
    reading = add("blog", blog, "read the blog's articles and look after them").add_subparsers(
        required=True, dest="action", metavar="ACTION"
    )
    syncing = reading.add_parser("sync", help=(text := "read what is new on the blog"), description=text)
    syncing.add_argument("--anew", action="store_true", help="read everything, as if for the first time")
    looking = reading.add_parser(
        "check", help=(text := "find articles that are gone, moved or outdated"), description=text
    )
    for child in (syncing, looking):
        child.add_argument("--all", action="store_true", help="show every line")
        # Wherever it stands on the line; one that is absent here must not undo one that was given before.
        child.add_argument("--pack", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    linking = add("link", link, "make a link that opens an answer, a FAQ entry or an article in the bot")
    linking.add_argument("target", metavar="TARGET", help="the id of an intent or a FAQ entry, or an article's address")
    linking.add_argument("--bot", metavar="NAME", help="the bot's user name; asked from Telegram if not given")
    linking.add_argument(
        "--out", type=Path, metavar="FILE", help="write the QR picture there: .png, .svg, .pdf or .eps"
    )
    add_actions(add("broadcast", broadcast, "write to many, once, safely"))
    _add_invitation(add("invite", invite, "make a link by which somebody becomes a coach"))
    counting = add("stats", stats, "show what people need and what the blog could write about")
    counting.add_argument("--days", type=_positive, default=30, metavar="N", help="how many days back (30)")
    forms = counting.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print everything as JSON")
    forms.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page for the browser, without anybody's words"
    )
    actions = add("db", database, "look after the database").add_subparsers(
        required=True, dest="action", metavar="ACTION"
    )
    for action, text in (("backup", "copy the database into a file"), ("restore", "fill an empty database from one")):
        actions.add_parser(action, help=text, description=text).add_argument("path", type=Path, metavar="PATH")
    actions.add_parser("rotate-key", help="seal everything with a new key")
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    merging = actions.add_parser("export", help=(text := "merge it into the pack's files"), description=text)
    merging.add_argument("dir", type=Path, nargs="?", metavar="DIR", help="merge it into a copy of the pack instead")
    # As with `blog`.
    merging.add_argument("--pack", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _add_invitation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--owner", action="store_true", help="who may also set up the desk and invite others")
    parser.add_argument("--bot", metavar="NAME", help="the bot's user name; asked from Telegram if not given")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
