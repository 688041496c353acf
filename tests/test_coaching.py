"""
What the desk wants taught reaches the teacher.
"""

from pathlib import Path

import pytest

from bot.app import App, build
from bot.app.coaching import Coaching
from bot.content.drafts import FaqDraft
from bot.content.lesson import ChangeKind
from bot.settings import Settings

ZORGLUB = ["zorglub pour mon papier", "un zorglub svp", "aide zorglub", "zorglub zorglub", "papier zorglub"]


@pytest.fixture
def app(small_pack: Path, tmp_path: Path) -> App:
    """
    A bot with the small pack that can be taught.
    """
    return build(Settings(_env_file=None, pack=small_pack, overlay=tmp_path / "taught", cache=tmp_path / "cache"))


async def test_examples_are_taught_and_taken_back(app: App) -> None:
    """
    With how many are understood now.
    """
    coaching = Coaching(app)
    lesson = await coaching.add_examples("fr", "cv", ZORGLUB)
    assert lesson.change is not None
    assert (lesson.change.kind, lesson.change.id, lesson.change.count) == (ChangeKind.EXAMPLES, "cv", 5)
    assert (lesson.problem, lesson.asked) == ("", 5)
    assert lesson.understood == 5
    undone = await coaching.undo()
    assert undone is not None
    assert undone.problem == ""
    assert await coaching.undo() is None


async def test_an_entry_gets_the_category_of_its_intent(app: App) -> None:
    """
    A coach need not know that there are categories.
    """
    draft = FaqDraft("Faut-il un zorglub sur le CV ?", (), "", ("cv",), "Non, jamais.")
    lesson = await Coaching(app).add_faq("fr", draft)
    assert lesson.problem == ""
    entry = next(one for one in app.pack.languages["fr"].faq.values() if "zorglub" in one.header.question)
    assert (entry.header.category, entry.header.intents) == ("cv", ["cv"])


async def test_what_cannot_be_taught_says_why(app: App) -> None:
    """
    An example that already means something else is refused, and nothing is changed.
    """
    lesson = await Coaching(app).add_examples("fr", "cv", ["bonjour"])
    assert lesson.problem
    assert await Coaching(app).undo() is None


async def test_questions_are_grouped_within_their_language(app: App) -> None:
    """
    The largest group first.
    """
    texts = [("photo on a resume", "en"), ("photo sur le cv", "fr"), ("Photo sur le CV ?", "fr")]
    assert await Coaching(app).groups(texts) == [(1, 2), (0,)]
