"""
How much is answered in a while.
"""

import time

from bot.channels.telegram.limits import Limits
from bot.model import Limit


class Clock:
    """
    Time that passes when a test says so.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """
        Seconds.
        """
        return self.now


def test_too_much_in_a_minute_is_said_once_and_forgiven() -> None:
    """
    Answers, one notice, silence; a minute later answers again, and the next notice.
    """
    clock = Clock()
    limits = Limits(2, 100, 1000, clock)
    assert [limits.admit("a") for _ in range(5)] == [Limit.NONE, Limit.NONE, Limit.NOTICE, Limit.SILENT, Limit.SILENT]
    clock.now = 61
    assert [limits.admit("a") for _ in range(4)] == [Limit.NONE, Limit.NONE, Limit.NOTICE, Limit.SILENT]


def test_one_persons_limit_is_not_anothers() -> None:
    """
    A flood costs nobody else their answer.
    """
    limits = Limits(1, 100, 1000, Clock())
    assert limits.admit("a") is limits.admit("b") is Limit.NONE
    assert limits.admit("a") is Limit.NOTICE


def test_a_day_has_its_limit_too() -> None:
    """
    However slowly it is reached.
    """
    clock = Clock()
    limits = Limits(10, 3, 1000, clock)
    for _ in range(3):
        assert limits.admit("a") is Limit.NONE
        clock.now += 3600
    assert limits.admit("a") is Limit.NOTICE
    clock.now = 86_401
    assert limits.admit("a") is Limit.NONE


def test_everybody_together_has_a_limit() -> None:
    """
    Each is told once that it is crowded; a minute later there is room.
    """
    clock = Clock()
    limits = Limits(10, 100, 2, clock)
    admitted = [limits.admit(person) for person in ("a", "b", "c", "c", "a")]
    assert admitted == [Limit.NONE, Limit.NONE, Limit.CROWDED, Limit.SILENT, Limit.CROWDED]
    clock.now = 61
    assert limits.admit("c") is Limit.NONE


def test_somebody_muted_meets_silence_until_it_is_over() -> None:
    """
    A coach can ask for that.
    """
    limits = Limits(10, 100, 1000)
    assert limits.admit("a", muted_until=int(time.time()) + 60) is Limit.SILENT
    assert limits.admit("a", muted_until=int(time.time()) - 1) is Limit.NONE


def test_a_crowd_of_strangers_costs_bounded_memory() -> None:
    """
    Whoever was not heard of for the longest is forgotten first.
    """
    limits = Limits(1, 100, 10**9, Clock())
    for number in range(20_000):
        limits.admit(str(number))
    assert len(limits._uses) == 10_000
    assert limits.admit("19999") is Limit.NOTICE
