"""
What is still to be carried between people and the desk, kept until it is done.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.crypto import Vault
from bot.storage.engine import Database
from bot.storage.tables import copies, errands

DESK_LANE = 0
"""
The lane of what belongs to no thread.
"""

Change = Callable[[Connection], object]
"""
Something to keep in a transaction that others are part of, too.
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """
    One thing to carry.

    Parameters:
        lane: The thread it belongs to; errands of one lane are done in order.
        kind: What is to be done, in a word.
        details: What is needed for it; JSON values.
        id: Its row; 0 before it is kept.
        at: When it was kept, in seconds since 1970.
        attempted: Whether it was begun; if it is found so at a start, nobody knows whether it arrived.
    """

    lane: int
    kind: str
    details: Mapping[str, Any]
    id: int = 0
    at: int = 0
    attempted: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """
    A message that was carried over: which one it is in the person's chat, and which one at the desk.
    """

    theirs: int
    ours: int
    from_person: bool


@dataclass(frozen=True, slots=True)
class Errands:
    """
    Keeps what is to be carried.

    Parameters:
        database: Where.
    """

    database: Database

    async def waiting(self, known: Collection[int]) -> list[Errand]:
        """
        What is still to be done, oldest first, but for those whose rows are known.
        """
        rows = await self.database.read(
            lambda connection: connection.execute(select(errands).order_by(errands.c.id)).all()
        )
        return [self._errand(row) for row in rows if row.id not in known]

    async def begin(self, ids: Sequence[int], *, begun: bool = True) -> None:
        """
        Take note that errands are begun, or that what was begun certainly did not arrive.
        """
        statement = update(errands).where(errands.c.id.in_(ids)).values(attempted=begun)
        await self.database.write(lambda connection: connection.execute(statement))

    async def done(self, ids: Sequence[int], copied: Sequence[tuple[int, Copied]] = (), now: int = 0) -> None:
        """
        Take note that errands are done, and which messages are copies of each other, in one transaction.

        Parameters:
            ids: The errands.
            copied: Pairs of a thread and the messages.
            now: Seconds since 1970.
        """
        rows = [
            {"thread": thread, "at": now, "theirs": one.theirs, "ours": one.ours, "from_person": one.from_person}
            for thread, one in copied
        ]

        def finish(connection: Connection) -> None:
            connection.execute(delete(errands).where(errands.c.id.in_(ids)))
            if rows:
                connection.execute(insert(copies), rows)

        await self.database.write(finish)

    def _errand(self, row: Any) -> Errand:
        kind, details = self.database.vault.open(row.sealed)
        return Errand(row.lane, kind, details, row.id, row.at, row.attempted)


def add(connection: Connection, vault: Vault, new: Sequence[Errand], now: int) -> None:
    """
    Keep errands, within a transaction of the caller.
    """
    for one in new:
        sealed = vault.seal([one.kind, dict(one.details)])
        connection.execute(insert(errands).values(lane=one.lane, at=now, attempted=False, sealed=sealed))
