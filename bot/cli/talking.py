"""
The commands that talk: one message, a search, labelled messages, a conversation, the bot on Telegram.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot import app
from bot.channels.console import ConsoleChat
from bot.cli.command import Command, positive
from bot.cli.output import fail
from bot.content import markup
from bot.conversation.memory import Memory
from bot.conversation.ports import Archive
from bot.events import Event
from bot.model import Article, Incoming, Person
from bot.settings import Settings
from bot.understanding import evaluation
from bot.understanding.reader import Reading

_HOW_TO_CONNECT = """There is no bot token yet. To connect the bot to Telegram:
  1. In Telegram, write to @BotFather, send /newbot and follow the questions.
  2. Copy the token it gives you into the file .env: TREMPLIN_TOKEN=123456789:ABC…
     (cp .env.example .env makes that file; keep it to yourself, the token is the key to your bot.)
  3. Start again: make run
To try the bot without Telegram: make chat"""


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot ask TEXT`: one message, its reading and its reply.
    """
    bot = build_bot(settings)
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
        "articles": [{"title": card.article.title, "url": card.article.url} for card in reply.cards],
        "text": text,
        "buttons": [button.label for row in reply.buttons for button in row],
    }
    if options.explain:
        answer["explanation"] = [asdict(influence) for influence in bot.reader.explain(options.text)]
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    print(text)
    for card in reply.cards:
        print(f"- {card.article.title}: {card.article.url}")
    print("  ".join(f"[{label}]" for label in answer["buttons"]))
    print(_summary(reading))
    for influence in answer.get("explanation", ()):
        print(f"  {influence['weight']:+.3f}  {influence['group']:8}{influence['feature']}")
    return 0


def search(options: argparse.Namespace, settings: Settings) -> int:
    """
    `bot search TEXT`: the articles that match.
    """
    matches = build_bot(settings).reader.search(options.text, count=options.k)
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
    figures = evaluation.report(evaluation.judge(build_bot(settings).reader, messages))
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


def chat(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot chat`: a conversation in the terminal.
    """
    bot = build_bot(settings)
    asyncio.run(ConsoleChat(bot.router, Console()).run())
    return 0


def telegram(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 (every command takes both)
    """
    `bot run`: the bot on Telegram, until it is stopped.
    """
    if not settings.token.get_secret_value():
        return fail(_HOW_TO_CONNECT)
    for name, address in (("WEBHOOK_URL", settings.webhook_url), ("CLICK_URL", settings.click_url)):
        if address and not settings.web_port:
            return fail(f"TREMPLIN_{name} needs TREMPLIN_WEB_PORT: the port the bot's web server listens on")
    # The library takes half a second to import, which the other commands need not spend.
    from telegram.error import InvalidToken  # noqa: PLC0415

    try:
        asyncio.run(app.serve(settings, lambda archive, articles: _build_with(settings, archive, articles)))
    except InvalidToken:
        return fail("Telegram refused the token: check TREMPLIN_TOKEN in .env, or ask @BotFather for a new one")
    return 0


def build_bot(settings: Settings) -> app.App:
    """
    Build the bot for a command that needs no database, with the articles that are in one already.
    """
    return _build_with(settings, None, asyncio.run(app.stored_articles(settings)))


def _build_with(settings: Settings, archive: Archive | None, articles: Sequence[Article]) -> app.App:
    """
    Build the bot; the first time, show on standard error how the learning goes on.
    """
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading the content pack …", total=None)

        def learning(what: str, share: float) -> None:
            progress.update(task, description=f"Learning from the pack, once: {what} ({share:.0%}) …")

        return app.build(settings, learning, archive, articles)


def _ignore(event: Event) -> None:
    """
    A `Hook` for commands whose output is for a person or a script, not for the log.
    """


def _summary(reading: Reading) -> str:
    others = ", ".join(f"{candidate.intent} {candidate.confidence:.0%}" for candidate in reading.verdict.candidates[:3])
    return f"({reading.language}, {reading.verdict.outcome} at {reading.verdict.confidence:.0%}: {others})"


def _ask_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what a person wrote")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--explain", action="store_true", help="show which words and concepts decided")


def _search_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what to look for")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("-k", type=positive, default=5, metavar="N", help="how many articles at most (5)")


def _eval_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a JSONL file: id, text, lang, intents, style")
    parser.add_argument("--json", action="store_true", help="print JSON")


CHAT = Command(
    "chat",
    "hold a conversation in the terminal",
    ("python -m bot chat", "python -m bot chat --pack my_pack"),
    chat,
)
RUN = Command(
    "run",
    "run the bot on Telegram",
    ("TREMPLIN_TOKEN=… python -m bot run", "python -m bot run --pack my_pack   (token in .env)"),
    telegram,
)
ASK = Command(
    "ask",
    "answer one message",
    (
        'python -m bot ask "cv a refaire svp"',
        'python -m bot ask "interview tomorrow" --json',
        'python -m bot ask "aucune reponse a mes candidatures" --explain',
    ),
    ask,
    _ask_options,
)
SEARCH = Command(
    "search",
    "search the blog's articles",
    ('python -m bot search "lettre de motivation"', "python -m bot search relance --json -k 3"),
    search,
    _search_options,
)
EVAL = Command(
    "eval",
    "measure understanding on labelled messages",
    ("python -m bot eval messages.jsonl", "python -m bot eval messages.jsonl --json"),
    evaluate,
    _eval_options,
)
