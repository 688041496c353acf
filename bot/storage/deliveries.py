"""
Sending a broadcast to one recipient after the other. Every step is committed before and after it is taken, so that a
crash at any instant sends nothing twice.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, select, update

from bot.model import Broadcast, BroadcastState, Person, Profile, RecipientState
from bot.storage.audiences import recent
from bot.storage.broadcasts import opened_broadcast, sealed_of
from bot.storage.engine import Database
from bot.storage.people import opened
from bot.storage.tables import broadcasts, people, recipients

LEASE_SECONDS = 10
"""
How long a process that sends is taken for alive after it was last heard of.
"""
_SKIPPED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """
    Somebody to whom a broadcast is being sent.

    Parameters:
        id: Their row.
        person: Who they are.
        profile: In which language and form they are addressed.
    """

    id: int
    person: Person
    profile: Profile


class AsleepError(RuntimeError):
    """
    It is night where those live who are left.
    """


class LeaseLostError(RuntimeError):
    """
    Another process sends this broadcast now, or it was paused or cancelled.
    """


@dataclass(frozen=True, slots=True)
class Deliveries:
    """
    Takes broadcasts on and claims their recipients.

    Parameters:
        database: Where they are.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def take(self, holder: str, besides: Collection[int] = ()) -> Broadcast | None:
        """
        Take on a broadcast that is due, or one whose process has died; None if there is none. What the dead process was
        sending is unknown from then on.

        Parameters:
            holder: Stands for this process.
            besides: The numbers of those to leave aside.
        """
        now = int(self.clock())

        def taken(connection: Connection) -> Any:
            row = connection.execute(
                select(broadcasts)
                .where(_due(now, holder, besides))
                .order_by(broadcasts.c.start, broadcasts.c.id)
                .limit(1)
                .with_for_update()
            ).first()
            if row is None:
                return None
            values = {"state": BroadcastState.RUNNING, "holder": holder, "until": now + LEASE_SECONDS}
            connection.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(values))
            sending = (recipients.c.broadcast == row.id) & (recipients.c.state == RecipientState.SENDING)
            connection.execute(update(recipients).where(sending).values(state=RecipientState.UNKNOWN, at=now))
            return row

        row = await self.database.write(taken)
        return (
            None if row is None else replace(opened_broadcast(self.database.vault, row), state=BroadcastState.RUNNING)
        )

    async def is_due(self, holder: str, besides: Collection[int]) -> bool:
        """
        Whether there is anything to take on.

        Parameters:
            holder: Stands for this process.
            besides: The numbers of those to leave aside.
        """
        statement = select(exists().where(_due(int(self.clock()), holder, besides)))
        return bool(await self.database.read(lambda connection: connection.scalar(statement)))

    async def claim(self, broadcast: Broadcast, holder: str, asleep: Collection[str] = ()) -> Recipient | None:
        """
        The next recipient, who counts as being sent to from now on; None if there is none left. Those who do not want
        it any more are passed over.

        Parameters:
            broadcast: Which is sent.
            holder: Stands for this process.
            asleep: The time zones where it is night; an empty string stands for that of whoever chose none.

        Raises:
            LeaseLostError: It is not this process's to send any more.
            AsleepError: Those who are left are asleep.
        """

        def claimed(connection: Connection) -> Any:
            now = int(self.clock())
            self._hold(connection, broadcast.id, holder, now)
            for _ in range(_SKIPPED_AT_ONCE):
                row = connection.execute(_NEXT, {"number": broadcast.id, "asleep": list(asleep) or [_NOWHERE]}).first()
                if row is None:
                    return self._left(connection, broadcast.id)
                wanted = row.whose is not None and self._wants(connection, row, broadcast, now)
                state = RecipientState.SENDING if wanted else RecipientState.SKIPPED
                connection.execute(_MARK, {"row": row.id, "new": int(state), "now": now})
                if wanted:
                    return row
            return _MORE

        row = await self.database.write(claimed)
        if row is _MORE:
            return await self.claim(broadcast, holder, asleep)
        if row is _ASLEEP:
            raise AsleepError
        if row is None:
            return None
        person, profile = opened(self.database.vault, row.whose)
        return Recipient(row.id, person, profile)

    async def hold(self, broadcast: Broadcast, holder: str, ahead: float = 0.0) -> None:
        """
        Say that a process still sends a broadcast, while it waits to claim the next recipient.

        Parameters:
            broadcast: Which is sent.
            holder: Stands for this process.
            ahead: Seconds for which the process will not say so again.

        Raises:
            LeaseLostError: It is not this process's to send any more.
        """
        now = int(self.clock())
        await self.database.write(lambda connection: self._hold(connection, broadcast.id, holder, now, int(ahead)))

    async def mark(self, recipient: int, state: RecipientState, message: int | None = None) -> None:
        """
        Take note of what became of a recipient who was being sent to.

        Parameters:
            recipient: Their row.
            state: What became of it; pending if it certainly was not sent and is to be tried again.
            message: The number that the message has in their chat, if it was sent.
        """
        sending = (recipients.c.id == recipient) & (recipients.c.state == RecipientState.SENDING)
        values = {"state": state, "at": int(self.clock()), "message": message}
        statement = update(recipients).where(sending).values(values)
        await self.database.write(lambda connection: connection.execute(statement))

    async def finish(self, broadcast: Broadcast, state: BroadcastState, trouble: str = "") -> None:
        """
        End a broadcast that runs: finished, or faulty with the reason.
        """
        row = select(broadcasts).where(broadcasts.c.id == broadcast.id)

        def end(connection: Connection) -> None:
            current = opened_broadcast(self.database.vault, connection.execute(row).one())
            values = {"state": state, "holder": None, "until": None}
            sealed = sealed_of(self.database.vault, replace(current, trouble=trouble))
            running = (broadcasts.c.id == broadcast.id) & (broadcasts.c.state == BroadcastState.RUNNING)
            connection.execute(update(broadcasts).where(running).values(**values, sealed=sealed))

        await self.database.write(end)

    async def zones(self) -> list[str]:
        """
        The time zones that people chose; an empty string for those who chose none.
        """
        statement = select(func.coalesce(people.c.zone, "")).distinct()
        return list(await self.database.read(lambda connection: connection.scalars(statement).all()))

    @staticmethod
    def _left(connection: Connection, number: int) -> object:
        """
        What it means that nobody was found: nobody is left, or those who are are asleep.
        """
        pending = (recipients.c.broadcast == number) & (recipients.c.state == RecipientState.PENDING)
        return _ASLEEP if connection.scalar(select(exists().where(pending))) else None

    def _hold(self, connection: Connection, number: int, holder: str, now: int, ahead: int = 0) -> None:
        """
        Make sure that a broadcast is this process's to send, and say that it is alive.
        """
        row = connection.execute(select(broadcasts).where(broadcasts.c.id == number).with_for_update()).first()
        if row is None or row.holder != holder or row.state != BroadcastState.RUNNING:
            raise LeaseLostError
        if row.until < now:
            # It was asleep for too long: another process may be about to take over.
            raise LeaseLostError
        if row.until < now + ahead + LEASE_SECONDS // 2:
            renewed = update(broadcasts).where(broadcasts.c.id == number).values(until=now + ahead + LEASE_SECONDS)
            connection.execute(renewed)

    def _wants(self, connection: Connection, row: Any, broadcast: Broadcast, now: int) -> bool:
        """
        Whether somebody still may get it at the moment of sending.
        """
        if broadcast.audience.test:
            return bool(row.reachable)
        if not row.wants_messages or not row.reachable or row.hired:
            return False
        if broadcast.audience.anyway:
            return True
        other = (recipients.c.person == row.person) & (recipients.c.broadcast != broadcast.id)
        return not connection.scalar(select(exists().where(other & recent(now))))


def _due(now: int, holder: str, besides: Collection[int]) -> ColumnElement[bool]:
    """
    What a process may take on.
    """
    free = broadcasts.c.until.is_(None) | (broadcasts.c.until < now) | (broadcasts.c.holder == holder)
    begins = (broadcasts.c.state == BroadcastState.SCHEDULED) & (broadcasts.c.start <= now)
    goes_on = broadcasts.c.state == BroadcastState.RUNNING
    return (begins | goes_on) & free & broadcasts.c.id.not_in(besides)


_MORE, _ASLEEP = object(), object()
_NOWHERE = "-"
_NEXT = (
    select(
        recipients.c.id,
        recipients.c.person,
        people.c.sealed.label("whose"),
        people.c.wants_messages,
        people.c.reachable,
        people.c.hired,
    )
    .outerjoin(people, people.c.id == recipients.c.person)
    .where(
        recipients.c.broadcast == bindparam("number"),
        recipients.c.state == RecipientState.PENDING,
        func.coalesce(people.c.zone, "").not_in(bindparam("asleep", expanding=True)),
    )
    .order_by(recipients.c.id)
    .limit(1)
)
_MARK = (
    update(recipients).where(recipients.c.id == bindparam("row")).values(state=bindparam("new"), at=bindparam("now"))
)
