"""
The conversations that coaches take part in. What changes one comes as a `Change`, to be kept together with its cause.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from bot.model import Person, Profile, Reason, ThreadState
from bot.storage import errands as errand_rows
from bot.storage.crypto import Vault
from bot.storage.engine import Database
from bot.storage.errands import DESK_LANE, Change, Copied, Errand
from bot.storage.people import opened
from bot.storage.tables import copies, errands, handovers, messages, people, threads

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
    Finds threads and makes the changes to them.

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

    def handing_over(self, key: str, reason: Reason, new: Sequence[Errand] = (), *, urgent: bool = False) -> Change:
        """
        Hand a conversation over to the coach, unless it is already.

        Parameters:
            key: Whose it is; the person is known.
            reason: Why.
            new: What is to be carried then; the lane is filled in.
            urgent: Whether the coach should see it before others.
        """

        def change(connection: Connection) -> None:
            now = int(self.clock())
            found = self._found(connection, key)
            if found is None:
                thread, begins = self._begun(connection, key, now, urgent=urgent), True
            else:
                thread, begins = found.id, found.state == ThreadState.CLOSED
                values: dict[str, Any] = {"urgent": urgent or (found.urgent and not begins)}
                if begins:
                    values |= {"state": ThreadState.WAITING, "since": now}
                connection.execute(update(threads).where(threads.c.id == thread).values(values))
            if begins:
                connection.execute(insert(handovers).values(thread=thread, at=now, reason=reason))
            self._add(connection, thread, new)

        return change

    def carrying(self, key: str, new: Sequence[Errand]) -> Change:
        """
        Carry something for a person who has a thread; nothing if they have none (any more).
        """

        def change(connection: Connection) -> None:
            if (found := self._found(connection, key)) is not None:
                self._add(connection, found.id, new)

        return change

    def taking(self, thread: int, new: Sequence[Errand] = ()) -> Change:
        """
        Take note that the coach writes; the first time, the bot falls silent.
        """

        def change(connection: Connection) -> None:
            now = int(self.clock())
            values = {"state": ThreadState.TAKEN, "human": now, "urgent": False, "remind": None}
            connection.execute(update(threads).where(threads.c.id == thread).values(values))
            first = _latest(thread) & handovers.c.taken.is_(None)
            if not connection.execute(update(handovers).where(first).values(taken=now)).rowcount:
                self._begin_unasked(connection, thread, now)
            self._add(connection, thread, new)

        return change

    def ending_all(self) -> Change:
        """
        End the coach's part in all conversations, and leave undone what was still to be carried.
        """

        def change(connection: Connection) -> None:
            values = {"state": ThreadState.CLOSED, "urgent": False, "remind": None, "topic": None}
            connection.execute(update(threads).values(values))
            for table in (errands, copies):
                connection.execute(delete(table))

        return change

    def ending(self, thread: int, new: Sequence[Errand] = ()) -> Change:
        """
        End the coach's part; the bot answers again.
        """

        def change(connection: Connection) -> None:
            now = int(self.clock())
            values = {"state": ThreadState.CLOSED, "urgent": False, "remind": None}
            connection.execute(update(threads).where(threads.c.id == thread).values(values))
            connection.execute(update(handovers).where(_latest(thread)).values(closed=now))
            self._add(connection, thread, new)

        return change

    def rating(self, thread: int, *, useful: bool) -> Change:
        """
        Take note whether the last hand-over helped.
        """
        last = select(handovers.c.id).where(handovers.c.thread == thread).order_by(handovers.c.id.desc()).limit(1)
        statement = update(handovers).where(handovers.c.id == last.scalar_subquery()).values(useful=useful)
        return lambda connection: connection.execute(statement)

    def changing(self, thread: Thread, new: Sequence[Errand] = (), **values: Any) -> Change:
        """
        Change fields of a thread: `topic`, `urgent`, `remind`, `notes` or `tags`.
        """
        changed = replace(thread, **values)
        sealed = self.database.vault.seal({"notes": changed.notes, "tags": changed.tags})
        row = {"topic": changed.topic, "urgent": changed.urgent, "remind": changed.remind, "sealed": sealed}

        def change(connection: Connection) -> None:
            connection.execute(update(threads).where(threads.c.id == thread.id).values(row))
            self._add(connection, thread.id, new)

        return change

    def leaving_topics(self) -> Change:
        """
        Forget all topics: the desk is elsewhere now.
        """

        def change(connection: Connection) -> None:
            connection.execute(update(threads).values(topic=None))
            connection.execute(delete(copies))

        return change

    def saying(self, new: Sequence[Errand]) -> Change:
        """
        Carry something that belongs to no thread.
        """
        return lambda connection: self._add(connection, DESK_LANE, new)

    def deleting(self, key: str, theirs: int) -> Change:
        """
        Forget what a person wrote in a message of their chat.
        """
        owner = select(people.c.id).where(people.c.lookup == self.database.vault.lookup(key)).scalar_subquery()
        statement = delete(messages).where(messages.c.person == owner, messages.c.message == theirs)
        return lambda connection: connection.execute(statement)

    def _found(self, connection: Connection, key: str) -> Any:
        lookup = self.database.vault.lookup(key)
        statement = select(threads).join(people, people.c.id == threads.c.person).where(people.c.lookup == lookup)
        return connection.execute(statement).first()

    def _begun(self, connection: Connection, key: str, now: int, *, urgent: bool) -> int:
        vault = self.database.vault
        person = connection.scalar(select(people.c.id).where(people.c.lookup == vault.lookup(key)))
        row = {"person": person, "state": ThreadState.WAITING, "urgent": urgent, "since": now, "human": 0}
        sealed = vault.seal({"notes": (), "tags": ()})
        return int(connection.scalar(insert(threads).values(sealed=sealed, **row).returning(threads.c.id)) or 0)

    @staticmethod
    def _begin_unasked(connection: Connection, thread: int, now: int) -> None:
        """
        The coach writes in a thread that was closed: a hand-over that nobody waited for.
        """
        if connection.execute(select(handovers.c.id).where(_latest(thread))).first() is None:
            row = {"thread": thread, "at": now, "reason": "coach", "taken": now}
            connection.execute(insert(handovers).values(row))

    def _add(self, connection: Connection, thread: int, new: Sequence[Errand]) -> None:
        in_lane = [replace(one, lane=thread) for one in new]
        errand_rows.add(connection, self.database.vault, in_lane, int(self.clock()))

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


def state_of(connection: Connection, lookup: bytes) -> ThreadState:
    """
    Whether a coach takes part in the conversation with a person, within a transaction of the caller.
    """
    statement = select(threads.c.state).join(people, people.c.id == threads.c.person).where(people.c.lookup == lookup)
    return ThreadState(connection.scalar(statement) or 0)


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


def _latest(thread: int) -> Any:
    return (handovers.c.thread == thread) & handovers.c.closed.is_(None)
