"""
Keeping the data safe: copies of it, bringing one back, a new key.
"""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.storage import upkeep
from bot.storage.crypto import new_key, read_keys, write_keys
from bot.storage.engine import Database, open_database
from bot.storage.people import People

_TAG = re.compile(r"[0-9a-f]{8}")
_HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Access:
    """
    What it takes to open the database.

    Parameters:
        url: Where it is.
        key: The encryption keys from the environment, or an empty string.
        key_file: Where the key is otherwise.
    """

    url: str
    key: str
    key_file: Path

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """
        The database, open for a while.

        Raises:
            DatabaseError: It cannot be used.
            SealError: The encryption key is missing or wrong.
        """
        database = await open_database(self.url, self.key, self.key_file)
        try:
            yield database
        finally:
            await database.close()


async def back_up(access: Access, path: Path) -> int:
    """
    Copy the database into a file, sealed as it is; returns how many rows.

    Raises:
        UpkeepError: The file cannot be written.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
    """
    async with access.database() as database:
        return await upkeep.backup(database, path)


async def bring_back(access: Access, path: Path) -> int:
    """
    Fill an empty database from a backup; returns how many rows.

    Raises:
        UpkeepError: The database is not empty, or the file is no backup.
        DatabaseError: The database cannot be used.
        SealError: The backup was sealed with another key.
    """
    async with access.database() as database:
        return await upkeep.restore(database, path)


async def mute(access: Access, tag: str, hours: float) -> int:
    """
    Leave somebody's messages unanswered for some hours, from now on; 0 to answer them again.

    Parameters:
        access: The database; the bot may be running.
        tag: The eight digits that stand for the person in the log.
        hours: How long.

    Raises:
        UpkeepError: Nobody is known by that tag.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
    """
    if not _TAG.fullmatch(tag):
        raise upkeep.UpkeepError(f"{tag} is no tag: it is the eight digits behind person= in the log")
    until = int(time.time() + hours * _HOUR_SECONDS) if hours else 0
    async with access.database() as database:
        found = await People(database).mute(tag, until)
    if found != 1:
        raise upkeep.UpkeepError(f"nobody is known as {tag}" if not found else f"{found} people share the tag {tag}")
    return until


async def rotate_key(access: Access) -> int:
    """
    Seal the database with a new key; returns how many rows.

    Raises:
        UpkeepError: The bot is running, or the keys are in the environment and there is no new one.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong, or its file cannot be written.
    """
    async with access.database() as database:
        keys = read_keys(access.key, access.key_file)
        if access.key and len(keys) == 1:
            raise upkeep.UpkeepError(
                "the key is in TREMPLIN_KEY: set it to a new one, a comma and the old one, and run this again. "
                f"A new key: {new_key()}"
            )
        if not access.key:
            keys = keys if len(keys) > 1 else (new_key(), *keys)
            # Both keys are in the file until all is sealed anew, so that nothing is lost if this is interrupted.
            write_keys(access.key_file, keys)
        rows = await upkeep.rotate(database, *upkeep.fresh_vault(keys[:1]))
        if not access.key:
            write_keys(access.key_file, keys[:1])
    return rows
