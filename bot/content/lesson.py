"""
What a coach taught the bot, and what became of it.
"""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """
    What was taught.
    """

    EXAMPLES = "examples"
    FAQ = "faq"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One thing that was taught.

    Parameters:
        kind: What.
        language: In which language.
        id: The intent that got examples, or the FAQ entry.
        count: How many examples, or 1.
        when: Seconds since 1970.
    """

    kind: ChangeKind
    language: str
    id: str
    count: int
    when: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """
    What became of something that was taught.

    Parameters:
        change: What was changed; None if nothing was.
        understood: How many of the questions it was made for are understood now.
        asked: How many questions there were.
        problem: Why it is not in effect, in one line, or an empty string.
    """

    change: Change | None
    understood: int
    asked: int
    problem: str = ""
