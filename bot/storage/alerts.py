"""
Who is to be told of new articles, and who was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bot.model import Article, Person, Profile
from bot.storage.engine import Database
from bot.storage.people import opened
from bot.storage.tables import alerts, people

EVENING, AT_ONCE = 1, 2
"""
The values of `people.alerts` for those who want to hear.
"""


@dataclass(frozen=True, slots=True)
class Follower:
    """
    Somebody who wants to hear of new articles.

    Parameters:
        id: Their row.
        person: Who they are.
        profile: What they want to hear of, and in which language.
        since: From which moment on, in seconds since 1970.
    """

    id: int
    person: Person
    profile: Profile
    since: int


@dataclass(frozen=True, slots=True)
class Alerts:
    """
    Keeps track of who was told of what.

    Parameters:
        database: Where.
    """

    database: Database

    async def followers(self, kinds: Sequence[int]) -> list[Follower]:
        """
        Those who want to hear in one of some ways, can be reached, and have not said stop.
        """
        statement = (
            select(people)
            .where(people.c.alerts.in_(kinds), people.c.reachable.is_(True), people.c.wants_messages.is_(True))
            .order_by(people.c.id)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [self._follower(row) for row in rows]

    async def told(self, follower: int) -> frozenset[str]:
        """
        The ids of the articles somebody was told of.
        """
        statement = select(alerts.c.article).where(alerts.c.person == follower)
        return frozenset(await self.database.read(lambda connection: connection.scalars(statement).all()))

    async def note(self, follower: int, articles: Sequence[Article], now: int) -> None:
        """
        Take note, before it is done, that somebody is told of articles: an interruption must not tell them twice.

        Parameters:
            follower: The row of the person.
            articles: The articles.
            now: Seconds since 1970.
        """
        rows = [{"person": follower, "article": article.id, "at": now} for article in articles]
        await self.database.write(lambda connection: connection.execute(insert(alerts), rows))

    def _follower(self, row: Any) -> Follower:
        person, profile = opened(self.database.vault, row.sealed)
        return Follower(row.id, person, profile, row.alerts_since)
