"""
Who answers people besides the bot, how they are invited, and what they did.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.model import Person
from bot.storage.engine import Database, upsert
from bot.storage.errands import Change
from bot.storage.tables import audit, coaches, invitations

INVITATION = "join_"
"""
What the start parameter of an invitation link begins with.
"""

INVITATION_HOURS = 48
"""
How long an invitation can be used.
"""


class Role(StrEnum):
    """
    What somebody may do: answer people (coach), and also set up the desk and invite others (owner).
    """

    COACH = "coach"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Deed:
    """
    Something a coach did.

    Parameters:
        at: When, in seconds since 1970.
        who: Their first name.
        what: The command, in a word.
        about: The eight digits that stand for a person in the log, or an id; may be empty.
    """

    at: int
    who: str
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class Coaches:
    """
    Keeps coaches.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def everyone(self) -> dict[str, tuple[Role, str]]:
        """
        By their key in the channel: what they may do, and their first name.
        """
        rows = await self.database.read(
            lambda connection: connection.execute(select(coaches).order_by(coaches.c.since)).all()
        )
        kept = [(row.role, *self.database.vault.open(row.sealed)) for row in rows]
        return {key: (Role(role), name) for role, key, name in kept}

    async def invite(self, role: Role) -> str:
        """
        An invitation: what a link must carry, once and for `INVITATION_HOURS`.
        """
        token = secrets.token_urlsafe(24)
        expires = int(self.clock()) + INVITATION_HOURS * 3600
        row = {"token": _hash(token), "role": role, "expires": expires}
        await self.database.write(lambda connection: connection.execute(insert(invitations).values(row)))
        return token

    async def join(self, token: str, person: Person) -> Role | None:
        """
        Use an invitation; None if it is none, too old, or used already.
        """
        vault, now = self.database.vault, int(self.clock())
        used = delete(invitations).where(invitations.c.token == _hash(token), invitations.c.expires > now)

        def keep(connection: Connection) -> str | None:
            role = connection.scalar(used.returning(invitations.c.role))
            if role is not None:
                sealed = vault.seal([person.key, person.first_name])
                row = {"lookup": vault.lookup(person.key), "role": role, "since": now, "sealed": sealed}
                new = upsert(connection.dialect.name, coaches).values(row)
                changed = {"role": new.excluded.role, "sealed": new.excluded.sealed}
                connection.execute(new.on_conflict_do_update(index_elements=["lookup"], set_=changed))
            return role

        role = await self.database.write(keep)
        return None if role is None else Role(role)

    async def dismiss(self, key: str) -> None:
        """
        Take the role from somebody.
        """
        statement = delete(coaches).where(coaches.c.lookup == self.database.vault.lookup(key))
        await self.database.write(lambda connection: connection.execute(statement))

    def noting(self, who: str, what: str, about: str = "") -> Change:
        """
        Take note of what a coach does.
        """
        row = {"at": int(self.clock()), "sealed": self.database.vault.seal([who, what, about])}
        return lambda connection: connection.execute(insert(audit).values(row))

    async def deeds(self, most: int) -> list[Deed]:
        """
        What coaches did, latest first.
        """
        statement = select(audit).order_by(audit.c.id.desc()).limit(most)
        rows: Any = await self.database.read(lambda connection: connection.execute(statement).all())
        return [Deed(row.at, *self.database.vault.open(row.sealed)) for row in rows]


def _hash(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=16).digest()
