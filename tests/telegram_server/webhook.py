"""
Delivery of updates to a webhook: one at a time per chat, repeated until it is answered with 2xx.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from tests.telegram_server.model import Json
from tests.telegram_server.updates import Lane, Pending, UpdateQueue

REQUEST_TIMEOUT = 60.0


@dataclass(frozen=True)
class WebhookSettings:
    """What `setWebhook` fixed."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""


class Webhook:
    """The webhook of one bot; without settings it is off."""

    def __init__(self, queue: UpdateQueue, clock: Callable[[], float], retry_delay: float) -> None:
        """Start switched off; `retry_delay` is the pause in seconds before a refused update is sent again."""
        self.settings: WebhookSettings | None = None
        self.retry_delay = retry_delay
        self._queue = queue
        self._clock = clock
        self._lanes: dict[Lane, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(1)
        self._last_error: tuple[int, str] | None = None
        queue.on_arrival = self._enqueue

    async def start(self, settings: WebhookSettings) -> None:
        """Switch to new settings and deliver what waits."""
        await self.stop()
        self.settings = settings
        self._slots = asyncio.Semaphore(settings.max_connections)
        # A connection of its own for each delivery: a bot that died must not be met through a half-open old one.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT),
        )
        for update in self._queue.pending:
            self._enqueue(update)

    async def stop(self) -> None:
        """Stop delivering; what was not accepted stays in the queue."""
        self.settings = None
        self._last_error = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _enqueue(self, update: Pending) -> None:
        """Hand an update to the lane of its chat, which runs as long as it has something to deliver."""
        if self.settings is None:
            return
        lane = self._lanes.get(update.lane)
        if lane is None:
            lane = self._lanes[update.lane] = deque()
            task = asyncio.create_task(self._run_lane(update.lane, lane, self.settings))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(update)

    def describe(self) -> Json:
        """The `WebhookInfo` object."""
        settings = self.settings
        shown: Json = {
            "url": settings.url if settings else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue.pending),
        }
        if settings is not None:
            shown["max_connections"] = settings.max_connections
            shown["ip_address"] = settings.ip_address or "127.0.0.1"
        if self._queue.explicitly_allowed:
            shown["allowed_updates"] = list(self._queue.explicitly_allowed)
        if self._last_error is not None:
            shown["last_error_date"], shown["last_error_message"] = self._last_error
        return shown

    async def _run_lane(self, name: Lane, lane: deque[Pending], settings: WebhookSettings) -> None:
        while lane:
            update = lane[0]
            for _ in range(update.copies):
                await self._deliver(update, settings)
            lane.popleft()
            self._queue.finish(update)
        self._lanes.pop(name, None)

    async def _deliver(self, update: Pending, settings: WebhookSettings) -> None:
        """Post the update until the bot takes it."""
        while True:
            if await self._accepted(update, settings):
                return
            await asyncio.sleep(self.retry_delay)

    async def _accepted(self, update: Pending, settings: WebhookSettings) -> bool:
        """Post the update once; whether the bot took it."""
        headers = {"Content-Type": "application/json"}
        if settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = settings.secret_token
        assert self._session is not None
        try:
            async with (
                self._slots,
                self._session.post(settings.url, data=update.body, headers=headers) as answer,
            ):
                if answer.ok and answer.status < 300:
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            problem = "Read timeout expired"
        except aiohttp.ClientConnectorError:
            problem = "Connection refused"
        except aiohttp.ClientError:
            problem = "Connection reset by peer"
        self._last_error = (int(self._clock()), problem)
        return False
