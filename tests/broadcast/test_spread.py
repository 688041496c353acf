"""
A broadcast that is spread over hours.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.broadcast.pacing import Pacer, spread
from bot.broadcast.ports import Delivered
from bot.broadcast.run import Run
from bot.model import Audience, Broadcast, BroadcastState, RecipientState
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import Deliveries, Recipient
from bot.storage.engine import Database
from tests.broadcast.test_run import ScriptedCarrier, figures_of
from tests.storage.test_broadcasts import LETTER, Clock, know

HOUR = 3600.0


class PassingClock(Clock):
    """
    A moment that moves when somebody waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def sleep(self, seconds: float) -> None:
        """
        Let time pass, and happen what happens meanwhile.
        """
        self.now += seconds
        if self.meanwhile is not None:
            await self.meanwhile()


class TimedCarrier(ScriptedCarrier):
    """
    A `Carrier` that sends everything, and notes when.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.moments: list[float] = []
        self.told: list[tuple[int, float]] = []

    async def deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        It was sent.
        """
        self.moments.append(self.clock.now)
        return await super().deliver(broadcast, recipient)

    async def progressed(self, broadcast: Broadcast, *, rate: float, over: bool) -> None:
        """
        It was shown.
        """
        self.told.append((broadcast.id, self.clock.now))
        await super().progressed(broadcast, rate=rate, over=over)


class Studio:
    """
    Some people, and a broadcast to them that is spread.
    """

    def __init__(self, database: Database) -> None:
        self.clock = PassingClock()
        self.carrier = TimedCarrier(self.clock)
        self.broadcasts = Broadcasts(database, self.clock)
        self.deliveries = Deliveries(database, self.clock)
        self.night: set[str] = set()

    async def draft(self, people: int, hours: int, **audience: object) -> Broadcast:
        """
        One that is not confirmed yet.
        """
        for number in range(people):
            await know(self.broadcasts.database, number)
        chosen = Audience(**audience)  # type: ignore[arg-type]
        return replace(await self.broadcasts.begin(LETTER, "Alix"), audience=chosen, hours=hours)

    async def spread(self, people: int, hours: int, **audience: object) -> int:
        """
        Begin one; returns its number.
        """
        draft = await self.draft(people, hours, **audience)
        await self.broadcasts.freeze(draft)
        return draft.id

    async def urgent(self, **audience: object) -> int:
        """
        Begin one that is not spread, to everybody known; returns its number.
        """
        return await self.spread(0, 0, anyway="Alix", **audience)

    async def pauses_after(self, number: int, sent: int) -> None:
        """
        Send to some, and let a coach pause it then.
        """

        async def pause() -> None:
            if len(self.carrier.names) == sent:
                await self.broadcasts.move(number, BroadcastState.PAUSED, BroadcastState.RUNNING)

        self.clock.meanwhile = pause
        await self.process().step()
        self.clock.meanwhile = None

    async def resumes(self, number: int) -> None:
        """
        Let a coach resume it, and another process send the rest.
        """
        await self.broadcasts.move(number, BroadcastState.SCHEDULED, BroadcastState.PAUSED)
        await self.process().step()

    def process(self) -> Run:
        """
        What sends it, as after a start.
        """
        pacer = Pacer(1000, self.clock, self.clock.sleep)
        return Run(
            self.broadcasts,
            self.deliveries,
            self.carrier,
            pacer,
            is_night=lambda zone: zone in self.night,
            clock=self.clock,
        )


async def test_whoever_began_it_sends_it_to_the_end(database: Database) -> None:
    """
    However long it waits between two recipients, no other process takes it for dead.
    """
    studio = Studio(database)
    await studio.spread(3, 1)
    taken: list[Broadcast | None] = []

    async def another() -> None:
        taken.append(await studio.deliveries.take("another"))

    studio.clock.meanwhile = another
    assert await studio.process().step()
    assert studio.carrier.names == ["P0", "P1", "P2"]
    assert taken
    assert not any(taken)


async def test_what_is_paused_while_it_waits_lets_others_go(database: Database) -> None:
    """
    Within seconds, not when the next recipient's turn comes.
    """
    studio = Studio(database)
    number = await studio.spread(2, 12)

    async def pause() -> None:
        await studio.broadcasts.move(number, BroadcastState.PAUSED, BroadcastState.RUNNING)

    studio.clock.meanwhile = pause
    began = studio.clock.now
    assert await studio.process().step()
    assert studio.carrier.names == ["P0"]
    assert studio.clock.now - began < 60


async def test_what_is_urgent_goes_while_another_waits(database: Database) -> None:
    """
    To everybody at once; the other one goes on when its next recipient's turn comes, and no other process takes it.
    """
    studio = Studio(database)
    began = studio.clock.now
    slow = await studio.spread(3, 1, anyway="Alix")
    urgent = 0
    taken: list[Broadcast | None] = []

    async def meanwhile() -> None:
        nonlocal urgent
        if not urgent:
            urgent = await studio.urgent()
        elif (await figures_of(studio.broadcasts, urgent)).get(RecipientState.SENT) == 3:
            taken.append(await studio.deliveries.take("another"))

    studio.clock.meanwhile = meanwhile
    run = studio.process()
    while await run.step() or studio.clock.now < began + 0.8 * HOUR:
        await studio.clock.sleep(2)
    assert studio.carrier.names == ["P0", "P0", "P1", "P2", "P1", "P2"]
    minutes = [round((moment - began) / 60) for moment in studio.carrier.moments]
    assert minutes == [0, 0, 0, 0, 20, 40]
    assert await figures_of(studio.broadcasts, slow) == {RecipientState.SENT: 3}
    assert taken
    assert not any(taken)


async def test_two_that_are_spread_share_the_time(database: Database) -> None:
    """
    Each keeps to the pace of its own hours.
    """
    studio = Studio(database)
    began = studio.clock.now
    numbers = [await studio.spread(4, 1, anyway="Alix"), await studio.spread(0, 2, anyway="Alix")]
    run = studio.process()
    while await run.step() or studio.clock.now < began + 2 * HOUR:
        await studio.clock.sleep(2)
    for number in numbers:
        assert await figures_of(studio.broadcasts, number) == {RecipientState.SENT: 4}
    minutes = [round((moment - began) / 60) for moment in studio.carrier.moments]
    assert minutes == [0, 0, 15, 30, 30, 45, 60, 90]
    # Whoever looks at the desk sees that the one that gave way has moved.
    first, told = studio.carrier.told[0]
    assert first == numbers[0]
    assert told - began < HOUR / 60


async def test_who_sleeps_holds_up_nobody_else(database: Database) -> None:
    """
    A broadcast to those who are awake does not wait for the morning of another one.
    """
    studio = Studio(database)
    studio.night.add("")
    await studio.spread(2, 0)
    await know(database, 7, zone="Pacific/Noumea")
    run = studio.process()
    assert not await run.step()
    await studio.urgent()
    await run.step()
    assert studio.carrier.names == ["P7"]
    studio.night.clear()
    while await run.step():
        pass
    assert sorted(studio.carrier.names) == ["P0", "P0", "P1", "P1", "P7"]


async def test_who_wakes_is_written_to_while_another_waits(database: Database) -> None:
    """
    Morning is noticed within a minute or two, however long the other one's wait is.
    """
    studio = Studio(database)
    await know(database, 7, zone="Pacific/Noumea")
    studio.night.add("Pacific/Noumea")
    run = studio.process()
    await studio.urgent()
    assert not await run.step()
    began = studio.clock.now
    for person in range(3):
        await know(database, person)
    slow = replace(await studio.broadcasts.begin(LETTER, "Alix"), audience=Audience(anyway="Alix"), hours=1)
    await studio.broadcasts.freeze(slow)

    async def dawn() -> None:
        if studio.clock.now > began + HOUR / 8:
            studio.night.clear()

    studio.clock.meanwhile = dawn
    while await run.step() or studio.clock.now < began + HOUR:
        await studio.clock.sleep(2)
    moments = dict(zip(studio.carrier.names, studio.carrier.moments, strict=True))
    assert sorted(studio.carrier.names) == ["P0", "P1", "P2", "P7", "P7"]
    first = studio.carrier.moments[studio.carrier.names.index("P7")]
    assert HOUR / 8 <= first - began <= HOUR / 8 + 130
    assert moments["P2"] - began > HOUR / 4


async def test_night_falls_while_it_waits(database: Database) -> None:
    """
    Nobody is written to because it was day when the wait began.
    """
    studio = Studio(database)
    await studio.spread(2, 1)

    async def dusk() -> None:
        studio.night.add("")

    studio.clock.meanwhile = dusk
    assert not await studio.process().step()
    assert studio.carrier.names == ["P0"]


async def test_what_was_interrupted_keeps_to_the_hours_it_was_given(database: Database) -> None:
    """
    Those who are left share the time that is left; it does not begin anew.
    """
    studio = Studio(database)
    began = studio.clock.now
    number = await studio.spread(8, 4)
    await studio.pauses_after(number, 4)
    studio.clock.now = began + 2 * HOUR
    await studio.resumes(number)
    assert studio.carrier.names == [f"P{person}" for person in range(8)]
    hours = [round((moment - began) / HOUR, 3) for moment in studio.carrier.moments]
    assert hours == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    assert round((studio.clock.now - began) / HOUR, 3) == 4.0


async def test_what_is_late_goes_as_fast_as_it_may(database: Database) -> None:
    """
    Whoever is left after the time was up waits no longer than they must.
    """
    studio = Studio(database)
    number = await studio.spread(4, 1)
    await studio.pauses_after(number, 2)
    studio.clock.now += 24 * HOUR
    morning = studio.clock.now
    await studio.resumes(number)
    assert await figures_of(studio.broadcasts, number) == {RecipientState.SENT: 4}
    assert studio.clock.now - morning < 1


async def test_the_hours_begin_when_it_is_confirmed(database: Database) -> None:
    """
    However long the draft lay; and not before the time that was chosen.
    """
    studio = Studio(database)
    for wait in (0.0, 5 * HOUR):
        draft = await studio.draft(1, 4, test=True)
        studio.clock.now += 3 * HOUR
        now = studio.clock.now
        await studio.broadcasts.freeze(replace(draft, start=int(draft.start + wait)))
        kept = await studio.broadcasts.get(draft.id)
        assert kept is not None
        assert kept.ends == max(now, draft.start + wait) + 4 * HOUR


async def test_the_rest_after_a_sample_is_spread_again(database: Database) -> None:
    """
    Over as many hours, from the moment the coach lets it go.
    """
    studio = Studio(database)
    number = await studio.spread(5, 1, sample=20)
    await studio.process().step()
    assert len(studio.carrier.names) == 1
    studio.clock.now += 24 * HOUR
    released = studio.clock.now
    assert await studio.broadcasts.release(number) == 4
    await studio.process().step()
    minutes = [round((moment - released) / 60) for moment in studio.carrier.moments[1:]]
    assert minutes == [0, 15, 30, 45]


def test_no_pace_is_below_zero_and_nobody_left_is_no_fault() -> None:
    """
    Before its time, within it, at its end and after it.
    """
    broadcast = Broadcast(1, BroadcastState.RUNNING, 0, 1000, 1, LETTER, Audience())
    assert spread(broadcast, 36, 1000) == 100
    assert spread(broadcast, 18, 1000 + HOUR / 2) == 100
    assert spread(broadcast, 0, 1000 + HOUR - 7) == 7
    assert spread(broadcast, 9, 1000 + HOUR) == 0
    assert spread(broadcast, 9, 1000 + 2 * HOUR) == 0
    assert spread(replace(broadcast, hours=0), 9, 1000) == 0
