"""
Lanes: the updates of one person in order and one at a time, those of different people side by side.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Lanes(Generic[_Item]):
    """
    Runs a worker on each lane.

    Parameters:
        work: Deals with the first items of a lane, given all that wait there; returns how many it dealt with.
        at_once: How many lanes are worked on at the same time.
        room: How many items may wait before `wait_for_room` waits.
    """

    def __init__(self, work: Callable[[Sequence[_Item]], Awaitable[int]], at_once: int = 64, room: int = 2000) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._room = room
        self._waiting = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._lanes: dict[str, deque[_Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def waiting(self) -> int:
        """
        How many items wait or are being worked on.
        """
        return self._waiting

    def put(self, lane: str, item: _Item) -> None:
        """
        Put an item at the end of a lane.
        """
        self._waiting += 1
        if self._waiting >= self._room:
            self._has_room.clear()
        queue = self._lanes.get(lane)
        if queue is None:
            queue = self._lanes[lane] = deque()
            task = asyncio.create_task(self._run(lane, queue))
            self._tasks.add(task)
            task.add_done_callback(self._finished)
        queue.append(item)

    async def wait_for_room(self) -> None:
        """
        Wait until fewer items wait than there is room for.
        """
        await self._has_room.wait()

    async def close(self, seconds: float) -> bool:
        """
        Take up nothing new and finish what is in hand.

        Parameters:
            seconds: How long to wait for it at most; what is not finished by then is abandoned.

        Returns:
            Whether everything in hand was finished.
        """
        self._closed = True
        if not self._tasks:
            return True
        _, unfinished = await asyncio.wait(self._tasks, timeout=seconds)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        return not unfinished

    async def _run(self, lane: str, queue: deque[_Item]) -> None:
        while queue:
            async with self._slots:
                if self._closed:
                    return
                finished = await self._work(tuple(queue))
            for _ in range(finished):
                queue.popleft()
            self._waiting -= finished
            if self._waiting < self._room:
                self._has_room.set()
        del self._lanes[lane]

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self.failure.done():
            self.failure.set_exception(error)
