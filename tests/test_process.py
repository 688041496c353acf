"""
The bot as a process of its own, as a host runs it: started, stopped, killed, looked through.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from benchmarks.crash import kill_at_random
from bot.settings import Settings
from tests.bot_process import BotProcess
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("bot")

CV = "je dois refaire mon cv, par où commencer ?"
RUN_LENGTH = 12


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """
    A Bot API of our own.
    """
    async with TelegramServer() as server:
        yield server


def lines_of(bot: BotProcess) -> list[dict[str, Any]]:
    """
    What the process logged.
    """
    return [json.loads(line) for line in bot.log.read_text().splitlines() if line.startswith("{")]


async def test_people_are_answered_until_the_process_is_asked_to_stop(server: TelegramServer, tmp_path: Path) -> None:
    """
    `make run` with a token; SIGTERM ends it cleanly.
    """
    bot = BotProcess(server, tmp_path, settings={"TREMPLIN_LOG_LEVEL": "debug"})
    await bot.start()
    person = server.person("Noor")
    await person.send_text(CV)
    assert await person.next_message(30)
    assert await bot.stop() == 0
    events = [line["event"] for line in lines_of(bot)]
    assert "answered" in events
    assert events[-1] == "bot_stopped"


async def test_a_wrong_token_ends_with_one_clear_line(server: TelegramServer, tmp_path: Path) -> None:
    """
    Retrying cannot help; saying what to check can.
    """
    bot = BotProcess(server, tmp_path, settings={"TREMPLIN_TOKEN": "123456:wrong-token-wrong-token-wrong-token"})
    await bot.start()
    assert await bot.ended() == 1
    printed = bot.log.read_text()
    assert printed.splitlines()[-1].startswith("Telegram refused the token")
    assert "@BotFather" in printed
    assert "Traceback" not in printed
    assert "wrong-token" not in printed


async def test_the_bot_waits_for_telegram_to_come_back(server: TelegramServer, tmp_path: Path) -> None:
    """
    A server that is down at start does not end the process.
    """
    await server.go_offline()
    bot = BotProcess(server, tmp_path)
    await bot.start()
    async with asyncio.timeout(30):
        while not bot.log.exists() or "telegram_unreachable" not in bot.log.read_text():
            await asyncio.sleep(0.05)
    person = server.person("Noor")
    await server.come_back()
    await person.send_text("bonjour")
    assert await person.next_message(40)
    assert await bot.stop() == 0
    assert "Traceback" not in bot.log.read_text()


@pytest.mark.parametrize("webhook", [False, True])
async def test_nothing_is_lost_when_the_process_is_killed(
    server: TelegramServer, tmp_path: Path, database_url: str, webhook: bool
) -> None:
    """
    At random instants, polling and webhook, on either kind of database; `benchmarks/crash.py` does more of it.
    """
    bot = BotProcess(server, tmp_path, database=database_url, webhook=webhook)
    losses = await kill_at_random(server, bot, messages=40, kills=2)
    assert losses.unanswered == 0
    assert losses.twice <= losses.kills


async def test_health_is_told_over_http(server: TelegramServer, tmp_path: Path) -> None:
    """
    For whatever watches over the machine; a delivery without the secret is refused.
    """
    bot = BotProcess(server, tmp_path, webhook=True)
    await bot.start()
    person = server.person()
    await person.send_text(CV)
    await person.next_message(30)
    address = f"http://127.0.0.1:{bot.port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/health") as response:
            assert response.status == 200
            report = await response.json()
        assert report["status"] == "ok"
        assert {"waiting", "set_aside", "unknown", "seconds_since_telegram", "uptime_seconds"} <= set(report)
        update = {"update_id": 1, "message": {"text": "intrus"}}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
            async with session.post(f"{address}/telegram", json=update, headers=headers) as response:
                assert response.status == 403
        async with session.get(f"{address}/anything") as response:
            assert response.status == 404
    assert await bot.stop() == 0
    assert "delivery_refused" in [line["event"] for line in lines_of(bot)]


async def test_a_database_locked_by_another_program_is_waited_for(server: TelegramServer, tmp_path: Path) -> None:
    """
    A backup in the middle of the night delays an answer and loses none.
    """
    bot = BotProcess(server, tmp_path)
    await bot.start()
    person = server.person()
    await person.send_text("bonjour")
    await person.next_message(30)
    other = sqlite3.connect(tmp_path / "data" / "tremplin.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await person.send_text(CV)
    await asyncio.sleep(1)
    assert len(person.bot_messages) == 1
    other.execute("ROLLBACK")
    other.close()
    assert await person.next_message(30)
    assert await bot.stop() == 0


async def test_nothing_of_a_person_can_be_found_on_the_disk(server: TelegramServer, tmp_path: Path) -> None:
    """
    Eighty people write; then no id, name, user name or run of twelve characters is in any file the bot left.
    """
    bot = BotProcess(server, tmp_path, settings={"TREMPLIN_LOG_LEVEL": "debug"})
    cached = {path: path.stat().st_mtime for path in Settings(_env_file=None).cache.iterdir()}
    people = [
        server.person(f"Prénom{number:03}x", last_name=f"Nomdefamille{number:03}", username=f"compte_{number:03}_xyz")
        for number in range(80)
    ]
    texts = [f"Zyx{number:03} wvu{number * 7919:07} tsr{number * 104729:09} qpo nml" for number in range(80)]
    await bot.start()
    for person, text in zip(people, texts, strict=True):
        await person.send_text(text)
    for number, person in enumerate(people):
        await person.next_message(120)
        if number % 20 == 0:
            await person.send_command("/mydata")
            assert (await person.next_message(60)).text
            assert (await person.next_message(60)).content
    # Killed first, so that the write-ahead log is still there; then stopped in good order.
    await bot.kill()
    secrets = {server.token}
    for person in people:
        user = person.user
        secrets |= {str(user.id), user.first_name, str(user.last_name), str(user.username)}
    assert list(found(tmp_path, secrets, texts)) == []
    assert (tmp_path / "data" / "tremplin.db-wal").stat().st_size > 0
    await bot.start()
    await people[0].send_text("bonjour")
    await people[0].next_message(60)
    assert await bot.stop() == 0
    assert list(found(tmp_path, secrets, texts)) == []
    assert len(lines_of(bot)) > 80
    # The cache lies elsewhere, and nothing was written there.
    assert cached == {path: path.stat().st_mtime for path in Settings(_env_file=None).cache.iterdir()}


def found(folder: Path, secrets: set[str], texts: list[str]) -> Iterator[tuple[str, str]]:
    """
    Each secret, or run of a text, that is in a file of the folder.
    """
    runs = {text[at : at + RUN_LENGTH].encode() for text in texts for at in range(len(text) - RUN_LENGTH + 1)}
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"tremplin.db", "bot.log", "key"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        for secret in secrets:
            if secret.encode() in content or secret.encode("utf-16-le") in content:
                yield path.name, secret
            if secret.isdigit() and any(int(secret).to_bytes(8, order) in content for order in ("big", "little")):
                yield path.name, secret
        for at in range(len(content) - RUN_LENGTH + 1):
            if content[at : at + RUN_LENGTH] in runs:
                yield path.name, content[at : at + RUN_LENGTH].decode()
