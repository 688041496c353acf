"""
The bot at work: on Telegram, with everything that goes on beside answering.
"""

import asyncio
import datetime as dt
import gc
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from threadpoolctl import threadpool_limits

from bot.app.blogging import access_of, keep_fresh, sources_of, stored_articles
from bot.app.building import App
from bot.app.coaching import Coaching
from bot.app.insight import coach_report
from bot.channels.web import server as web
from bot.conversation.ports import Archive
from bot.events import Opened
from bot.model import Article
from bot.ops.logs import log_event
from bot.settings import Settings
from bot.storage import upkeep
from bot.storage.articles import Shelf
from bot.storage.coaches import Role
from bot.storage.counters import Counters
from bot.storage.engine import Database, StorageError
from bot.storage.people import People
from bot.storage.purge import purge

if TYPE_CHECKING:
    from bot.channels.telegram.alerts import Times
    from bot.channels.telegram.application import TelegramOptions
    from bot.channels.telegram.desk.options import BulkOptions, StationOptions

_log = structlog.get_logger(__name__)
_DAY_SECONDS = 86_400
_HOUR_SECONDS = 3600


async def serve(settings: Settings, make: Callable[[Archive, Sequence[Article]], App]) -> None:
    """
    Run the bot on Telegram until the process is asked to stop.

    Parameters:
        settings: The settings.
        make: Builds the bot, once it is known where people are kept and what articles there are.

    Raises:
        PackError: The pack has faults.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        telegram.error.InvalidToken: Telegram does not know the token.
        OSError: The port of the web server is taken.
    """
    # The library takes half a second to import, which the other commands need not spend.
    from bot.channels.telegram.application import TelegramChannel, until_stopped  # noqa: PLC0415

    async with access_of(settings).database() as database:
        app = make(People(database), await stored_articles(settings, database))
        # The pack and the weights stay for good: looking through them for garbage would take longer than an answer.
        gc.freeze()
        # The matrices of one message are small: handing them to threads costs more than it saves.
        threadpool_limits(1)
        secret = secrets.token_urlsafe(32) if settings.webhook_url else ""
        options = replace(_telegram_options(settings, secret), station=_station_options(settings, app, database))
        names = [source.name for source in sources_of(settings, app.pack.manifest)]
        news = partial(Shelf(database).new_since, names)
        channel = TelegramChannel(options, app.router, database, log_event, news)
        running = [
            channel.run(),
            _purge_daily(database),
            _stay(database),
            keep_fresh(settings, app.pack, app.catalogue, database),
        ]
        if settings.web_port:
            clicks = Clicks(database, app).opened if settings.click_url else None
            doors = web.Doors(channel.report, channel.read, channel.receive, secret, clicks)
            running.append(web.run(doors, settings.web_host, settings.web_port))
        await until_stopped(*running)
        await upkeep.release(database)


def _telegram_options(settings: Settings, secret: str) -> "TelegramOptions":
    """
    How the channel runs, as the settings have it; `secret` is what Telegram's deliveries carry, if there are any.
    """
    from bot.channels.telegram.application import TelegramOptions, Webhook  # noqa: PLC0415 (as in `serve`)

    return TelegramOptions(
        token=settings.token.get_secret_value(),
        api_url=settings.api_url,
        poll_timeout=settings.poll_timeout,
        late_after=settings.late_after,
        per_minute=settings.per_minute,
        per_day=settings.per_day,
        all_per_minute=settings.all_per_minute,
        stop_within=settings.stop_within,
        times=_times(settings),
        webhook=Webhook(settings.webhook_url, secret) if secret else None,
    )


def _station_options(settings: Settings, app: App, database: Database) -> "StationOptions":
    """
    How the coach's desk runs, as the settings have it.
    """
    from bot.channels.telegram.account import AccountRules  # noqa: PLC0415 (as in `serve`)
    from bot.channels.telegram.desk.options import StationOptions  # noqa: PLC0415 (as in `serve`)
    from bot.channels.telegram.desk.place import Rules  # noqa: PLC0415 (as in `serve`)

    async def figures(days: int) -> tuple[str, bytes]:
        router = app.router
        language = app.pack.default_language
        return await coach_report(database, router.pack, router.renderer, router.reader, app.catalogue, days, language)

    coaches = {f"telegram:{int(one)}": Role.COACH for one in settings.coaches.split(",") if one.strip()}
    owner = {f"telegram:{settings.owner}": Role.OWNER} if settings.owner else {}
    zone = ZoneInfo(settings.timezone)
    rules = Rules(zone, settings.desk_silence_hours, settings.insults, settings.insult_hours)
    account = AccountRules(settings.account, settings.desk_silence_hours * _HOUR_SECONDS)
    return StationOptions(rules, {**coaches, **owner}, figures, Coaching(app), account, _bulk_options(settings))


def _bulk_options(settings: Settings) -> "BulkOptions":
    """
    How broadcasts go: never at night.
    """
    from bot.channels.telegram.desk.options import BulkOptions  # noqa: PLC0415 (as in `serve`)

    times = _times(settings)
    return BulkOptions(
        settings.broadcast_rate, settings.broadcast_paid, lambda zone: not times.due(dt.datetime.now(dt.UTC), zone)
    )


def _times(settings: Settings) -> "Times":
    """
    When people may be written to.
    """
    from bot.channels.telegram.alerts import Times  # noqa: PLC0415 (as in `serve`)

    zone = ZoneInfo(settings.timezone)
    return Times(zone, settings.evening_hour, settings.quiet_from, settings.quiet_until)


@dataclass(frozen=True, slots=True)
class Clicks:
    """
    Counts how often articles are opened, not by whom.
    """

    database: Database
    app: App

    async def opened(self, article_id: str) -> str:
        """
        Count that an article is opened; returns where it is, or where the blog is if the article is gone.
        """
        article = self.app.catalogue.article(article_id)
        if article is None or not article.is_public:
            return self.app.pack.manifest.blog.url
        # A visitor is led on even if it cannot be counted.
        with suppress(StorageError):
            await Counters(self.database).count(Opened(article_id))
        return article.url


async def _purge_daily(database: Database) -> None:
    while True:
        try:
            _log.info("purged", **await purge(database, time.time()))
        except StorageError as error:
            _log.error("not_purged", reason=str(error))
        await asyncio.sleep(_DAY_SECONDS)


async def _stay(database: Database) -> None:
    """
    Say, while the bot runs, that it does.
    """
    while True:
        with suppress(StorageError):
            await upkeep.hold(database)
        await asyncio.sleep(upkeep.LEASE_SECONDS / 3)
