"""
Broadcasts and their recipients. Every step of a delivery is committed before and after it is taken, so that a crash at
any instant sends nothing twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, literal, select, update

from bot.model import Audience, Broadcast, BroadcastState, Letter, Person, Profile, RecipientState
from bot.storage.audiences import chosen, recent
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
class Broadcasts:
    """
    Keeps broadcasts.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def begin(self, letters: Mapping[str, Letter], by: str, chat: int = 0) -> Broadcast:
        """
        Keep a draft.

        Parameters:
            letters: What it says, by language.
            by: Who begins it.
            chat: The chat where it is prepared.
        """
        now = int(self.clock())
        fresh = Broadcast(0, BroadcastState.DRAFT, now, now, 0, letters, Audience(), chat, by=by)
        row = {"created": now, "state": fresh.state, "start": now, "hours": 0, "sealed": self._sealed(fresh)}
        made = insert(broadcasts).values(row).returning(broadcasts.c.id)
        number = await self.database.write(lambda connection: connection.scalar(made))
        return replace(fresh, id=int(number or 0))

    async def get(self, number: int) -> Broadcast | None:
        """
        A broadcast, or None if there is none.
        """
        statement = select(broadcasts).where(broadcasts.c.id == number)
        row = await self.database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else self._broadcast(row)

    async def latest(self, most: int) -> list[Broadcast]:
        """
        The latest broadcasts that are no drafts, newest first.
        """
        statement = select(broadcasts).where(broadcasts.c.state != BroadcastState.DRAFT)
        ordered = statement.order_by(broadcasts.c.id.desc()).limit(most)
        rows = await self.database.read(lambda connection: connection.execute(ordered).all())
        return [self._broadcast(row) for row in rows]

    async def change(self, broadcast: Broadcast) -> None:
        """
        Keep other fields of a broadcast; its state is changed by `move` alone.
        """
        values = {"start": broadcast.start, "hours": broadcast.hours, "sealed": self._sealed(broadcast)}
        statement = update(broadcasts).where(broadcasts.c.id == broadcast.id).values(values)
        await self.database.write(lambda connection: connection.execute(statement))

    async def show_at(self, number: int, message: int) -> None:
        """
        Take note in which message a broadcast's progress is shown.
        """
        row = select(broadcasts).where(broadcasts.c.id == number).with_for_update()

        def note(connection: Connection) -> None:
            current = self._broadcast(connection.execute(row).one())
            sealed = self._sealed(replace(current, progress=message))
            connection.execute(update(broadcasts).where(broadcasts.c.id == number).values(sealed=sealed))

        await self.database.write(note)

    async def move(self, number: int, state: BroadcastState, *before: BroadcastState) -> bool:
        """
        Change the state of a broadcast if it is one of some others; returns whether it was.
        """
        statement = update(broadcasts).where(broadcasts.c.id == number, broadcasts.c.state.in_(before))
        moved = statement.values(state=state)
        return bool(await self.database.write(lambda connection: connection.execute(moved).rowcount))

    async def count(self, audience: Audience, coaches: Sequence[str] = ()) -> int:
        """
        How many people an audience has now.

        Parameters:
            audience: The audience.
            coaches: The keys of the coaches, for a test.
        """
        people_of = chosen(audience, self._lookups(coaches), int(self.clock())).subquery()
        statement = select(func.count()).select_from(people_of)
        return await self.database.read(lambda connection: connection.scalar(statement)) or 0

    async def freeze(self, broadcast: Broadcast, coaches: Sequence[str] = ()) -> int:
        """
        Fix to whom a broadcast goes, and let it begin at its time; returns how many they are.

        Parameters:
            broadcast: A draft.
            coaches: The keys of the coaches, for a test.
        """
        now = int(self.clock())
        audience = broadcast.audience
        state = RecipientState.HELD if audience.sample else RecipientState.PENDING
        columns = ("broadcast", "person", "state", "at")
        values = chosen(audience, self._lookups(coaches), int(self.clock())).with_only_columns(
            literal(broadcast.id), people.c.id, literal(int(state)), literal(now)
        )

        def fix(connection: Connection) -> int:
            draft = (broadcasts.c.id == broadcast.id) & (broadcasts.c.state == BroadcastState.DRAFT)
            row = {"state": BroadcastState.SCHEDULED, "start": broadcast.start, "hours": broadcast.hours}
            changed = update(broadcasts).where(draft).values(**row, sealed=self._sealed(broadcast))
            if not connection.execute(changed).rowcount:
                return 0
            connection.execute(insert(recipients).from_select(columns, values.order_by(people.c.id)))
            theirs = recipients.c.broadcast == broadcast.id
            total = connection.scalar(select(func.count()).select_from(recipients).where(theirs)) or 0
            if audience.sample:
                some = max(1, round(total * audience.sample / 100))
                chance = select(recipients.c.id).where(theirs).order_by(func.random()).limit(some)
                picked = update(recipients).where(recipients.c.id.in_(chance.scalar_subquery()))
                connection.execute(picked.values(state=RecipientState.PENDING))
            return total

        return await self.database.write(fix)

    async def release(self, number: int) -> int:
        """
        After a sample, send to the others, too; returns how many they are.
        """
        held = (recipients.c.broadcast == number) & (recipients.c.state == RecipientState.HELD)

        def let_go(connection: Connection) -> int:
            changed = connection.execute(update(recipients).where(held).values(state=RecipientState.PENDING)).rowcount
            ended = (broadcasts.c.id == number) & (broadcasts.c.state == BroadcastState.FINISHED)
            connection.execute(update(broadcasts).where(ended).values(state=BroadcastState.SCHEDULED))
            return changed

        return await self.database.write(let_go)

    async def send_unknown(self, number: int) -> int:
        """
        Send again to those of whom nobody knows whether it arrived; returns how many they are.
        """
        unknown = (recipients.c.broadcast == number) & (recipients.c.state == RecipientState.UNKNOWN)

        def again(connection: Connection) -> int:
            changed = connection.execute(update(recipients).where(unknown).values(state=RecipientState.PENDING))
            ended = (broadcasts.c.id == number) & (broadcasts.c.state == BroadcastState.FINISHED)
            if changed.rowcount:
                connection.execute(update(broadcasts).where(ended).values(state=BroadcastState.SCHEDULED))
            return changed.rowcount

        return await self.database.write(again)

    async def figures(self, number: int) -> dict[RecipientState, int]:
        """
        How many recipients a broadcast has in each state.
        """
        statement = (
            select(recipients.c.state, func.count())
            .where(recipients.c.broadcast == number)
            .group_by(recipients.c.state)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return Counter({RecipientState(state): count for state, count in rows})

    async def take(self, holder: str) -> Broadcast | None:
        """
        Take on a broadcast that is due, or one whose process has died; None if there is none. What the dead process was
        sending is unknown from then on.

        Parameters:
            holder: Stands for this process.
        """
        now = int(self.clock())
        free = broadcasts.c.until.is_(None) | (broadcasts.c.until < now) | (broadcasts.c.holder == holder)
        due = (broadcasts.c.state == BroadcastState.SCHEDULED) & (broadcasts.c.start <= now)
        wanted = (due | (broadcasts.c.state == BroadcastState.RUNNING)) & free

        def taken(connection: Connection) -> Any:
            row = connection.execute(
                select(broadcasts)
                .where(wanted)
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
        return None if row is None else replace(self._broadcast(row), state=BroadcastState.RUNNING)

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
            current = self._broadcast(connection.execute(row).one())
            values = {"state": state, "holder": None, "until": None}
            sealed = self._sealed(replace(current, trouble=trouble))
            running = (broadcasts.c.id == broadcast.id) & (broadcasts.c.state == BroadcastState.RUNNING)
            connection.execute(update(broadcasts).where(running).values(**values, sealed=sealed))

        await self.database.write(end)

    async def broadcast_of(self, key: str, message: int) -> int | None:
        """
        The broadcast that a message in somebody's chat belongs to, or None.
        """
        statement = (
            select(recipients.c.broadcast)
            .join(people, people.c.id == recipients.c.person)
            .where(people.c.lookup == self.database.vault.lookup(key), recipients.c.message == message)
        )
        return await self.database.read(lambda connection: connection.scalar(statement))

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

    def _hold(self, connection: Connection, number: int, holder: str, now: int) -> None:
        """
        Make sure that a broadcast is this process's to send, and say that it is alive.
        """
        row = connection.execute(select(broadcasts).where(broadcasts.c.id == number).with_for_update()).first()
        if row is None or row.holder != holder or row.state != BroadcastState.RUNNING:
            raise LeaseLostError
        if row.until < now:
            # It was asleep for too long: another process may be about to take over.
            raise LeaseLostError
        if row.until < now + LEASE_SECONDS // 2:
            renewed = update(broadcasts).where(broadcasts.c.id == number).values(until=now + LEASE_SECONDS)
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

    def _lookups(self, keys: Sequence[str]) -> list[bytes]:
        return [self.database.vault.lookup(key) for key in keys]

    def _sealed(self, broadcast: Broadcast) -> bytes:
        kept = asdict(broadcast)
        return self.database.vault.seal(
            {name: kept[name] for name in ("letters", "audience", "chat", "progress", "trouble", "by")}
        )

    def _broadcast(self, row: Any) -> Broadcast:
        kept = self.database.vault.open(row.sealed)
        audience = Audience(**{**kept["audience"], "intents": tuple(kept["audience"]["intents"])})
        letters = {language: _letter(letter) for language, letter in kept["letters"].items()}
        return Broadcast(
            row.id,
            BroadcastState(row.state),
            row.created,
            row.start,
            row.hours,
            letters,
            audience,
            kept["chat"],
            kept["progress"],
            kept["trouble"],
            kept["by"],
        )


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


def _letter(kept: dict[str, Any]) -> Letter:
    rows = tuple(tuple((label, address) for label, address in row) for row in kept["buttons"])
    return Letter(**{**kept, "buttons": rows})
