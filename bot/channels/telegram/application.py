"""
The bot on Telegram: the parts of this channel put together, started and stopped.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.alerts import AlertRun, NewArticles, Times
from bot.channels.telegram.api import Api, UpdatesRequest, read_updates
from bot.channels.telegram.desk.options import StationOptions
from bot.channels.telegram.desk.station import Station
from bot.channels.telegram.intake import ALLOWED_UPDATES, Intake, Poller
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.profile import set_profile
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sender import Sender, in_seconds, reason
from bot.channels.telegram.worker import Worker
from bot.conversation.router import Router
from bot.events import Hook
from bot.ops.health import Health
from bot.storage.engine import Database
from bot.storage.inbox import Entry, Inbox
from bot.storage.people import People

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_SILENT_POLLS = 3
_WATCH_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """
    Where Telegram delivers updates.

    Parameters:
        url: The public address.
        secret: What Telegram sends along to prove that it is Telegram.
    """

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """
    How the channel runs.

    Parameters:
        token: The bot's token.
        api_url: The address of the Bot API, up to the token.
        poll_timeout: Seconds that one request for updates waits for something to happen.
        late_after: Seconds after which an answer comes with an apology.
        per_minute: How many messages of one person are answered within a minute.
        per_day: How many within a day.
        all_per_minute: How many messages of everybody are answered within a minute.
        stop_within: Seconds that a stop waits for what is in hand.
        webhook: Where updates are delivered; None to poll for them.
        times: When people may be told of new articles.
        station: How the coach's desk runs.
    """

    token: str
    api_url: str
    poll_timeout: int = 25
    late_after: float = 600.0
    per_minute: int = 30
    per_day: int = 300
    all_per_minute: int = 3000
    stop_within: float = 20.0
    webhook: Webhook | None = None
    times: Times = field(default_factory=Times)
    station: StationOptions = field(default_factory=StationOptions)


class TelegramChannel:
    """
    The channel, ready to be run once.

    Parameters:
        options: How it runs.
        router: Answers.
        database: Where everything is kept.
        hook: Takes note of what happens.
        news: Finds the articles that people are to be told of; nobody is told if None.
    """

    def __init__(
        self, options: TelegramOptions, router: Router, database: Database, hook: Hook, news: NewArticles | None = None
    ) -> None:
        self._options = options
        self._router = router
        self.inbox = Inbox(database)
        patience = None if options.webhook else _SILENT_POLLS * (options.poll_timeout + 10.0)
        self.health = Health(patience)
        self._requests = (AiohttpRequest(), UpdatesRequest(connections=2))
        calls, polls = self._requests
        self.api = Api(options.token, base_url=options.api_url, request=calls, get_updates_request=polls)
        sender = Sender(self.api)
        self.alerts = news and AlertRun(
            database=database, new_articles=news, router=router, sender=sender, hook=hook, times=options.times
        )
        self.station = Station(options.station, self.api, sender, router, database)
        limits = Limits(options.per_minute, options.per_day, options.all_per_minute)
        worker = Worker(
            api=self.api,
            router=router,
            inbox=self.inbox,
            people=People(database),
            sender=sender,
            limits=limits,
            hook=hook,
            station=self.station,
            late_after=options.late_after,
        )
        self._lanes: Lanes[Entry] = Lanes(worker.work)
        self._intake = Intake(self.inbox, self._lanes)
        self._resumed = asyncio.Event()

    async def receive(self, update: dict[str, Any]) -> None:
        """
        Take an update that Telegram delivered.

        Raises:
            StorageError: It could not be committed and must be delivered again.
        """
        await self._lanes.wait_for_room()
        # What was committed before the backlog is read would be handled twice.
        await self._resumed.wait()
        await self._intake.take([update])
        self.health.polled()

    @staticmethod
    def read(delivered: bytes) -> list[dict[str, Any]]:
        """
        The update in what Telegram delivered; what cannot be read comes as what can be told of it.
        """
        return read_updates(delivered.decode(errors="replace"))

    async def report(self) -> tuple[bool, dict[str, object]]:
        """
        Whether all is well, and the figures that tell.

        Raises:
            StorageError: The database does not answer.
        """
        return self.health.is_well, self.health.report(await self.inbox.counts())

    async def run(self) -> None:
        """
        Run until cancelled.

        Raises:
            telegram.error.InvalidToken: Telegram does not know the token.
        """
        async with self._connected():
            await self.station.load()
            await self._intake.resume()
            self._resumed.set()
            beside = [asyncio.create_task(self._introduce()), asyncio.create_task(self._watch())]
            if self.alerts is not None:
                beside.append(asyncio.create_task(self.alerts.run()))
            try:
                poller = Poller(self.api, self._intake, self.health, self._options.poll_timeout)
                taking = asyncio.Event().wait() if self._options.webhook else poller.run()
                await _first_of(taking, _failure(self._lanes), self.station.run())
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                finished = await self._lanes.close(self._options.stop_within)
                await self.station.close(self._options.stop_within)
                _log.info("bot_stopped", finished=finished, left_for_next_start=self._lanes.waiting)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        """
        The connection to Telegram, tried until there is one.
        """
        try:
            await self._until_done(self.api.initialize)
            webhook = self._options.webhook
            if webhook is None:
                await self._until_done(lambda: self.api.delete_webhook(drop_pending_updates=False))
            else:
                await self._until_done(
                    lambda: self.api.set_webhook(
                        webhook.url, allowed_updates=list(ALLOWED_UPDATES), secret_token=webhook.secret
                    )
                )
            _log.info("bot_started", bot=self.api.username, by="webhook" if webhook else "polling")
            yield
        finally:
            # The library closes nothing if it was interrupted while it opened.
            for request in self._requests:
                await request.shutdown()

    async def _introduce(self) -> None:
        try:
            await set_profile(self.api, self._router.pack, self._router.renderer)
        except TelegramError as error:
            # People can be answered without it; it is set again at the next start.
            _log.warning("profile_not_set", reason=reason(error))

    async def _watch(self) -> None:
        """
        Say in the log when Telegram has been silent for too long, once until it speaks again.
        """
        told = False
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if not self.health.is_well and not told:
                _log.error(
                    "telegram_silent", seconds=round(self.health.silent_for), advice="check this machine's network"
                )
            told = not self.health.is_well

    @staticmethod
    async def _until_done(call: Callable[[], Awaitable[object]]) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                await call()
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(in_seconds(error.retry_after))
            except TelegramError as error:
                _log.warning("start_delayed", reason=reason(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                return


async def introduce_to(token: str, api_url: str) -> tuple[str, str]:
    """
    Ask Telegram once who a token belongs to.

    Returns:
        The bot's user name, or an empty string and what went wrong.
    """
    api = Api(token, base_url=api_url, request=AiohttpRequest(), get_updates_request=UpdatesRequest(connections=1))
    try:
        await api.initialize()
    except TelegramError as error:
        return "", reason(error)
    finally:
        await api.shutdown()
    return api.username, ""


async def until_stopped(*running: Awaitable[object]) -> None:
    """
    Run several things side by side until one fails, or the process is asked to stop.

    Raises:
        Exception: What one of them raised.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await _first_of(asked.wait(), *running)


async def _first_of(*running: Awaitable[object]) -> None:
    """
    Run several things side by side until the first one ends, then cancel the others and wait for them.
    """
    tasks = [asyncio.ensure_future(one) for one in running]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _failure(lanes: Lanes[Entry]) -> None:
    await asyncio.shield(lanes.failure)
