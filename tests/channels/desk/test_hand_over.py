"""
When a conversation goes to the coach, and what people are told.
"""

import datetime as dt

from bot.channels.telegram.desk.rounds import Rounds
from bot.model import ThreadState
from tests.channels.desk.conftest import Scene
from tests.telegram_server.people import Person

NONSENSE = ("combien de planètes dans le ciel", "ma voiture ne démarre plus ce matin")


async def state_of(scene: Scene, person: Person) -> ThreadState | None:
    """
    The state of a person's thread, or None if they have none.
    """
    await scene.calm()
    thread = await scene.channel.station.office.threads.of_person(f"telegram:{person.id}")
    return thread.state if thread else None


async def test_an_answered_question_opens_nothing(scene: Scene) -> None:
    """
    The coach sees only those who need a human.
    """
    noor = scene.server.person("Noor")
    await noor.send_text("comment refaire mon cv ?")
    await noor.next_message()
    assert await state_of(scene, noor) is None
    assert scene.group.topics == []


async def test_two_failures_in_a_row_hand_over(scene: Scene) -> None:
    """
    Whoever is not understood twice is not left alone, and may undo it.
    """
    noor = scene.server.person("Noor")
    await noor.send_text("bonjour")
    await noor.next_message()
    await noor.send_text(NONSENSE[0])
    assert "Rester avec le robot" not in (await noor.next_message()).labels
    await noor.send_text(NONSENSE[1])
    answer = await noor.next_message()
    assert "Je préfère passer la main" in answer.text
    assert "Rester avec le robot" in answer.labels
    assert await state_of(scene, noor) is ThreadState.WAITING


async def test_a_failure_between_answers_does_not(scene: Scene) -> None:
    """
    Only failures in a row count.
    """
    noor = scene.server.person("Noor")
    for text in (NONSENSE[0], "comment refaire mon cv ?", NONSENSE[1]):
        await noor.send_text(text)
        await noor.next_message()
    assert await state_of(scene, noor) is None


async def test_distress_hands_over_urgently(scene: Scene) -> None:
    """
    The numbers to call come first; the coach is told, and sees it on top.
    """
    noor = scene.server.person("Noor")
    await noor.send_text("j'ai envie d'en finir avec la vie")
    answer = await noor.next_message()
    assert answer.text.index("3114") < answer.text.index("prévenu Camille")
    topic = await scene.topic(noor)
    assert topic.icon == "❗"
    assert (await scene.seen(topic, "Urgent")).text.startswith("🔴 Urgent")


async def test_who_was_not_helped_is_handed_over(scene: Scene) -> None:
    """
    "That does not answer my question" is heard.
    """
    noor = scene.server.person("Noor")
    await noor.send_text("ça ne répond pas du tout à ma question")
    assert "Je préfère passer la main" in (await noor.next_message()).text
    assert await state_of(scene, noor) is ThreadState.WAITING


async def test_an_interview_tomorrow_is_urgent(scene: Scene) -> None:
    """
    What presses is on top.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor, "j'ai un entretien demain, je voudrais parler à une vraie personne")
    assert scene.shown(topic)[0].text.startswith("🔴 Urgent")


async def test_a_file_goes_to_the_coach_only_when_wanted(scene: Scene) -> None:
    """
    `/desk` has a switch for CVs.
    """
    noor, lou = scene.server.person("Noor"), scene.server.person("Lou")
    await noor.send_document("cv.pdf")
    assert "je ne sais pas ouvrir les documents" in (await noor.next_message()).text
    await scene.alix.send_command("/desk")
    await scene.alix.press(await scene.alix.next_message(), "Recevoir les fichiers")
    await scene.calm()
    await lou.send_document("cv.pdf", caption="voici mon cv")
    assert "va lire cette conversation" in (await lou.next_message()).text
    topic = await scene.topic(lou)
    await scene.calm()
    assert [one.kind for one in scene.shown(topic)] == ["text", "document"]


async def test_a_second_request_opens_no_second_topic(scene: Scene) -> None:
    """
    One person, one topic.
    """
    noor = scene.server.person("Noor")
    await scene.handed_over(noor)
    await noor.send_text("je voudrais vraiment parler à un humain")
    assert "a déjà cette conversation" in (await noor.next_message()).text
    await scene.calm()
    assert len(scene.group.topics) == 1


async def test_coming_back_later_uses_the_same_topic(scene: Scene) -> None:
    """
    The history stays together, with a new summary.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.coach.send_command("/close", thread_id=topic.thread_id)
    await scene.calm()
    await noor.send_text("je voudrais parler à une vraie personne")
    await scene.calm()
    assert len(scene.group.topics) == 1
    assert len([one for one in scene.shown(topic) if one.text.startswith("Noor · ")]) == 2


async def test_away_people_are_told_kindly_and_wait_without_a_sound(scene: Scene) -> None:
    """
    The date is named, the bot goes on, and nobody's phone rings.
    """
    await scene.coach.send_command("/away jusqu'au 24 août")
    assert "24 août" in (await scene.group.next_message()).text
    noor = scene.server.person("Noor")
    await noor.send_text("je voudrais parler à une vraie personne")
    assert "en congé jusqu'au 24 août" in (await noor.next_message()).text
    topic = await scene.topic(noor)
    await scene.calm()
    assert all(one.silent for one in scene.shown(topic))
    await scene.coach.send_command("/back")
    back = await scene.server.wait_for(
        lambda: next((one for one in scene.group.messages if "De retour" in one.text), None)
    )
    assert "⏳ Noor" in back.text


async def test_on_the_day_of_return_the_coach_sees_who_waits(scene: Scene) -> None:
    """
    Without saying anything.
    """
    office = scene.channel.station.office
    noor = scene.server.person("Noor")
    await scene.handed_over(noor)
    tomorrow = (office.desk.now + dt.timedelta(days=1)).date().isoformat()
    await office.desk.change(away=True, back=tomorrow)
    rounds = Rounds(office, scene.channel.station.courier)
    await rounds.go()
    await office.desk.change(back=office.desk.now.date().isoformat())
    await rounds.go()
    await scene.calm()
    assert not office.desk.place.away
    assert [one for one in scene.group.messages if "De retour" in one.text and "Noor" in one.text]


async def test_outside_office_hours_it_is_said_that_it_takes_longer(scene: Scene) -> None:
    """
    Nobody waits in vain for an answer at night.
    """
    office = scene.channel.station.office
    other = (office.desk.now.weekday() + 3) % 7
    day = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")[other]
    await scene.coach.send_command(f"/hours {day} 9h-18h")
    assert "9 h – 18 h" in (await scene.group.next_message()).text
    noor = scene.server.person("Noor")
    await noor.send_text("je voudrais parler à une vraie personne")
    assert "ne répond pas à cette heure-ci" in (await noor.next_message()).text


async def test_whoever_is_forgotten_is_gone_from_the_desk(scene: Scene) -> None:
    """
    The topic goes with everything else.
    """
    noor = scene.server.person("Noor")
    await scene.handed_over(noor)
    await noor.send_command("/forget")
    await scene.calm()
    await noor.press(noor.last, "Oui, tout effacer")
    await scene.calm()
    assert scene.group.topics == []
    assert await state_of(scene, noor) is None


async def test_insults_are_met_with_patience_then_silence(scene: Scene) -> None:
    """
    Three times; the coach sees it and can lift it.
    """
    noor = scene.server.person("Noor")
    for _ in range(3):
        await noor.send_text("va te faire foutre connard")
        await noor.next_message()
    assert "je ne réponds plus pendant 24 heures" in noor.last.text
    await noor.send_text("comment refaire mon cv ?")
    await scene.calm()
    assert noor.last.text == "comment refaire mon cv ?"
    told = await scene.server.wait_for(
        lambda: next((one for one in scene.group.messages if "une fois de trop" in one.text), None)
    )
    assert "Noor" in told.text
    await scene.coach.press(told, "🔊 Répondre de nouveau")
    await scene.calm()
    await noor.send_text("comment refaire mon cv ?")
    assert "À lire" in (await noor.next_message()).text
