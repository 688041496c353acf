"""
Telling people of new articles: in the evening or at once, never at night, and of none twice.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import structlog

from bot.channels.telegram.calls import to_calls
from bot.channels.telegram.sender import Delivery, Sender
from bot.conversation.handlers.alerts import news
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.events import Hook, Shown
from bot.model import ALL_THEMES, Article, Incoming
from bot.storage.alerts import AT_ONCE, EVENING, Alerts, Follower
from bot.storage.crypto import tag_of
from bot.storage.engine import Database, StorageError
from bot.storage.people import People

_LOOK_SECONDS = 60.0
_NEW_DAYS = 14
"""
Days after which an article is not news any more, whenever it became known: a blog that is read for the first time, or
anew from another address, is no reason to tell people of 900 articles.
"""

_log = structlog.get_logger(__name__)

NewArticles = Callable[[int], Awaitable[list[tuple[Article, int]]]]
"""
The articles that became known after a moment, with when, newest first. Both in seconds since 1970.
"""


@dataclass(frozen=True, slots=True)
class Times:
    """
    When people may be told.

    Parameters:
        zone: Where they live, unless they said otherwise.
        evening: The hour from which those who chose the evening are told.
        quiet_from: The hour from which nobody is told.
        quiet_until: The hour until which nobody is.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    evening: int = 18
    quiet_from: int = 21
    quiet_until: int = 8

    def due(self, now: dt.datetime, zone: str = "") -> tuple[int, ...]:
        """
        Which ways of being told are due at a moment.

        Parameters:
            now: The moment.
            zone: Where somebody lives; an empty string if they did not say.
        """
        hour = now.astimezone(ZoneInfo(zone) if zone else self.zone).hour
        if self.quiet_from <= self.quiet_until:
            quiet = self.quiet_from <= hour < self.quiet_until
        else:
            quiet = hour >= self.quiet_from or hour < self.quiet_until
        if quiet:
            return ()
        return (EVENING, AT_ONCE) if hour >= self.evening else (AT_ONCE,)


class AlertRun:
    """
    Tells people.

    Parameters:
        database: Knows who wants to hear of what.
        new_articles: Finds the news.
        router: Speaks to people, and knows what articles are about.
        sender: Sends, behind the answers to those who wait for one.
        hook: Takes note of what is shown.
        times: When people may be told.
        clock: The moment it is.
    """

    def __init__(  # noqa: PLR0913 (the parts of telling people)
        self,
        *,
        database: Database,
        new_articles: NewArticles,
        router: Router,
        sender: Sender,
        hook: Hook,
        times: Times,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._alerts, self._people = Alerts(database), People(database)
        self._new_articles, self._router = new_articles, router
        self._sender, self._hook = sender, hook
        self._times, self._clock = times, clock
        self._vault = database.vault
        self._themes: dict[str, frozenset[str]] = {}

    async def run(self) -> None:
        """
        Look every minute who is to be told, until cancelled.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        while True:
            try:
                await self.tell()
            except StorageError as error:
                _log.error("alerts_delayed", reason=str(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def tell(self) -> int:
        """
        Tell whoever is to be told now; returns how many people were.

        Raises:
            StorageError: The database does not answer.
        """
        now = self._clock()
        fresh = [(article, seen) for article, seen in await self._new_articles(_before(now)) if _is_news(article, now)]
        if not fresh:
            return 0
        everyone = await self._alerts.followers((EVENING, AT_ONCE))
        followers = [one for one in everyone if _way(one) in self._times.due(now, one.profile.zone)]
        if not followers:
            return 0
        themes = await self._themes_of([article for article, _ in fresh])
        return sum([await self._tell(follower, fresh, themes, now) for follower in followers])

    async def _themes_of(self, articles: Sequence[Article]) -> dict[str, frozenset[str]]:
        """
        What articles are about; found out once for each as long as it is news.
        """
        unknown = [article for article in articles if article.id not in self._themes]
        found = await asyncio.to_thread(self._router.reader.themes_of, unknown) if unknown else {}
        known = self._themes | found
        self._themes = {article.id: known[article.id] for article in articles}
        return self._themes

    async def _tell(
        self,
        follower: Follower,
        fresh: Sequence[tuple[Article, int]],
        themes: dict[str, frozenset[str]],
        now: dt.datetime,
    ) -> bool:
        profile, wanted = follower.profile, set(follower.profile.alerts)
        incoming = Incoming(follower.person)
        voice = self._router.voice_for(incoming, Memory(profile))
        told = await self._alerts.told(follower.id)
        articles = tuple(
            article
            for article, seen in fresh
            if seen > follower.since
            and article.id not in told
            and article.language == voice.language
            and (ALL_THEMES in wanted or wanted & themes[article.id])
        )
        if not articles:
            return False
        # Noted first: if the program ends in between, nobody is told twice.
        await self._alerts.note(follower.id, articles, int(now.timestamp()))
        reply = news(voice, articles)
        _, _, chat = follower.person.key.partition(":")
        for call in to_calls(reply, replace(voice, language=reply.language), int(chat)):
            delivery = (await self._sender.bulk(call)).delivery
            if delivery is Delivery.UNREACHABLE:
                await self._people.set_reachable(follower.person.key, reachable=False)
                break
        for card in reply.cards:
            self._hook(Shown(card.article.id))
        _log.info("alert_sent", person=tag_of(self._vault.lookup(follower.person.key)), articles=len(articles))
        return True


def _way(follower: Follower) -> int:
    return AT_ONCE if follower.profile.alerts_at_once else EVENING


def _before(now: dt.datetime) -> int:
    return int((now - dt.timedelta(days=_NEW_DAYS)).timestamp())


def _is_news(article: Article, now: dt.datetime) -> bool:
    return article.published is not None and (now.date() - article.published).days <= _NEW_DAYS
