"""
New articles reach those who follow the blog: when they chose, never at night, never twice.
"""

import datetime as dt
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from bot.channels.telegram.alerts import AlertRun, Times
from bot.channels.telegram.api import Api
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sender import Sender
from bot.model import ALL_THEMES, Person, Profile
from bot.storage.articles import Shelf
from bot.storage.engine import Database
from bot.storage.people import People, save
from tests.builders import article
from tests.channels.conftest import Run, settled
from tests.fakes import RecordingHook
from tests.telegram_server import Person as Somebody
from tests.telegram_server import TelegramServer

PARIS = ZoneInfo("Europe/Paris")
NAMES = ["feed:https://blog.example/feed"]
START = dt.datetime(2026, 3, 2, 7, 0, tzinfo=PARIS)


class Blog:
    """
    A blog that people follow, at hours that a test decides.
    """

    def __init__(self, bot: App, server: TelegramServer, api: Api, database: Database) -> None:
        self.server, self.database, self.now, self.hook = server, database, START, RecordingHook()
        self.shelf = Shelf(database)
        self.run = AlertRun(
            database=database,
            new_articles=lambda moment: self.shelf.new_since(NAMES, moment),
            router=bot.router,
            sender=Sender(api),
            hook=self.hook,
            times=Times(),
            clock=lambda: self.now,
        )

    async def follow(self, *themes: str, at_once: bool = False, **profile: object) -> Somebody:
        somebody = self.server.person("Sacha")
        await somebody.send_text("/start")
        await self.keep(somebody, Profile(alerts=themes, alerts_at_once=at_once, **{"language": "fr", **profile}))  # type: ignore[arg-type]
        return somebody

    async def keep(self, somebody: Somebody, profile: Profile) -> None:
        person, now = Person(f"telegram:{somebody.user.id}"), int(self.now.timestamp())
        await self.database.write(lambda c: save(c, self.database.vault, person, profile, now))

    async def publish(self, title: str, *, tags: tuple[str, ...] = (), days_ago: int = 0, language: str = "fr") -> None:
        self.now += dt.timedelta(minutes=1)
        post = article(
            title,
            id=title.lower().replace(" ", "")[:10],
            url=f"https://blog.example/{title}",
            tags=tags,
            published=(self.now - dt.timedelta(days=days_ago)).date(),
            language=language,
        )
        await self.shelf.save(NAMES[0], [post], int(self.now.timestamp()))

    async def tell(self, hour: int, day: int = 0) -> int:
        self.now = START.replace(hour=hour) + dt.timedelta(days=day)
        return await self.run.tell()


@pytest.fixture
async def blog(bot: App, server: TelegramServer, store: Database) -> AsyncIterator[Blog]:
    """
    A blog without a new article, on each kind of database.
    """
    api = Api(server.token, base_url=server.base_url, request=AiohttpRequest(), get_updates_request=AiohttpRequest())
    await api.initialize()
    yield Blog(bot, server, api, store)
    await api.shutdown()


async def test_the_evening_is_waited_for(blog: Blog) -> None:
    """
    One message with everything of the day, and no second one.
    """
    person = await blog.follow(ALL_THEMES)
    await blog.publish("Le premier")
    await blog.publish("Le second")
    assert [await blog.tell(hour) for hour in (9, 17)] == [0, 0]
    assert await blog.tell(18) == 1
    message = await person.next_message(5)
    assert "Le premier" in message.text
    assert "Le second" in message.text
    assert [await blog.tell(hour) for hour in (19, 20)] == [0, 0]
    assert await blog.tell(18, day=1) == 0


async def test_at_once_is_at_once_but_not_at_night(blog: Blog) -> None:
    """
    What appears at night is told in the morning.
    """
    person = await blog.follow(ALL_THEMES, at_once=True)
    await blog.publish("Le matin")
    assert await blog.tell(7) == 0
    assert await blog.tell(8) == 1
    assert "Le matin" in (await person.next_message(5)).text
    blog.now = START.replace(hour=22)
    await blog.publish("La nuit")
    assert [await blog.tell(hour) for hour in (21, 23)] == [0, 0]
    assert await blog.tell(8, day=1) == 1


async def test_only_what_was_chosen_is_told(blog: Blog) -> None:
    """
    The themes, the language, and what is really new.
    """
    await blog.follow("contract", at_once=True)
    await blog.publish("Du pain")
    await blog.publish("Negotiating pay", tags=("salary",), language="en")
    await blog.publish("Le salaire d'antan", tags=("salaire",), days_ago=30)
    assert await blog.tell(10) == 0
    await blog.publish("Parler salaire", tags=("salaire",))
    assert await blog.tell(10) == 1


async def test_what_was_there_before_is_no_news(blog: Blog) -> None:
    """
    Whoever begins to follow is told of what appears from then on.
    """
    await blog.publish("Avant")
    blog.now += dt.timedelta(minutes=1)
    await blog.follow(ALL_THEMES, at_once=True)
    assert await blog.tell(10) == 0


async def test_stop_and_forget_end_it(blog: Blog) -> None:
    """
    And somebody who blocked the bot is not written to again.
    """
    stopped = await blog.follow(ALL_THEMES, at_once=True, wants_messages=False)
    gone = await blog.follow(ALL_THEMES, at_once=True)
    await gone.block()
    await blog.publish("Le matin")
    await blog.tell(10)
    assert [call for call in blog.server.calls_to("sendMessage") if str(stopped.id) in str(call)] == []
    blog.now += dt.timedelta(hours=1)
    await blog.publish("Le soir")
    assert await blog.tell(12) == 0
    assert await People(blog.database).count() == 2


async def test_the_running_bot_tells_by_itself(server: TelegramServer, run: Run, database: Database) -> None:
    """
    From following with a button to the message about a new post.
    """
    today = dt.datetime.now(dt.UTC)
    post = article("Tout neuf", id="0123456789", url="https://blog.example/neuf", published=today.date())
    shelf = Shelf(database)
    always = Times(evening=0, quiet_from=0, quiet_until=0)
    person = server.person("Sacha")
    async with run():
        await person.send_text("/alertes")
        message = await person.next_message(10)
        await (await person.press(message, "Tout le blog")).answered(10)
        await settled(server, database)
    await shelf.save(NAMES[0], [post], int(today.timestamp()) + 60)
    async with run(news=lambda moment: shelf.new_since(NAMES, moment), times=always):
        message = await person.next_message(10)
    assert message.text.startswith("Du nouveau sur le blog")
    assert "Tout neuf" in message.text


def test_the_hours_are_those_of_the_readers() -> None:
    """
    In their time zone, in summer and winter, also when the quiet hours do not span midnight.
    """
    times = Times()
    assert times.due(dt.datetime(2026, 1, 5, 16, 30, tzinfo=dt.UTC)) == (2,)
    assert times.due(dt.datetime(2026, 7, 6, 16, 30, tzinfo=dt.UTC)) == (1, 2)
    assert times.due(dt.datetime(2026, 7, 6, 19, 30, tzinfo=dt.UTC)) == ()
    noon = Times(quiet_from=12, quiet_until=14)
    assert noon.due(dt.datetime(2026, 1, 5, 11, 30, tzinfo=dt.UTC)) == ()
    assert noon.due(dt.datetime(2026, 1, 5, 22, 30, tzinfo=dt.UTC)) == (1, 2)
