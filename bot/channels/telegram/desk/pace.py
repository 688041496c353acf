"""
How fast messages may go to the desk: Telegram takes 20 a minute in a group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

MOST, WINDOW_SECONDS = 18, 60.0
"""
Two fewer than Telegram allows, for the answers to commands that go there besides.
"""


class Pace:
    """
    A window of time in which only so many messages go.

    Parameters:
        most: How many.
        seconds: How long the window is.
        clock: Seconds that only grow.
    """

    def __init__(
        self, most: int = MOST, seconds: float = WINDOW_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._sent: deque[float] = deque()

    def free(self) -> int:
        """
        How many messages may go now.
        """
        before = self._clock() - self._seconds
        while self._sent and self._sent[0] <= before:
            self._sent.popleft()
        return max(0, self._most - len(self._sent))

    def take(self, count: int) -> None:
        """
        Take note that messages go now.
        """
        self._sent.extend([self._clock()] * count)

    async def room(self) -> None:
        """
        Wait until a message may go, if none else comes first.
        """
        if not self.free():
            await asyncio.sleep(max(0.01, self._sent[0] + self._seconds - self._clock()))
