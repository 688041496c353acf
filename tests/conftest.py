"""
What tests share: the shipped pack, the bot built from it, and a small pack to break on purpose.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import App, build
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.model import Incoming, Person, Reply
from bot.settings import Settings, shipped_pack
from tests.builders import write_small_pack
from tests.fakes import RecordingHook

Say = Callable[..., Awaitable[Reply]]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    No test reads the developer's own .env or settings.
    """
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.delenv("TREMPLIN_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """
    The shipped pack.
    """
    return load_pack(shipped_pack())


@pytest.fixture(scope="session")
def hook() -> RecordingHook:
    """
    Where the events of the session's bot end up.
    """
    return RecordingHook()


@pytest.fixture(scope="session")
def bot(hook: RecordingHook) -> App:
    """
    The bot with the shipped pack; it learns on a machine's first run and is loaded from the user's cache afterwards.
    """
    return build(Settings(_env_file=None), hook)


@pytest.fixture
def say(bot: App, request: pytest.FixtureRequest) -> Say:
    """
    Say something to the bot, as somebody it has never met.
    """
    person = Person(f"test:{request.node.nodeid}", first_name="Sacha")

    async def _say(text: str = "", **what: object) -> Reply:
        return await bot.router.respond(Incoming(person, text=text, **what))  # type: ignore[arg-type]

    return _say


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    """
    The folder of a pack with two languages and four intents, free of faults.
    """
    return write_small_pack(tmp_path / "pack")
