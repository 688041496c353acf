"""
Looking after a database: copies of it, bringing one back, a new key, and who is using it.

A backup is a compressed file of JSON lines, one a row with the names of its columns, with everything sealed as it is
stored. It can be brought back into SQLite and PostgreSQL alike, into this version or a later one, by whoever has the
key.
"""

import base64
import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update

from bot.storage.crypto import SealError, Vault, new_lookup_key
from bot.storage.engine import LOOKUP_KEY, Database, continue_numbering
from bot.storage.tables import (
    accounts,
    audit,
    coaches,
    drafts,
    errands,
    facts,
    inbox,
    messages,
    metadata,
    people,
    questions,
    threads,
)

LEASE_SECONDS = 60
"""
How long a program that died counts as running.
"""

_LEASE = "running"
_FORMAT = "tremplin-backup-2"
_BATCH = 500
_SEALED = (threads, errands, audit, questions, drafts)
"""
The tables, besides those of people and what they write, whose rows hold nothing to look up.
"""


class UpkeepError(RuntimeError):
    """
    It cannot be done now. The message says what to do.
    """


async def hold(database: Database) -> None:
    """
    Take note that a program is using the database, for the next `LEASE_SECONDS`.
    """
    row = {"name": _LEASE, "sealed": database.vault.seal(time.time() + LEASE_SECONDS)}

    def renew(connection: Connection) -> None:
        connection.execute(delete(facts).where(facts.c.name == _LEASE))
        connection.execute(insert(facts).values(row))

    await database.write(renew)


async def release(database: Database) -> None:
    """
    Take note that the program has ended.
    """
    ended = delete(facts).where(facts.c.name == _LEASE)
    await database.write(lambda connection: connection.execute(ended))


async def backup(database: Database, path: Path) -> int:
    """
    Copy everything into a file, while the bot goes on.

    Returns:
        How many rows.

    Raises:
        UpkeepError: The file is there already or cannot be written.
    """

    def copy(connection: Connection) -> int:
        rows = 0
        with path.open("xb") as raw, gzip.open(raw, "wt", encoding="ascii") as file:
            file.write(json.dumps([_FORMAT]) + "\n")
            for table in metadata.sorted_tables:
                for row in connection.execution_options(yield_per=_BATCH).execute(select(table)).mappings():
                    values = {name: _plain(value) for name, value in row.items()}
                    file.write(json.dumps([table.name, values], separators=(",", ":")) + "\n")
                    rows += 1
        return rows

    try:
        return await database.connections.run(copy, reads=True)
    except FileExistsError:
        raise UpkeepError(f"{path} is there already; choose another name") from None
    except OSError as error:
        raise UpkeepError(f"{path} cannot be written: {error.strerror}") from None


async def restore(database: Database, path: Path) -> int:
    """
    Bring a backup back into an empty database.

    Returns:
        How many rows.

    Raises:
        UpkeepError: The database is not empty, or the file is no backup.
        SealError: The backup was sealed with another key.
    """

    def fill(connection: Connection) -> int:
        with gzip.open(path, "rt", encoding="ascii") as file:
            lines = map(json.loads, file)
            if next(lines, None) != [_FORMAT]:
                raise UpkeepError(f"{path} is no backup of Tremplin")
            if connection.scalar(select(func.count()).select_from(people)):
                raise UpkeepError("the database is not empty: restore into a new one (set TREMPLIN_DATABASE)")
            return _fill(connection, database.vault, lines)

    try:
        return await database.connections.run(fill)
    except SealError:
        raise
    except (OSError, EOFError, ValueError):
        raise UpkeepError(f"{path} cannot be read as a backup") from None


async def rotate(database: Database, new: Vault, new_key_of_lookups: bytes) -> int:
    """
    Seal everything anew, with a new key for the look-ups too.

    Parameters:
        database: Opened with the keys used so far.
        new: Seals with the new key.
        new_key_of_lookups: The key of the new look-ups, which `new` uses.

    Returns:
        How many rows.

    Raises:
        UpkeepError: A program is using the database.
    """
    old = database.vault

    def seal_anew(connection: Connection) -> int:
        _refuse_while_running(connection, old)
        lookup_key = new.seal(new_key_of_lookups.hex())
        connection.execute(update(facts).where(facts.c.name == LOOKUP_KEY).values(sealed=lookup_key))
        return (
            _seal_rows(connection, people.c.id, lambda row: _person(old, new, row))
            + _seal_rows(connection, messages.c.id, lambda row: _message(old, new, row))
            + _seal_rows(connection, inbox.c.update_id, lambda row: _update(old, new, row))
            + sum(_seal_rows(connection, table.c.id, lambda row: _message(old, new, row)) for table in _SEALED)
            + _seal_facts(connection, old, new)
            + _seal_looked_up(connection, coaches, lambda kept: kept[0], old, new)
            + _seal_looked_up(connection, accounts, lambda kept: kept["id"], old, new)
        )

    return await database.write(seal_anew)


def fresh_vault(keys: tuple[str, ...]) -> tuple[Vault, bytes]:
    """
    A vault with a new key for look-ups, and that key.
    """
    lookup_key = new_lookup_key()
    return Vault(keys, lookup_key), lookup_key


def _person(old: Vault, new: Vault, row: Any) -> dict[str, Any]:
    kept = old.open(row.sealed)
    return {"sealed": new.seal(kept), "lookup": new.lookup(kept["key"])}


def _message(old: Vault, new: Vault, row: Any) -> dict[str, Any]:
    return {"sealed": new.seal(old.open(row.sealed))}


def _update(old: Vault, new: Vault, row: Any) -> dict[str, Any]:
    if row.sealed is None:
        return {}
    lane, raw = old.open(row.sealed)
    calls = {"calls": new.seal(old.open(row.calls))} if row.calls else {}
    return {"sealed": new.seal([lane, raw]), "person": new.lookup(lane) if lane else None, **calls}


def _seal_rows(connection: Connection, key: Column[int], change: Callable[[Any], dict[str, Any]]) -> int:
    """
    Change the rows of a table in batches, in the order of their key; returns how many were changed.
    """
    table, last, changed = key.table, None, 0
    while True:
        statement = select(table).order_by(key).limit(_BATCH)
        rows = connection.execute(statement if last is None else statement.where(key > last)).all()
        for row in rows:
            last = row._mapping[key]  # noqa: SLF001 (the public way to a column by its object)
            if values := change(row):
                connection.execute(update(table).where(key == last).values(values))
                changed += 1
        if len(rows) < _BATCH:
            return changed


def _seal_facts(connection: Connection, old: Vault, new: Vault) -> int:
    """
    Seal the facts anew, but for the one that was just changed.
    """
    rows = connection.execute(select(facts).where(facts.c.name.not_in((LOOKUP_KEY, _LEASE)))).all()
    for row in rows:
        sealed = new.seal(old.open(row.sealed))
        connection.execute(update(facts).where(facts.c.name == row.name).values(sealed=sealed))
    return len(rows)


def _seal_looked_up(
    connection: Connection, table: Table, identity: Callable[[Any], str], old: Vault, new: Vault
) -> int:
    """
    Seal anew what is found by a look-up hash alone.
    """
    rows = connection.execute(select(table)).all()
    for row in rows:
        kept = old.open(row.sealed)
        values = {"lookup": new.lookup(identity(kept)), "sealed": new.seal(kept)}
        connection.execute(update(table).where(table.c.lookup == row.lookup).values(values))
    return len(rows)


def _refuse_while_running(connection: Connection, vault: Vault) -> None:
    sealed = connection.scalar(select(facts.c.sealed).where(facts.c.name == _LEASE))
    if sealed is not None and vault.open(sealed) > time.time():
        raise UpkeepError(f"the bot is running (or died less than {LEASE_SECONDS} seconds ago): stop it first")


def _fill(connection: Connection, vault: Vault, lines: Iterator[Any]) -> int:
    rows = 0
    connection.execute(delete(facts))
    for name, values in lines:
        table = metadata.tables[name]
        # What a newer version added is not in an older backup, and gets its default.
        row = {column: _stored(value) for column, value in values.items() if column in table.columns}
        if table is facts and row["name"] == _LEASE:
            continue
        if table is facts:
            # Proves that this is the key the backup was sealed with.
            vault.open(row["sealed"])
        connection.execute(insert(table).values(row))
        rows += 1
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            continue_numbering(connection, table)
    return rows


def _plain(value: Any) -> Any:
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def _stored(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value
