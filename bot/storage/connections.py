"""
The way to the database, so that what is done there is written once: plain functions on a SQLAlchemy connection.

Each function runs as one transaction, and must stand being run again after it was rolled back. On SQLite it runs as a
whole in the driver's own thread: going there and back for every statement would cost more than the statements.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiosqlite
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

_LOG_PAGES = 4000
"""
Pages (of 4 KiB) of SQLite's log from which they are copied into the file: most pages change again and again, and four
times SQLite's own figure saves a quarter of what a message costs here.
"""

LOCK_WAIT_SECONDS = 15
"""
How long a lock that another program holds on an SQLite file is waited for.
"""

_Result = TypeVar("_Result")
_Write = tuple[Callable[[Connection], Any], asyncio.Future[Any]]


class Connections(Protocol):
    """
    The open connections to a database.
    """

    async def run(self, work: Callable[[Connection], _Result], *, reads: bool = False) -> _Result:
        """
        Run a function as one transaction: committed if it returns, rolled back if it raises.

        Parameters:
            work: The function; it may be run a second time after it was rolled back.
            reads: Whether it changes nothing, so that it need not wait for those who write.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The database refused.
            OSError: It cannot be reached.
        """

    async def close(self) -> None:
        """
        Close all connections.
        """


def connect(url: URL) -> Connections:
    """
    The way to the database at an address; nothing is opened yet.
    """
    if url.get_backend_name() == "sqlite":
        return SqliteConnection(Path(url.database or ""))
    return PostgresConnections(url)


class PostgresConnections:
    """
    A pool of connections to PostgreSQL.

    Parameters:
        url: Its address.
    """

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_size=8, pool_pre_ping=True)

    async def run(self, work: Callable[[Connection], _Result], *, reads: bool = False) -> _Result:  # noqa: ARG002
        """
        Run a function as one transaction; see `Connections.run`.
        """
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """
        Close all connections.
        """
        await self._engine.dispose()


class SqliteConnection:
    """
    The connection to an SQLite file: one, since SQLite has one writer anyway, and a queue is fairer than its lock.

    Parameters:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: _Thread | None = None
        self._engine = create_engine("sqlite://", creator=lambda: self._opened().raw, poolclass=StaticPool)
        self._lasting: Connection | None = None
        self._waiting: list[_Write] = []
        self._writing = False
        self._rest: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[Connection], _Result], *, reads: bool = False) -> _Result:
        """
        Run a function as one transaction; see `Connections.run`. Those that wait to write are committed together: most
        of what a small transaction costs is its commit.
        """
        if self._thread is None:
            thread = _Thread(lambda: _open(self._path))
            await thread
            # Kept only now: one that could not be opened must not be used when it is tried again.
            self._thread = thread
        if reads:
            return await self._thread.run(lambda: self._transaction(work, reads=True))
        if self._writing:
            done: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
            self._waiting.append((work, done))
            return await done
        self._writing = True
        try:
            return await self._thread.run(lambda: self._transaction(work))
        finally:
            self._rest = asyncio.create_task(self._write_rest()) if self._waiting else None
            self._writing = self._rest is not None

    async def close(self) -> None:
        """
        Close the connection.
        """
        if self._rest is not None:
            await self._rest
        if self._thread is not None:
            await self._thread.run(self._give_back)
            await self._thread.close()

    async def _write_rest(self) -> None:
        while self._waiting:
            writes, self._waiting = self._waiting, []
            works = [work for work, _ in writes]
            try:
                outcomes = await self._opened().run(lambda: self._commit(works))  # noqa: B023
            except Exception as closed:  # noqa: BLE001 (it is raised where it was asked for)
                outcomes = [(None, closed)] * len(writes)
            for (_, done), (result, error) in zip(writes, outcomes, strict=True):
                if done.cancelled():
                    continue
                if error is None:
                    done.set_result(result)
                else:
                    done.set_exception(error)
        self._writing = False

    def _commit(self, works: list[Callable[[Connection], Any]]) -> list[tuple[Any, Exception | None]]:
        """
        Commit several functions together; if one of them fails, each on its own.
        """
        if len(works) > 1:
            with suppress(Exception):
                return self._transaction(lambda connection: [(work(connection), None) for work in works])
        outcomes: list[tuple[Any, Exception | None]] = []
        for work in works:
            try:
                outcomes.append((self._transaction(work), None))
            except Exception as error:  # noqa: BLE001 (it is raised where it was asked for)
                outcomes.append((None, error))
        return outcomes

    def _transaction(self, work: Callable[[Connection], _Result], *, reads: bool = False) -> _Result:
        """
        Run a function in the thread. Taking a connection from the pool each time would cost as much as a statement.
        """
        if self._lasting is None:
            self._lasting = self._engine.connect()
        with self._lasting.begin():
            # Taking the write lock at once means waiting for it; upgrading a read lock later would fail instead. A
            # listener for SQLAlchemy's own event would do the same, and be looked for at every statement.
            self._opened().raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
            return work(self._lasting)

    def _give_back(self) -> None:
        if self._lasting is not None:
            self._lasting.close()
            self._lasting = None

    def _opened(self) -> "_Thread":
        if self._thread is None:
            raise RuntimeError("the connection is not open")
        return self._thread


class _Thread(aiosqlite.Connection):
    """
    A connection whose thread also runs whole functions.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)

    @property
    def raw(self) -> sqlite3.Connection:
        """
        The connection itself, to be used in its thread only.
        """
        return self._conn

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """
        Run a function in the thread.
        """
        result: _Result = await self._execute(work)  # type: ignore[no-untyped-call]
        return result


def _open(path: Path) -> sqlite3.Connection:
    # The driver must not open transactions on its own, or migrations would commit half way.
    connection = sqlite3.connect(path, timeout=LOCK_WAIT_SECONDS, isolation_level=None)
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*pragmas, f"wal_autocheckpoint={_LOG_PAGES}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
