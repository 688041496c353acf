"""
The inbox: what was committed is handled once, and never lost.
"""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.events import Answered, Event, Lost
from bot.model import Asked, Form, Person, Profile
from bot.storage.engine import Database
from bot.storage.inbox import UNKNOWN, Inbox, Outcome
from bot.storage.people import People
from bot.storage.tables import counters, inbox

NOOR = Person("telegram:7", "Noor")
CALLS: list[dict[str, Any]] = [
    {"method": "sendMessage", "parameters": {"text": "a"}},
    {"method": "x", "parameters": {}},
]


def update(number: int, text: str = "bonjour") -> tuple[dict[str, Any], str]:
    """
    An update and its lane.
    """
    return {"update_id": number, "message": {"text": text}}, NOOR.key


@pytest.fixture
def box(store: Database) -> Inbox:
    """
    The inbox of an empty database, of each kind in turn.
    """
    return Inbox(store, clock=lambda: 1_000_000.0)


async def test_an_update_is_taken_once(box: Inbox) -> None:
    """
    Telegram may deliver it again, alone or among others.
    """
    assert [entry.update_id for entry in await box.accept([update(1), update(1)])] == [1]
    assert [entry.update_id for entry in await box.accept([update(2), update(1), update(3)])] == [2, 3]
    await box.done(2)
    assert await box.accept([update(2)]) == []


async def test_what_is_open_is_found_at_the_next_start(box: Inbox) -> None:
    """
    In the order Telegram gave, even if the clock here went back in between.
    """
    await box.accept([update(2, "deux")])
    await Inbox(box.database, clock=lambda: 10.0).accept([update(3, "trois")])
    await box.accept([update(1, "un")])
    await box.done(1)
    found = await box.backlog()
    assert [(entry.update_id, entry.raw["message"]["text"], entry.lane) for entry in found] == [
        (2, "deux", NOOR.key),
        (3, "trois", NOOR.key),
    ]
    assert all(entry.found and entry.tries == 0 and entry.calls is None for entry in found)


async def test_tries_are_counted(box: Inbox) -> None:
    """
    An update that ends the program each time is found out.
    """
    await box.accept([update(1)])
    await box.begin_anew([1])
    await box.begin_anew([1])
    assert [entry.tries for entry in await box.backlog()] == [2]


async def test_a_fixed_answer_is_found_with_how_far_it_came(box: Inbox) -> None:
    """
    After a crash between two messages of an answer, the second one is left.
    """
    await box.accept([update(1)])
    await box.answer(Outcome([1], CALLS, NOOR))
    (entry,) = await box.backlog()
    assert (entry.calls, entry.attempted, entry.sent) == (CALLS, 1, 0)
    await box.sent(1, 1)
    (entry,) = await box.backlog()
    assert (entry.attempted, entry.sent) == (2, 1)
    await box.unsent(1, 2)
    (entry,) = await box.backlog()
    assert (entry.attempted, entry.sent) == (1, 1)
    await box.done(1)
    assert await box.backlog() == []


async def test_an_outcome_is_kept_whole(box: Inbox) -> None:
    """
    The answer, the person, what they wrote and what is counted go together.
    """
    await box.accept([update(1), update(2)])
    profile = Profile(language="fr", form=Form.TU, visits={"salary": 2}, articles=("a", "b"))
    profile = replace(profile, asked=Asked("salary", ("une fourchette", "une augmentation"), yes="i:fr:salary"))
    events: list[Event] = [Answered("fr", "salary", "sure", 0.9), Lost("fr", 0.1)]
    await box.answer(Outcome([1, 2], CALLS, NOOR, profile, "mon salaire ?", events))
    assert [entry.update_id for entry in await box.backlog()] == [2]
    people = People(box.database)
    assert await people.profile(NOOR.key) == profile
    holdings = await people.holdings(NOOR.key)
    assert holdings is not None
    assert [text for _, text in holdings.messages] == ["mon salaire ?"]
    statement = select(counters.c.name, counters.c.count).order_by(counters.c.name)
    counted = await box.database.read(lambda connection: connection.execute(statement).all())
    assert [tuple(row) for row in counted] == [("answered:fr:salary:sure", 1), ("lost:fr", 1)]


async def test_events_of_a_day_add_up(box: Inbox) -> None:
    """
    One row for a day and a name.
    """
    for number in (1, 2, 3):
        await box.accept([update(number)])
        await box.answer(Outcome([number], [], NOOR, events=[Lost("fr", 0.1)]))
    statement = select(counters.c.day, counters.c.count)
    assert await box.database.read(lambda connection: connection.execute(statement).all()) == [(11, 3)]


async def test_an_answer_of_no_calls_is_done_at_once(box: Inbox) -> None:
    """
    Nothing is left to send.
    """
    await box.accept([update(1)])
    await box.answer(Outcome([1], []))
    assert await box.backlog() == []


async def test_done_updates_hold_nothing_but_their_number(box: Inbox) -> None:
    """
    Neither the update nor its answer is kept.
    """
    await box.accept([update(1)])
    await box.answer(Outcome([1], CALLS, NOOR))
    await box.done(1, UNKNOWN)
    (row,) = await box.database.read(lambda connection: connection.execute(select(inbox)).all())
    assert (row.update_id, row.sealed, row.calls, row.person, row.reason) == (1, None, None, None, UNKNOWN)


async def test_updates_set_aside_are_out_of_the_way_and_counted(box: Inbox) -> None:
    """
    Whether they could not be read, or not be answered but by an apology.
    """
    await box.accept([update(1), update(3), update(4)])
    await box.answer(Outcome([1], [], failure="KeyError"))
    await box.answer(Outcome([3], CALLS, failure="KeyError"))
    assert [entry.update_id for entry in await box.backlog()] == [3, 4]
    await box.done(3)
    await box.set_aside({"update_id": 2, "unreadable": "{"}, "unreadable")
    await box.set_aside({"update_id": 2, "unreadable": "{"}, "unreadable")
    await box.answer(Outcome([4], []))
    assert await box.backlog() == []
    assert await box.counts() == {"waiting": 0, "set_aside": 3, "unknown": 0}
    assert await box.accept([update(2)]) == []


async def test_what_waits_and_what_is_unknown_is_counted(box: Inbox) -> None:
    """
    For whoever watches over the bot.
    """
    await box.accept([update(number) for number in range(5)])
    await box.done(0, UNKNOWN)
    await box.done(1)
    await box.answer(Outcome([2], CALLS))
    assert await box.counts() == {"waiting": 3, "set_aside": 0, "unknown": 1}
