"""
The inbox: every update is here before it is acknowledged, and open until its answer was sent.

An update waits (`WAITING`), then its answer is fixed together with everything it changes (`ANSWERED`), then the answer
is sent, message by message, and the update is done (`DONE`). What cannot be read or answered is set aside (`ASIDE`).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, delete, func, insert, literal, select, update

from bot.events import Answered, Event, Lost
from bot.model import Person, Profile
from bot.storage import counters, people, questions, threads
from bot.storage.engine import Database, insert_new
from bot.storage.errands import Change
from bot.storage.tables import inbox, messages


class State(IntEnum):
    """
    How far an update has come.
    """

    WAITING = 0
    ANSWERED = 1
    DONE = 2
    ASIDE = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """
    An update that is not done.

    Parameters:
        update_id: Telegram's number for it.
        raw: The update as it came.
        lane: Whose it is; updates of one lane are handled in order.
        tries: How often it was begun anew after the program had ended in the midst of it.
        calls: The calls that answer it, once they are fixed.
        sent: How many of them were made.
        attempted: How many of them were begun; one more than `sent` when a crash left it unknown whether it arrived.
        found: Whether it was open when the program started.
    """

    update_id: int
    raw: dict[str, Any]
    lane: str
    tries: int = 0
    calls: list[dict[str, Any]] | None = None
    sent: int = 0
    attempted: int = 0
    found: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What answering an update (or several together) changes; kept in one transaction.

    Parameters:
        update_ids: The updates that are answered; the calls belong to the last one.
        calls: The calls to make.
        person: Who gets the answer, or None if nobody is to be remembered.
        profile: What is remembered of the person from now on.
        said: What the person wrote, to be kept for a while; empty for a command or a button.
        events: What happened.
        forget: Whether everything about the person goes.
        message: The number that what they wrote has in their chat, or None.
        changes: What else is kept in the same transaction.
        failure: Why the updates could not be answered but by an apology, in a word; they are set aside then.
    """

    update_ids: Sequence[int]
    calls: list[dict[str, Any]]
    person: Person | None = None
    profile: Profile = field(default_factory=Profile)
    said: str = ""
    events: Sequence[Event] = ()
    forget: bool = False
    failure: str = ""
    message: int | None = None
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Inbox:
    """
    Takes updates and keeps track of them.

    Parameters:
        database: Where they are.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def accept(self, updates: Sequence[tuple[dict[str, Any], str]]) -> list[Entry]:
        """
        Commit updates.

        Parameters:
            updates: Each update as it came, with its lane.

        Returns:
            Those that were not here before, in their order.
        """
        now, vault = int(self.clock()), self.database.vault
        entries = [Entry(raw["update_id"], raw, lane) for raw, lane in updates]
        rows = [
            {
                "update_id": entry.update_id,
                "received": now,
                "state": State.WAITING,
                "tries": 0,
                "attempted": 0,
                "sent": 0,
                "person": vault.lookup(entry.lane),
                "sealed": vault.seal([entry.lane, entry.raw]),
            }
            for entry in entries
        ]
        inserted = await self._insert(rows)
        return [
            entry for entry in {entry.update_id: entry for entry in entries}.values() if entry.update_id in inserted
        ]

    async def backlog(self) -> list[Entry]:
        """
        The open updates, oldest first by Telegram's own numbers, whatever the clock here did.
        """
        still_open = inbox.c.state.in_((State.WAITING, State.ANSWERED))
        statement = select(inbox).where(still_open).order_by(inbox.c.update_id)
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [self._entry(row) for row in rows]

    async def begin_anew(self, update_ids: Sequence[int]) -> None:
        """
        Take note that updates found open are tried once more, so that one that ends the program is found out.
        """
        await self._change(update_ids, tries=inbox.c.tries + 1)

    async def answer(self, outcome: Outcome) -> None:
        """
        Fix what answers an update, with everything that changes by it. The first call counts as begun.
        """
        await self.database.write(lambda connection: self._keep(connection, outcome))

    async def unsent(self, update_id: int, number: int) -> None:
        """
        Take note that a call that was begun certainly did not arrive.
        """
        await self._change([update_id], attempted=number - 1)

    async def sent(self, update_id: int, number: int) -> None:
        """
        Take note that a call was made, and that the next one is about to be.
        """
        await self._change([update_id], sent=number, attempted=number + 1)

    async def done(self, update_id: int, reason: str | None = None) -> None:
        """
        Close an update: its content goes, its number stays so that it is not handled again. One that was answered
        with an apology is set aside instead.

        Parameters:
            update_id: Which.
            reason: Why it was closed without an answer that surely arrived, in a word.
        """
        await self.database.write(lambda connection: connection.execute(_CLOSE, {"key": update_id, "why": reason}))

    async def set_aside(self, raw: dict[str, Any], reason: str) -> None:
        """
        Take an update that cannot be read, out of the way of the others.

        Parameters:
            raw: The update as far as it can be told.
            reason: Why, in a word.
        """
        row = {
            "update_id": raw["update_id"],
            "received": int(self.clock()),
            "state": State.ASIDE,
            "tries": 0,
            "attempted": 0,
            "sent": 0,
            "reason": reason,
            "sealed": self.database.vault.seal(["", raw]),
        }
        await self._insert([row])

    async def counts(self) -> dict[str, int]:
        """
        How many updates wait, are set aside, and may or may not have been answered.
        """

        def count(connection: Connection) -> tuple[dict[State, int], int]:
            rows = connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
            unknown = connection.scalar(select(func.count()).where(inbox.c.reason == UNKNOWN))
            return {State(state): number for state, number in rows}, unknown or 0

        by_state, unknown = await self.database.read(count)
        return {
            "waiting": by_state.get(State.WAITING, 0) + by_state.get(State.ANSWERED, 0),
            "set_aside": by_state.get(State.ASIDE, 0),
            "unknown": unknown,
        }

    async def _insert(self, rows: Sequence[dict[str, Any]]) -> set[int]:
        """
        Insert updates that are not here yet; returns the numbers of those that were not.
        """
        if not rows:
            return set()

        def insert_rows(connection: Connection) -> set[int]:
            statement = insert_new(connection.dialect.name, inbox.c.update_id)
            return set(connection.execute(statement, list(rows)).scalars())

        return await self.database.write(insert_rows)

    async def _change(self, update_ids: Sequence[int], **values: Any) -> None:
        statement = update(inbox).where(inbox.c.update_id.in_(update_ids)).values(values)
        await self.database.write(lambda connection: connection.execute(statement))

    def _keep(self, connection: Connection, outcome: Outcome) -> None:
        """
        Everything that answering changes, in one transaction.
        """
        vault, now = self.database.vault, int(self.clock())
        if outcome.person is not None and outcome.forget:
            # What still waits stays: the person wrote it afterwards, and is owed an answer.
            aside = (inbox.c.person == vault.lookup(outcome.person.key)) & (inbox.c.state == State.ASIDE)
            connection.execute(delete(inbox).where(aside))
            threads.drop(connection, vault, threads.of_person(vault.lookup(outcome.person.key)), now)
            people.forget(connection, vault, outcome.person.key)
        elif outcome.person is not None:
            person = people.save(connection, vault, outcome.person, outcome.profile, now)
            if outcome.said:
                intent, verdict = _understood(outcome.events)
                said = {"person": person, "at": now, "intent": intent, "outcome": verdict, "message": outcome.message}
                connection.execute(_SAY, {**said, "sealed": vault.seal(outcome.said)})
            questions.note(connection, vault, {"person": person, "at": now}, outcome.said, outcome.events)
        for change in outcome.changes:
            change(connection)
        counters.add(connection, outcome.events, now)
        *closed, last = outcome.update_ids
        if outcome.calls:
            connection.execute(
                _FIX, {"key": last, "made": vault.seal(outcome.calls), "why": outcome.failure[:64] or None}
            )
        else:
            closed.append(last)
        if closed:
            connection.execute(_aside(closed, outcome.failure) if outcome.failure else _done(closed))

    def _entry(self, row: Any) -> Entry:
        lane, raw = self.database.vault.open(row.sealed)
        calls = self.database.vault.open(row.calls) if row.calls else None
        return Entry(row.update_id, raw, lane, row.tries, calls, row.sent, row.attempted, found=True)


UNKNOWN = "unknown"
"""
The reason of an update whose answer may or may not have arrived.
"""


def _state(state: State) -> BindParameter[int]:
    return literal(int(state), inbox.c.state.type)


# Statements that every message needs are built once: building costs several times what running them does.

_THIS = inbox.c.update_id == bindparam("key")
_APOLOGISED = inbox.c.reason.is_not(None)
"""
Only an answer that is an apology has a reason before it is sent.
"""

_SAY = insert(messages)
_FIX = (
    update(inbox)
    .where(_THIS)
    .values(state=State.ANSWERED, attempted=1, calls=bindparam("made"), reason=bindparam("why"))
)
_CLOSE = (
    update(inbox)
    .where(_THIS)
    .values(
        state=case((_APOLOGISED, _state(State.ASIDE)), else_=_state(State.DONE)),
        reason=func.coalesce(inbox.c.reason, bindparam("why", type_=inbox.c.reason.type)),
        person=case((_APOLOGISED, inbox.c.person)),
        sealed=case((_APOLOGISED, inbox.c.sealed)),
        calls=None,
    )
)


def _done(update_ids: Sequence[int]) -> Any:
    values = {"state": State.DONE, "person": None, "sealed": None, "calls": None}
    return update(inbox).where(inbox.c.update_id.in_(update_ids)).values(values)


def _aside(update_ids: Sequence[int], reason: str) -> Any:
    values = {"state": State.ASIDE, "reason": reason[:64], "calls": None}
    return update(inbox).where(inbox.c.update_id.in_(update_ids)).values(values)


def _understood(events: Sequence[Event]) -> tuple[str | None, str | None]:
    for event in events:
        if isinstance(event, Answered):
            return event.intent, event.outcome
        if isinstance(event, Lost):
            return None, "lost"
    return None, None
