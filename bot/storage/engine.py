"""
From an address to a database that is ready. Only this and `connections` know SQLite and PostgreSQL apart.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import alembic.command
import alembic.config
import structlog
from sqlalchemy import Column, Connection, Table, func, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.storage.connections import LOCK_WAIT_SECONDS, Connections, connect
from bot.storage.crypto import SealError, Vault, new_key, new_lookup_key, read_keys, write_keys
from bot.storage.tables import facts

_KINDS = ("sqlite", "postgresql")
_LOCK_RETRY_SECONDS = 0.1
_MIGRATION_LOCK = 7_305_417_113
"""
The advisory lock under which PostgreSQL is migrated; any number no other program uses will do.
"""
LOOKUP_KEY = "lookup_key"
"""
The fact that holds the key of the look-up hashes.
"""

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


class StorageError(RuntimeError):
    """
    The database cannot take or give something just now; nothing of it was done. The message says why.
    """


class DatabaseError(RuntimeError):
    """
    The database cannot be used. The message says what to do.
    """


@dataclass(frozen=True, slots=True)
class Database:
    """
    An open database.

    Parameters:
        connections: The way to it.
        vault: Seals and opens what is stored.
    """

    connections: Connections
    vault: Vault

    async def write(self, work: Callable[[Connection], _Result]) -> _Result:
        """
        Run a function as one transaction: committed if it returns, rolled back if it raises.

        Raises:
            StorageError: The database is locked, full, or cannot be reached.
        """
        return await self._run(work, reads=False)

    async def read(self, work: Callable[[Connection], _Result]) -> _Result:
        """
        Run a function that changes nothing, and sees the database as it was when it began.

        Raises:
            StorageError: The database cannot be reached.
        """
        return await self._run(work, reads=True)

    async def close(self) -> None:
        """
        Close all connections.
        """
        await self.connections.close()

    async def _run(self, work: Callable[[Connection], _Result], *, reads: bool) -> _Result:
        try:
            return await self.connections.run(work, reads=reads)
        except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
            raise StorageError(_words(error)) from None


def address(database_url: str) -> URL:
    """
    The parts of an address.

    Raises:
        DatabaseError: It is no address of SQLite or PostgreSQL.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in _KINDS:
        raise DatabaseError(
            "TREMPLIN_DATABASE must be like sqlite:////path/tremplin.db or postgresql://user:password@host/name"
        )
    return url


def sqlite_file(url: URL) -> Path | None:
    """
    The file of an SQLite database; None for another kind.
    """
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def open_database(database_url: str, key: str, key_file: Path) -> Database:
    """
    Open a database, bringing its tables up to date. The first time ever, a key is made and the tables with it.

    Parameters:
        database_url: Where it is.
        key: The encryption keys from the environment, or an empty string.
        key_file: Where the key is otherwise.

    Raises:
        DatabaseError: It cannot be reached or written.
        SealError: The key is missing, or is not the one the data was sealed with.
    """
    url = address(database_url)
    if not key and _beside(key_file, url):
        raise SealError(
            f"the key file {key_file} lies in the folder of the database: whoever copies one would have both. "
            "Set TREMPLIN_KEY_FILE to a place elsewhere"
        )
    connections = connect(url)
    try:
        if (path := sqlite_file(url)) is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        await _migrate_in_turn(connections)
        keys = await _keys(connections, key, key_file)
        return Database(connections, Vault(keys, await _lookup_key(connections, keys)))
    except SealError:
        await connections.close()
        raise
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        await connections.close()
        raise DatabaseError(
            f"the database cannot be opened ({_words(error)}); check TREMPLIN_DATABASE, that it is running, and that "
            "the bot may write there"
        ) from None


async def is_new(database_url: str) -> bool:
    """
    Whether a database was never used; nothing is made by asking.

    Raises:
        DatabaseError: It cannot be reached.
    """
    url = address(database_url)
    path = sqlite_file(url)
    if path is not None:
        return not await asyncio.to_thread(path.exists)
    connections = connect(url)
    try:
        return not await connections.run(lambda connection: inspect(connection).has_table(facts.name), reads=True)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseError(f"the database cannot be reached ({_words(error)}); check TREMPLIN_DATABASE") from None
    finally:
        await connections.close()


def upsert(dialect: str, table: Table) -> Any:
    """
    The beginning of an `INSERT` that knows `ON CONFLICT`; SQLite and PostgreSQL spell it alike, SQLAlchemy does not.

    Parameters:
        dialect: The name of the connection's dialect.
        table: Where to insert.
    """
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def insert_new(dialect: str, column: Column[Any]) -> Any:
    """
    The statement that inserts rows which are not there yet, and returns one column of those that were not.
    """
    return upsert(dialect, column.table).on_conflict_do_nothing().returning(column)


def continue_numbering(connection: Connection, table: Table) -> None:
    """
    After rows were inserted with their ids, go on numbering behind them.
    """
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(sequence, func.coalesce(func.max(table.c.id), 1))))


async def _migrate_in_turn(connections: Connections) -> None:
    """
    Migrate; while another program opens the same new file, SQLite refuses at once instead of waiting for its lock.
    """
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            return await connections.run(_migrate)
        except (OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        await asyncio.sleep(_LOCK_RETRY_SECONDS)


def _migrate(connection: Connection) -> None:
    """
    Bring the tables up to date, one process at a time.
    """
    # SQLite holds its write lock from the beginning on.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


async def _keys(connections: Connections, key: str, key_file: Path) -> tuple[str, ...]:
    """
    The keys to use; made now if the database holds nothing yet and there is no key either.
    """
    keys = await asyncio.to_thread(read_keys, key, key_file)
    if keys:
        return keys
    used = await connections.run(_sealed_lookup_key, reads=True) is not None
    # Another program may have made the key just now; it is there before anything is sealed with it.
    keys = await asyncio.to_thread(read_keys, key, key_file)
    if keys:
        return keys
    if used:
        raise SealError(
            "the database holds sealed data, but there is no key: set TREMPLIN_KEY, or put the key file back to "
            f"{key_file}. Without it nothing in the database can be read. If it is lost for good, move the database "
            "away to begin anew"
        )
    await asyncio.to_thread(lambda: write_keys(key_file, (new_key(),), first=True))
    _log.warning("key_made", path=str(key_file), advice="keep a copy of this file apart from the database's backups")
    return await asyncio.to_thread(read_keys, "", key_file)


async def _lookup_key(connections: Connections, keys: tuple[str, ...]) -> bytes:
    """
    The key of the look-up hashes, made the first time. Opening it proves that the key is the right one.
    """
    opener = Vault(keys, bytes(32))
    fresh = {"name": LOOKUP_KEY, "sealed": opener.seal(new_lookup_key().hex())}

    def made_or_found(connection: Connection) -> bytes:
        connection.execute(insert_new(connection.dialect.name, facts.c.name), fresh)
        return _sealed_lookup_key(connection) or b""

    try:
        return bytes.fromhex(opener.open(await connections.run(made_or_found)))
    except SealError:
        raise SealError(
            "this is not the key the database was sealed with: set TREMPLIN_KEY (or the key file) to the one used "
            "before, or TREMPLIN_DATABASE to the database that goes with this key"
        ) from None


def _sealed_lookup_key(connection: Connection) -> bytes | None:
    return connection.scalar(select(facts.c.sealed).where(facts.c.name == LOOKUP_KEY))


def _beside(key_file: Path, url: URL) -> bool:
    data_file = sqlite_file(url)
    return data_file is not None and data_file.resolve().parent == key_file.resolve().parent


def _words(error: Exception) -> str:
    """
    What the database said, in one line and without the values of the statement.
    """
    return str(getattr(error, "orig", None) or error).splitlines()[0][:200]
