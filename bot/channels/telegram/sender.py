"""
Sending, and what to do when Telegram does not take it.

Only what certainly was not sent is sent again: a refusal with a waiting time, or a connection that was never made.
After a time-out or a broken connection nobody knows, and a person would rather miss a line than read it twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram.error import RetryAfter

from bot.channels.telegram.request import NotSentError

_TRIES = 5
_FIRST_WAIT = 0.5
"""
Seconds before the first new attempt after a failed connection; each further wait is twice as long.
"""

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


async def send(call: Callable[[], Awaitable[_Result]]) -> _Result:
    """
    Make a call to Telegram, again when it certainly did not arrive.

    Parameters:
        call: Makes the call; called anew for each attempt.

    Raises:
        telegram.error.TelegramError: It cannot be sent, or it may have been sent.
    """
    for attempt in range(1, _TRIES):
        try:
            return await call()
        except RetryAfter as error:
            wait = _in_seconds(error.retry_after)
            _log.warning("telegram_asks_to_wait", seconds=wait)
        except NotSentError:
            wait = _FIRST_WAIT * 2 ** (attempt - 1)
        await asyncio.sleep(wait)
    return await call()


def _in_seconds(wait: int | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
