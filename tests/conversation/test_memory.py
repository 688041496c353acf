"""
What is remembered of a person between two messages.
"""

from bot.conversation.memory import Memory
from bot.model import Form, Profile


def test_visits_are_counted_by_subject() -> None:
    """
    Wordings take turns.
    """
    memory = Memory()
    assert [memory.visits("greeting"), memory.visits("greeting"), memory.visits("salary")] == [0, 1, 0]


def test_subjects_do_not_pile_up() -> None:
    """
    A profile stays small however long somebody writes.
    """
    memory = Memory()
    for number in range(1000):
        memory.visits(str(number))
    assert len(memory.profile.visits) <= 100


def test_shown_articles_are_remembered_for_a_while() -> None:
    """
    The latest posts are known, the oldest forgotten.
    """
    memory = Memory()
    memory.remember_articles(tuple(str(number) for number in range(100)))
    assert "99" in memory.shown_articles
    assert "0" not in memory.shown_articles


def test_a_profile_comes_back_as_it_was_left() -> None:
    """
    What a person chose holds the next time.
    """
    memory = Memory(Profile(language="fr"))
    memory.choose_language("en")
    memory.choose_form(Form.TU)
    memory.choose_messages(wanted=False)
    memory.visits("salary")
    again = Memory(memory.profile)
    assert (again.chosen_language, again.form, again.wants_messages) == ("en", Form.TU, False)
    assert again.visits("salary") == 1


def test_a_chosen_language_can_be_given_up() -> None:
    """
    Then it follows what the person writes again.
    """
    memory = Memory()
    memory.choose_language("en")
    memory.choose_language(None)
    assert memory.chosen_language is None
    assert memory.language == "en"
