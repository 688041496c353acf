"""
What the tests of the stand-in server share: a running server and a stock bot connected to it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
)

from tests.telegram_server import (
    TelegramServer,
)


@pytest.fixture(autouse=True)
def modern_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library give durations as it will in future; otherwise it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A running server."""
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    """A stock bot connected to the server."""
    async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as connected:
        yield connected
