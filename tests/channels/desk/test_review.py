"""
The learning loop at the desk: what was not understood is shown without who, and one tap teaches it.
"""

import asyncio
from collections.abc import Sequence

from structlog.testing import capture_logs

from bot.content.drafts import FaqDraft
from bot.content.lesson import Change, ChangeKind, Lesson
from tests.channels.desk.conftest import Scene
from tests.channels.desk.test_commands import order
from tests.telegram_server.model import Message

LOST = "combien de planètes dans le ciel"


class RecordingTeaching:
    """
    A `Teaching` that keeps what it was asked to teach.
    """

    def __init__(self, problem: str = "") -> None:
        self.examples: list[tuple[str, str, tuple[str, ...]]] = []
        self.entries: list[tuple[str, FaqDraft]] = []
        self._problem = problem

    async def groups(self, texts: Sequence[tuple[str, str]]) -> list[tuple[int, ...]]:
        """
        Equal texts belong together.
        """
        found: dict[str, list[int]] = {}
        for place, (text, _) in enumerate(texts):
            found.setdefault(text, []).append(place)
        return sorted(map(tuple, found.values()), key=len, reverse=True)

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> Lesson:
        """
        Keep it.
        """
        self.examples.append((language, intent, tuple(texts)))
        return Lesson(Change(ChangeKind.EXAMPLES, language, intent, len(texts), 0.0), 9, 11, self._problem)

    async def add_faq(self, language: str, draft: FaqDraft) -> Lesson:
        """
        Keep it.
        """
        self.entries.append((language, draft))
        return Lesson(Change(ChangeKind.FAQ, language, "planetes", 1, 0.0), 1, 1, self._problem)

    async def undo(self) -> Lesson | None:
        """
        Take the last examples back.
        """
        if not self.examples:
            return None
        language, intent, texts = self.examples.pop()
        return Lesson(Change(ChangeKind.EXAMPLES, language, intent, len(texts), 0.0), 0, 0)


class FailingTeaching(RecordingTeaching):
    """
    A `Teaching` that breaks for a reason nobody foresaw.
    """

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> Lesson:
        """
        Fail.
        """
        raise RuntimeError(texts[0])

    async def add_faq(self, language: str, draft: FaqDraft) -> Lesson:
        """
        Fail.
        """
        raise RuntimeError(draft.question)


class EndlessTeaching(RecordingTeaching):
    """
    A `Teaching` that is never done.
    """

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> Lesson:
        """
        Wait.
        """
        await asyncio.Event().wait()
        return await super().add_examples(language, intent, texts)


async def ask(scene: Scene, *texts: str) -> None:
    """
    Let somebody else write each text.
    """
    for text in texts:
        person = scene.server.person("Noor")
        await person.send_text(text)
        await person.next_message()
    await scene.calm()


def teach(scene: Scene, problem: str = "", teaching: RecordingTeaching | None = None) -> RecordingTeaching:
    """
    Let the desk have a teacher.
    """
    teaching = teaching or RecordingTeaching(problem)
    object.__setattr__(scene.channel.station.office, "teaching", teaching)
    return teaching


async def seen(scene: Scene, text: str) -> Message:
    """
    The last message at the desk with some words, once it is there.
    """
    return await scene.server.wait_for(
        lambda: next((one for one in reversed(scene.group.messages) if text in one.text), None)
    )


async def test_nothing_to_review_is_good_news(scene: Scene) -> None:
    """
    The empty list says so.
    """
    teach(scene)
    assert "Tout a été compris" in (await order(scene, None, "/review")).text


async def test_the_most_frequent_question_comes_first_without_who_asked(scene: Scene) -> None:
    """
    Names, addresses and numbers are struck out.
    """
    teach(scene)
    await ask(scene, "ma voiture ne démarre plus, noor@example.org 06 12 34 56 78", LOST, LOST)
    first = await order(scene, None, "/review")
    assert "2 fois (1/2)" in first.text
    assert LOST in first.text
    await scene.coach.press(first, "Suivante ▶")
    await scene.calm()
    second = scene.group.last.text
    assert "ma voiture ne démarre plus" in second
    assert "noor@example.org" not in second
    assert "06 12" not in second


async def test_one_tap_makes_an_example_and_says_what_it_brings(scene: Scene) -> None:
    """
    "Would now understand 9 of the 11"; another tap takes it back.
    """
    teaching = teach(scene)
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, "→ Un autre sujet…")
    await scene.calm()
    title = next(label for label in scene.group.last.labels if label not in {"◀", "▶"})
    await scene.coach.press(scene.group.last, title)
    learned = await seen(scene, "9 sur 11")
    ((_, intent, texts),) = teaching.examples
    assert texts == (LOST,)
    assert f"+1 → {intent}" in learned.text
    assert "Tout a été compris" in (await order(scene, None, "/review")).text
    await scene.coach.press(learned, "↩️ Annuler")
    assert await seen(scene, "est annulé")
    assert teaching.examples == []
    await scene.coach.press(learned, "↩️ Annuler")
    assert await seen(scene, "rien à annuler")


async def test_a_lesson_that_failed_changes_nothing(scene: Scene) -> None:
    """
    The reason is said, and the question stays to be reviewed.
    """
    teach(scene, "deux sujets pour la même phrase")
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, next(label for label in shown.labels if label.startswith("→ ")))
    assert await seen(scene, "deux sujets pour la même phrase")
    assert LOST in (await order(scene, None, "/review")).text


async def test_a_lesson_that_broke_is_told_of(scene: Scene) -> None:
    """
    The coach is not left waiting, the question stays to be reviewed, and one line of the log says what it was, without
    what people wrote.
    """
    teach(scene, teaching=FailingTeaching())
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    with capture_logs() as lines:
        await scene.coach.press(shown, next(label for label in shown.labels if label.startswith("→ ")))
        told = await seen(scene, "mal passé de mon côté")
    assert "dans un moment" in told.text
    errors = [line for line in lines if line["log_level"] == "error"]
    assert errors == [{"event": "order_failed", "reason": "RuntimeError", "log_level": "error"}]
    assert LOST in (await order(scene, None, "/review")).text


async def test_a_lesson_that_a_stop_interrupts_is_told_of(scene: Scene) -> None:
    """
    Nobody goes on waiting for what will not come; after the start the question is there again.
    """
    teach(scene, teaching=EndlessTeaching())
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, next(label for label in shown.labels if label.startswith("→ ")))
    await seen(scene, "apprends")
    await scene.channel.station.office.background.close()
    assert await seen(scene, "à redemander quand il sera revenu")
    assert LOST in (await order(scene, None, "/review")).text


async def test_what_broke_is_told_where_it_was_asked_for(scene: Scene) -> None:
    """
    In the topic where the coach pressed the button.
    """
    teach(scene, teaching=FailingTeaching())
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor, "je voudrais parler à un humain : peut-on postuler deux fois ?")
    answer = await scene.writes(topic, "Oui, après six mois.")
    await scene.calm()
    await scene.coach.send_command("/faq", thread_id=topic.thread_id, reply_to=answer)
    await scene.coach.press(await scene.seen(topic, "Nouvelle question fréquente"), "✅ Publier")
    assert await scene.seen(topic, "mal passé de mon côté")
    await scene.calm()
    assert noor.last.text == "Oui, après six mois."


async def test_a_faq_entry_is_written_in_reply(scene: Scene) -> None:
    """
    The coach is asked for the answer, sees the entry, and publishes it.
    """
    teaching = teach(scene)
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, "✍️ En faire une question fréquente")
    prompt = await seen(scene, "Écrire la réponse en répondant")
    await scene.coach.send_text("Huit, depuis 2006.", reply_to=prompt)
    preview = await seen(scene, "Huit, depuis 2006.")
    preview = await seen(scene, "Nouvelle question fréquente")
    assert LOST in preview.text
    await scene.coach.press(preview, "✅ Publier")
    assert "FAQ planetes" in (await seen(scene, "✅ Appris")).text
    ((language, made),) = teaching.entries
    assert (language, made.question, made.answer) == ("fr", LOST, "Huit, depuis 2006.")


async def test_the_coach_s_own_answer_is_the_draft(scene: Scene) -> None:
    """
    What was answered in the person's topic need not be written again.
    """
    teaching = teach(scene)
    noor = scene.server.person("Noor")
    await noor.send_text(LOST)
    await noor.next_message()
    topic = await scene.handed_over(noor)
    await scene.writes(topic, "Huit, Noor !")
    await scene.calm()
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, "✍️ En faire une question fréquente")
    preview = await seen(scene, "Nouvelle question fréquente")
    assert "Huit, Noor !" in preview.text
    await scene.coach.press(preview, "✅ Publier")
    assert await seen(scene, "✅ Appris")
    assert len(teaching.entries) == 1


async def test_an_answer_becomes_a_faq_entry_by_a_reply(scene: Scene) -> None:
    """
    `/faq` on one's own message, with the question that was asked before it or one of one's own.
    """
    teaching = teach(scene)
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor, "je voudrais parler à un humain : peut-on postuler deux fois ?")
    answer = await scene.writes(topic, "Oui, après six mois.")
    await scene.calm()
    await scene.coach.send_command("/faq", thread_id=topic.thread_id, reply_to=answer)
    preview = await seen(scene, "Nouvelle question fréquente")
    assert "peut-on postuler deux fois" in preview.text
    await scene.coach.send_command("/faq Postuler deux fois ?", thread_id=topic.thread_id, reply_to=answer)
    await scene.calm()
    preview = await seen(scene, "Nouvelle question fréquente")
    assert "Postuler deux fois ?" in preview.text
    await scene.coach.press(preview, "✅ Publier")
    assert await seen(scene, "✅ Appris")
    ((_, made),) = teaching.entries
    assert (made.question, made.answer) == ("Postuler deux fois ?", "Oui, après six mois.")


async def test_what_is_ignored_never_comes_back(scene: Scene) -> None:
    """
    Nobody decides about the same nonsense twice.
    """
    teach(scene)
    await ask(scene, LOST)
    shown = await order(scene, None, "/review")
    await scene.coach.press(shown, "Ignorer")
    await scene.calm()
    assert "Tout a été compris" in scene.group.last.text


async def test_a_person_s_words_are_never_taken_for_a_draft_s_answer(scene: Scene) -> None:
    """
    Whatever number stands in a message, a reply to it goes to the person.
    """
    teach(scene)
    noor = scene.server.person("Noor")
    topic = await scene.handed_over(noor)
    await noor.send_text("✍️ #1 – Écrire la réponse en répondant à ce message")
    await scene.calm()
    words = await scene.seen(topic, "#1")
    await scene.writes(topic, "Que voulez-vous dire ?", reply_to=words)
    await scene.calm()
    assert noor.last.text == "Que voulez-vous dire ?"
