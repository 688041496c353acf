"""
Utterances are read alike every time, whatever is in them, and a reading says how sure it is.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.understanding.verdict import MOST_CHOICES, Outcome, Thresholds, outcome_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mon cv est trop long", "fr"),
        ("my cv is too long", "en"),
        ("merci beaucoup", "fr"),
        ("thanks a lot", "en"),
        ("jsp quoi faire", "fr"),
        ("how do i even start", "en"),
    ],
)
def test_the_language_is_seen_in_four_words(bot: App, text: str, language: str) -> None:
    """
    An answer comes in the language of the question, also for somebody never met.
    """
    assert bot.reader.read(text).language == language


def test_a_word_of_both_languages_stays_in_the_one_a_person_uses(bot: App) -> None:
    """
    "ok" does not switch a conversation to another language.
    """
    assert bot.reader.read("ok", "en").language == "en"
    assert bot.reader.read("ok", "fr").language == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "I can't see a way out any more. I've written the letters.",
        "je suis allée à mon entretien mais à quoi bon, ils seraient mieux sans moi",
        "nobody would miss me",
        "mon mari me frappe quand je parle de travailler",
    ],
)
def test_danger_is_seen_where_it_is_only_hinted_at(bot: App, text: str) -> None:
    """
    Nobody who says goodbye gets a text on cover letters.
    """
    assert bot.reader.read(text).danger


@pytest.mark.parametrize(
    "text", ["cette recherche va me tuer mdr", "dead tired after my shift", "ma voiture ne démarre plus"]
)
def test_a_manner_of_speaking_is_no_danger(bot: App, text: str) -> None:
    """
    Who jokes is not given numbers to call.
    """
    assert not bot.reader.read(text).danger


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_short_answer_is_a_danger(bot: App, language: str) -> None:
    """
    Whoever says "the last one" or "never mind" is not asked to call for help.
    """
    short = ["la dernière", "ce n'est pas grave", "je vais y penser", "last", "i'm not sure", "never mind"]
    assert [text for text in short if bot.reader.read(text, language).danger] == []


@given(text=st.text(max_size=300))
def test_any_text_has_a_reading(bot: App, text: str) -> None:
    """
    Whatever is typed is read, and read again the same.
    """
    reading = bot.reader.read(text)
    assert 0 <= reading.verdict.confidence <= 1
    assert 1 <= len(reading.verdict.choices) <= MOST_CHOICES
    assert bot.reader.read(text) == reading


def test_a_hundred_thousand_characters_are_read(bot: App) -> None:
    """
    A huge message costs no more than a long one.
    """
    assert bot.reader.read("cv " * 33_334).language == "fr"


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "?!", "\u200b\u200d", "\u202e"])
def test_what_has_no_word_is_lost(bot: App, text: str) -> None:
    """
    Nothing is guessed from nothing.
    """
    assert bot.reader.read(text).verdict.outcome is Outcome.LOST


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [
        (0.9, Outcome.SURE),
        (0.8, Outcome.SURE),
        (0.79, Outcome.HESITATING),
        (0.3, Outcome.HESITATING),
        (0.29, Outcome.LOST),
    ],
)
def test_the_outcome_follows_from_the_thresholds(confidence: float, outcome: Outcome) -> None:
    """
    Sure from the upper line on, lost below the lower one.
    """
    assert outcome_of(confidence, Thresholds(sure=0.8, lost=0.3)) is outcome


def test_an_explanation_names_what_decided(bot: App) -> None:
    """
    A coach can see why a message was read as it was.
    """
    influences = bot.reader.explain("mon cv est trop long")
    assert any("cv" in influence.feature for influence in influences)
    assert abs(influences[0].weight) >= abs(influences[-1].weight)


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("comment gérer le stress en entretien et comment m'habiller", {"interview_nerves", "interview_preparation"}),
        ("comment refaire mon cv et ma lettre de motivation ?", {"cv_writing", "cover_letter"}),
    ],
)
def test_two_requests_in_one_message_are_both_seen(bot: App, text: str, intents: set[str]) -> None:
    """
    The first is answered, the second becomes a button.
    """
    verdict = bot.reader.read(text).verdict
    assert {verdict.intent, verdict.second} == intents


def test_what_is_denied_is_not_answered(bot: App) -> None:
    """
    "It is not my CV" is not a question about a CV.
    """
    assert (
        bot.reader.read("ce n'est pas mon cv le problème, je perds mes moyens devant eux").verdict.intent
        == "interview_nerves"
    )
