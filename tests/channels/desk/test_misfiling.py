"""
No message ever stands in the wrong topic or reaches the wrong person, whatever happens at the same time.
"""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.channels.telegram.application import TelegramChannel, TelegramOptions
from bot.channels.telegram.desk.options import StationOptions
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Rules
from bot.storage.coaches import Role
from bot.storage.engine import Database, open_database
from bot.storage.errands import Errands
from bot.storage.threads import Threads
from tests.channels.conftest import Run, settled
from tests.channels.desk.conftest import Scene, slow_down
from tests.fakes import RecordingHook
from tests.telegram_server import TelegramServer
from tests.telegram_server.faults import DropAfter, Hold
from tests.telegram_server.model import Message

NAMES = ("Noor", "Lou", "Sacha")
TEXT = "je voudrais parler à une vraie personne"


async def test_two_people_at_the_same_instant(scene: Scene) -> None:
    """
    Each gets a topic of their own with their own words, and the coach's answers go where they were written.
    """
    people = [scene.server.person(name) for name in NAMES]
    await asyncio.gather(*(one.send_text(f"{TEXT}, moi c'est {one.first_name}") for one in people))
    await scene.calm()
    assert len(scene.group.topics) == len(NAMES)
    for one in people:
        topic = await scene.topic(one)
        for other in people:
            words = [shown.text for shown in scene.shown(topic) if f"moi c'est {other.first_name}" in shown.text]
            assert bool(words) == (one is other)
        await scene.writes(topic, f"pour {one.first_name}")
    await scene.calm()
    for one in people:
        assert [shown.text for shown in one.messages if shown.text.startswith("pour ")] == [f"pour {one.first_name}"]


async def test_two_messages_that_race_open_one_topic(scene: Scene) -> None:
    """
    However quickly somebody writes.
    """
    noor = scene.server.person("Noor")
    held = Hold()
    scene.server.faults.add(fault=held, method="createForumTopic")
    for _ in range(3):
        await noor.send_text(TEXT)
    await held.arrived.wait()
    held.release()
    await scene.calm()
    assert len(scene.group.topics) == 1
    assert [one.text for one in scene.shown(scene.group.topics[0])].count(TEXT) == 3


STEPS = st.lists(
    st.tuples(st.sampled_from(["person", "coach", "edit", "close"]), st.integers(0, len(NAMES) - 1)),
    min_size=4,
    max_size=12,
)


def test_whatever_people_and_coaches_do_nothing_is_misfiled(bot: App, tmp_path_factory: pytest.TempPathFactory) -> None:
    """
    A property: each text carries its person's name, and never shows beside anybody else.
    """

    @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def hold(steps: list[tuple[str, int]]) -> None:
        asyncio.run(_play(bot, tmp_path_factory, steps))

    hold()


async def _play(bot: App, folders: pytest.TempPathFactory, steps: list[tuple[str, int]]) -> None:
    folder = folders.mktemp("play")
    database = await open_database(f"sqlite:///{folder / 'data' / 'a.db'}", "", folder / "secret" / "key")
    async with TelegramServer() as server:
        alix = server.person("Alix", started=True)
        group = server.group("Bureau", forum=True)
        coach = group.member(alix, "creator")
        await group.add_bot(alix, admin=True)
        rules = StationOptions(Rules(), {f"telegram:{alix.id}": Role.OWNER})
        options = TelegramOptions(server.token, server.base_url, poll_timeout=1, stop_within=5, station=rules)
        channel = TelegramChannel(options, replace(bot.router), database, RecordingHook())
        slow_down(channel, Pace(most=3, seconds=0.3))
        running = asyncio.create_task(channel.run())
        await coach.send_command("/desk")
        await group.next_message(10)
        people = [server.person(name) for name in NAMES]
        last: dict[int, Message] = {}
        for number, (what, who) in enumerate(steps):
            person = people[who]
            topic = next((one for one in group.topics if one.name.startswith(NAMES[who])), None)
            if what == "person" or topic is None:
                last[who] = await person.send_text(f"{TEXT} <{NAMES[who]} {number}>")
            elif what == "edit" and who in last:
                last[who] = await person.edit(last[who], f"{TEXT} <{NAMES[who]} {number}>")
            elif what == "close":
                await coach.send_command("/close", thread_id=topic.thread_id)
            else:
                await coach.send_text(f"pour <{NAMES[who]} {number}>", thread_id=topic.thread_id)
            await asyncio.sleep(0)
        await settled(server, database)
        async with asyncio.timeout(30):
            while await Errands(database).waiting(()):
                await asyncio.sleep(0.02)
        _check(group.messages, {one.thread_id: one.name for one in group.topics})
        for person in people:
            assert not [
                one for one in person.messages for name in NAMES if f"<{name}" in one.text and name != person.first_name
            ]
        written = [one.text for one in group.messages if not one.from_bot and one.text.startswith("pour <")]
        read = [one.text for person in people for one in person.messages if one.text.startswith("pour <")]
        assert sorted(written) == sorted(read)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await database.close()


def _check(messages: list[Message], topics: dict[int, str]) -> None:
    for one in messages:
        owner = topics.get(one.thread_id or 0, "").split(" · ")[0]
        named = [name for name in NAMES if f"<{name}" in one.text]
        assert not named or named == [owner]
    assert len(topics) == len({name.split(" · ")[0] for name in topics.values()})


@pytest.mark.parametrize("method", ["createForumTopic", "copyMessage", "sendMessage"])
async def test_a_crash_between_the_call_and_its_note(
    server: TelegramServer, run: Run, database: Database, method: str
) -> None:
    """
    The bot ends after Telegram took the call and before that was noted: after the next start the message stands in the
    right topic, perhaps twice, and an edit and an answer find their way.
    """
    alix, noor = server.person("Alix", started=True), server.person("Noor")
    group = server.group("Bureau", forum=True)
    coach = group.member(alix, "creator")
    await group.add_bot(alix, admin=True)
    options = StationOptions(Rules(), {f"telegram:{alix.id}": Role.OWNER})
    async with run(station=options) as channel:
        await coach.send_command("/desk")
        await group.next_message()
        done = channel.station.courier._errands
        stopped = asyncio.Event()

        class Dying(type(done)):  # type: ignore[misc]
            """
            Errands whose end is never noted.
            """

            async def done(self, *_: object, **__: object) -> None:
                """
                The process is gone.
                """
                if method in {call.method for call in server.calls if call.chat_id == group.id}:
                    stopped.set()
                    await asyncio.Event().wait()
                await super().done(*_, **__)

        channel.station.courier._errands = Dying(database)
        await noor.send_text(TEXT)
        await stopped.wait()
        channel.station.courier._lanes._closed = True
        for task in channel.station.courier._lanes._tasks:
            task.cancel()
    async with run(station=options):
        await settled(server, database)
        async with asyncio.timeout(10):
            while await Errands(database).waiting(()):
                await asyncio.sleep(0.02)
        thread = await Threads(database).of_person(f"telegram:{noor.id}")
        assert thread is not None
        assert TEXT in [one.text for one in group.messages if one.thread_id == thread.topic]
        await coach.send_text("je vous lis", thread_id=thread.topic)
        await server.wait_for(lambda: noor.last.text == "je vous lis" or None)


async def test_a_broken_connection_leaves_the_message_where_it_belongs(scene: Scene) -> None:
    """
    Telegram took it and its answer was lost: the coach is told that nobody knows.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Bonjour")
    await scene.calm()
    scene.server.faults.add(fault=DropAfter(), method="copyMessage", chat=noor)
    unsure = await scene.writes(topic, "Vous avez reçu ?")
    assert (await scene.seen(topic, "impossible de savoir")).reply_to == unsure.message_id
    assert [one.text for one in noor.messages].count("Vous avez reçu ?") == 1


async def test_a_flood_of_texts_keeps_within_what_telegram_takes(scene: Scene) -> None:
    """
    What is too much stands together in few messages, in order, and none is missing.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Racontez")
    await scene.calm()
    slow_down(scene.channel, Pace(most=4, seconds=1.0))
    before = len(scene.shown(topic))
    for number in range(20):
        await noor.send_text(f"phrase {number:02}")
    await scene.calm()
    shown = scene.shown(topic)[before:]
    assert len(shown) <= 12
    everything = "\n".join(one.text for one in shown)
    places = [everything.index(f"phrase {number:02}") for number in range(20)]
    assert places == sorted(places)
    # An edit of one among several cannot be shown in place: it is said.
    await noor.edit(next(one for one in noor.messages if one.text == "phrase 15"), "phrase quinze")
    assert "phrase quinze" in (await scene.seen(topic, "phrase quinze")).text
