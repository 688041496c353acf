"""
How much one person, and everybody together, may ask in a while.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.model import Limit

_PEOPLE_REMEMBERED = 10_000
_MINUTE, _DAY = 60.0, 86_400.0


@dataclass(slots=True)
class _Use:
    times: deque[float] = field(default_factory=deque)
    told: bool = False

    def reached(self, count: int, since: float) -> bool:
        """
        Whether as many messages came after a moment.
        """
        return len(self.times) >= count and self.times[-count] > since


class Limits:
    """
    Counts what people ask, in memory: a restart forgives everybody.

    Parameters:
        per_minute: How many messages of one person are answered within a minute.
        per_day: How many within a day.
        all_per_minute: How many messages of everybody are answered within a minute.
        clock: Seconds that only grow.
    """

    def __init__(
        self, per_minute: int, per_day: int, all_per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._per_day = per_day
        self._all_per_minute = all_per_minute
        self._all: deque[float] = deque()
        self._clock = clock
        self._uses: OrderedDict[str, _Use] = OrderedDict()

    def admit(self, person: str, muted_until: int = 0) -> Limit:
        """
        Count one more message of a person, and say whether it is to be answered.

        Parameters:
            person: Their key.
            muted_until: Until when they are muted, in seconds since 1970.
        """
        if muted_until > time.time():
            return Limit.SILENT
        now = self._clock()
        use = self._uses.setdefault(person, _Use())
        self._uses.move_to_end(person)
        while len(self._uses) > _PEOPLE_REMEMBERED:
            self._uses.popitem(last=False)
        while use.times and now - use.times[0] >= _DAY:
            use.times.popleft()
        while self._all and now - self._all[0] >= _MINUTE:
            self._all.popleft()
        too_much = use.reached(self._per_minute, now - _MINUTE) or len(use.times) >= self._per_day
        if not too_much and len(self._all) < self._all_per_minute:
            use.times.append(now)
            self._all.append(now)
            use.told = False
            return Limit.NONE
        if use.told:
            return Limit.SILENT
        use.told = True
        return Limit.NOTICE if too_much else Limit.CROWDED
