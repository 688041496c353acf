"""
How many people wrote, what about, and how long those who were handed over to a coach waited: counted, without who.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import case, func, select

from bot.model import Reason
from bot.storage.engine import Database
from bot.storage.tables import handovers, messages, people

PAUSE_SECONDS = 6 * 3600
"""
The silence after which a person's next message begins a new conversation.
"""

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Writing:
    """
    How much was written.

    Parameters:
        people: How many different people wrote.
        conversations: How many runs of messages of one person there were, without a long pause in them.
        messages: How many messages there were.
    """

    people: int
    conversations: int
    messages: int


@dataclass(frozen=True, slots=True)
class Wait:
    """
    One time that a conversation was handed over to a coach, or that a coach took it up unasked.

    Parameters:
        reason: Why.
        seconds: How long it took until the coach wrote; None if the coach has not, or if nobody waited for it.
        useful: Whether the person said that it helped; None if they did not say.
    """

    reason: str
    seconds: int | None
    useful: bool | None


@dataclass(frozen=True, slots=True)
class Figures:
    """
    Counts what people did. Days are those of UTC, today included, as in `Counters`.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def writing(self, days: int) -> Writing:
        """
        How much was written in some days, as far back as messages are kept.

        Raises:
            StorageError: The database cannot be read.
        """
        order = (messages.c.at, messages.c.id)
        before = func.lag(messages.c.at).over(partition_by=messages.c.person, order_by=order)
        lately = (
            select(messages.c.person, messages.c.at, before.label("before"))
            .where(messages.c.at >= self._since(days))
            .subquery()
        )
        begins = lately.c.before.is_(None) | (lately.c.at - lately.c.before > PAUSE_SECONDS)
        statement = select(
            func.count(lately.c.person.distinct()), func.sum(case((begins, 1), else_=0)), func.count()
        ).select_from(lately)
        row = await self.database.read(lambda connection: connection.execute(statement).one())
        return Writing(*(int(count or 0) for count in row))

    async def asked(self, days: int) -> dict[tuple[str, str], int]:
        """
        What people asked for in some days, as far back as messages are kept.

        Returns:
            By intent (empty if it was not understood) and the language the person used last (empty if there is none):
            how many messages.

        Raises:
            StorageError: The database cannot be read.
        """
        statement = (
            select(messages.c.intent, people.c.language, func.count())
            .join(people, people.c.id == messages.c.person)
            .where(messages.c.at >= self._since(days))
            .group_by(messages.c.intent, people.c.language)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return {(intent or "", language or ""): int(count) for intent, language, count in rows}

    async def waits(self, days: int) -> list[Wait]:
        """
        The hand-overs of some days, and what coaches took up unasked, oldest first.

        Raises:
            StorageError: The database cannot be read.
        """
        seconds = case((handovers.c.reason != Reason.COACH, handovers.c.taken - handovers.c.at))
        columns = (handovers.c.reason, seconds, handovers.c.useful)
        statement = select(*columns).where(handovers.c.at >= self._since(days)).order_by(handovers.c.id)
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [Wait(*row) for row in rows]

    async def waiting(self) -> int:
        """
        How many people who were handed over wait for the coach now, since whenever it was.

        Raises:
            StorageError: The database cannot be read.
        """
        still = handovers.c.taken.is_(None) & handovers.c.closed.is_(None)
        statement = select(func.count(handovers.c.thread.distinct())).where(still)
        return await self.database.read(lambda connection: connection.scalar(statement)) or 0

    def _since(self, days: int) -> int:
        return (int(self.clock()) // _DAY_SECONDS - days + 1) * _DAY_SECONDS
