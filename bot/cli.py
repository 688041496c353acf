"""
The commands: parse, call, print. No logic of its own.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot import __version__, app
from bot.channels.console import ConsoleChat
from bot.content import markup, retention
from bot.content.check import load_pack
from bot.content.problems import PackError
from bot.content.render import Renderer
from bot.conversation.memory import Memory
from bot.conversation.ports import Archive
from bot.events import Event
from bot.model import Incoming, Person
from bot.ops import keeping
from bot.ops.logs import configure
from bot.settings import Settings
from bot.storage.crypto import SealError
from bot.storage.engine import DatabaseError
from bot.storage.upkeep import UpkeepError
from bot.understanding import evaluation
from bot.understanding.reader import Reading

_DESCRIPTION = "Tremplin answers job seekers in private messages, with a career blogger's own words and articles."
_EXAMPLES = {
    "": 'examples:\n  python -m bot chat\n  python -m bot ask "cv a refaire svp"\n  python -m bot check --pack my_pack',
    "ask": 'examples:\n  python -m bot ask "cv a refaire svp"\n  python -m bot ask "interview tomorrow" --json\n'
    '  python -m bot ask "aucune reponse a mes candidatures" --explain',
    "search": 'examples:\n  python -m bot search "lettre de motivation"\n  python -m bot search relance --json -k 3',
    "eval": "examples:\n  python -m bot eval messages.jsonl\n  python -m bot eval messages.jsonl --json",
    "check": "examples:\n  python -m bot check\n  python -m bot check --pack my_pack --examples",
    "chat": "examples:\n  python -m bot chat\n  python -m bot chat --pack my_pack",
    "privacy": "examples:\n  python -m bot privacy > docs/privacy.md",
    "doctor": "examples:\n  python -m bot doctor",
    "mute": "examples:\n  python -m bot mute 1f0c9a7e 24\n  python -m bot mute 1f0c9a7e 0",
    "db": "examples:\n  python -m bot db backup tremplin.backup\n  python -m bot db rotate-key",
    "run": "examples:\n  TREMPLIN_TOKEN=… python -m bot run\n  python -m bot run --pack my_pack   (token in .env)",
}
_HOW_TO_CONNECT = """There is no bot token yet. To connect the bot to Telegram:
  1. In Telegram, write to @BotFather, send /newbot and follow the questions.
  2. Copy the token it gives you into the file .env: TREMPLIN_TOKEN=123456789:ABC…
     (cp .env.example .env makes that file; keep it to yourself, the token is the key to your bot.)
  3. Start again: make run
To try the bot without Telegram: make chat"""


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
        return _fail(f"TREMPLIN_{str(first['loc'][0]).upper()}: {first['msg']}; .env.example says what it may be")
    except PackError as error:
        return _fail(str(error))
    except (evaluation.EvaluationError, DatabaseError, SealError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot ask TEXT`: one message, its reading and its reply.
    """
    bot = _build(settings)
    reading = bot.reader.read(options.text)
    reply = asyncio.run(bot.router.respond(Incoming(Person("ask"), text=options.text), Memory(), _ignore))
    text = "\n\n".join(markup.plain(block) for block in reply.blocks)
    answer: dict[str, Any] = {
        "language": reading.language,
        "outcome": reading.verdict.outcome,
        "intent": reading.verdict.intent,
        "confidence": reading.verdict.confidence,
        "candidates": [asdict(candidate) for candidate in reading.verdict.candidates],
        "faq": [asdict(match) for match in reading.faq],
        "articles": [{"title": article.title, "url": article.url} for article in reply.articles],
        "text": text,
        "buttons": [button.label for row in reply.buttons for button in row],
    }
    if options.explain:
        answer["explanation"] = [asdict(influence) for influence in bot.reader.explain(options.text)]
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    print(text)
    for article in reply.articles:
        print(f"- {article.title}: {article.url}")
    print("  ".join(f"[{label}]" for label in answer["buttons"]))
    print(_summary(reading))
    for influence in answer.get("explanation", ()):
        print(f"  {influence['weight']:+.3f}  {influence['group']:8}{influence['feature']}")
    return 0


def search(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot search TEXT`: the articles that match.
    """
    matches = _build(settings).reader.search(options.text, count=options.k)
    found = [{"title": match.article.title, "url": match.article.url, "score": match.score} for match in matches]
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif not found:
        print("No article matches.")
    else:
        for match in found:
            print(f"{match['score']:8.2f}  {match['title']}  {match['url']}")
    return 0


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot eval FILE`: how well labelled messages are understood.
    """
    messages = evaluation.read_messages(options.file)
    figures = evaluation.report(evaluation.judge(_build(settings).reader, messages))
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return 0
    inside, outside = figures["in_scope"], figures["out_of_scope"]
    print(f"{figures['rows']} messages, {figures['latency_ms']['p99']} ms p99")
    print("  ".join(f"{name} {value}" for name, value in inside.items()))
    print("out of scope:  " + "  ".join(f"{name} {value}" for name, value in outside.items()))
    for table in ("by_style", "by_language"):
        for name, group in figures[table].items():
            shown = group.get("in_scope") or group["out_of_scope"]
            print(f"  {name:8}" + "  ".join(f"{key} {value}" for key, value in shown.items()))
    return 0


def check(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot check`: every fault of the pack; with `--examples`, what is worth a look among its examples.
    """
    problems = app.check(settings.pack)
    for problem in problems:
        print(problem)
    if problems:
        return 1
    print(f"{settings.pack}: no problem found")
    if options.examples:
        exam = evaluation.read_messages(options.against) if options.against else []
        findings = app.audit_examples(settings.pack, exam)
        for finding in findings:
            print(finding)
        print(f"{len(findings)} places worth a look among the examples")
    return 0


def chat(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot chat`: a conversation in the terminal.
    """
    bot = _build(settings)
    asyncio.run(ConsoleChat(bot.router, Console()).run())
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
        return _fail(str(error))
    return 0


def mute(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot mute PERSON HOURS`: leave somebody who abuses the bot unanswered for a while.
    """
    try:
        until = asyncio.run(keeping.mute(app.access_of(settings), options.person, options.hours))
    except UpkeepError as error:
        return _fail(str(error))
    print(f"{options.person} is not answered for {options.hours:g} hours" if until else f"{options.person} is answered")
    return 0


def telegram(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot run`: the bot on Telegram, until it is stopped.
    """
    if not settings.token.get_secret_value():
        return _fail(_HOW_TO_CONNECT)
    if settings.webhook_url and not settings.web_port:
        return _fail("TREMPLIN_WEBHOOK_URL needs TREMPLIN_WEB_PORT: the port the bot's web server listens on")
    # The library takes half a second to import, which the other commands need not spend.
    from telegram.error import InvalidToken  # noqa: PLC0415

    try:
        asyncio.run(app.serve(settings, lambda archive: _build(settings, archive)))
    except InvalidToken:
        return _fail("Telegram refused the token: check TREMPLIN_TOKEN in .env, or ask @BotFather for a new one")
    return 0


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
    add("privacy", privacy, "print what is stored, why and for how long")
    add("doctor", doctor, "look whether everything the bot needs is in place")
    muting = add("mute", mute, "leave somebody unanswered for a while")
    muting.add_argument("person", metavar="PERSON", help="the eight digits behind person= in the log")
    muting.add_argument("hours", type=float, metavar="HOURS", help="how long; 0 to answer them again")
    actions = add("db", database, "look after the database").add_subparsers(
        required=True, dest="action", metavar="ACTION"
    )
    for action, text in (("backup", "copy the database into a file"), ("restore", "fill an empty database from one")):
        actions.add_parser(action, help=text, description=text).add_argument("path", type=Path, metavar="PATH")
    actions.add_parser("rotate-key", help="seal everything with a new key")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _build(settings: Settings, archive: Archive | None = None) -> app.App:
    """
    Build the bot; the first time, show on standard error how the learning goes on.
    """
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading the content pack …", total=None)

        def learning(what: str, share: float) -> None:
            progress.update(task, description=f"Learning from the pack, once: {what} ({share:.0%}) …")

        return app.build(settings, learning, archive)


def _ignore(event: Event) -> None:
    """
    A `Hook` for commands whose output is for a person or a script, not for the log.
    """


def _summary(reading: Reading) -> str:
    others = ", ".join(f"{candidate.intent} {candidate.confidence:.0%}" for candidate in reading.verdict.candidates[:3])
    return f"({reading.language}, {reading.verdict.outcome} at {reading.verdict.confidence:.0%}: {others})"


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
