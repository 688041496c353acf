"""
Who may do what, and that others learn nothing of it.
"""

import pytest

from bot.channels.telegram.desk.commands import ANYWHERE, IN_TOPIC
from bot.channels.telegram.desk.options import StationOptions
from bot.model import Person
from bot.storage.coaches import Coaches, Role
from bot.storage.engine import Database
from tests.channels.conftest import Run
from tests.channels.desk.conftest import Scene
from tests.telegram_server import TelegramServer


@pytest.mark.parametrize("name", sorted({*ANYWHERE, *IN_TOPIC} - {"faq", "delete"}))
async def test_a_command_of_coaches_does_not_exist_for_others(telegram: TelegramServer, name: str) -> None:
    """
    The answer is that of any word the bot does not know.
    """
    noor = telegram.person("Noor")
    await noor.send_command("/nimportequoi")
    unknown = (await noor.next_message()).text
    await noor.send_command(f"/{name}")
    assert (await noor.next_message()).text.replace(f"/{name}", "/nimportequoi") == unknown


async def test_a_forged_button_of_the_desk_leads_nowhere(scene: Scene) -> None:
    """
    Others cannot press what only coaches see.
    """
    noor = scene.server.person("Noor")
    await noor.send_command("/menu")
    await noor.forge_press(await noor.next_message(), "@leave")
    assert "ne mène plus nulle part" in (await noor.next_message()).text
    assert scene.channel.station.office.desk.is_open


@pytest.mark.parametrize("payload", ["@here", "@check", "@leave", "@dismiss:0"])
async def test_only_owners_move_the_desk_and_dismiss(scene: Scene, payload: str) -> None:
    """
    Whoever was invited as a coach is told so, and nothing changes.
    """
    token = await Coaches(scene.database).invite(Role.COACH)
    noor = scene.server.person("Noor")
    await noor.send_command(f"/start join_{token}")
    welcome = await noor.next_message()
    office = scene.channel.station.office
    before = office.desk.place
    await noor.forge_press(welcome, payload)
    assert "propriétaire" in (await noor.next_message()).text
    assert office.desk.place == before
    assert office.team.invited == [("Noor", Role.COACH)]


async def test_an_invitation_works_once(server: TelegramServer, run: Run, database: Database) -> None:
    """
    Whoever opens it first is a coach; whoever opens it later is greeted like everybody.
    """
    token = await Coaches(database).invite(Role.OWNER)
    async with run():
        alix, noor = server.person("Alix"), server.person("Noor")
        await alix.send_command(f"/start join_{token}")
        assert "Bienvenue Alix" in (await alix.next_message()).text
        await noor.send_command(f"/start join_{token}")
        assert "Bienvenue Noor" not in (await noor.next_message()).text
        await alix.send_command("/invite")
        link = (await alix.next_message()).text
        assert "https://t.me/tremplin_test_bot?start=join_" in link
        await noor.send_command(f"/start {link.split('start=')[1].split()[0]}")
        assert "Rôle\xa0: coach" in (await noor.next_message()).text
        await noor.send_command("/invite")
        assert "propriétaire" in (await noor.next_message()).text
        await alix.send_command("/team")
        await alix.press(team := await alix.next_message(), "Retirer Noor")
        assert "n'a plus accès" in (await alix.edited(team)).text
        await noor.send_command("/open")
        assert "/help" in (await noor.next_message()).text


async def test_an_old_invitation_is_worth_nothing(database: Database) -> None:
    """
    After two days.
    """
    now = [0.0]
    coaches = Coaches(database, lambda: now[0])
    token = await coaches.invite(Role.COACH)
    now[0] = 49 * 3600
    assert await coaches.join(token, Person("telegram:1", "Noor")) is None


async def test_a_member_who_is_no_coach_answers_nobody(scene: Scene) -> None:
    """
    They are told so below their message, and their commands do nothing.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    intern = scene.group.member(scene.server.person("Stagiaire"))
    words = await intern.send_text("je réponds à sa place", thread_id=topic.thread_id)
    assert (await scene.seen(topic, "Pas transmis")).reply_to == words.message_id
    await intern.send_command("/close", thread_id=topic.thread_id)
    await scene.calm()
    assert "je réponds à sa place" not in [one.text for one in noor.messages]
    assert "je reprends la suite" not in noor.last.text


async def test_what_coaches_do_is_written_down(scene: Scene) -> None:
    """
    Who did what, without the names of people.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Bonjour")
    await scene.coach.send_command("/close", thread_id=topic.thread_id)
    await scene.calm()
    await scene.coach.send_command("/audit")
    await scene.calm()
    listed = scene.group.last.text
    for deed in ("/desk", "take", "/close"):
        assert f"Alix : {deed}" in listed
    assert "Noor" not in listed


async def test_ids_in_the_settings_are_coaches(server: TelegramServer, run: Run) -> None:
    """
    Without any invitation.
    """
    alix = server.person("Alix", started=True)
    async with run(station=StationOptions(coaches={f"telegram:{alix.id}": Role.COACH})):
        await alix.send_command("/open")
        assert "Personne n'attend" in (await alix.next_message()).text
        await alix.send_command("/desk")
        assert "propriétaire" in (await alix.next_message()).text
