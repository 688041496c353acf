"""
Conversations with coaches, in both databases.
"""

from functools import partial

import pytest

from bot.events import Answered, Lost, Voted
from bot.model import Person, Profile, Reason, ThreadState
from bot.storage.coaches import Coaches, Role
from bot.storage.crypto import SealError, new_key
from bot.storage.engine import Database
from bot.storage.errands import Copied, Errand, Errands
from bot.storage.facts import Facts
from bot.storage.figures import Figures, Wait
from bot.storage.inbox import Inbox, Outcome
from bot.storage.people import People
from bot.storage.purge import purge
from bot.storage.questions import Drafts, Questions, QuestionState
from bot.storage.takeovers import Takeovers
from bot.storage.threads import Thread, Threads
from bot.storage.upkeep import fresh_vault, rotate

NOOR, LOU = Person("telegram:7", "Noor"), Person("telegram:8", "Lou")
DAY = 86_400
_numbers = iter(range(1, 10_000))


async def says(store: Database, person: Person, text: str, *events: object, **more: object) -> None:
    """
    Let a person say something that is dealt with.
    """
    number = next(_numbers)
    box = Inbox(store)
    await box.accept([({"update_id": number}, person.key)])
    await box.answer(Outcome([number], [], person, Profile("fr"), text, events, **more))  # type: ignore[arg-type]


async def handed(store: Database, person: Person, now: int = 100, **more: object) -> Thread:
    """
    Hand somebody over at a moment.
    """
    threads, takeovers = Threads(store), Takeovers(store, lambda: now)
    await says(store, person, "aidez-moi", message=11)
    await threads.keep(takeovers.handing_over(person.key, Reason.ASKED, **more))  # type: ignore[arg-type]
    thread = await threads.of_person(person.key)
    assert thread is not None
    return thread


async def test_a_thread_waits_is_taken_and_ends(store: Database) -> None:
    """
    Each state with its time.
    """
    thread = await handed(store, NOOR)
    assert (thread.state, thread.since, thread.human) == (ThreadState.WAITING, 100, 0)
    threads, takeovers = Threads(store), Takeovers(store, lambda: 160)
    await threads.keep(takeovers.taking(thread.id))
    taken = await threads.of_id(thread.id)
    assert taken is not None
    assert (taken.state, taken.human) == (ThreadState.TAKEN, 160)
    assert [one.id for one in await Threads(store, lambda: 300).silent(100)] == [thread.id]
    await threads.keep(takeovers.ending(thread.id))
    assert await threads.active() == []


async def test_only_what_a_coach_takes_up_unasked_was_waited_for_by_nobody(store: Database) -> None:
    """
    A word to somebody whose conversation was over; not the second word to somebody who waited.
    """
    thread = await handed(store, NOOR)
    threads = Threads(store)
    for now, taking in ((160, True), (170, True), (180, False), (300, True), (310, True)):
        takeovers = Takeovers(store, partial(float, now))
        await threads.keep(takeovers.taking(thread.id) if taking else takeovers.ending(thread.id))
    figures = Figures(store, lambda: 400)
    assert await figures.waits(1) == [Wait(Reason.ASKED, 60, None), Wait(Reason.COACH, None, None)]
    assert await figures.waiting() == 0


async def test_the_list_begins_with_the_urgent_then_the_oldest(store: Database) -> None:
    """
    Whoever waits longest comes first among equals.
    """
    await handed(store, NOOR, 200)
    await handed(store, LOU, 100)
    sacha = Person("telegram:9", "Sacha")
    await handed(store, sacha, 300, urgent=True)
    active = await Threads(store).active()
    assert [one.person.first_name for one in active] == ["Sacha", "Lou", "Noor"]


async def test_errands_stay_until_they_are_done_together_with_their_copies(store: Database) -> None:
    """
    In the order in which they came.
    """
    threads, errands = Threads(store), Errands(store)
    thread = await handed(store, NOOR, new=[Errand(0, "card", {}), Errand(0, "mirror", {"messages": [5]})])
    first, second = await errands.waiting(())
    assert [(one.kind, one.lane) for one in (first, second)] == [("card", thread.id), ("mirror", thread.id)]
    await errands.begin([first.id])
    assert [one.attempted for one in await errands.waiting(())] == [True, False]
    await errands.done([first.id, second.id], [(thread.id, Copied(5, 50, from_person=True))], 1)
    assert await errands.waiting(()) == []
    assert (
        await threads.copy(thread, theirs=5) == await threads.copy(thread, ours=50) == Copied(5, 50, from_person=True)
    )
    found = await threads.of_message(50)
    assert found is not None
    assert found.id == thread.id


async def test_who_is_forgotten_leaves_only_the_order_to_delete_their_topic(store: Database) -> None:
    """
    Threads, copies, hand-overs and errands go with the person.
    """
    thread = await handed(store, NOOR, new=[Errand(0, "mirror", {"messages": [5]})])
    threads, takeovers = Threads(store), Takeovers(store)
    await threads.keep(takeovers.settling(thread.id, 77))
    await says(store, NOOR, "", forget=True)
    assert await threads.of_id(thread.id) is None
    assert [(one.lane, one.kind, one.details) for one in await Errands(store).waiting(())] == [
        (0, "drop", {"topic": 77})
    ]


async def test_old_threads_are_purged_with_their_topics(store: Database) -> None:
    """
    90 days after they ended.
    """
    thread = await handed(store, NOOR, 0)
    threads, takeovers = Threads(store), Takeovers(store, lambda: 0)
    await threads.keep(takeovers.settling(thread.id, 77), takeovers.ending(thread.id))
    assert (await purge(store, 89 * DAY))["threads"] == 0
    assert (await purge(store, 91 * DAY))["threads"] == 1
    assert [one.kind for one in await Errands(store).waiting(())] == ["drop"]


async def test_what_was_not_understood_or_voted_down_is_kept_for_review(store: Database) -> None:
    """
    With what the coach answered, once.
    """
    await says(store, NOOR, "le grubo", Lost("fr", 0.1))
    await says(store, NOOR, "mon cv ?", Answered("fr", "cv_writing", "sure", 0.9))
    await says(store, NOOR, "", Voted("fr", "cv_writing", "abcd", useful=False))
    await says(store, NOOR, "", Voted("fr", "salary", "abcd", useful=True))
    questions = Questions(store)
    down, lost = await questions.waiting(10)
    assert (down.text, down.intent) == ("mon cv ?", "cv_writing")
    assert (lost.text, lost.intent, lost.first_name) == ("le grubo", None, "Noor")
    threads = Threads(store)
    thread = await handed(store, NOOR)
    await threads.keep(questions.answering(thread.id, "Ma réponse"), questions.answering(thread.id, "Une autre"))
    assert [one.answer for one in await questions.waiting(10)] == ["Ma réponse", ""]
    await threads.keep(questions.deciding([down.id], QuestionState.USED))
    assert [one.id for one in await questions.waiting(10)] == [lost.id]


async def test_everything_can_be_sealed_anew(store: Database) -> None:
    """
    A new key opens threads, notes, coaches, facts and questions; the old one opens nothing.
    """
    thread = await handed(store, NOOR, new=[Errand(0, "card", {})])
    threads, takeovers, coaches = Threads(store), Takeovers(store), Coaches(store)
    await threads.keep(takeovers.changing(thread, notes=("ma note",)), coaches.noting("Alix", "/note"))
    await coaches.join(await coaches.invite(Role.COACH), LOU)
    await Facts(store).put("desk", {"chat": -5})
    await Drafts(store).keep({"texts": ["a"]})
    await says(store, NOOR, "le grubo", Lost("fr", 0.1))
    vault, key = fresh_vault((new_key(),))
    await rotate(store, vault, key)
    anew = Database(store.connections, vault)
    found = await Threads(anew).of_person(NOOR.key)
    assert found is not None
    assert found.notes == ("ma note",)
    assert await Coaches(anew).everyone() == {LOU.key: (Role.COACH, "Lou")}
    assert (await Coaches(anew).deeds(1))[0].what == "/note"
    assert await Facts(anew).get("desk") == {"chat": -5}
    assert [one.kind for one in await Errands(anew).waiting(())] == ["card"]
    assert [one.text for one in await Questions(anew).waiting(5)] == ["le grubo"]
    with pytest.raises(SealError):
        await Facts(store).get("desk")


async def test_a_message_can_be_forgotten_alone(store: Database) -> None:
    """
    By the number it has in its chat.
    """
    await handed(store, NOOR)
    threads, takeovers = Threads(store), Takeovers(store)
    await threads.keep(takeovers.deleting(NOOR.key, 11))
    holdings = await People(store).holdings(NOOR.key)
    assert holdings is not None
    assert holdings.messages == ()
