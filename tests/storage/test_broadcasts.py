"""
Broadcasts in both databases: a frozen audience, nobody twice, one process at a time.
"""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.events import Answered
from bot.model import Audience, Broadcast, BroadcastState, Letter, Person, Profile, RecipientState
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import LEASE_SECONDS, Deliveries, LeaseLostError
from bot.storage.engine import Database
from bot.storage.inbox import Inbox, Outcome
from bot.storage.people import People
from tests.storage.test_threads import says

LETTER = {"fr": Letter("sendMessage", {}, "text", "Bonjour {{ first_name }}")}
DAY = 86_400


class Clock:
    """
    A moment that tests move.
    """

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """
        Seconds since 1970.
        """
        return self.now


async def know(store: Database, number: int, **profile: object) -> Person:
    """
    Let somebody be known.
    """
    person = Person(f"telegram:{number}", f"P{number}")
    box = Inbox(store, lambda: 1_000_000.0)
    kept = Profile(**{"language": "fr", **profile})  # type: ignore[arg-type]
    await box.accept([({"update_id": 10_000 + number}, person.key)])
    await box.answer(Outcome([10_000 + number], [], person, kept))
    return person


def deliveries_of(broadcasts: Broadcasts) -> Deliveries:
    """
    What sends them, at the same time.
    """
    return Deliveries(broadcasts.database, broadcasts.clock)


async def started(broadcasts: Broadcasts, **audience: object) -> Broadcast:
    """
    A broadcast that is due.
    """
    draft = replace(await broadcasts.begin(LETTER, "Alix"), audience=Audience(**audience))  # type: ignore[arg-type]
    await broadcasts.freeze(draft)
    return draft


async def everyone(broadcasts: Broadcasts, broadcast: Broadcast, holder: str = "a") -> list[str]:
    """
    Send to all that are left; returns their first names in order.
    """
    taken = await deliveries_of(broadcasts).take(holder)
    assert taken is not None
    assert taken.id == broadcast.id
    names = []
    while (recipient := await deliveries_of(broadcasts).claim(taken, holder)) is not None:
        names.append(recipient.person.first_name)
        await deliveries_of(broadcasts).mark(recipient.id, RecipientState.SENT, 7)
    await deliveries_of(broadcasts).finish(taken, BroadcastState.FINISHED)
    return names


async def test_only_those_who_may_be_written_to(store: Database) -> None:
    """
    Nobody who opted out, blocked the bot, found a job, or is known from a coach's own account only.
    """
    await know(store, 1)
    await know(store, 2, wants_messages=False)
    await know(store, 3, hired=True)
    blocked = await know(store, 4)
    await People(store).set_reachable(blocked.key, reachable=False)
    await says(store, Person("account:5:6", "P5"), "bonjour")
    broadcasts = Broadcasts(store, Clock())
    assert await broadcasts.count(Audience()) == 1
    assert await everyone(broadcasts, await started(broadcasts)) == ["P1"]


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(language="en"), ["P2"]),
        (Audience(alerts=True), ["P3"]),
        (Audience(active_days=30), ["P1", "P2", "P3"]),
        (Audience(theme="cv", intents=("cv",)), ["P4"]),
        (Audience(theme="cv", intents=("salary",)), []),
    ],
)
async def test_an_audience_is_chosen_and_counted(store: Database, audience: Audience, names: list[str]) -> None:
    """
    By language, by following the blog, by being active, by what was asked about.
    """
    await know(store, 1)
    await know(store, 2, language="en")
    await know(store, 3, alerts=("all",))
    await says(store, Person("telegram:4", "P4"), "mon cv", Answered("fr", "cv", "sure", 0.9))
    clock = Clock()
    if audience.theme:
        clock.now = time.time()
    broadcasts = Broadcasts(store, clock)
    if audience.active_days:
        clock.now += 29 * DAY
        names = [*names, "P4"]
    assert await broadcasts.count(audience) == len(names)
    draft = replace(await broadcasts.begin(LETTER, "Alix"), audience=audience)
    assert await broadcasts.freeze(draft) == len(names)


async def test_who_says_stop_meanwhile_is_passed_over(store: Database) -> None:
    """
    The opt-out counts at the moment of sending.
    """
    for number in range(3):
        await know(store, number)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts)
    await know_again(store, 1, wants_messages=False)
    assert await everyone(broadcasts, broadcast) == ["P0", "P2"]
    assert (await broadcasts.figures(broadcast.id))[RecipientState.SKIPPED] == 1


async def know_again(store: Database, number: int, **profile: object) -> None:
    """
    Let somebody change their mind.
    """
    person = Person(f"telegram:{number}", f"P{number}")
    kept = Profile(**{"language": "fr", **profile})  # type: ignore[arg-type]
    await Inbox(store).answer(Outcome([10_000 + number], [], person, kept))


async def test_nobody_gets_two_within_a_week_unless_a_reason_is_given(store: Database) -> None:
    """
    The reason is kept with the broadcast.
    """
    await know(store, 1)
    clock = Clock()
    broadcasts = Broadcasts(store, clock)
    await everyone(broadcasts, await started(broadcasts))
    assert await broadcasts.count(Audience()) == 0
    assert await broadcasts.count(Audience(anyway="date changée")) == 1
    again = await started(broadcasts, anyway="date changée")
    assert await everyone(broadcasts, again) == ["P1"]
    kept = await broadcasts.get(again.id)
    assert kept is not None
    assert kept.audience.anyway == "date changée"
    clock.now += 8 * DAY
    assert await broadcasts.count(Audience()) == 1


async def test_two_broadcasts_at_once_reach_nobody_twice(store: Database) -> None:
    """
    Both were frozen before either was sent: the cap holds at the moment of sending.
    """
    await know(store, 1)
    broadcasts = Broadcasts(store, Clock())
    first, second = await started(broadcasts), await started(broadcasts)
    assert await everyone(broadcasts, first) == ["P1"]
    assert await everyone(broadcasts, second) == []


async def test_a_sample_comes_first_and_the_others_at_a_word(store: Database) -> None:
    """
    Five in a hundred by chance; then the rest, and nobody twice.
    """
    for number in range(40):
        await know(store, number)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts, sample=5)
    first = await everyone(broadcasts, broadcast)
    assert len(first) == 2
    assert await broadcasts.release(broadcast.id) == 38
    rest = await everyone(broadcasts, broadcast)
    assert sorted([*first, *rest]) == sorted(f"P{number}" for number in range(40))


async def test_one_process_sends_and_another_takes_over_when_it_dies(store: Database) -> None:
    """
    What the dead one was sending is unknown, and is not sent again; what it did afterwards counts for nothing.
    """
    for number in range(3):
        await know(store, number)
    clock = Clock()
    broadcasts = Broadcasts(store, clock)
    broadcast = await started(broadcasts)
    taken = await deliveries_of(broadcasts).take("a")
    assert taken is not None
    dying = await deliveries_of(broadcasts).claim(taken, "a")
    assert dying is not None
    assert await deliveries_of(broadcasts).take("b") is None
    with pytest.raises(LeaseLostError):
        await deliveries_of(broadcasts).claim(taken, "b")
    clock.now += LEASE_SECONDS + 1
    assert await deliveries_of(broadcasts).take("b") is not None
    await deliveries_of(broadcasts).mark(dying.id, RecipientState.SENT, 5)
    with pytest.raises(LeaseLostError):
        await deliveries_of(broadcasts).claim(taken, "a")
    figures = await broadcasts.figures(broadcast.id)
    assert (figures[RecipientState.UNKNOWN], figures[RecipientState.PENDING]) == (1, 2)
    assert await everyone(broadcasts, broadcast, "b") == ["P1", "P2"]
    assert await broadcasts.send_unknown(broadcast.id) == 1
    assert await everyone(broadcasts, broadcast, "b") == ["P0"]


async def test_many_claims_at_once_give_each_recipient_once(store: Database) -> None:
    """
    Whatever the database does at the same time.
    """
    for number in range(12):
        await know(store, number)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts)
    taken = await deliveries_of(broadcasts).take("a")
    assert taken is not None
    claimed = await asyncio.gather(*(deliveries_of(broadcasts).claim(taken, "a") for _ in range(15)))
    names = [one.person.first_name for one in claimed if one is not None]
    assert sorted(names) == sorted(f"P{number}" for number in range(12))
    assert (await broadcasts.figures(broadcast.id))[RecipientState.SENDING] == 12


async def test_paused_and_cancelled_broadcasts_are_not_sent(store: Database) -> None:
    """
    From the next recipient on.
    """
    for number in range(2):
        await know(store, number)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts)
    taken = await deliveries_of(broadcasts).take("a")
    assert taken is not None
    await broadcasts.move(broadcast.id, BroadcastState.PAUSED, BroadcastState.RUNNING)
    with pytest.raises(LeaseLostError):
        await deliveries_of(broadcasts).claim(taken, "a")
    assert await deliveries_of(broadcasts).take("a") is None
    await broadcasts.move(broadcast.id, BroadcastState.SCHEDULED, BroadcastState.PAUSED)
    assert await everyone(broadcasts, broadcast) == ["P0", "P1"]
    assert not await broadcasts.move(broadcast.id, BroadcastState.CANCELLED, BroadcastState.RUNNING)


async def test_who_is_forgotten_leaves_the_figures_true(store: Database) -> None:
    """
    A row without a person, which is sent to nobody.
    """
    await know(store, 1)
    await know(store, 2)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts)
    await says(store, Person("telegram:1", "P1"), "", forget=True)
    assert await everyone(broadcasts, broadcast) == ["P2"]
    assert sum((await broadcasts.figures(broadcast.id)).values()) == 2


async def test_a_test_goes_to_the_coaches_alone(store: Database) -> None:
    """
    As often as they like.
    """
    alix = await know(store, 1)
    await know(store, 2)
    broadcasts = Broadcasts(store, Clock())
    for _ in range(2):
        draft = replace(await broadcasts.begin(LETTER, "Alix"), audience=Audience(test=True))
        assert await broadcasts.freeze(draft, [alix.key]) == 1
        assert await everyone(broadcasts, draft) == ["P1"]


async def test_a_reaction_finds_its_broadcast(store: Database) -> None:
    """
    By the message in the person's chat.
    """
    person = await know(store, 1)
    broadcasts = Broadcasts(store, Clock())
    broadcast = await started(broadcasts)
    await everyone(broadcasts, broadcast)
    assert await broadcasts.broadcast_of(person.key, 7) == broadcast.id
    assert await broadcasts.broadcast_of(person.key, 8) is None
