"""
How often things happened, by day and without who.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from bot.events import Event, event_name
from bot.storage.engine import Database, upsert
from bot.storage.tables import counters

_DAY_SECONDS = 86_400
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Counters:
    """
    Counts events.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def count(self, event: Event) -> None:
        """
        Count one more event of today.

        Raises:
            StorageError: The database cannot be written.
        """
        await self.database.write(lambda connection: add(connection, [event], int(self.clock())))

    async def totals(self, kind: str, days: int) -> dict[tuple[str, ...], int]:
        """
        How often events of one kind happened.

        Parameters:
            kind: The name of the kind, such as `shown`.
            days: How many days back to look, today included.

        Returns:
            By the ids of the event: how often, most frequent first.
        """
        total = func.sum(counters.c.count)
        statement = (
            select(counters.c.name, total)
            .where(*self._lately(kind, days))
            .group_by(counters.c.name)
            .order_by(total.desc(), counters.c.name)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return {_ids(name): int(count) for name, count in rows}

    async def by_day(self, kind: str, days: int) -> list[tuple[date, tuple[str, ...], int]]:
        """
        How often events of one kind happened on each day.

        Parameters:
            kind: The name of the kind, such as `shown`.
            days: How many days back to look, today included.

        Returns:
            Days in UTC, the ids of an event, and how often it happened; oldest first.
        """
        columns = (counters.c.day, counters.c.name, counters.c.count)
        statement = select(*columns).where(*self._lately(kind, days)).order_by(counters.c.day, counters.c.name)
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [(day_of(day), _ids(name), count) for day, name, count in rows]

    def _lately(self, kind: str, days: int) -> tuple[ColumnElement[bool], ...]:
        since = int(self.clock()) // _DAY_SECONDS - days + 1
        return counters.c.name.startswith(f"{kind}:", autoescape=True), counters.c.day >= since


def day_of(number: int) -> date:
    """
    The day that is so many days after the first of 1970.
    """
    return _FIRST_DAY + timedelta(days=number)


def _ids(name: str) -> tuple[str, ...]:
    return tuple(name.split(":")[1:])


def add(connection: Connection, events: Iterable[Event], now: int) -> None:
    """
    Count events, within a transaction of the caller.
    """
    names = Counter(map(event_name, events))
    rows = [{"day": now // _DAY_SECONDS, "name": name, "count": count} for name, count in sorted(names.items())]
    if rows:
        connection.execute(_counting(connection.dialect.name), rows)


@cache
def _counting(dialect: str) -> Any:
    """
    The statement that counts one more event of a day.
    """
    more = upsert(dialect, counters)
    added = {"count": counters.c.count + more.excluded.count}
    return more.on_conflict_do_update(index_elements=["day", "name"], set_=added)
