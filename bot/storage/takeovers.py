"""
What changes the conversations that coaches take part in: each comes as a `Change`, to be kept together with its cause.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.model import Reason, ThreadState
from bot.storage import errands as errand_rows
from bot.storage.engine import Database
from bot.storage.errands import DESK_LANE, Change, Errand
from bot.storage.tables import copies, errands, handovers, messages, people, threads
from bot.storage.threads import Thread


@dataclass(frozen=True, slots=True)
class Takeovers:
    """
    Makes changes to threads.

    Parameters:
        database: Where they are.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

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
        Change fields of a thread: `urgent`, `remind`, `notes` or `tags`.
        """
        changed = replace(thread, **values)
        row = {name: value for name, value in values.items() if name in {"urgent", "remind"}}
        if {"notes", "tags"} & values.keys():
            row["sealed"] = self.database.vault.seal({"notes": changed.notes, "tags": changed.tags})

        def change(connection: Connection) -> None:
            connection.execute(update(threads).where(threads.c.id == thread.id).values(row))
            self._add(connection, thread.id, new)

        return change

    def settling(self, thread: int, topic: int) -> Change:
        """
        Take note of the topic that a thread has.
        """
        statement = update(threads).where(threads.c.id == thread).values(topic=topic)
        return lambda connection: connection.execute(statement)

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
            row = {"thread": thread, "at": now, "reason": Reason.COACH, "taken": now}
            connection.execute(insert(handovers).values(row))

    def _add(self, connection: Connection, thread: int, new: Sequence[Errand]) -> None:
        in_lane = [replace(one, lane=thread) for one in new]
        errand_rows.add(connection, self.database.vault, in_lane, int(self.clock()))


def _latest(thread: int) -> Any:
    return (handovers.c.thread == thread) & handovers.c.closed.is_(None)
