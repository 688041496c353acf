"""
What is asked, between what is said out of politeness.
"""

import pytest

from bot.app import App
from bot.understanding.requests import without_courtesies


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Bonjour madame, mon cv est nul, merci beaucoup", "mon cv est nul,"),
        ("slt a tous ! koi mettre en titre ? mrc", "koi mettre en titre ?"),
        ("hi there, nobody calls me back thanks in advance!", "nobody calls me back"),
        ("Hier j'ai eu un entretien. Merci d'avance et bonne soirée", "Hier j'ai eu un entretien."),
        ("bonjour bonsoir, refaire mon cv", "refaire mon cv"),
        ("je stresse beaucoup", "je stresse beaucoup"),
        ("there is no job here", "there is no job here"),
        ("how do I say thank you?", "how do I say thank you?"),
        ("high hopes, big party", "high hopes, big party"),
    ],
)
def test_greeting_and_thanks_are_not_what_is_asked(said: str, asked: str) -> None:
    """
    Only those at the beginning and at the end.
    """
    assert without_courtesies(said).strip() == asked


@pytest.mark.parametrize("said", ["bonjour", "Bonjour Sonia", "non merci", "slt cv ??", "merci d'avance", "hi! ty", ""])
def test_courtesies_alone_are_all_there_is(said: str) -> None:
    """
    Of a word or nothing between them nobody could tell what is asked.
    """
    assert without_courtesies(said) == said


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("slt jai 54 ans persone me rapelle", "senior"),
        ("bonjour, je voudrais refaire mon cv, merci beaucoup bonne journée", "cv_writing"),
        ("hello everyone, how should I answer the weaknesses question? thanks a lot", "interview_questions"),
        ("bonsoir tout le monde, merci", "greeting"),
    ],
)
def test_a_request_does_not_drown_in_courtesies(bot: App, said: str, intent: str) -> None:
    """
    However short it is.
    """
    assert bot.reader.read(said).verdict.intent == intent


def test_what_is_out_of_scope_stays_so_behind_a_greeting(bot: App) -> None:
    """
    Nobody who asks for a recipe is greeted as if they had asked nothing.
    """
    assert bot.reader.read("Bonjour, une recette de quiche svp ? Merci").verdict.outcome != "sure"
