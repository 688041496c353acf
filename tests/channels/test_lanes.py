"""
One person's updates in order and one at a time, others beside them.
"""

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.telegram.lanes import Lanes


class Workshop:
    """
    Work that takes as long as a test wants.
    """

    def __init__(self) -> None:
        self.done: list[str] = []
        self.busy: set[str] = set()
        self.gates: dict[str, asyncio.Event] = {}

    async def work(self, items: Sequence[str]) -> int:
        """
        Do the first item, when its gate (if it has one) is open.
        """
        item = items[0]
        assert item[0] not in self.busy
        self.busy.add(item[0])
        if item in self.gates:
            await self.gates[item].wait()
        else:
            await asyncio.sleep(0)
        self.busy.discard(item[0])
        self.done.append(item)
        return 1


async def finish(lanes: Lanes[str]) -> None:
    """
    Wait until nothing is left.
    """
    while lanes.waiting:
        await asyncio.sleep(0)


async def test_a_lane_keeps_its_order() -> None:
    """
    Even when items come while others are worked on.
    """
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    for number in range(5):
        for lane in "ab":
            lanes.put(lane, f"{lane}{number}")
        await asyncio.sleep(0)
    await finish(lanes)
    assert [item for item in workshop.done if item[0] == "a"] == [f"a{number}" for number in range(5)]
    assert len(workshop.done) == 10


async def test_a_stuck_lane_delays_no_other() -> None:
    """
    However much waits in it.
    """
    workshop = Workshop()
    workshop.gates["a0"] = asyncio.Event()
    lanes = Lanes(workshop.work, at_once=2)
    for number in range(100):
        lanes.put("a", f"a{number}")
    for number in range(10):
        lanes.put("b", f"b{number}")
    while len(workshop.done) < 10:
        await asyncio.sleep(0)
    assert all(item[0] == "b" for item in workshop.done)
    workshop.gates["a0"].set()
    await finish(lanes)
    assert len(workshop.done) == 110


async def test_no_more_lanes_than_allowed_are_worked_on() -> None:
    """
    A crowd does not crush the machine.
    """
    workshop = Workshop()
    lanes = Lanes(workshop.work, at_once=3)
    for lane in "abcdefgh":
        workshop.gates[f"{lane}0"] = asyncio.Event()
        lanes.put(lane, f"{lane}0")
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(workshop.busy) == 3
    for gate in workshop.gates.values():
        gate.set()
    await finish(lanes)


async def test_several_items_may_be_dealt_with_at_once() -> None:
    """
    What is answered together is taken together.
    """
    seen: list[tuple[str, ...]] = []

    async def work(items: Sequence[str]) -> int:
        seen.append(tuple(items))
        return len(items)

    lanes = Lanes(work)
    lanes.put("a", "a0")
    lanes.put("a", "a1")
    await finish(lanes)
    assert seen == [("a0", "a1")]


async def test_there_is_room_for_so_many_only() -> None:
    """
    Updates are left with Telegram until those that were taken are dealt with.
    """
    workshop = Workshop()
    workshop.gates["a0"] = asyncio.Event()
    lanes = Lanes(workshop.work, room=2)
    lanes.put("a", "a0")
    await lanes.wait_for_room()
    lanes.put("a", "a1")
    waiting = asyncio.create_task(lanes.wait_for_room())
    await asyncio.sleep(0)
    assert not waiting.done()
    workshop.gates["a0"].set()
    await waiting


async def test_closing_finishes_what_is_in_hand_and_takes_nothing_new() -> None:
    """
    What waits is left for the next start.
    """
    workshop = Workshop()
    workshop.gates["a0"] = asyncio.Event()
    lanes = Lanes(workshop.work)
    lanes.put("a", "a0")
    lanes.put("a", "a1")
    await asyncio.sleep(0)
    closing = asyncio.create_task(lanes.close(10))
    await asyncio.sleep(0)
    workshop.gates["a0"].set()
    assert await closing
    assert workshop.done == ["a0"]
    assert lanes.waiting == 1


async def test_closing_does_not_wait_for_ever() -> None:
    """
    A stop has its time.
    """
    workshop = Workshop()
    workshop.gates["a0"] = asyncio.Event()
    lanes = Lanes(workshop.work)
    lanes.put("a", "a0")
    await asyncio.sleep(0)
    assert not await lanes.close(0.01)
    assert workshop.done == []


async def test_a_failure_of_the_work_is_told() -> None:
    """
    Nothing ends silently.
    """

    async def work(items: Sequence[str]) -> int:
        raise ValueError(items[0])

    lanes = Lanes(work)
    lanes.put("a", "a0")
    with pytest.raises(ValueError, match="a0"):
        await lanes.failure
