"""
Whether the bot is well: when it last heard from Telegram, and what waits.
"""

import time
from collections.abc import Callable


class Health:
    """
    Takes note of signs of life.

    Parameters:
        patience: Seconds without a sign of life after which something must be wrong; None if none is to be expected.
        clock: Seconds that only grow.
    """

    def __init__(self, patience: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._started = self._last = clock()

    def polled(self) -> None:
        """
        Telegram answered a poll, or delivered an update.
        """
        self._last = self._clock()

    @property
    def silent_for(self) -> float:
        """
        Seconds since the last sign of life, or since the start.
        """
        return self._clock() - self._last

    @property
    def is_well(self) -> bool:
        """
        Whether the last sign of life is recent enough.
        """
        return self._patience is None or self.silent_for <= self._patience

    def report(self, counts: dict[str, int]) -> dict[str, object]:
        """
        The state of the bot for whoever watches over it.

        Parameters:
            counts: What waits, is set aside and is unknown, from the inbox.
        """
        return {
            "status": "ok" if self.is_well else "silent",
            "seconds_since_telegram": round(self.silent_for, 1),
            "uptime_seconds": round(self._clock() - self._started, 1),
            **counts,
        }
