"""
The conversations that coaches take part in, and how they are found. What changes them is in `takeovers`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from bot.model import Person, Profile, ThreadState
from bot.storage import errands as errand_rows
from bot.storage.crypto import Vault
from bot.storage.engine import Database
from bot.storage.errands import DESK_LANE, Change, Copied, Errand
from bot.storage.people import opened
from bot.storage.tables import copies, errands, messages, people, threads

DROP = "drop"
"""
The kind of errand that deletes a topic.
"""


@dataclass(frozen=True, slots=True)
class Thread:
    """
    A conversation that a coach takes part in.

    Parameters:
        id: Its row.
        person: With whom.
        profile: What is remembered of them.
        topic: The topic it has at the desk, or None if there is none yet.
        state: Whether the coach is there.
        urgent: Whether the coach should see it before others.
        since: When it was handed over last, in seconds since 1970.
        human: When the coach wrote last; 0 for never.
        remind: When to remind the coach, or None.
        notes: What the coach noted, oldest first.
        tags: What the coach filed it under.
        first_seen: When the person wrote first.
    """

    id: int
    person: Person
    profile: Profile
    topic: int | None
    state: ThreadState
    urgent: bool
    since: int
    human: int
    remind: int | None
    notes: tuple[str, ...]
    tags: tuple[str, ...]
    first_seen: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """
    Something a person wrote, and what it was understood as: an intent, or None.
    """

    at: int
    text: str
    intent: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Threads:
    """
    Finds threads.

    Parameters:
        database: Where they are.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def of_person(self, key: str) -> Thread | None:
        """
        The thread of a person, or None if they never had one.
        """
        return await self._one(_THREADS.where(people.c.lookup == self.database.vault.lookup(key)))

    async def of_topic(self, topic: int) -> Thread | None:
        """
        The thread that has a topic, or None.
        """
        return await self._one(_THREADS.where(threads.c.topic == topic))

    async def of_message(self, ours: int) -> Thread | None:
        """
        The thread in whose topic a copied message stands, or None.
        """
        last = select(copies.c.thread).where(copies.c.ours == ours).order_by(copies.c.id.desc()).limit(1)
        return await self._one(_THREADS.where(threads.c.id == last.scalar_subquery()))

    async def of_id(self, thread: int) -> Thread | None:
        """
        The thread in a row, or None if it is gone.
        """
        return await self._one(_THREADS.where(threads.c.id == thread))

    async def active(self) -> list[Thread]:
        """
        Those that wait for a coach or have one, the urgent ones first, then those that wait longest.
        """
        chosen = _THREADS.where(threads.c.state != ThreadState.CLOSED)
        return await self._all(chosen.order_by(threads.c.urgent.desc(), threads.c.since, threads.c.id))

    async def to_remind(self) -> list[Thread]:
        """
        Those of which the coach wanted to be reminded by now.
        """
        return await self._all(_THREADS.where(threads.c.remind <= int(self.clock())).order_by(threads.c.id))

    async def silent(self, seconds: float) -> list[Thread]:
        """
        Those in which the coach took over and has not written for some time.
        """
        before = int(self.clock() - seconds)
        return await self._all(_THREADS.where(threads.c.state == ThreadState.TAKEN, threads.c.human < before))

    async def lines(self, thread: Thread, most: int) -> list[Line]:
        """
        What the person wrote lately, oldest first.
        """
        statement = (
            select(messages)
            .join(threads, threads.c.person == messages.c.person)
            .where(threads.c.id == thread.id)
            .order_by(messages.c.id.desc())
            .limit(most)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        vault = self.database.vault
        return [Line(row.at, str(vault.open(row.sealed)), row.intent, row.outcome) for row in reversed(rows)]

    async def copy(self, thread: Thread, *, theirs: int = 0, ours: int = 0) -> Copied | None:
        """
        What became of a message, named by its number in the person's chat or at the desk; the latest copy of it.
        """
        number = copies.c.theirs == theirs if theirs else copies.c.ours == ours
        statement = select(copies).where(copies.c.thread == thread.id, number).order_by(copies.c.id.desc()).limit(1)
        row = await self.database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else Copied(row.theirs, row.ours, row.from_person)

    async def copies_of(self, thread: Thread, ours: int) -> int:
        """
        How many messages of a person stand in one message at the desk.
        """
        statement = (
            select(func.count(copies.c.theirs.distinct()))
            .select_from(copies)
            .where(copies.c.thread == thread.id, copies.c.ours == ours)
        )
        return await self.database.read(lambda connection: connection.scalar(statement)) or 0

    async def keep(self, *changes: Change) -> None:
        """
        Keep changes that have no other cause, in one transaction.
        """
        await self.database.write(lambda connection: [change(connection) for change in changes])

    async def _one(self, statement: Select[Any]) -> Thread | None:
        row = await self.database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else self._thread(row)

    async def _all(self, statement: Select[Any]) -> list[Thread]:
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [self._thread(row) for row in rows]

    def _thread(self, row: Any) -> Thread:
        vault = self.database.vault
        person, profile = opened(vault, row.whose)
        kept = vault.open(row.sealed)
        return Thread(
            id=row.id,
            person=person,
            profile=profile,
            topic=row.topic,
            state=ThreadState(row.state),
            urgent=row.urgent,
            since=row.since,
            human=row.human,
            remind=row.remind,
            notes=tuple(kept["notes"]),
            tags=tuple(kept["tags"]),
            first_seen=row.first_seen,
        )


_THREADS = select(threads, people.c.sealed.label("whose"), people.c.first_seen).join(
    people, people.c.id == threads.c.person
)


def drop(connection: Connection, vault: Vault, condition: Any, now: int) -> int:
    """
    Delete the threads of people who are forgotten, or that were kept long enough, together with their topics at the
    desk; within a transaction of the caller. Returns how many.

    Parameters:
        connection: The transaction.
        vault: Seals what is left to do.
        condition: Which threads.
        now: Seconds since 1970.
    """
    found = connection.execute(select(threads.c.id, threads.c.topic).where(condition)).all()
    for thread, topic in found:
        connection.execute(delete(errands).where(errands.c.lane == thread))
        if topic is not None:
            errand_rows.add(connection, vault, [Errand(DESK_LANE, DROP, {"topic": topic})], now)
        connection.execute(delete(threads).where(threads.c.id == thread))
    return len(found)


def of_person(lookup: bytes) -> Any:
    """
    The condition that a thread is of the person with a look-up hash.
    """
    return of_people(people.c.lookup == lookup)


def of_people(condition: Any) -> Any:
    """
    The condition that a thread is of the people for whom another condition holds.
    """
    return threads.c.person.in_(select(people.c.id).where(condition))


def old(before: int) -> Any:
    """
    The condition that a thread was closed, and nothing happened in it since a moment.
    """
    return (threads.c.state == ThreadState.CLOSED) & (threads.c.since < before) & (threads.c.human < before)
