"""
Telegram's sending limits, switched on by the tests that are about pacing.

A chat that was told to wait stays closed until the wait is over, so that a client which comes back early is told so.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.telegram_server.errors import too_many_requests

MINUTE = 60.0
BURST_WINDOW = 1.0


@dataclass(frozen=True)
class Limits:
    """How many messages pass; each figure can be loosened or tightened by a test."""

    overall_per_second: int = 30
    paid_per_second: int = 1000
    private_per_second: float = 1.0
    private_burst: int = 5
    """Messages that may come at once into a private chat that was quiet."""
    group_per_minute: int = 20


@dataclass
class _Bucket:
    """The burst a private chat still has; it refills with time."""

    tokens: float
    at: float


@dataclass
class Throttle:
    """Counts what was sent and refuses what is too much."""

    limits: Limits | None = None
    _sent: deque[float] = field(default_factory=deque)
    _buckets: dict[int, _Bucket] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _closed_until: dict[int, float] = field(default_factory=dict)

    def admit(self, chat_id: int, now: float, *, cost: int, paid: bool = False) -> None:
        """Let a call that sends `cost` messages pass, or raise the 429 that Telegram would send."""
        if self.limits is None or cost == 0:
            return
        for scope in (chat_id,) if paid else (0, chat_id):
            if (left := self._closed_until.get(scope, 0.0) - now) > 0:
                raise too_many_requests(math.ceil(left))
        self._check_overall(now, cost, self.limits.paid_per_second if paid else self.limits.overall_per_second)
        if chat_id < 0:
            self._check_group(chat_id, now, cost, self.limits)
        else:
            self._check_private(chat_id, now, cost, self.limits)
        self._sent.extend([now] * cost)

    def _check_overall(self, now: float, cost: int, ceiling: int) -> None:
        _forget(self._sent, now - BURST_WINDOW)
        if len(self._sent) + cost > max(ceiling, cost):
            raise self._close(0, now, self._sent[0] + BURST_WINDOW - now)

    def _check_group(self, chat_id: int, now: float, cost: int, limits: Limits) -> None:
        sent = self._groups[chat_id]
        _forget(sent, now - MINUTE)
        if len(sent) + cost > max(limits.group_per_minute, cost):
            raise self._close(chat_id, now, sent[0] + MINUTE - now)
        sent.extend([now] * cost)

    def _check_private(self, chat_id: int, now: float, cost: int, limits: Limits) -> None:
        bucket = self._buckets.setdefault(chat_id, _Bucket(limits.private_burst, now))
        refilled = bucket.tokens + (now - bucket.at) * limits.private_per_second
        bucket.tokens, bucket.at = min(float(limits.private_burst), refilled), now
        # An album is one send for the person who gets it, however many pictures it has.
        if bucket.tokens < 1:
            raise self._close(chat_id, now, (1 - bucket.tokens) / limits.private_per_second)
        bucket.tokens -= min(cost, bucket.tokens)

    def _close(self, scope: int, now: float, wait: float) -> Exception:
        seconds = max(1, math.ceil(wait))
        self._closed_until[scope] = now + seconds
        return too_many_requests(seconds)


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
