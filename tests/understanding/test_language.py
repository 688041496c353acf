"""
Which language a message is in, and when a person is answered in the one they wrote before.
"""

import pytest

from bot.app import App


@pytest.mark.parametrize(
    ("said", "known", "language"),
    [
        ("bye", "fr", "fr"),
        ("ok cool bye !", "fr", "fr"),
        ("lol", "fr", "fr"),
        ("ok boss 👍", "fr", "fr"),
        ("bonjour", "en", "en"),
        ("stage", "en", "en"),
    ],
)
def test_a_borrowed_word_changes_no_language(bot: App, said: str, known: str, language: str) -> None:
    """
    Who writes French says "bye", too.
    """
    assert bot.reader.read(said, known).language == language


@pytest.mark.parametrize(
    ("said", "known", "language"),
    [
        ("hello", None, "en"),
        ("bye", None, "en"),
        ("help me please", "fr", "en"),
        ("my cover letter", "fr", "en"),
        ("salary", "fr", "en"),
        ("how do I explain a gap?", "fr", "en"),
        ("mon cv", "en", "fr"),
        ("merci", "en", "fr"),
        ("un stage à Lyon", "en", "fr"),
        ("42 !", "en", "en"),
        ("ok", None, "fr"),
    ],
)
def test_who_changes_the_language_is_followed(bot: App, said: str, known: str | None, language: str) -> None:
    """
    And whose language is not known yet is answered in the one they begin with.
    """
    assert bot.reader.read(said, known).language == language
