"""
How many people wrote, what about, and how long they waited for a coach.
"""

from sqlalchemy import Connection, insert, select

from bot.events import Answered, Event, Lost
from bot.model import Person, Profile
from bot.storage.counters import Counters
from bot.storage.engine import Database
from bot.storage.figures import PAUSE_SECONDS, Figures, Wait, Writing
from bot.storage.inbox import Inbox, Outcome
from bot.storage.tables import handovers, people, threads

DAY = 86_400
NOW = 100 * DAY + 5000


async def write(
    store: Database, number: int, person: str, at: float, *, language: str = "fr", intent: str = ""
) -> None:
    """
    Let a person write something.
    """
    events: list[Event] = [Answered(language, intent, "sure", 0.9) if intent else Lost(language, 0.1)]
    profile = Profile(language=language)
    await Inbox(store, clock=lambda: at).answer(Outcome([number], [], Person(person), profile, "…", events=events))


async def hand_over(
    store: Database,
    person: str,
    at: int,
    reason: str,
    taken: int | None,
    useful: bool | None,
    closed: int | None = None,
) -> None:
    """
    Keep that a conversation was handed over.
    """

    def keep(connection: Connection) -> None:
        who = connection.scalar(select(people.c.id).where(people.c.lookup == store.vault.lookup(person)))
        thread = connection.scalar(select(threads.c.id).where(threads.c.person == who))
        if thread is None:
            values = {"person": who, "state": 0, "urgent": False, "since": at, "human": 0, "sealed": b""}
            thread = connection.scalar(insert(threads).values(**values).returning(threads.c.id))
        row = {"thread": thread, "at": at, "reason": reason, "taken": taken, "useful": useful, "closed": closed}
        connection.execute(insert(handovers).values(**row))

    await store.write(keep)


def figures(store: Database) -> Figures:
    """
    The figures, now.
    """
    return Figures(store, lambda: NOW)


async def test_a_pause_begins_a_new_conversation(store: Database) -> None:
    """
    For each person on their own; what was written before the first day does not count.
    """
    for number, (person, at) in enumerate(
        [
            ("a", NOW - 9 * DAY),
            ("a", NOW - DAY),
            ("b", NOW - DAY + 10),
            ("a", NOW - DAY + PAUSE_SECONDS),
            ("a", NOW - DAY + 2 * PAUSE_SECONDS + 1),
            ("a", NOW - 10),
        ]
    ):
        await write(store, number, person, at)
    assert await figures(store).writing(7) == Writing(people=2, conversations=4, messages=5)
    assert await figures(store).writing(1) == Writing(people=1, conversations=1, messages=1)
    assert await figures(store).writing(30) == Writing(people=2, conversations=5, messages=6)


async def test_subjects_are_counted_without_reading_what_was_written(store: Database) -> None:
    """
    By what was understood and the language people use.
    """
    await write(store, 1, "a", NOW, intent="salary")
    await write(store, 2, "b", NOW, intent="salary", language="en")
    await write(store, 3, "a", NOW)
    await write(store, 4, "c", NOW, intent="salary")
    await write(store, 5, "c", NOW - 3 * DAY, intent="salary")
    assert await figures(store).asked(2) == {("salary", "fr"): 2, ("salary", "en"): 1, ("", "fr"): 1}


async def test_waiting_is_measured_from_hand_over_to_the_first_answer(store: Database) -> None:
    """
    Whoever waits since before the period still waits; a conversation that was closed without an answer does not, nor
    one that the coach took up unasked.
    """
    assert await figures(store).waits(7) == []
    assert await figures(store).waiting() == 0
    for number, person in enumerate("abcd"):
        await write(store, number, person, NOW)
    await hand_over(store, "a", NOW - 5000, "asked", NOW - 4000, useful=True)
    await hand_over(store, "a", NOW - 2000, "file", None, useful=None)
    await hand_over(store, "b", NOW - 900, "distress", None, useful=False, closed=NOW)
    await hand_over(store, "c", NOW - 20 * DAY, "asked", None, useful=None)
    await hand_over(store, "d", NOW - 20 * DAY, "asked", NOW, useful=None)
    await hand_over(store, "d", NOW - 700, "coach", NOW - 700, useful=True)
    assert await figures(store).waits(7) == [
        Wait("asked", 1000, useful=True),
        Wait("file", None, useful=None),
        Wait("distress", None, useful=False),
        Wait("coach", None, useful=True),
    ]
    assert await figures(store).waiting() == 2


async def test_nobody_is_counted_in_an_empty_database(store: Database) -> None:
    """
    Zero is a figure too.
    """
    assert await figures(store).writing(7) == Writing(0, 0, 0)
    assert await figures(store).asked(7) == {}


async def test_events_are_told_day_by_day(store: Database) -> None:
    """
    Oldest first, by day in UTC.
    """
    for at in (NOW - 2 * DAY, NOW, NOW):
        await Counters(store, lambda at=at: at).count(Lost("fr", 0.1))  # type: ignore[misc]
    told = await Counters(store, lambda: NOW).by_day("lost", 3)
    assert [(f"{day:%m-%d}", ids, count) for day, ids, count in told] == [("04-09", ("fr",), 1), ("04-11", ("fr",), 2)]
    assert len(await Counters(store, lambda: NOW).by_day("lost", 2)) == 1
