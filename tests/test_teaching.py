"""
A coach teaches the running bot, which understands from then on; or nothing changes.
"""

import asyncio
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import App, Question, Teacher, build
from bot.app.lessons import learn_apart
from bot.content.drafts import FaqDraft
from bot.content.lesson import Change, Lesson
from bot.content.overlay import Overlay
from bot.conversation.memory import Memory
from bot.model import Incoming, Person
from bot.settings import Settings
from tests.builders import text_of, write_answer
from tests.fakes import RecordingHook

ZORGLUB = ["zorglub pour mon papier", "un zorglub svp", "aide zorglub", "zorglub zorglub", "papier zorglub"]
DRAFT = FaqDraft("Qui est zorglub au bureau ?", ("zorglub le chef",), "cv", ("cv",), "C'est [lui|elle] {{ coach }} !")


@pytest.fixture
def settings(small_pack: Path, tmp_path: Path) -> Settings:
    """
    The settings of a bot with the small pack.
    """
    return Settings(_env_file=None, pack=small_pack, overlay=tmp_path / "taught", cache=tmp_path / "cache")


@pytest.fixture
def app(settings: Settings) -> App:
    """
    That bot.
    """
    return build(settings)


def add_zorglub(overlay: Overlay) -> Change:
    """
    Teach a word that nobody knows.
    """
    return overlay.add_examples("fr", "cv", ZORGLUB)


def files(folder: Path) -> set[str]:
    """
    The names of the files in a folder.
    """
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def press(app: App, link: str) -> str:
    """
    What a link into the bot shows.
    """
    incoming = Incoming(Person("test:1", language_hint="fr"), command="start", arguments=link)
    return text_of(await app.router.respond(incoming, Memory(), RecordingHook()))


async def test_a_lesson_takes_effect_without_a_restart(app: App, settings: Settings) -> None:
    """
    And after one, without learning again; the coach hears how many of the questions are understood now.
    """
    before = app.reader.read("zorglub papier", "fr").verdict
    questions = [Question("zorglub papier", "fr"), Question("quel temps demain", "fr")]
    lesson = await Teacher(app).teach(add_zorglub, questions)
    assert (lesson.problem, lesson.understood, lesson.asked) == ("", 1, 2)
    assert lesson.change is not None
    assert lesson.change.count == 5
    after = app.router.reader.read("zorglub papier", "fr").verdict
    assert after.intent == "cv"
    assert after.confidence > before.confidence
    assert app.reader is app.router.reader
    learned = files(settings.cache)
    assert build(settings).reader.read("zorglub papier", "fr").verdict == after
    assert files(settings.cache) == learned


async def test_an_entry_is_answered_word_for_word(app: App) -> None:
    """
    As the coach wrote it, with nothing filled in.
    """
    questions = [Question(DRAFT.question, "fr"), Question("quel temps demain", "fr")]
    lesson = await Teacher(app).teach(lambda overlay: overlay.add_faq("fr", "zorglub", DRAFT), questions)
    assert (lesson.problem, lesson.understood, lesson.asked) == ("", 1, 2)
    assert "C'est [lui|elle] {{ coach }}\xa0!" in await press(app, "faq_zorglub")


async def test_what_was_taught_last_is_taken_back(settings: Settings) -> None:
    """
    The bot reads as before, from what it had learned before: what a start learns is rounded a little once it is kept.
    """
    build(settings)
    app = build(settings)
    before = app.reader.read("zorglub papier", "fr")
    teacher = Teacher(app)
    lesson = await teacher.teach(add_zorglub, [])
    learned = files(settings.cache)
    assert await teacher.undo() == Lesson(lesson.change, 0, 0)
    assert app.reader.read("zorglub papier", "fr") == before
    assert files(settings.cache) == learned
    assert files(settings.overlay) == {"pack.txt"}
    assert await teacher.undo() is None


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (FaqDraft("Une question ?", (), "cv", (), "a" * 4097), "this is longer than the 4096 characters of a message"),
        (FaqDraft("Non", (), "cv", (), "a"), "question: String should have at least 5 characters"),
        (FaqDraft("Une image ?", ("image ?",), "cv", (), "a"), "“image ?” leads to cv_photo already"),
        (FaqDraft("Une question ?", (), "zoo", (), "a"), "category: zoo is not among the faq_categories of pack.yaml"),
        (FaqDraft("Une question ?", (), "cv", (), " \n"), "there is no text here"),
    ],
)
async def test_a_faulty_lesson_changes_nothing(app: App, settings: Settings, draft: FaqDraft, problem: str) -> None:
    """
    The coach hears why, in one line, and the bot goes on with what it knows.
    """
    reader = app.reader
    lesson = await Teacher(app).teach(lambda overlay: overlay.add_faq("fr", "entry", draft), [Question("a", "fr")])
    assert lesson == Lesson(None, 0, 1, problem)
    assert app.reader is reader
    assert files(settings.overlay) == {"pack.txt"}


async def test_a_message_under_two_intents_is_refused(app: App) -> None:
    """
    With where it stands already.
    """
    lesson = await Teacher(app).teach(lambda overlay: overlay.add_examples("fr", "cv", ["Bonjour !"]), [])
    assert lesson.problem == "this message stands in fr/examples/greeting.txt:1 already"
    nothing = await Teacher(app).teach(lambda overlay: overlay.add_examples("fr", "cv", [" "]), [])
    assert nothing.problem == "there is nothing new to learn in this"


@pytest.mark.parametrize("language", ["fr", "de"])
async def test_what_was_left_out_before_cannot_be_taught_again(settings: Settings, language: str) -> None:
    """
    A lesson without effect is none.
    """
    Overlay(settings.overlay).add_examples(language, "zoo", ["un lion"])
    teacher = Teacher(build(settings))
    lesson = await teacher.teach(lambda overlay: overlay.add_examples(language, "zoo", ["un zèbre"]), [])
    assert lesson.problem == f"{language}/examples/zoo does not fit the pack"


async def test_a_lesson_that_cannot_be_learned_is_taken_back(app: App, settings: Settings) -> None:
    """
    Here because the disk takes no more weights.
    """
    for path in settings.cache.iterdir():
        path.unlink()
    settings.cache.rmdir()
    settings.cache.write_text("in the way", encoding="utf-8")
    lesson = await Teacher(app).teach(add_zorglub, [])
    assert "learning failed" in lesson.problem
    assert files(settings.overlay) == {"pack.txt"}


async def test_a_pack_that_changed_below_the_bot_needs_a_restart(app: App, small_pack: Path) -> None:
    """
    Articles and menus are made from concepts and pack.yaml once.
    """
    for language in ("fr", "en"):
        (small_pack / language / "concepts.yaml").write_text("cv: [cv, papier]\n", encoding="utf-8")
    lesson = await Teacher(app).teach(add_zorglub, [])
    assert "start it again first" in lesson.problem


async def test_one_lesson_at_a_time(app: App, settings: Settings) -> None:
    """
    Two coaches who tap at once both get what they want.
    """
    teacher = Teacher(app)
    lessons = await asyncio.gather(
        teacher.teach(add_zorglub, [Question("un zorglub", "fr")]),
        teacher.teach(lambda overlay: overlay.add_examples("fr", "greeting", ["yo les gens"]), []),
    )
    assert [lesson.problem for lesson in lessons] == ["", ""]
    assert len(Overlay(settings.overlay).changes()) == 2
    assert app.pack.languages["fr"].examples["greeting"][-1].text == "yo les gens"


async def test_a_lesson_that_a_stop_interrupts_is_taken_back(app: App, settings: Settings) -> None:
    """
    The next start finds the bot as it was, at once.
    """
    learning = asyncio.create_task(Teacher(app).teach(add_zorglub, []))
    while "cv.txt" not in files(settings.overlay):
        await asyncio.sleep(0.001)
    learning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await learning
    assert files(settings.overlay) == {"pack.txt"}


async def test_a_lesson_that_a_stop_interrupts_while_it_is_written_is_taken_back(app: App, settings: Settings) -> None:
    """
    The thread that writes cannot be stopped: what it wrote is undone once it is there.
    """
    begun, going, written = threading.Event(), threading.Event(), threading.Event()

    def slowly(overlay: Overlay) -> Change:
        begun.set()
        going.wait()
        try:
            return add_zorglub(overlay)
        finally:
            written.set()

    learning = asyncio.create_task(Teacher(app).teach(slowly, []))
    await asyncio.to_thread(begun.wait)
    learning.cancel()
    going.set()
    with pytest.raises(asyncio.CancelledError):
        await learning
    await asyncio.to_thread(written.wait)
    assert files(settings.overlay) == {"pack.txt"}


async def test_learning_apart_learns_the_same(app: App, settings: Settings, small_pack: Path, tmp_path: Path) -> None:
    """
    Whether at a start or beside the running bot.
    """
    await learn_apart(small_pack, settings.overlay, tmp_path / "other")
    (name,) = files(tmp_path / "other")
    assert files(settings.cache) == {name}
    assert (tmp_path / "other" / name).read_bytes() == (settings.cache / name).read_bytes()
    assert app.pack.left_out == ()


def test_a_broken_overlay_does_not_stop_the_bot(settings: Settings) -> None:
    """
    It answers from the pack alone, and one line of the log says so.
    """
    Overlay(settings.overlay, "Petit blog").add_faq(
        "fr", "broken", FaqDraft("Une question ?", (), "cv", (), "a" * 5000)
    )
    with capture_logs() as lines:
        app = build(settings)
    assert "broken" not in app.pack.languages["fr"].faq
    (line,) = [line for line in lines if line["log_level"] == "error"]
    assert line["event"] == "overlay_not_used"
    assert "broken.md:7: this is longer" in line["reason"]


def test_what_is_left_out_is_logged(settings: Settings) -> None:
    """
    Whoever hosts the bot learns what an update of the pack did to what was taught.
    """
    Overlay(settings.overlay, "Petit blog").add_examples("fr", "zoo", ["un lion"])
    with capture_logs() as lines:
        build(settings)
    assert [(line["event"], line["reason"]) for line in lines] == [("lesson_left_out", "zoo is no intent of the pack")]


async def test_an_answer_in_the_making_is_finished_from_one_state(app: App, small_pack: Path) -> None:
    """
    Whatever text the author changed on disk is there after a lesson, too, and nobody sees half of it.
    """
    write_answer(small_pack, "fr", "cv", "Tout neuf.")
    await Teacher(app).teach(add_zorglub, [])
    assert app.router.pack is app.router.renderer.pack
    assert "Tout neuf." in app.router.renderer.advice("fr", "cv", app.pack.manifest.address)
