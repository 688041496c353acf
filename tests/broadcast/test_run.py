"""
The state machine of a broadcast, with a carrier that does what a test says.
"""

from dataclasses import replace

from bot.broadcast.pacing import Pacer
from bot.broadcast.ports import Delivered, Outcome
from bot.broadcast.run import Run
from bot.model import Audience, Broadcast, BroadcastState, RecipientState
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import Deliveries, Recipient
from bot.storage.engine import Database
from tests.storage.test_broadcasts import LETTER, Clock, know


class ScriptedCarrier:
    """
    A `Carrier` that notes to whom it was given what, and answers as it is told.
    """

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.names: list[str] = []
        self.shown: list[BroadcastState] = []
        self._outcomes = list(outcomes)

    async def room(self) -> None:
        """
        There always is.
        """

    async def deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        The next outcome, or that it was sent.
        """
        self.names.append(recipient.person.first_name)
        outcome = self._outcomes.pop(0) if self._outcomes else Outcome.SENT
        if isinstance(outcome, Exception):
            raise outcome
        return Delivered(outcome, 1, 0.0, "why")

    async def progressed(self, broadcast: Broadcast, *, rate: float, over: bool) -> None:
        """
        Note the state.
        """
        self.shown.append(broadcast.state)


async def begun(broadcasts: Broadcasts) -> int:
    """
    A broadcast to everybody that is due; returns its number.
    """
    draft = replace(await broadcasts.begin(LETTER, "Alix"), audience=Audience())
    await broadcasts.freeze(draft)
    return draft.id


async def figures_of(broadcasts: Broadcasts, number: int) -> dict[RecipientState, int]:
    """
    How many recipients are in each state, none left out.
    """
    return {state: count for state, count in (await broadcasts.figures(number)).items() if count}


async def test_nothing_due_is_nothing_to_do(database: Database) -> None:
    """
    And says so.
    """
    assert not await Run(
        Broadcasts(database, Clock()), Deliveries(database, Clock()), ScriptedCarrier(), Pacer(1000)
    ).step()


async def test_whoever_is_asleep_is_written_to_in_the_morning(database: Database) -> None:
    """
    In the time zone they chose; the others are not kept waiting.
    """
    await know(database, 1)
    await know(database, 2, zone="America/Montreal")
    await know(database, 3, zone="Pacific/Noumea")
    broadcasts, carrier = Broadcasts(database, Clock()), ScriptedCarrier()
    night = {"", "Pacific/Noumea"}
    number = await begun(broadcasts)
    run = Run(broadcasts, Deliveries(database, Clock()), carrier, Pacer(1000), is_night=lambda zone: zone in night)
    assert not await run.step()
    assert carrier.names == ["P2"]
    assert not await run.step()
    night.clear()
    assert await run.step()
    assert carrier.names == ["P2", "P1", "P3"]
    assert await figures_of(broadcasts, number) == {RecipientState.SENT: 3}


async def test_what_certainly_was_not_sent_is_tried_again(database: Database) -> None:
    """
    After a refusal with a pause, the same person is next.
    """
    await know(database, 1)
    await know(database, 2)
    broadcasts, carrier = Broadcasts(database, Clock()), ScriptedCarrier(Outcome.LATER)
    number = await begun(broadcasts)
    assert await Run(broadcasts, Deliveries(database, Clock()), carrier, Pacer(1000)).step()
    assert carrier.names == ["P1", "P1", "P2"]
    assert await figures_of(broadcasts, number) == {RecipientState.SENT: 2}


async def test_failures_in_a_row_with_nobody_reached_stop_it(database: Database) -> None:
    """
    The message is at fault then, not the people.
    """
    for number in range(9):
        await know(database, number)
    broadcasts = Broadcasts(database, Clock())
    carrier = ScriptedCarrier(*[Outcome.FAILED] * 9)
    broadcast = await begun(broadcasts)
    await Run(broadcasts, Deliveries(database, Clock()), carrier, Pacer(1000)).step()
    assert len(carrier.names) == 5
    found = await broadcasts.get(broadcast)
    assert found is not None
    assert (found.state, found.trouble) == (BroadcastState.FAULTY, "why")
    assert carrier.shown[-1] is BroadcastState.FAULTY


async def test_what_breaks_the_carrier_leaves_one_in_doubt_and_stops(database: Database) -> None:
    """
    Nobody knows whether it was sent, so it is not sent again; nor is the next one left in doubt, even after others were
    reached. The kind of error is shown, and not what it says, which may hold anything.
    """
    for person in range(4):
        await know(database, person)
    broadcasts, carrier = Broadcasts(database, Clock()), ScriptedCarrier(Outcome.SENT, RuntimeError("a name"))
    number = await begun(broadcasts)
    run = Run(broadcasts, Deliveries(database, Clock()), carrier, Pacer(1000))
    assert await run.step()
    assert not await run.step()
    states = {RecipientState.SENT: 1, RecipientState.UNKNOWN: 1, RecipientState.PENDING: 2}
    assert (carrier.names, await figures_of(broadcasts, number)) == (["P0", "P1"], states)
    found = await broadcasts.get(number)
    assert found is not None
    assert (found.state, found.trouble) == (BroadcastState.FAULTY, "RuntimeError")
    assert carrier.shown[-1] is BroadcastState.FAULTY
