"""
Sending, and what to do when Telegram does not take it.

Only what certainly was not sent is sent again: a refusal with a waiting time, or a connection that was never made.
After a time-out or a broken connection nobody knows; the answer is then marked as unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.calls import Call
from bot.channels.telegram.request import NotSentError

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0
"""
Seconds before the first new attempt after a failed connection, and at most; each wait is twice as long as the last.
"""
_WINDOW_SECONDS = 0.5
"""
How long one answer is waited for before another goes out beside it.
"""
_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid")

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")

Unsent = Callable[[], Awaitable[None]]
"""
Told when an attempt certainly did not arrive.
"""


class Delivery(StrEnum):
    """
    What became of a call.
    """

    SENT = "sent"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What became of a call, with everything there is to know.

    Parameters:
        delivery: In a word.
        result: What Telegram answered.
        why: What Telegram said against it, in lower case; empty if nothing.
        moved: The id the chat has now, if it has a new one.
    """

    delivery: Delivery
    result: Any = None
    why: str = ""
    moved: int | None = None


class Window(AbstractAsyncContextManager["Window"]):
    """
    The time in which a crash would leave it unknown whether an answer arrived: from the call until it is noted.

    Windows follow one another, so that a crash leaves at most one answer in doubt; only where Telegram takes longer
    than a moment does the next one open beside it. A database that takes long is waited for: until a call is noted, it
    is in doubt.

    Parameters:
        lock: Shared by all windows.
    """

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._held = False

    async def __aenter__(self) -> Self:
        """
        Wait for the window before.
        """
        await self._lock.acquire()
        self._held = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """
        Let the next one open.
        """
        self._release()

    async def during(self, call: Awaitable[_Result]) -> _Result:
        """
        Wait for Telegram; after a moment the next window opens beside this one.
        """
        waiting = asyncio.get_running_loop().call_later(_WINDOW_SECONDS, self._release)
        try:
            return await call
        finally:
            waiting.cancel()

    def _release(self) -> None:
        if self._held:
            self._held = False
            self._lock.release()


class Sender:
    """
    Makes calls.

    Parameters:
        api: Carries them.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._lock = asyncio.Lock()
        self._answers = 0
        self._bulk_may_go = asyncio.Event()
        self._bulk_may_go.set()

    def window(self) -> Window:
        """
        A window for one call and the note that it was made.
        """
        return Window(self._lock)

    async def answer(self, call: Call, unsent: Unsent | None = None) -> Receipt:
        """
        Make a call that somebody waits for: what is in bulk stays behind it.

        Parameters:
            call: The call.
            unsent: Told when an attempt certainly did not arrive, before the wait for the next one.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        self._answers += 1
        self._bulk_may_go.clear()
        try:
            return await self._deliver(call, unsent)
        finally:
            self._answers -= 1
            if not self._answers:
                self._bulk_may_go.set()

    async def carry(self, call: Call) -> Receipt:
        """
        Make a call that nothing has to stay behind.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        return await self._deliver(call, None)

    async def quiet(self) -> None:
        """
        Wait until no answer is on its way.
        """
        await self._bulk_may_go.wait()

    async def bulk(self, call: Call) -> Receipt:
        """
        Make a call that nobody waits for: it goes when no answer is on its way.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        await self.quiet()
        return await self._deliver(call, None)

    async def _deliver(self, call: Call, unsent: Unsent | None) -> Receipt:
        wait = _FIRST_WAIT
        while True:
            try:
                result = await self._api.call(call.method, call.arguments())
            except RetryAfter as error:
                pause = in_seconds(error.retry_after)
                _log.warning("telegram_asks_to_wait", seconds=pause, method=call.method)
            except NotSentError:
                pause, wait = wait, min(wait * 2, _LONGEST_WAIT)
            except TelegramError as error:
                return await self._failed(call, unsent, error)
            else:
                return Receipt(Delivery.SENT, result)
            if unsent is not None:
                await unsent()
            await asyncio.sleep(pause)

    async def _failed(self, call: Call, unsent: Unsent | None, error: TelegramError) -> Receipt:
        if isinstance(error, InvalidToken):
            raise error
        if isinstance(error, ChatMigrated):
            parameters = {**call.parameters, "chat_id": error.new_chat_id}
            receipt = await self._deliver(replace(call, parameters=parameters, instead=None), unsent)
            return replace(receipt, moved=error.new_chat_id)
        delivery = delivery_of(error)
        if delivery is Delivery.UNKNOWN:
            _log.warning("answer_unknown", method=call.method, reason=reason(error))
        if delivery is Delivery.REFUSED:
            if call.optional or "not modified" in str(error):
                return Receipt(Delivery.SENT)
            if call.instead is not None:
                return await self._deliver(call.instead, unsent)
            _log.error("answer_refused", method=call.method, reason=reason(error))
        return Receipt(delivery, why=str(error).lower())


def delivery_of(error: TelegramError) -> Delivery:
    """
    What an error says of a call that is not to be repeated: nobody is there, it may have arrived, or it is refused.
    """
    if isinstance(error, Forbidden) or any(sign in str(error).lower() for sign in _GONE):
        return Delivery.UNREACHABLE
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return Delivery.UNKNOWN
    return Delivery.REFUSED


def in_seconds(wait: int | timedelta) -> float:
    """
    A waiting time of Telegram in seconds.
    """
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def reason(error: TelegramError) -> str:
    """
    What went wrong in one line, without what the server's page said and without the token.
    """
    if isinstance(error, InvalidToken):
        return "Telegram does not know this token"
    return f"{type(error).__name__}: {str(error).split('. Parsing')[0]}"
