"""
The queue of updates and `getUpdates`: offsets, limits, long polling, allowed kinds.

Delivery to a webhook lives in `webhook.py`; both read the same queue.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.telegram_server.errors import conflict
from tests.telegram_server.model import Json

UPDATE_LIFETIME = 24 * 60 * 60.0
MAX_LIMIT = 100
MAX_TIMEOUT = 50.0
FIRST_UPDATE_ID = 731_450_001

UPDATE_KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "guest_message",
)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = frozenset(UPDATE_KINDS) - NOT_BY_DEFAULT

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"

Lane = tuple[str, int]
"""Updates of one lane reach a webhook one after the other."""


@dataclass(eq=False)
class Pending:
    """An update that the bot has not confirmed."""

    update_id: int
    body: bytes
    lane: Lane
    created: float
    copies: int = 1


@dataclass(frozen=True)
class RawJson:
    """A result that is already text, because it may hold what no JSON library would write."""

    text: bytes


class UpdateQueue:
    """The updates of one bot."""

    def __init__(self, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        """Start empty, with the kinds that Telegram sends by default."""
        self.pending: list[Pending] = []
        self.allowed = DEFAULT_KINDS
        self.explicitly_allowed: tuple[str, ...] = ()
        self.on_arrival: Callable[[Pending], None] = _nobody
        self._clock = clock
        self._notify = notify
        self._last_id = FIRST_UPDATE_ID - 1
        self._again: list[Pending] = []
        self._duplicates_ordered = 0
        self._waiting: asyncio.Future[None] | None = None

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember the wanted kinds; None keeps the previous choice, an empty list means the default."""
        if kinds is None:
            return
        self.explicitly_allowed = tuple(kind for kind in kinds if kind in UPDATE_KINDS)
        self.allowed = frozenset(self.explicitly_allowed) or DEFAULT_KINDS

    def add(self, kind: str, payload: Json, lane_id: int) -> int | None:
        """Queue an update; None when the bot does not want this kind."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id()
        # Telegram keeps order per chat for messages and edits; the other kinds have queues of their own.
        family = kind.removeprefix("edited_") if kind.endswith("message") else kind
        self._put(update_id, _dumps({"update_id": update_id, kind: payload}), (family, lane_id))
        return update_id

    def add_raw(self, update: Json | bytes) -> int:
        """Queue what a test wrote itself; `UPDATE_ID` inside bytes becomes the id that is returned."""
        if isinstance(update, bytes):
            update_id = self._next_id()
            body = update.replace(b"UPDATE_ID", str(update_id).encode())
        else:
            update_id = int(update.get("update_id") or self._next_id())
            self._last_id = max(self._last_id, update_id)
            body = _dumps({"update_id": update_id, **update})
        self._put(update_id, body, ("raw", update_id))
        return update_id

    def duplicate_next(self) -> None:
        """Deliver the next queued update a second time after it was confirmed."""
        self._duplicates_ordered += 1

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms: lower ids, or all but the last few for a negative one."""
        self._expire()
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            done = [update for update in self.pending if update.update_id < offset]
            self.pending = [update for update in self.pending if update.update_id >= offset]
            self._again.extend(update for update in done if update.copies > 1)
        self._notify()

    def finish(self, update: Pending) -> None:
        """Forget one update that a webhook accepted."""
        if update in self.pending:
            self.pending.remove(update)
        self._notify()

    def clear(self) -> None:
        """Drop everything, as `drop_pending_updates` does."""
        self.pending.clear()
        self._again.clear()
        self._notify()

    async def poll(self, offset: int, limit: int, patience: float) -> RawJson:
        """One `getUpdates`; a newer one ends it with 409."""
        self.interrupt(OTHER_POLLER)
        self.confirm(offset)
        if not (self.pending or self._again) and patience > 0:
            await self._wait(min(patience, MAX_TIMEOUT))
        batch = [*self._again, *self.pending[: max(1, min(limit or MAX_LIMIT, MAX_LIMIT))]]
        self._again.clear()
        return RawJson(b"[" + b",".join(update.body for update in batch) + b"]")

    def interrupt(self, reason: str) -> None:
        """End a waiting long poll with 409."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(conflict(reason))

    async def _wait(self, patience: float) -> None:
        self._waiting = arrival = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(patience):
                await arrival
        except TimeoutError:
            pass
        finally:
            if self._waiting is arrival:
                self._waiting = None

    def _put(self, update_id: int, body: bytes, lane: Lane) -> None:
        update = Pending(update_id, body, lane, self._clock())
        if self._duplicates_ordered:
            self._duplicates_ordered -= 1
            update.copies = 2
        self.pending.append(update)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self.on_arrival(update)
        self._notify()

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _expire(self) -> None:
        oldest = self._clock() - UPDATE_LIFETIME
        self.pending = [update for update in self.pending if update.created > oldest]


def _nobody(_: Pending) -> None:
    """No webhook listens."""


def _dumps(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
