"""
How fast a broadcast goes.
"""

import pytest

from bot.broadcast.pacing import SLOWEST, Pacer


class Time:
    """
    Seconds that pass only when somebody waits.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """
        The moment it is.
        """
        return self.now

    async def sleep(self, seconds: float) -> None:
        """
        Let time pass.
        """
        self.now += seconds


async def test_it_keeps_to_the_ceiling_without_catching_up() -> None:
    """
    Even after it was held up.
    """
    time = Time()
    pacer = Pacer(10, time, time.sleep)
    for _ in range(11):
        await pacer.turn()
    assert round(time.now, 6) == 1.0
    time.now += 5
    before = time.now
    for _ in range(11):
        await pacer.turn()
    assert round(time.now - before, 6) == 1.0


async def test_it_learns_a_lower_ceiling_and_stays_below_it() -> None:
    """
    A server that takes 12 a second refuses a few times, and then no more for minutes.
    """
    time = Time()
    pacer = Pacer(25, time, time.sleep)
    sent: list[float] = []
    refusals: list[float] = []
    while time.now < 600:
        await pacer.turn()
        recent = [at for at in sent if at > time.now - 1]
        if len(recent) >= 12:
            refusals.append(time.now)
            pacer.refused(1)
        else:
            sent = [*recent, time.now]
    assert 1 <= len(refusals) <= 12
    assert [at for at in refusals if at > 60] == []
    assert pacer.rate > 12 * 0.8


async def test_it_pauses_as_long_as_it_is_told() -> None:
    """
    The waiting time that Telegram names is kept.
    """
    time = Time()
    pacer = Pacer(25, time, time.sleep)
    await pacer.turn()
    pacer.refused(7)
    await pacer.turn()
    assert time.now >= 7
    for _ in range(100):
        pacer.refused(1)
    assert pacer.rate >= SLOWEST


async def test_a_message_goes_no_earlier_than_wanted() -> None:
    """
    Nor earlier than the rate or a pause lets it; it is told when that was.
    """
    time = Time()
    pacer = Pacer(10, time, time.sleep)
    assert await pacer.turn(1800) == time.now == 1800
    assert await pacer.turn(900) == time.now == 1800.1
    pacer.refused(7)
    assert round(await pacer.turn(1801), 6) == 1807.1


async def test_a_long_wait_is_interrupted_by_what_happens_meanwhile() -> None:
    """
    It is looked every few seconds, and what is found wrong ends the wait; a short wait needs no look.
    """
    time = Time()
    pacer = Pacer(10, time, time.sleep)
    looks: list[float] = []

    async def look() -> None:
        looks.append(time.now)
        if len(looks) == 4:
            raise LookupError

    await pacer.turn(meanwhile=look)
    await pacer.turn(meanwhile=look)
    assert looks == []
    with pytest.raises(LookupError):
        await pacer.turn(1800, look)
    assert time.now == looks[-1] < 60
