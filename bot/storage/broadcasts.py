"""
Broadcasts: drafts, states, the frozen audience, and what became of it. How they are sent is in `deliveries`.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from bot.model import Audience, Broadcast, BroadcastState, Letter, RecipientState
from bot.storage.audiences import chosen
from bot.storage.counters import Counters
from bot.storage.crypto import Vault
from bot.storage.engine import Database
from bot.storage.tables import broadcasts, people, recipients

_REACTION_DAYS = 3650


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
        row = {
            "created": now,
            "state": fresh.state,
            "start": now,
            "hours": 0,
            "sealed": self._sealed(fresh),
        }
        made = insert(broadcasts).values(row).returning(broadcasts.c.id)
        number = await self.database.write(lambda connection: connection.scalar(made))
        return replace(fresh, id=int(number or 0))

    async def get(self, number: int) -> Broadcast | None:
        """
        A broadcast, or None if there is none.
        """
        statement = select(broadcasts).where(broadcasts.c.id == number)
        row = await self.database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else opened_broadcast(self.database.vault, row)

    async def latest(self, most: int) -> list[Broadcast]:
        """
        The latest broadcasts that are no drafts, newest first.
        """
        statement = select(broadcasts).where(broadcasts.c.state != BroadcastState.DRAFT)
        ordered = statement.order_by(broadcasts.c.id.desc()).limit(most)
        rows = await self.database.read(lambda connection: connection.execute(ordered).all())
        return [opened_broadcast(self.database.vault, row) for row in rows]

    async def change(self, broadcast: Broadcast) -> None:
        """
        Keep other fields of a broadcast; its state is changed by `move` alone.
        """
        values = {
            "start": broadcast.start,
            "hours": broadcast.hours,
            "sealed": self._sealed(broadcast),
        }
        statement = update(broadcasts).where(broadcasts.c.id == broadcast.id).values(values)
        await self.database.write(lambda connection: connection.execute(statement))

    async def show_at(self, number: int, message: int) -> None:
        """
        Take note in which message a broadcast's progress is shown.
        """
        row = select(broadcasts).where(broadcasts.c.id == number).with_for_update()

        def note(connection: Connection) -> None:
            current = opened_broadcast(self.database.vault, connection.execute(row).one())
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
        values = chosen(audience, self._lookups(coaches), now).with_only_columns(
            literal(broadcast.id), people.c.id, literal(int(state)), literal(now)
        )

        def fix(connection: Connection) -> int:
            draft = (broadcasts.c.id == broadcast.id) & (broadcasts.c.state == BroadcastState.DRAFT)
            # A draft may have lain for hours, which are none of those it is spread over.
            start = max(broadcast.start, now)
            row = {"state": BroadcastState.SCHEDULED, "start": start, "hours": broadcast.hours}
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
        After a sample, send to the others, too, over the same number of hours again; returns how many they are.
        """
        held = (recipients.c.broadcast == number) & (recipients.c.state == RecipientState.HELD)

        def let_go(connection: Connection) -> int:
            changed = connection.execute(update(recipients).where(held).values(state=RecipientState.PENDING)).rowcount
            ended = (broadcasts.c.id == number) & (broadcasts.c.state == BroadcastState.FINISHED)
            begun = {"state": BroadcastState.SCHEDULED, "start": int(self.clock())}
            connection.execute(update(broadcasts).where(ended).values(begun))
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

    async def reactions(self, number: int) -> dict[str, int]:
        """
        How often people reacted to a broadcast, by emoji, most frequent first.
        """
        totals = await Counters(self.database, self.clock).totals("reacted", _REACTION_DAYS)
        return {ids[1]: count for ids, count in totals.items() if ids[0] == str(number)}

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

    def _sealed(self, broadcast: Broadcast) -> bytes:
        return sealed_of(self.database.vault, broadcast)

    def _lookups(self, keys: Sequence[str]) -> list[bytes]:
        return [self.database.vault.lookup(key) for key in keys]


def sealed_of(vault: Vault, broadcast: Broadcast) -> bytes:
    """
    What is kept of a broadcast besides its state and times, sealed.
    """
    kept = asdict(broadcast)
    return vault.seal({name: kept[name] for name in ("letters", "audience", "chat", "progress", "trouble", "by")})


def opened_broadcast(vault: Vault, row: Any) -> Broadcast:
    """
    A broadcast as its row has it.
    """
    kept = vault.open(row.sealed)
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


def _letter(kept: dict[str, Any]) -> Letter:
    rows = tuple(tuple((label, address) for label, address in row) for row in kept["buttons"])
    return Letter(**{**kept, "buttons": rows})
