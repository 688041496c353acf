"""
A coach with a desk in a private group, and people who write to the bot.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels.telegram.application import TelegramChannel
from bot.channels.telegram.desk.options import StationOptions
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Rules
from bot.storage.coaches import Role
from bot.storage.engine import Database
from bot.storage.errands import Errands
from bot.storage.threads import Thread
from tests.channels.conftest import Run, ShiftedClock, settled
from tests.telegram_server import TelegramServer, Topic
from tests.telegram_server.groups import Group
from tests.telegram_server.model import Message
from tests.telegram_server.participants import Participant
from tests.telegram_server.people import Person


@dataclass
class Scene:
    """
    The desk in use.

    Parameters:
        server: The Bot API.
        channel: The bot.
        group: The coach's private group.
        alix: The coach, in a chat of their own.
        coach: The coach, in the group.
        database: Where everything is kept.
        clock: What time the desk thinks it is.
    """

    server: TelegramServer
    channel: TelegramChannel
    group: Group
    alix: Person
    coach: Participant
    database: Database
    clock: ShiftedClock

    async def thread(self, person: Person) -> Thread:
        """
        The thread of a person; fails if there is none.
        """
        thread = await self.channel.station.office.threads.of_person(f"telegram:{person.id}")
        assert thread is not None
        return thread

    async def topic(self, person: Person) -> Topic:
        """
        The topic of a person, once it is there.
        """
        name = person.first_name
        return await self.server.wait_for(
            lambda: next((one for one in self.group.topics if one.name.split(" · ")[0] == name), None)
        )

    def shown(self, topic: Topic) -> list[Message]:
        """
        What stands in a topic, notices left out.
        """
        return [
            one
            for one in self.group.messages
            if one.thread_id == topic.thread_id and not one.kind.startswith("forum_topic")
        ]

    async def seen(self, topic: Topic, text: str) -> Message:
        """
        The last message in a topic that contains some words, once it is there.
        """
        return await self.server.wait_for(
            lambda: next((one for one in reversed(self.shown(topic)) if text in one.text), None)
        )

    async def handed_over(self, person: Person, text: str = "je voudrais parler à une vraie personne") -> Topic:
        """
        Let somebody ask for a human; returns their topic once the message stands in it.
        """
        await person.send_text(text)
        await person.next_message()
        topic = await self.topic(person)
        await self.server.wait_for(lambda: len(self.shown(topic)) >= 2)
        await self.calm()
        return topic

    async def writes(self, topic: Topic, text: str, **where: Any) -> Message:
        """
        Let the coach write in a topic.
        """
        return await self.coach.send_text(text, thread_id=topic.thread_id, **where)

    async def calm(self) -> None:
        """
        Wait until all that was sent is dealt with, and all that is to be carried is carried.
        """
        await settled(self.server, self.database)
        async with asyncio.timeout(10):
            while await Errands(self.database).waiting(()):
                await asyncio.sleep(0.01)


def slow_down(channel: TelegramChannel, pace: Pace) -> None:
    """
    Let fewer messages go to the desk.
    """
    courier = channel.station.courier
    courier._pace = courier._carriage._topics.pace = pace


@pytest.fixture
async def scene(server: TelegramServer, run: Run, database: Database) -> AsyncIterator[Scene]:
    """
    A desk that is set up.
    """
    async with _scene(server, run, database) as made:
        yield made


@asynccontextmanager
async def _scene(server: TelegramServer, run: Run, database: Database) -> AsyncIterator[Scene]:
    clock = ShiftedClock()
    alix = server.person("Alix", started=True)
    group = server.group("Bureau", forum=True)
    coach = group.member(alix, "creator")
    await group.add_bot(alix, admin=True)
    options = StationOptions(Rules(insults=3), {f"telegram:{alix.id}": Role.OWNER}, clock=clock)
    async with run(station=options) as channel:
        await coach.send_command("/desk")
        ready = await group.next_message()
        assert "Le bureau est ici" in ready.text
        scene = Scene(server, channel, group, alix, coach, database, clock)
        yield scene
