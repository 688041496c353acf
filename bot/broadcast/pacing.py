"""
How fast a broadcast goes: as fast as Telegram lets, which is learned from its refusals, and no faster than configured.

Additive increase, multiplicative decrease (Chiu and Jain 1989), with a memory: below the rate that was refused last the
increase ends, for a good while, so that a steady state has no refusals.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.model import Broadcast

SLOWEST = 0.5
"""
Messages a second below which a rate never falls.
"""
_DECREASE = 0.8
_NEAR = 0.93
_INCREASE = 0.5
"""
Messages a second by which the rate grows each second.
"""
_REMEMBERED_SECONDS = 900.0
"""
How long a rate that was refused is not tried again.
"""
_STRETCH_SECONDS = 3.0
"""
How long it waits at a stretch.
"""


def spread(broadcast: Broadcast, left: int, now: float) -> float:
    """
    Seconds that are to lie between two messages so that whoever is left is reached in the time that is left; 0 for as
    fast as may be.

    Parameters:
        broadcast: Says over how many hours it is spread, and since when.
        left: How many are still to be reached.
        now: Seconds since 1970.
    """
    return max(0.0, broadcast.ends - now) / max(1, left)


class Pacer:
    """
    Lets one message go at a time.

    Parameters:
        ceiling: Messages a second at most.
        clock: Seconds that only grow.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        ceiling: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ceiling, self._clock, self._sleep = ceiling, clock, sleep
        self.rate = ceiling
        self._known = ceiling
        self._next = self._grown = clock()
        self._refused = float("-inf")

    async def turn(
        self, earliest: float = float("-inf"), meanwhile: Callable[[], Awaitable[None]] | None = None
    ) -> float:
        """
        Wait until the next message may go; returns the moment.

        Parameters:
            earliest: The moment before which it is not to go.
            meanwhile: What is done every few seconds of a long wait; what it raises ends the wait.
        """
        self._grow()
        # Whoever comes late does not catch up: Telegram counts what comes within a second.
        at = max(self._clock(), self._next, earliest)
        while (left := at - self._clock()) > 0:
            await self._sleep(min(left, _STRETCH_SECONDS))
            if meanwhile is not None and left > _STRETCH_SECONDS:
                await meanwhile()
        self._next = at + 1 / self.rate
        return at

    def refused(self, retry_after: float) -> None:
        """
        Telegram wants a pause: go on slower after it.

        Parameters:
            retry_after: Seconds of the pause.
        """
        now = self._clock()
        self._known = max(SLOWEST, self.rate * _NEAR)
        self.rate = max(SLOWEST, self.rate * _DECREASE)
        self._next = self._grown = now + retry_after
        self._refused = now

    def _grow(self) -> None:
        now = self._clock()
        passed = max(0.0, now - self._grown)
        self._grown = max(now, self._grown)
        limit = self._known if now - self._refused < _REMEMBERED_SECONDS else self._ceiling
        self.rate = max(self.rate, min(limit, self.rate + _INCREASE * passed))
