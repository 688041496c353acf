"""
Whether everything the bot needs is in place, and what to do if not. Nothing is changed by looking.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.content.schema import Source, SourceKind
from bot.ops.keeping import Access
from bot.storage.articles import Shelf
from bot.storage.crypto import SealError, read_keys
from bot.storage.engine import DatabaseError, is_new
from bot.storage.inbox import Inbox
from bot.storage.people import People


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What looking at one part of the set-up found.

    Parameters:
        part: What was looked at.
        well: Whether it is as it should be.
        text: What was found, and what to do if it is not well.
    """

    part: str
    well: bool
    text: str


def examine_key(access: Access) -> Finding:
    """
    Whether there is a key, and where.
    """
    try:
        keys = read_keys(access.key, access.key_file)
    except SealError as error:
        return Finding("key", well=False, text=str(error))
    place = "TREMPLIN_KEY" if access.key else str(access.key_file)
    return Finding("key", well=True, text=f"in {place}" if keys else f"will be made at the first start, in {place}")


async def examine_database(access: Access) -> Finding:
    """
    Whether the database opens, and what waits in it.
    """
    try:
        if await is_new(access.url):
            return Finding("database", well=True, text="will be made at the first start")
        async with access.database() as database:
            counts = await Inbox(database).counts()
            known = await People(database).count()
    except (DatabaseError, SealError) as error:
        return Finding("database", well=False, text=str(error))
    shown = f"{known} people, {counts['waiting']} updates waiting, {counts['set_aside']} set aside"
    return Finding("database", well=True, text=shown)


async def examine_sources(access: Access, sources: Sequence[Source]) -> list[Finding]:
    """
    Whether each source of articles that is not a folder was read, and when.
    """
    named = [source for source in sources if source.kind is not SourceKind.FOLDER]
    unread = "was not read yet: python -m bot blog sync reads it (a running bot does so by itself)"
    if not named:
        return []
    try:
        if await is_new(access.url):
            return [Finding(source.name, well=False, text=unread) for source in named]
        async with access.database() as database:
            shelf = Shelf(database)
            kept = [(await shelf.progress(source.name), await shelf.ids(source.name)) for source in named]
    except (DatabaseError, SealError):
        # The finding on the database says what is wrong.
        return []
    findings = []
    for source, (progress, ids) in zip(named, kept, strict=True):
        read = dt.datetime.fromtimestamp(progress.synced, dt.UTC)
        shown = f"{len(ids)} articles, read on {read:%Y-%m-%d at %H:%M} UTC" if progress.synced else unread
        trouble = f"; the last time it failed: {progress.trouble}" if progress.trouble else ""
        findings.append(Finding(source.name, well=bool(progress.synced) and not trouble, text=shown + trouble))
    return findings
