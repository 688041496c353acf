"""
What people and coaches write reaches the other side, whatever it is.
"""

from collections.abc import Awaitable, Callable

import pytest

from tests.channels.desk.conftest import Scene
from tests.telegram_server import Topic
from tests.telegram_server.faults import bad, refused
from tests.telegram_server.model import Message
from tests.telegram_server.participants import Participant
from tests.telegram_server.people import Person

KINDS: dict[str, Callable[..., Awaitable[Message]]] = {
    "text": lambda who, **where: who.send_text("un mot", **where),
    "photo": lambda who, **where: who.send_photo("ma photo", **where),
    "document": lambda who, **where: who.send_document("cv.pdf", caption="mon CV", **where),
    "voice": lambda who, **where: who.send_voice(**where),
    "video": lambda who, **where: who.send_video("moi", **where),
    "video_note": lambda who, **where: who.send_video_note(**where),
    "sticker": lambda who, **where: who.send_sticker(**where),
    "location": lambda who, **where: who.send_location(**where),
    "contact": lambda who, **where: who.send_contact(**where),
    "poll": lambda who, **where: who.send_poll("Lequel ?", ["a", "b"], **where),
}


async def taken_over(scene: Scene) -> tuple[Person, Topic]:
    """
    Somebody to whom the coach is writing.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Bonjour Noor")
    await scene.calm()
    while noor.bot_messages[-1].text != "Bonjour Noor":
        await noor.next_message()
    return noor, topic


def last_of(who: Participant | Person) -> Message:
    """
    The newest message on a person's screen.
    """
    assert isinstance(who, Person)
    return who.last


async def test_asking_for_a_human_opens_a_topic_with_a_summary(scene: Scene) -> None:
    """
    The coach sees who it is, what they asked in order and what the bot answered.
    """
    noor = scene.server.person("Noor")
    await noor.send_text("je dois refaire mon cv, par où commencer ?")
    await noor.next_message()
    topic = await scene.handed_over(noor)
    card, last = scene.shown(topic)
    assert card.text.startswith("Noor · Français")
    asked = "je dois refaire mon cv, par où commencer ?\n   → Rédiger son CV"
    assert card.text.index(asked) < card.text.index("je voudrais parler à une vraie personne")
    assert last.text == "je voudrais parler à une vraie personne"


async def test_what_the_coach_writes_reaches_the_person(scene: Scene) -> None:
    """
    They are told once that a human is there, and read the coach's own words.
    """
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Bonjour, racontez-moi.")
    assert "est là et répond" in (await noor.next_message()).text
    assert (await noor.next_message()).text == "Bonjour, racontez-moi."
    await scene.writes(topic, "Depuis quand ?")
    assert (await noor.next_message()).text == "Depuis quand ?"


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_message_goes_both_ways(scene: Scene, kind: str) -> None:
    """
    Files, voices and stickers included.
    """
    noor, topic = await taken_over(scene)
    await KINDS[kind](noor)
    await scene.calm()
    assert scene.shown(topic)[-1].kind == kind
    sent = await KINDS[kind](scene.coach, thread_id=topic.thread_id)
    await scene.calm()
    assert noor.last.kind == kind
    assert noor.last.text == sent.text


async def test_an_album_stays_an_album_both_ways(scene: Scene) -> None:
    """
    Three pictures are one message to look at, not three.
    """
    noor, topic = await taken_over(scene)
    await noor.send_album(["un", "deux", ""])
    await scene.calm()
    assert len({one.album_id for one in scene.shown(topic)[-3:]}) == 1
    assert scene.shown(topic)[-1].album_id is not None
    await scene.coach.send_album(["a", "b"], kind="document", thread_id=topic.thread_id)
    await scene.calm()
    assert [one.text for one in noor.messages[-2:]] == ["a", "b"]
    assert noor.messages[-1].album_id == noor.messages[-2].album_id is not None
    assert len(scene.server.calls_to("copyMessages")) == 2


async def test_replies_point_at_the_same_message_on_the_other_side(scene: Scene) -> None:
    """
    Whoever answers one of several questions is understood.
    """
    noor, topic = await taken_over(scene)
    first = await noor.send_text("ma première question")
    await noor.send_text("ma seconde question")
    await scene.calm()
    here = await scene.seen(topic, "ma première question")
    answer = await scene.writes(topic, "à la première : oui", reply_to=here)
    await scene.calm()
    assert noor.last.reply_to == first.message_id
    await noor.send_text("merci", reply_to=noor.last)
    await scene.calm()
    assert scene.shown(topic)[-1].reply_to == answer.message_id


async def test_edits_show_on_the_other_side(scene: Scene) -> None:
    """
    A corrected text, caption or picture replaces what was there.
    """
    noor, topic = await taken_over(scene)
    text, photo = await noor.send_text("lundi"), await noor.send_photo("avant")
    await scene.calm()
    await noor.edit(text, "mardi")
    await noor.edit_media(photo, b"\xff\xd8 another")
    mine = await scene.writes(topic, "à quatorze heures")
    await scene.calm()
    await scene.coach.edit(mine, "à quinze heures")
    await scene.calm()
    texts = [one.text for one in scene.shown(topic)]
    assert "mardi" in texts
    assert "lundi" not in texts
    assert noor.last.text == "à quinze heures"
    assert scene.server.calls_to("editMessageMedia")[-1].outcome.ok


async def test_an_edit_of_a_message_from_before_is_said(scene: Scene) -> None:
    """
    What has no copy at the desk cannot be changed there, so the new words are shown.
    """
    noor = scene.server.person("Noor")
    before = await noor.send_text("bonjour")
    await noor.next_message()
    topic = await scene.handed_over(noor)
    await noor.edit(before, "bonsoir à vous")
    assert "✏️" in (await scene.seen(topic, "bonsoir à vous")).text


async def test_reactions_go_both_ways(scene: Scene) -> None:
    """
    A thumb is an answer, too; one that is taken back goes again.
    """
    noor, topic = await taken_over(scene)
    mine = await noor.send_text("c'est fait")
    await scene.calm()
    here = await scene.seen(topic, "c'est fait")
    await scene.coach.react(here, "👍")
    await scene.calm()
    assert [one.reactions for one in noor.messages if one.message_id == mine.message_id] == [("👍",)]
    await noor.react(noor.bot_messages[-1], "❤")
    await scene.calm()
    written = await scene.seen(topic, "Bonjour Noor")
    assert written.reactions == ("❤",)
    await noor.react(noor.bot_messages[-1], None)
    await scene.calm()
    assert (await scene.seen(topic, "Bonjour Noor")).reactions == ()


async def test_a_reaction_that_cannot_be_passed_on_is_said(scene: Scene) -> None:
    """
    Telegram lets bots use ordinary emoji only.
    """
    noor, topic = await taken_over(scene)
    await noor.react(noor.bot_messages[-1], None, custom="5368324170671202286")
    assert (await scene.seen(topic, "émoji spécial")).reply_to is not None


async def test_the_coach_deletes_on_both_sides(scene: Scene) -> None:
    """
    `/delete` as a reply takes a message back; the command disappears, too.
    """
    noor, topic = await taken_over(scene)
    wrong = await scene.writes(topic, "message pour quelqu'un d'autre")
    await scene.calm()
    await scene.coach.send_command("/delete", thread_id=topic.thread_id, reply_to=wrong)
    await scene.calm()
    assert "message pour quelqu'un d'autre" not in [one.text for one in noor.messages]
    assert [one.text for one in scene.shown(topic) if "quelqu'un" in one.text or one.text == "/delete"] == []


async def test_a_person_deletes_on_both_sides(scene: Scene) -> None:
    """
    What they take back is gone from the desk and from what is kept, too.
    """
    noor, topic = await taken_over(scene)
    secret = await noor.send_text("mon salaire est de 1 900 euros")
    await scene.calm()
    await noor.send_command("/delete", reply_to=secret)
    await scene.calm()
    assert "effacé" in noor.last.text
    assert not [one for one in [*noor.messages, *scene.shown(topic)] if "1 900" in one.text]
    lines = await scene.channel.station.office.threads.lines(await scene.thread(noor), 50)
    assert not [line for line in lines if "1 900" in line.text]


async def test_deleting_without_a_reply_explains_itself(scene: Scene) -> None:
    """
    On both sides.
    """
    noor, topic = await taken_over(scene)
    await noor.send_command("/delete")
    await scene.calm()
    assert "/forget" in noor.last.text
    await scene.coach.send_command("/delete", thread_id=topic.thread_id)
    assert await scene.seen(topic, "Répondre par /delete")


async def test_what_cannot_be_copied_is_said_on_either_side(scene: Scene) -> None:
    """
    Nothing disappears without a word.
    """
    noor, topic = await taken_over(scene)
    await noor.send_uncopyable()
    assert await scene.seen(topic, "ne laisse pas montrer")
    mine = await scene.coach.send_uncopyable(thread_id=topic.thread_id)
    refusal = await scene.seen(topic, "Pas transmis")
    assert refusal.reply_to == mine.message_id


async def test_a_delivery_that_failed_shows_below_its_message(scene: Scene) -> None:
    """
    Blocked, or too large: the coach knows which message the person never got.
    """
    noor, topic = await taken_over(scene)
    scene.server.faults.add(fault=bad("file is too big"), method="copyMessage", chat=noor)
    large = await scene.coach.send_document("vidéo.mp4", thread_id=topic.thread_id)
    assert (await scene.seen(topic, "file is too big")).reply_to == large.message_id
    scene.server.faults.add(fault=refused(), method="copyMessage", chat=noor)
    unheard = await scene.writes(topic, "Vous êtes là ?")
    assert (await scene.seen(topic, "a bloqué le robot")).reply_to == unheard.message_id


async def test_a_deleted_topic_is_made_again_once(scene: Scene) -> None:
    """
    The person's next message stands in a new topic, with the summary, and nobody lost anything.
    """
    noor, topic = await taken_over(scene)
    await scene.group.delete_topic(topic.thread_id)
    await noor.send_text("vous êtes encore là ?")
    again = await scene.topic(noor)
    assert await scene.seen(again, "vous êtes encore là ?")
    await scene.calm()
    assert len(scene.group.topics) == 1
    assert scene.shown(again)[0].text.startswith("Noor")
    await scene.writes(again, "Oui !")
    await scene.calm()
    assert noor.last.text == "Oui !"
