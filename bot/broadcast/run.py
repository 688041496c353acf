"""
The state machine of a broadcast: claim, send, take note; one recipient after the other.

No idempotency key exists, so exactly once is impossible: what was begun and not noted when a process died is unknown,
shown as such, and not sent again unless somebody says so.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Collection, Mapping

import structlog

from bot.broadcast.pacing import Pacer, spread
from bot.broadcast.ports import Carrier, Delivered, Outcome
from bot.model import Broadcast, BroadcastState, RecipientState
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import AsleepError, Deliveries, LeaseLostError, Recipient
from bot.storage.engine import StorageError

_LOOK_SECONDS = 2.0
_PROGRESS_SECONDS = 4.0
_NIGHT_SECONDS = 60.0
"""
How often it is looked where it is night.
"""
_MOST_FAILURES = 5
"""
After how many failures in a row with nobody reached the message itself is taken to be at fault.
"""
_UNREACHED_SECONDS = (1.0, 30.0)
"""
Seconds to wait when Telegram cannot be reached: at first, and at most.
"""
_STATES = {
    Outcome.SENT: RecipientState.SENT,
    Outcome.BLOCKED: RecipientState.BLOCKED,
    Outcome.FAILED: RecipientState.FAILED,
    Outcome.UNKNOWN: RecipientState.UNKNOWN,
    Outcome.LATER: RecipientState.PENDING,
    Outcome.AGAIN: RecipientState.PENDING,
    Outcome.CONTENT: RecipientState.PENDING,
    Outcome.BROKEN: RecipientState.UNKNOWN,
}
_FAULTS = frozenset({Outcome.CONTENT, Outcome.BROKEN})
"""
What would happen again with whoever is next.
"""

_log = structlog.get_logger(__name__)


class _GivesWayError(RuntimeError):
    """
    Another broadcast can go while this one waits for its next recipient's turn.
    """


class Run:
    """
    Sends what is due, whichever process it is that finds it.

    Parameters:
        broadcasts: Where everything stands.
        deliveries: Claims recipients.
        carrier: Sends.
        pacer: How fast.
        is_night: Whether it is night in a time zone; an empty string stands for that of the settings.
        holder: Stands for this process.
        clock: Seconds that only grow.
    """

    def __init__(  # noqa: PLR0913 (the parts of sending)
        self,
        broadcasts: Broadcasts,
        deliveries: Deliveries,
        carrier: Carrier,
        pacer: Pacer,
        *,
        is_night: Callable[[str], bool] = lambda _: False,
        holder: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broadcasts, self._deliveries = broadcasts, deliveries
        self._carrier, self._pacer = carrier, pacer
        self._is_night, self._clock = is_night, clock
        self._holder = holder or secrets.token_hex(8)
        self._asleep: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._resting: dict[int, float] = {}

    async def run(self) -> None:
        """
        Send what is due until cancelled.
        """
        while True:
            try:
                if not await self.step():
                    await asyncio.sleep(_LOOK_SECONDS)
            except StorageError as error:
                _log.error("broadcast_delayed", reason=str(error))
                await asyncio.sleep(_LOOK_SECONDS)

    async def step(self) -> bool:
        """
        Take on one broadcast that is due and send it as far as possible; returns whether there was anybody to send to.

        Raises:
            StorageError: The database does not answer.
        """
        broadcast = await self._take()
        if broadcast is None:
            return False
        if broadcast.id not in self._asleep and broadcast.id not in self._resting:
            _log.info("broadcast_goes", broadcast=broadcast.id)
        showing = asyncio.create_task(self._show(broadcast))
        try:
            await self._send_all(broadcast)
        except LeaseLostError:
            _log.info("broadcast_left", broadcast=broadcast.id)
        except _GivesWayError:
            # Its next turn may be over before it would be shown in passing.
            await self._progressed(broadcast.id, over=False)
            return True
        except AsleepError:
            if broadcast.id not in self._asleep:
                await self._progressed(broadcast.id, over=True)
            self._asleep[broadcast.id] = self._clock() + _NIGHT_SECONDS
            return False
        finally:
            showing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await showing
        self._asleep.pop(broadcast.id, None)
        self._resting.pop(broadcast.id, None)
        await self._progressed(broadcast.id, over=True)
        return True

    async def _take(self) -> Broadcast | None:
        """
        The broadcast to send now: one that waits for its recipients to wake holds up no other.
        """
        resting = self._not_yet(self._resting)
        awake = await self._deliveries.take(self._holder, [*resting, *self._not_yet(self._asleep)])
        return awake or await self._deliveries.take(self._holder, resting)

    def _not_yet(self, until: Mapping[int, float]) -> list[int]:
        """
        The broadcasts whose moment has not come.
        """
        now = self._clock()
        return [number for number, moment in until.items() if moment > now]

    async def _wait(self, broadcast: Broadcast, earliest: float) -> None:
        """
        Keep a broadcast through a long wait, unless another one can go meanwhile.

        Raises:
            LeaseLostError: It is not this process's to send any more.
            _GivesWayError: Another one can go.
        """
        ahead = earliest - self._clock()
        besides = [broadcast.id, *self._not_yet(self._resting), *self._not_yet(self._asleep)]
        if ahead > _LOOK_SECONDS and await self._deliveries.is_due(self._holder, besides):
            await self._deliveries.hold(broadcast, self._holder, ahead)
            self._resting[broadcast.id] = earliest
            raise _GivesWayError
        await self._deliveries.hold(broadcast, self._holder)

    async def _send_all(self, broadcast: Broadcast) -> None:
        """
        Send to one recipient after the other until there is none left, or the message or the bot is at fault.

        Raises:
            LeaseLostError: It is not this process's to send any more.
            AsleepError: It is night where those live who are left.
            _GivesWayError: Another one can go while this one waits.
        """
        left = await self._broadcasts.figures(broadcast.id)
        slowest = spread(broadcast, left[RecipientState.PENDING], self._deliveries.clock())
        wait, reached = _UNREACHED_SECONDS[0], left[RecipientState.SENT] > 0
        failures = 0 if reached else left[RecipientState.FAILED]
        asleep: Collection[str] = ()
        looked = float("-inf")
        while True:
            earliest = self._sent.get(broadcast.id, float("-inf")) + slowest
            at = await self._pacer.turn(earliest, lambda: self._wait(broadcast, earliest))  # noqa: B023
            await self._carrier.room()
            # Not before the wait, in which night may fall.
            if self._clock() >= looked + _NIGHT_SECONDS:
                asleep = [zone for zone in await self._deliveries.zones() if self._is_night(zone)]
                looked = self._clock()
            recipient = await self._deliveries.claim(broadcast, self._holder, asleep)
            if recipient is None:
                await self._deliveries.finish(broadcast, BroadcastState.FINISHED)
                return
            delivered = await self._deliver(broadcast, recipient)
            if delivered.outcome is not Outcome.LATER:
                # What was refused was not sent: the same message need not wait as long as another one.
                self._sent[broadcast.id] = at
            reached |= delivered.outcome in {Outcome.SENT, Outcome.UNKNOWN}
            failures = failures + 1 if delivered.outcome is Outcome.FAILED else 0
            if delivered.outcome in _FAULTS or (failures >= _MOST_FAILURES and not reached):
                _log.error("broadcast_faulty", broadcast=broadcast.id)
                await self._deliveries.finish(broadcast, BroadcastState.FAULTY, delivered.why)
                return
            if delivered.outcome is Outcome.AGAIN:
                await asyncio.sleep(wait)
                wait = min(wait * 2, _UNREACHED_SECONDS[1])
            else:
                wait = _UNREACHED_SECONDS[0]

    async def _deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        One attempt, and the note of what became of it: whatever it raises, nobody is left as being sent to.
        """
        try:
            delivered = await self._carrier.deliver(broadcast, recipient)
        except Exception as error:  # noqa: BLE001 (the bot goes on; nobody knows whether it was sent)
            reason = type(error).__name__
            _log.error("broadcast_failed", broadcast=broadcast.id, reason=reason)
            delivered = Delivered(Outcome.BROKEN, why=reason)
        if delivered.outcome is Outcome.LATER:
            _log.warning("broadcast_slower", broadcast=broadcast.id, seconds=delivered.wait)
            self._pacer.refused(delivered.wait)
        await self._patiently(recipient.id, _STATES[delivered.outcome], delivered.message)
        return delivered

    async def _patiently(self, recipient: int, state: RecipientState, message: int | None) -> None:
        """
        Take note until the database takes it: what was sent must not be taken for unknown.
        """
        while True:
            try:
                await self._deliveries.mark(recipient, state, message)
            except StorageError as error:
                _log.error("broadcast_delayed", reason=str(error))
                await asyncio.sleep(_LOOK_SECONDS)
            else:
                return

    async def _show(self, broadcast: Broadcast) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            await self._progressed(broadcast.id, over=False)

    async def _progressed(self, number: int, *, over: bool) -> None:
        with contextlib.suppress(StorageError):
            current = await self._broadcasts.get(number)
            if current is not None:
                await self._carrier.progressed(current, rate=self._pacer.rate, over=over)
