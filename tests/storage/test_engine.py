"""
Opening a database: the first time, again, with the wrong key, with two programs at once.
"""

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select

from bot.storage.crypto import SealError, new_key
from bot.storage.engine import Database, DatabaseError, StorageError, is_new, open_database
from bot.storage.tables import facts, metadata


async def write(database: Database, *rows: Mapping[str, object]) -> None:
    """
    Write facts in one transaction.
    """
    await database.write(lambda connection: connection.execute(insert(facts), list(rows)))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """
    Where the key is to be.
    """
    return tmp_path / "secret" / "key"


async def test_the_first_start_makes_key_and_tables(database_url: str, key_file: Path) -> None:
    """
    Nothing has to be prepared but an empty database.
    """
    assert await is_new(database_url)
    await (await open_database(database_url, "", key_file)).close()
    assert key_file.exists()
    assert not await is_new(database_url)


async def test_the_second_start_opens_what_the_first_one_sealed(database_url: str, key_file: Path) -> None:
    """
    The key of the look-ups stays the same.
    """
    first = await open_database(database_url, "", key_file)
    sealed, lookup = first.vault.seal("x"), first.vault.lookup("telegram:1")
    await first.close()
    second = await open_database(database_url, "", key_file)
    assert second.vault.open(sealed) == "x"
    assert second.vault.lookup("telegram:1") == lookup
    await second.close()


async def test_another_key_is_refused(database_url: str, key_file: Path) -> None:
    """
    It never starts a second, empty life beside the first.
    """
    await (await open_database(database_url, "", key_file)).close()
    with pytest.raises(SealError, match="not the key the database was sealed with"):
        await open_database(database_url, new_key(), key_file)


async def test_a_missing_key_is_refused(database_url: str, key_file: Path) -> None:
    """
    No new key is made for a database that holds sealed data.
    """
    await (await open_database(database_url, "", key_file)).close()
    key_file.unlink()
    with pytest.raises(SealError, match="put the key file back"):
        await open_database(database_url, "", key_file)
    assert not key_file.exists()


async def test_a_key_beside_the_data_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """
    Whoever copies the folder would have both.
    """
    with pytest.raises(SealError, match="TREMPLIN_KEY_FILE"):
        await open_database(sqlite_url, "", tmp_path / "data" / "key")


@pytest.mark.parametrize("url", ["", "mysql://host/db", "tremplin.db"])
async def test_a_wrong_address_is_explained(url: str, key_file: Path) -> None:
    """
    What it should look like.
    """
    with pytest.raises(DatabaseError, match="TREMPLIN_DATABASE"):
        await open_database(url, "", key_file)


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/t.db", "postgresql://u:geheim@127.0.0.1:1/x"])
async def test_a_database_that_cannot_be_reached_is_explained(url: str, key_file: Path) -> None:
    """
    Without the password in the message.
    """
    with pytest.raises(DatabaseError, match="TREMPLIN_DATABASE") as caught:
        await open_database(url, "", key_file)
    assert "geheim" not in str(caught.value)


async def test_two_programs_may_start_together(database_url: str, key_file: Path) -> None:
    """
    The tables are made once, and both use the same key.
    """
    databases = await asyncio.gather(*(open_database(database_url, "", key_file) for _ in range(4)))
    sealed = databases[0].vault.seal("x")
    assert [database.vault.open(sealed) for database in databases] == ["x"] * 4
    assert len({database.vault.lookup("telegram:1") for database in databases}) == 1
    for database in databases:
        await database.close()


async def test_the_migrations_make_the_tables_of_the_code(store: Database) -> None:
    """
    No step was forgotten.
    """

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await store.connections.run(differences) == []


async def test_a_transaction_is_whole_or_not_at_all(store: Database) -> None:
    """
    What fails half way leaves nothing behind.
    """

    def fail(connection: Connection) -> None:
        connection.execute(insert(facts).values(name="half", sealed=b"x"))
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await store.write(fail)
    found = select(facts.c.name).where(facts.c.name == "half")
    assert await store.read(lambda connection: connection.scalar(found)) is None


async def test_a_fault_of_the_database_is_told_in_its_own_words(store: Database) -> None:
    """
    Without the values that were to be written.
    """
    row = {"name": "twice", "sealed": b"geheim"}
    with pytest.raises(StorageError) as caught:
        await write(store, row, row)
    assert "geheim" not in str(caught.value)


async def test_a_lock_held_by_another_program_is_waited_for(database: Database, sqlite_url: str) -> None:
    """
    A backup program or a curious administrator may hold the file for a moment.
    """
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writing = asyncio.create_task(write(database, {"name": "patient", "sealed": b"x"}))
    await asyncio.sleep(0.3)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing


async def test_a_lock_that_is_not_given_up_is_told(database: Database, sqlite_url: str) -> None:
    """
    Nothing was written then, and the next write works once the lock is gone.
    """
    await database.read(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout = 50"))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        await write(database, {"name": "late", "sealed": b"x"})
    other.execute("COMMIT")
    other.close()
    await write(database, {"name": "late", "sealed": b"x"})


async def test_a_full_disk_is_no_end(database: Database) -> None:
    """
    The write fails as a whole; once there is room, the next one works.
    """

    def allow(connection: Connection, pages: int = 0) -> None:
        most = pages or connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    await database.read(allow)
    large = {"name": "large", "sealed": bytes(100_000)}
    with pytest.raises(StorageError, match="full"):
        await write(database, large)
    await database.read(lambda connection: allow(connection, 1_073_741_823))
    await write(database, large)


async def test_writes_that_wait_are_committed_together_or_each_on_its_own(store: Database) -> None:
    """
    One that fails takes none of its neighbours along.
    """

    async def fail() -> str:
        try:
            await write(store, {"name": "b", "sealed": b"x"}, {"name": "b", "sealed": b"x"})
        except StorageError:
            return "refused"
        return "written"

    await asyncio.gather(*(write(store, {"name": f"n{number}", "sealed": b"x"}) for number in range(5)))
    results = await asyncio.gather(
        write(store, {"name": "a", "sealed": b"x"}), fail(), write(store, {"name": "c", "sealed": b"x"})
    )
    assert results[1] == "refused"
    names = await store.read(lambda connection: set(connection.execute(select(facts.c.name)).scalars()))
    assert {"a", "c", "n0", "n4"} <= names
    assert "b" not in names
