"""
What coaches say at the desk.
"""

import pytest

from bot.channels.telegram.desk.commands import ANYWHERE, IN_TOPIC
from bot.channels.telegram.desk.door import Door
from bot.channels.telegram.desk.rounds import Rounds
from bot.channels.telegram.desk.setup import COMMANDS
from bot.model import ThreadState
from tests.channels.desk.conftest import Scene
from tests.channels.desk.test_both_ways import taken_over
from tests.telegram_server import Topic
from tests.telegram_server.model import Message


async def order(scene: Scene, topic: Topic | None, text: str) -> Message:
    """
    Say something at the desk; returns the last message there once all is done.
    """
    where = {} if topic is None else {"thread_id": topic.thread_id}
    await scene.coach.send_command(text, **where)
    await scene.calm()
    return scene.group.last


async def test_a_canned_reply_is_looked_at_and_sent_with_one_tap(scene: Scene) -> None:
    """
    `/r` finds an advice; the person reads it, and knows that a human chose it.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    preview = await order(scene, topic, "/r refaire mon cv")
    assert "Ce que la personne lirait\xa0: Rédiger son CV" in preview.text
    other = next(label for label in preview.labels if label.startswith("❓"))
    await scene.coach.press(preview, other)
    await scene.calm()
    shown = scene.group.last
    assert other.removeprefix("❓ ")[:20] in shown.text
    back = next(label for label in shown.labels if label.startswith("💡 Rédiger"))
    await scene.coach.press(shown, back)
    await scene.calm()
    await scene.coach.press(scene.group.last, "✅ Envoyer")
    await scene.calm()
    assert "est là et répond" in noor.messages[-2].text
    assert noor.last.text in preview.text
    assert "✅ Envoyé\xa0: Rédiger son CV" in [one.text for one in scene.shown(topic)]
    assert (await scene.thread(noor)).state is ThreadState.TAKEN


async def test_an_article_can_be_sent(scene: Scene) -> None:
    """
    With a button that opens it.
    """
    noor, topic = await taken_over(scene)
    preview = await order(scene, topic, "/r relancer une candidature")
    label = next(label for label in preview.labels if label.startswith("📖"))
    await scene.coach.press(preview, label)
    await scene.calm()
    await scene.coach.press(scene.group.last, "✅ Envoyer")
    await scene.calm()
    assert noor.last.labels[0].startswith("📖")


async def test_a_word_that_finds_nothing_says_so(scene: Scene) -> None:
    """
    And the command alone explains itself.
    """
    _, topic = await taken_over(scene)
    assert "/r cv" in (await order(scene, topic, "/r")).text


async def test_notes_and_tags_stay_at_the_desk(scene: Scene) -> None:
    """
    The person never sees them; `/who` shows them.
    """
    noor, topic = await taken_over(scene)
    before = len(noor.messages)
    await scene.coach.send_command("/note rappeler après l'entretien", thread_id=topic.thread_id)
    await order(scene, topic, "/tag cadre #lyon")
    assert "#cadre #lyon" in scene.group.last.text
    await order(scene, topic, "/tag cadre")
    assert scene.group.last.text == "Étiquettes\xa0: #lyon"
    card = await order(scene, topic, "/who")
    assert "rappeler après l'entretien" in card.text
    assert "#lyon" in card.text
    assert len(noor.messages) == before


async def test_urgent_shows_on_the_topic_and_in_the_list(scene: Scene) -> None:
    """
    Urgent first, then those who wait longest, with how long.
    """
    noor, lou = scene.server.person("Noor"), scene.server.person("Lou")
    await scene.handed_over(noor)
    topic = await scene.handed_over(lou)
    listed = (await order(scene, None, "/open")).text
    assert listed.index("Noor") < listed.index("Lou")
    await order(scene, topic, "/urgent")
    assert (await scene.topic(lou)).icon == "❗"
    listed = (await order(scene, None, "/open")).text
    assert listed.index("🔴 Lou") < listed.index("⏳ Noor")
    assert "seconde" in listed
    await order(scene, topic, "/urgent")
    assert (await scene.topic(lou)).icon == "❓"


async def test_nobody_waiting_is_said(scene: Scene) -> None:
    """
    The empty list is good news.
    """
    assert "Personne n'attend" in (await order(scene, None, "/open")).text


async def test_a_reminder_comes_once(scene: Scene) -> None:
    """
    `/later 3d` comes back in three days, and not again.
    """
    _, topic = await taken_over(scene)
    assert "Rappel le" in (await order(scene, topic, "/later 3d")).text
    rounds = Rounds(scene.channel.station.office, scene.channel.station.courier)
    await rounds.go()
    assert not [one for one in scene.shown(topic) if "rappel demandé" in one.text]
    scene.clock.shift = 3 * 86_400 + 60
    for _ in range(2):
        await rounds.go()
        await scene.calm()
    assert len([one for one in scene.shown(topic) if "rappel demandé" in one.text]) == 1


async def test_a_muted_person_reaches_nobody_but_keeps_their_rights(scene: Scene) -> None:
    """
    Until it is lifted.
    """
    noor, topic = await taken_over(scene)
    assert "ne lui répond plus jusqu'au" in (await order(scene, topic, "/mute 2h")).text
    await noor.send_text("encore moi")
    await scene.calm()
    assert not [one for one in scene.shown(topic) if one.text == "encore moi"]
    await noor.send_command("/privacy")
    await scene.calm()
    assert "Ce que deviennent" in noor.last.text
    await order(scene, topic, "/unmute")
    await noor.send_text("me revoilà")
    assert await scene.seen(topic, "me revoilà")


async def test_a_ban_ends_the_conversation(scene: Scene) -> None:
    """
    For good, until it is lifted.
    """
    noor, topic = await taken_over(scene)
    await order(scene, topic, "/ban")
    await noor.send_text("comment refaire mon cv ?")
    await scene.calm()
    assert noor.last.text == "comment refaire mon cv ?"
    await order(scene, topic, "/unban")
    await noor.send_text("comment refaire mon cv ?")
    await scene.calm()
    assert "À lire" in noor.last.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/note", "/note relancer"),
        ("/later", "/later 3d"),
        ("/later n'importe quoi", "/later 3d"),
        ("/mute longtemps", "/mute 24h"),
        ("/faq", "Répondre par /faq"),
        ("/nimporte", "Dans le fil d'une personne"),
    ],
)
async def test_a_command_that_lacks_something_explains_itself(scene: Scene, said: str, answer: str) -> None:
    """
    A coach is no programmer.
    """
    _, topic = await taken_over(scene)
    assert answer in (await order(scene, topic, said)).text


@pytest.mark.parametrize(("said", "answer"), [("/away jamais", "/away 3d"), ("/hours tard", "/hours 9-18")])
async def test_times_that_cannot_be_told_are_explained(scene: Scene, said: str, answer: str) -> None:
    """
    And nothing changes.
    """
    assert answer in (await order(scene, None, said)).text
    assert not scene.channel.station.office.desk.is_away


async def test_what_is_said_in_a_topic_is_refused_elsewhere(scene: Scene) -> None:
    """
    `/close` in the general topic closes nobody.
    """
    assert "se dit dans le fil d'une personne" in (await order(scene, None, "/close")).text


async def test_every_command_is_offered_and_described(scene: Scene) -> None:
    """
    The app shows what the bot understands.
    """
    assert set(COMMANDS) <= {*ANYWHERE, *IN_TOPIC}
    assert {*ANYWHERE, *IN_TOPIC} - set(COMMANDS) == {"unmute", "unban"}
    help_text = (await order(scene, None, "/coach")).text
    for name in {*COMMANDS} - {"coach"}:
        assert f"/{name}" in help_text


async def test_statistics_come_as_a_picture(scene: Scene) -> None:
    """
    `/stats 7d`: what happened, to look at.
    """

    async def figures(days: int) -> tuple[str, bytes]:
        return f"<b>{days} jours</b>", b"\x89PNG"

    object.__setattr__(scene.channel.station.office, "figures", figures)
    await scene.coach.send_command("/stats 7d")
    shown = await scene.server.wait_for(
        lambda: next((one for one in scene.group.messages if one.kind == "photo"), None)
    )
    assert shown.text == "7 jours"


async def test_what_breaks_at_the_desk_is_told_there(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A coach whose answer did not go out, or whose order was lost, does not take it for done.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    heard = len(noor.bot_messages)

    async def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Door, "take", breaks)
    await scene.writes(topic, "Oui, je regarde ça demain.")
    await scene.calm()
    assert "mal passé de mon côté" in scene.shown(topic)[-1].text
    assert "mal passé de mon côté" in (await order(scene, None, "/stats")).text
    assert len(noor.bot_messages) == heard
