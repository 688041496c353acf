"""
Faults on demand: what goes wrong, for which method and chat, and how often.

Each fault is a small frozen value; `server.py` acts on it. The rules are consulted in the order they were added.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.telegram_server.errors import ApiError, bad_request, conflict, forbidden, too_many_requests, unauthorized


@dataclass(frozen=True)
class Refusal:
    """The call is answered with an error of the Bot API and has no effect."""

    error: ApiError


@dataclass(frozen=True)
class BadGateway:
    """The front server answers in Telegram's place, with HTML instead of JSON."""

    status: int = 502
    body: str = (
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
        "\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    )


@dataclass(frozen=True)
class Slow:
    """The call waits before it takes effect; a caller that gives up earlier does not stop it."""

    seconds: float


@dataclass(frozen=True)
class Hold:
    """The call waits, before it takes effect, until the test lets it go: slowness without a clock."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a call is being held."""
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the held calls, and all later ones, go on."""
        self.released.set()


@dataclass(frozen=True)
class DropBefore:
    """The connection breaks before delivery: nothing happened, and the caller gets no answer."""


@dataclass(frozen=True)
class DropAfter:
    """The connection breaks after delivery: the call took effect, and the caller gets no answer."""


Fault = Refusal | BadGateway | Slow | Hold | DropBefore | DropAfter


def flood(retry_after: int = 1) -> Refusal:
    """429 with `parameters.retry_after`."""
    return Refusal(too_many_requests(retry_after))


def refused(reason: str = "bot was blocked by the user") -> Refusal:
    """403 with this reason."""
    return Refusal(forbidden(reason))


def bad(reason: str) -> Refusal:
    """400 with this description (the prefix `Bad Request: ` is added)."""
    return Refusal(bad_request(reason))


def wrong_token() -> Refusal:
    """401, as after the token was revoked."""
    return Refusal(unauthorized())


def other_poller() -> Refusal:
    """409, as when another process polls with the same token."""
    return Refusal(conflict("terminated by other getUpdates request; make sure that only one bot instance is running"))


@dataclass
class FaultRule:
    """A fault with the calls it applies to; `used` counts how often it struck."""

    fault: Fault
    method: str | None
    chat_id: object
    times: int | None
    after: int = 0
    used: int = 0

    def takes(self, method: str, chat_id: object) -> bool:
        """Whether this call is struck; counts it when it is."""
        if self.times is not None and self.used >= self.times:
            return False
        if self.method is not None and self.method.lower() != method.lower():
            return False
        if self.chat_id is not None and str(self.chat_id) != str(chat_id):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.used += 1
        return True


class Faults:
    """The faults a test ordered."""

    def __init__(self) -> None:
        """Start with everything going well."""
        self._rules: list[FaultRule] = []

    def add(
        self,
        *,
        fault: Fault,
        method: str | None = None,
        chat: object = None,
        times: int | None = 1,
        after: int = 0,
    ) -> FaultRule:
        """
        Let calls fail.

        `method` and `chat` (anything with an `id`, or a number) narrow the calls, `after` lets that many matching
        calls pass first, and `times=None` means until `clear()`.
        """
        rule = FaultRule(fault, method, getattr(chat, "id", chat), times, after)
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Let everything go well again; whoever is held goes on."""
        for rule in self._rules:
            if isinstance(rule.fault, Hold):
                rule.fault.release()
        self._rules.clear()

    def next_for(self, method: str, chat_id: object) -> Fault | None:
        """The fault that strikes this call, if any."""
        return next((rule.fault for rule in self._rules if rule.takes(method, chat_id)), None)
