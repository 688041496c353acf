"""
While a human is there the bot is silent, and both know when it is back.
"""

import asyncio

from bot.channels.telegram.desk.options import StationOptions
from bot.channels.telegram.desk.rounds import Rounds
from bot.model import ThreadState
from bot.storage.coaches import Role
from tests.channels.conftest import Run
from tests.channels.desk.conftest import Scene
from tests.channels.desk.test_both_ways import taken_over
from tests.telegram_server import TelegramServer
from tests.telegram_server.faults import Hold


async def test_the_bot_does_not_answer_while_the_coach_does(scene: Scene) -> None:
    """
    A question it could answer goes to the coach alone.
    """
    noor, topic = await taken_over(scene)
    await noor.send_text("comment refaire mon cv ?")
    assert await scene.seen(topic, "comment refaire mon cv ?")
    await scene.calm()
    assert noor.last.text == "comment refaire mon cv ?"


async def test_the_bot_goes_on_answering_while_people_wait(scene: Scene) -> None:
    """
    Until the coach writes it helps as well as it can, and the coach sees what it answered.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await noor.send_text("comment refaire mon cv ?")
    await scene.calm()
    assert "À lire sur le blog" in noor.last.text
    assert await scene.seen(topic, "🤖 Rédiger son CV")


async def test_distress_is_answered_with_numbers_even_then(scene: Scene) -> None:
    """
    Safety comes before silence, and the thread is urgent.
    """
    noor, topic = await taken_over(scene)
    await noor.send_text("je n'en peux plus, je veux mourir")
    await scene.calm()
    assert "3114" in noor.last.text
    assert await scene.seen(topic, "je veux mourir")
    assert (await scene.thread(noor)).urgent


async def test_commands_and_buttons_still_work(scene: Scene) -> None:
    """
    What somebody asks the bot for by name, it does.
    """
    noor, _ = await taken_over(scene)
    await noor.send_command("/menu")
    await scene.calm()
    assert "☰" not in noor.last.text
    assert noor.last.labels


async def test_the_coach_ends_it(scene: Scene) -> None:
    """
    `/close` says to both that the bot is back, and asks the person once if it helped.
    """
    noor, topic = await taken_over(scene)
    await scene.coach.send_command("/close", thread_id=topic.thread_id)
    await scene.calm()
    back, question = noor.messages[-2:]
    assert "je reprends la suite" in back.text
    assert "a-t-il été utile" in question.text
    assert await scene.seen(topic, "le robot reprend")
    await noor.press(question, "👍 Utile")
    await scene.calm()
    assert "Merci" in noor.last.text
    await scene.coach.send_command("/close", thread_id=topic.thread_id)
    assert await scene.seen(topic, "déjà close")
    assert len([one for one in noor.messages if "a-t-il été utile" in one.text]) == 0
    await noor.send_text("comment refaire mon cv ?")
    await scene.calm()
    assert "À lire sur le blog" in noor.last.text


async def test_closing_the_topic_in_the_app_is_closing_it(scene: Scene) -> None:
    """
    A coach need not know the command.
    """
    noor, topic = await taken_over(scene)
    await scene.group.close_topic(scene.alix, topic.thread_id)
    await scene.calm()
    assert (await scene.thread(noor)).state is ThreadState.CLOSED
    assert "a-t-il été utile" in noor.last.text


async def test_the_person_ends_it(scene: Scene) -> None:
    """
    `/end` brings the bot back; the coach is told.
    """
    noor, topic = await taken_over(scene)
    await noor.send_command("/end")
    await scene.calm()
    assert "Je reprends la suite" in noor.messages[-2].text
    assert "a-t-il été utile" in noor.last.text
    assert await scene.seen(topic, "a terminé avec /end")
    await noor.send_command("/end")
    await scene.calm()
    assert "Il n'y a pas de conversation en cours" in noor.last.text


async def test_a_hand_over_can_be_taken_back(scene: Scene) -> None:
    """
    Whoever did not want it presses one button, and is asked nothing more.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await noor.press(noor.bot_messages[-1], "Rester avec le robot")
    await scene.calm()
    assert "C'est annulé" in noor.last.text
    assert await scene.seen(topic, "préfère rester avec le robot")
    assert (await scene.thread(noor)).state is ThreadState.CLOSED


async def test_silence_ends_it(scene: Scene) -> None:
    """
    After a set time without a word of the coach, both are told that the bot is back.
    """
    noor, topic = await taken_over(scene)
    scene.clock.shift = 25 * 3600
    await Rounds(scene.channel.station.office, scene.channel.station.courier).go()
    await scene.calm()
    assert "n'a plus écrit depuis un moment" in noor.messages[-2].text
    assert await scene.seen(topic, "le robot reprend la suite")


async def test_an_answer_on_its_way_is_dropped_when_the_coach_takes_over(scene: Scene) -> None:
    """
    The stored state is looked at again before sending: two voices at once would confuse.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    lou = scene.server.person("Lou")
    held = Hold()
    scene.server.faults.add(fault=held, method="sendMessage", chat=lou)
    await lou.send_text("bonjour")
    await held.arrived.wait()
    # Lou's answer holds the only window, so Noor's waits behind it; now the coach writes to Noor.
    await noor.send_text("comment refaire mon cv ?")
    await scene.writes(topic, "Je m'en occupe")
    async with asyncio.timeout(5):
        while (await scene.thread(noor)).state is not ThreadState.TAKEN:
            await asyncio.sleep(0.01)
    held.release()
    await scene.calm()
    assert noor.last.text == "Je m'en occupe"
    assert await scene.seen(topic, "comment refaire mon cv ?")


async def test_what_came_while_the_bot_was_off_reaches_the_coach_whole(server: TelegramServer, run: Run) -> None:
    """
    Several messages that are too late are read as one, but each stands in the topic.
    """
    alix, noor = server.person("Alix", started=True), server.person("Noor")
    group = server.group("Bureau", forum=True)
    coach = group.member(alix, "creator")
    await group.add_bot(alix, admin=True)
    options = StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER})
    async with run(station=options):
        await coach.send_command("/desk")
        await group.next_message()
        await noor.send_text("je voudrais parler à une vraie personne")
        await noor.next_message()
        topic = await server.wait_for(lambda: next(iter(group.topics), None))
        await coach.send_text("Bonjour", thread_id=topic.thread_id)
        await server.wait_for(lambda: noor.last.text == "Bonjour" or None)
    for text in ("première", "deuxième", "troisième"):
        await noor.send_text(text)
    async with run(station=options, late_after=0.0001):
        for text in ("première", "deuxième", "troisième"):
            await server.wait_for(lambda: next((one for one in group.messages if one.text == text), None))  # noqa: B023
        assert noor.last.text == "troisième"
