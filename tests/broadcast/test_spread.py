"""
A broadcast that is spread over hours.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.broadcast.pacing import Pacer
from bot.broadcast.ports import Delivered
from bot.broadcast.run import Run
from bot.model import Audience, Broadcast, BroadcastState
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import Deliveries, Recipient
from bot.storage.engine import Database
from tests.broadcast.test_run import ScriptedCarrier
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

    async def deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        It was sent.
        """
        self.moments.append(self.clock.now)
        return await super().deliver(broadcast, recipient)


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

    async def spread(self, people: int, hours: int) -> int:
        """
        Begin one; returns its number.
        """
        for number in range(people):
            await know(self.broadcasts.database, number)
        draft = replace(await self.broadcasts.begin(LETTER, "Alix"), audience=Audience(), hours=hours)
        await self.broadcasts.freeze(draft)
        return draft.id

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
