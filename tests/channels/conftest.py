"""
The channel against the stand-in Bot API, for tests to start, stop and start again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.channels.telegram.application import TelegramChannel, TelegramOptions
from bot.storage.engine import Database
from bot.storage.inbox import Inbox
from bot.storage.people import People
from tests.fakes import RecordingHook
from tests.telegram_server import TelegramServer

Run = Callable[..., AbstractAsyncContextManager[TelegramChannel]]


class ShiftedClock:
    """
    The time of day, shifted by as many seconds as a test says.
    """

    def __init__(self) -> None:
        self.shift = 0.0

    def __call__(self) -> float:
        """
        Seconds since 1970.
        """
        return time.time() + self.shift


@pytest.fixture
def telegram_clock() -> ShiftedClock:
    """
    The clock of the Bot API.
    """
    return ShiftedClock()


@pytest.fixture
async def server(telegram_clock: ShiftedClock) -> AsyncIterator[TelegramServer]:
    """
    A Bot API of our own.
    """
    async with TelegramServer(clock=telegram_clock) as server:
        yield server


@pytest.fixture
def run(server: TelegramServer, bot: App, database: Database, hook: RecordingHook) -> Run:
    """
    Runs the channel for a while, with further options if need be; the database stays from one run to the next.
    """

    @asynccontextmanager
    async def _run(**options: Any) -> AsyncIterator[TelegramChannel]:
        news = options.pop("news", None)
        api: TelegramServer = options.pop("server", server)
        given = TelegramOptions(api.token, api.base_url, **{"poll_timeout": 1, "stop_within": 5, **options})
        channel = TelegramChannel(given, replace(bot.router, archive=People(database)), database, hook, news)
        started = len(api.calls_to("setChatMenuButton"))
        running = asyncio.create_task(channel.run())
        await api.wait_for(lambda: len(api.calls_to("setChatMenuButton")) > started, 10)
        yield channel
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    return _run


@pytest.fixture
async def telegram(server: TelegramServer, run: Run) -> AsyncIterator[TelegramServer]:
    """
    The server with the bot polling it.
    """
    async with run():
        yield server


async def settled(server: TelegramServer, database: Database) -> dict[str, int]:
    """
    What the inbox counts once everything that was sent is done.
    """
    await server.updates_confirmed()
    box = Inbox(database)
    async with asyncio.timeout(10):
        while (counts := await box.counts())["waiting"]:
            await asyncio.sleep(0.02)
    return counts
