"""
What is remembered between two messages, and forgotten.
"""

from bot.conversation.memory import RecentMemory


def test_visits_are_counted_per_person_and_subject() -> None:
    """
    Wordings take turns for each person.
    """
    memory = RecentMemory()
    assert [memory.visits("a", "greeting"), memory.visits("a", "greeting"), memory.visits("b", "greeting")] == [0, 1, 0]


def test_those_who_wrote_longest_ago_are_forgotten_first() -> None:
    """
    Memory does not grow with the number of people.
    """
    memory = RecentMemory(people=2)
    for person in ("a", "b"):
        memory.remember_language(person, "en")
    assert memory.language("a") == "en"
    memory.remember_language("c", "en")
    assert [memory.language("a"), memory.language("b")] == ["en", None]


def test_shown_articles_are_remembered_for_a_while() -> None:
    """
    The latest posts are known, the oldest forgotten.
    """
    memory = RecentMemory()
    memory.remember_articles("a", tuple(str(number) for number in range(100)))
    shown = memory.shown_articles("a")
    assert "99" in shown
    assert "0" not in shown
