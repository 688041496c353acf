"""
Setting the desk up: every step explained, what is missing named.
"""

from bot.channels.telegram.desk.options import StationOptions
from bot.model import ThreadState
from bot.storage.coaches import Role
from bot.storage.engine import Database
from tests.channels.conftest import Run, settled
from tests.channels.desk.conftest import Scene
from tests.telegram_server import ADMIN_RIGHTS, TelegramServer


async def test_the_owner_is_told_how(server: TelegramServer, run: Run) -> None:
    """
    `/desk` in their own chat names the steps and the bot.
    """
    alix = server.person("Alix", started=True)
    async with run(station=StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER})):
        await alix.send_command("/desk")
        told = await alix.next_message()
        assert "Créer un groupe privé" in told.text
        assert "@tremplin_test_bot" in told.text


async def test_what_a_group_lacks_is_named_one_by_one(server: TelegramServer, run: Run) -> None:
    """
    Public, without topics, without rights: each is said, and looked at again with one tap.
    """
    alix = server.person("Alix", started=True)
    group = server.group("Bureau", username="bureau_public")
    coach = group.member(alix, "creator")
    async with run(station=StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER})) as channel:
        await coach.send_command("/desk")
        missing = await group.next_message()
        assert missing.text.count("❌") == 5
        await group.switch_topics(on=True)
        await group.add_bot(alix, admin=True, rights=ADMIN_RIGHTS - {"can_manage_topics"})
        await coach.press(missing, "Vérifier à nouveau")
        again = await group.edited(missing)
        assert again.text.count("❌") == 2
        assert "❌ Le groupe est privé" in again.text
        assert "❌ Il a le droit de gérer les sujets" in again.text
        assert not channel.station.office.desk.is_open


async def test_the_coach_s_own_chat_can_be_the_desk(run: Run, database: Database) -> None:
    """
    Where topics are enabled, without any group.
    """
    async with TelegramServer(topics_in_private=True) as server:
        alix, noor = server.person("Alix", started=True), server.person("Noor")
        options = StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER})
        async with run(server=server, station=options) as channel:
            await alix.send_command("/desk")
            await alix.press(await alix.next_message(), "Ici, dans cette conversation")
            await server.wait_for(lambda: channel.station.office.desk.is_open or None)
            await noor.send_text("je voudrais parler à une vraie personne")
            await noor.next_message()
            topic = await server.wait_for(lambda: next(iter(alix.topics), None))
            assert topic.name.startswith("Noor")
            await alix.send_text("Bonjour !", thread_id=topic.thread_id)
            await server.wait_for(lambda: noor.last.text == "Bonjour !" or None)
            await noor.send_text("enfin quelqu'un")
            await server.wait_for(lambda: next((one for one in alix.messages if one.text == "enfin quelqu'un"), None))
            # Outside the topics the coach may try the bot out like anybody.
            await alix.send_text("comment refaire mon cv ?")
            await server.wait_for(lambda: next((one for one in alix.bot_messages if "À lire" in one.text), None))
            await settled(server, database)


async def test_a_closed_desk_gives_everybody_back_to_the_bot(scene: Scene) -> None:
    """
    People are told how to write to the coach again.
    """
    noor = scene.server.person("Noor")
    await scene.handed_over(noor)
    await scene.alix.send_command("/desk")
    await scene.alix.press(await scene.alix.next_message(), "Fermer le bureau")
    await scene.server.wait_for(lambda: not scene.channel.station.office.desk.is_open or None)
    await noor.send_text("je voudrais parler à une vraie personne")
    await scene.server.wait_for(lambda: "camille@example.org" in noor.last.text or None)
    thread = await scene.channel.station.office.threads.of_person(f"telegram:{noor.id}")
    assert thread is None or thread.state is ThreadState.CLOSED


async def test_a_desk_that_moves_takes_nobody_s_topic_along(scene: Scene) -> None:
    """
    Topics are made anew in the new group when they are needed.
    """
    noor = scene.server.person("Noor")
    await scene.handed_over(noor)
    other = scene.server.group("Nouveau bureau", forum=True)
    coach = other.member(scene.alix, "creator")
    await other.add_bot(scene.alix, admin=True)
    await coach.send_command("/desk")
    assert "Le bureau est ici" in (await other.next_message()).text
    await noor.send_text("et maintenant ?")
    topic = await scene.server.wait_for(lambda: next(iter(other.topics), None))
    assert topic.name.startswith("Noor")


async def test_a_bot_thrown_out_of_the_group_tells_the_owner_and_loses_nothing(scene: Scene) -> None:
    """
    What was to arrive there waits until the bot is back.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.group.remove_bot(scene.alix)
    assert "Rien n'est perdu" in (await scene.alix.next_message()).text
    await noor.send_text("il y a quelqu'un ?")
    await noor.next_message()
    await settled(scene.server, scene.database)
    await scene.group.add_bot(scene.alix, admin=True)
    assert await scene.seen(topic, "il y a quelqu'un ?")
