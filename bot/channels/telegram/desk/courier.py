"""
Carries what is to be carried between people and the desk: in order for each thread, and no faster than Telegram lets.

An errand is done once Telegram has taken it and the two message numbers are kept. After a crash in between it is done
again: a message may then stand twice, but never in the wrong place, and none is missing.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from telegram.error import InvalidToken

from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.carriage import Carriage
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.topics import DeskGoneError
from bot.channels.telegram.lanes import Lanes
from bot.content import markup
from bot.storage.engine import StorageError
from bot.storage.errands import Errand, Errands
from bot.storage.threads import Threads

_ALBUM_SECONDS = 2
"""
How long the parts of an album may lie apart.
"""
_LANES = 10_000
_LOOK_SECONDS = 0.5
_DESK_SECONDS = 20.0
_TO_DESK = frozenset({messages.CARD, messages.MIRROR, messages.NOTE, messages.SAY})
_TEXTS = frozenset({messages.MIRROR, messages.NOTE})

_log = structlog.get_logger(__name__)


class Courier:
    """
    Does errands.

    Parameters:
        errands: Where they are kept.
        threads: Whose they are.
        desk: Where the desk is.
        carriage: Does them.
        pace: How fast messages may go to the desk.
        clock: Seconds since 1970.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the parts of carrying)
        self,
        errands: Errands,
        threads: Threads,
        desk: Desk,
        carriage: Carriage,
        pace: Pace,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._errands, self._threads, self._desk, self._carriage = errands, threads, desk, carriage
        self._pace, self._clock = pace, clock
        # A lane that waits for its turn at the desk must not keep others from bringing answers to people.
        self._lanes: Lanes[Errand] = Lanes(self._work, at_once=_LANES)
        self._known: set[int] = set()
        self._waking = asyncio.Lock()
        self._is_back = asyncio.Event()

    @property
    def failure(self) -> asyncio.Future[None]:
        """
        Set when an errand raised what it must not.
        """
        return self._lanes.failure

    async def wake(self) -> None:
        """
        Take up what was kept since the last time.

        Raises:
            StorageError: The database does not answer.
        """
        async with self._waking:
            for errand in await self._errands.waiting(self._known):
                if errand.attempted:
                    _log.warning("errand_done_again", errand=errand.id, kind=errand.kind)
                self._known.add(errand.id)
                self._lanes.put(str(errand.lane), errand)

    def back(self) -> None:
        """
        Try again at once what could not be brought to the desk: there is a way again.
        """
        self._is_back.set()

    async def _until_back(self) -> None:
        self._is_back.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_back.wait(), _DESK_SECONDS)

    async def close(self, seconds: float) -> bool:
        """
        Finish what is in hand; see `Lanes.close`.
        """
        return await self._lanes.close(seconds)

    async def _work(self, errands: Sequence[Errand]) -> int:
        """
        Do the first errand of a lane, with those that go together with it.
        """
        first = errands[0]
        try:
            if not self._desk.is_open or (first.kind in _TO_DESK and not self._pace.free()):
                # Meanwhile more may come that can go together.
                await (self._pace.room() if self._desk.is_open else asyncio.sleep(_LOOK_SECONDS))
                return 0
            together = self._together(errands)
            last = together[-1]
            if last is errands[-1] and last.details.get("album") and self._clock() < last.at + _ALBUM_SECONDS:
                await asyncio.sleep(_LOOK_SECONDS)
                return 0
            await self._carry(together)
        except StorageError as error:
            _log.error("errand_delayed", reason=str(error))
            await asyncio.sleep(_DESK_SECONDS)
            return 0
        except DeskGoneError as error:
            _log.error("desk_unreachable", reason=str(error), advice="add the bot to the group again, or send /desk")
            await self._until_back()
            return 0
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 (one errand must not stop the others)
            # It stays where it is kept, and is tried again at the next start.
            _log.error("errand_failed", errand=first.id, kind=first.kind, reason=type(error).__name__)
            return 1
        self._known.difference_update(one.id for one in together)
        return len(together)

    def _together(self, errands: Sequence[Errand]) -> Sequence[Errand]:
        """
        An album whole; and texts for the desk as one message when there are more than may go.
        """
        first = errands[0]
        album = first.details.get("album")
        if album:
            return _leading(errands, lambda one: one.kind == first.kind and one.details.get("album") == album)
        return _texts(errands) if self._lanes.waiting > self._pace.free() and _is_text(first) else errands[:1]

    async def _carry(self, errands: Sequence[Errand]) -> None:
        first, ids = errands[0], [one.id for one in errands]
        if await self._carriage.alone(first):
            await self._errands.done(ids)
            return
        thread = await self._threads.of_id(first.lane)
        if thread is None:
            await self._errands.done(ids)
            return
        await self._errands.begin(ids)
        copied = await self._carriage.together(thread, errands)
        await self._errands.done(ids, [(thread.id, one) for one in copied], int(self._clock()))


def _is_text(errand: Errand) -> bool:
    """
    Whether an errand brings nothing but words to the desk.
    """
    details = errand.details
    return errand.kind in _TEXTS and bool(details["html"]) and not details["reply"] and not details.get("buttons")


def _texts(errands: Sequence[Errand]) -> Sequence[Errand]:
    """
    The words at the head of a lane that fit into one message.
    """
    together: list[Errand] = []
    length = 0
    for one in _leading(errands, _is_text):
        length += len(one.details["html"]) + 4
        if together and length > markup.MESSAGE_LENGTH:
            break
        together.append(one)
    return together


def _leading(errands: Sequence[Errand], fits: Callable[[Errand], bool]) -> Sequence[Errand]:
    count = 0
    while count < len(errands) and fits(errands[count]):
        count += 1
    return errands[:count]
