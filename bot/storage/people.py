"""
The people who write, what is remembered of them, and what they wrote.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from bot.model import Asked, Form, Holdings, Person, Profile
from bot.storage.crypto import TAG_BYTES, Vault
from bot.storage.engine import Database, upsert
from bot.storage.tables import messages, people, recipients, threads

_DAY_SECONDS = 86_400
_ACCOUNT = "account:"
"""
What the keys of people begin with who are known from a coach's own account only.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """
    Something somebody wrote.

    Parameters:
        intent: What it was understood as; empty if it was not.
        text: What they wrote.
        language: The language they used last.
    """

    intent: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class People:
    """
    Finds, keeps and forgets people.

    Parameters:
        database: Where they are.
    """

    database: Database

    async def profile(self, key: str) -> Profile | None:
        """
        What is remembered of a person; None if they are not known.

        Parameters:
            key: The person's key in their channel.
        """
        known = {"key": self.database.vault.lookup(key)}
        sealed = await self.database.read(lambda connection: connection.scalar(_FIND, known))
        return None if sealed is None else _profile(self.database.vault.open(sealed)["profile"])

    async def holdings(self, key: str) -> Holdings | None:
        """
        Everything that is kept of a person; None if they are not known.
        """
        vault = self.database.vault

        def kept(connection: Connection) -> tuple[Any, Sequence[Any], bytes | None, int]:
            row = connection.execute(select(people).where(people.c.lookup == vault.lookup(key))).first()
            if row is None:
                return None, (), None, 0
            theirs = select(messages.c.at, messages.c.sealed).where(messages.c.person == row.id)
            said = connection.execute(theirs.order_by(messages.c.id)).all()
            noted = connection.scalar(select(threads.c.sealed).where(threads.c.person == row.id))
            got = select(func.count()).select_from(recipients).where(recipients.c.person == row.id)
            return row, said, noted, connection.scalar(got) or 0

        row, said, noted, broadcasts = await self.database.read(kept)
        if row is None:
            return None
        notes = vault.open(noted) if noted is not None else {"notes": (), "tags": ()}
        known = vault.open(row.sealed)
        written = tuple((_time(at), str(vault.open(sealed))) for at, sealed in said)
        return Holdings(
            _profile(known["profile"]),
            known["first_name"],
            _time(row.first_seen),
            _time(row.last_seen),
            written,
            (*notes["notes"], *(f"#{tag}" for tag in notes["tags"])),
            broadcasts,
        )

    async def set_reachable(self, key: str, *, reachable: bool) -> None:
        """
        Take note that a person blocked the bot, or let it in again. Somebody unknown stays unknown.
        """
        lookup = self.database.vault.lookup(key)
        statement = update(people).where(people.c.lookup == lookup).values(reachable=reachable)
        await self.database.write(lambda connection: connection.execute(statement))

    async def mute(self, tag: str, until: int) -> int:
        """
        Leave somebody's messages unanswered for a while; what they may ask for about their data still is.

        Parameters:
            tag: The eight digits that stand for them in the log.
            until: Until when, in seconds since 1970; 0 to answer them again.

        Returns:
            How many people were found: none, one, or by a rare chance more, who are then left alone.
        """
        vault = self.database.vault
        prefix = func.substr(people.c.lookup, 1, TAG_BYTES)

        def change(connection: Connection) -> int:
            found = connection.execute(select(people).where(prefix == bytes.fromhex(tag))).all()
            if len(found) == 1:
                _mute(connection, vault, found[0], until)
            return len(found)

        return await self.database.write(change)

    def muting(self, key: str, until: int) -> Callable[[Connection], object]:
        """
        Leave somebody's messages unanswered until a moment in seconds since 1970; 0 to answer them again.
        """
        vault = self.database.vault

        def change(connection: Connection) -> None:
            found = connection.execute(select(people).where(people.c.lookup == vault.lookup(key))).first()
            if found is not None:
                _mute(connection, vault, found, until)

        return change

    def forgetting(self, key: str) -> Callable[[Connection], object]:
        """
        Remove a person and everything they wrote.
        """
        return lambda connection: forget(connection, self.database.vault, key)

    async def said(self, days: int, most: int) -> list[Said]:
        """
        What people wrote lately and how it was understood, newest first, without who.

        Parameters:
            days: How many days back.
            most: How many messages at most.
        """
        statement = (
            select(messages.c.intent, messages.c.sealed, people.c.language)
            .join(people, people.c.id == messages.c.person)
            .where(messages.c.at > int(time.time()) - days * _DAY_SECONDS)
            .order_by(messages.c.id.desc())
            .limit(most)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [Said(row.intent or "", str(self.database.vault.open(row.sealed)), row.language or "") for row in rows]

    async def count(self) -> int:
        """
        How many people are known.
        """
        statement = select(func.count()).select_from(people)
        return await self.database.read(lambda connection: connection.scalar(statement)) or 0


def save(connection: Connection, vault: Vault, person: Person, profile: Profile, now: int) -> int:
    """
    Keep what is remembered of a person, within a transaction of the caller.

    Returns:
        The person's row id.
    """
    values = {
        "lookup": vault.lookup(person.key),
        "first_seen": now,
        "sealed": vault.seal({"key": person.key, "first_name": person.first_name, "profile": _parts(profile)}),
        "language": profile.language,
        "wants_messages": profile.wants_messages,
        "reachable": True,
        "alerts": (2 if profile.alerts_at_once else 1) if profile.alerts else 0,
        "alerts_since": now,
        "hired": profile.hired,
        "zone": profile.zone or None,
        "direct": not person.key.startswith(_ACCOUNT),
        "last_seen": now,
    }
    return int(connection.scalar(_saving(connection.dialect.name), values) or 0)


def _mute(connection: Connection, vault: Vault, row: Any, until: int) -> None:
    kept = vault.open(row.sealed)
    sealed = vault.seal({**kept, "profile": {**kept["profile"], "muted_until": until}})
    connection.execute(update(people).where(people.c.id == row.id).values(sealed=sealed))


def opened(vault: Vault, sealed: bytes) -> tuple[Person, Profile]:
    """
    Who a sealed row of `people` stands for, and what is remembered of them.
    """
    kept = vault.open(sealed)
    return Person(kept["key"], kept["first_name"]), _profile(kept["profile"])


def forget(connection: Connection, vault: Vault, key: str) -> None:
    """
    Remove a person and everything they wrote, within a transaction of the caller.
    """
    connection.execute(delete(people).where(people.c.lookup == vault.lookup(key)))


_FIND = select(people.c.sealed).where(people.c.lookup == bindparam("key"))


@cache
def _saving(dialect: str) -> Any:
    """
    The statement that keeps a person, and returns their row id.
    """
    saving = upsert(dialect, people)
    changed = ("sealed", "language", "wants_messages", "reachable", "alerts", "hired", "zone", "last_seen")
    values = {name: saving.excluded[name] for name in changed}
    # Whoever begins to follow the blog is told of what appears from then on.
    values["alerts_since"] = case((people.c.alerts == 0, saving.excluded.alerts_since), else_=people.c.alerts_since)
    return saving.on_conflict_do_update(index_elements=["lookup"], set_=values).returning(people.c.id)


def _profile(kept: dict[str, Any]) -> Profile:
    asked = kept.get("asked", {})
    lists = {name: tuple(value) for name, value in asked.items() if isinstance(value, list)}
    return Profile(
        **{
            **kept,
            "form": Form(kept["form"]) if kept["form"] else None,
            "articles": tuple(kept["articles"]),
            "alerts": tuple(kept.get("alerts", ())),
            "asked": Asked(**{**asked, **lists}),
        }
    )


def _parts(profile: Profile) -> dict[str, Any]:
    """
    What `_profile` makes a profile of; `asdict` would do the same, and copy every value first.
    """
    parts = {part.name: getattr(profile, part.name) for part in fields(profile)}
    return parts | {"asked": {part.name: getattr(profile.asked, part.name) for part in fields(profile.asked)}}


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
