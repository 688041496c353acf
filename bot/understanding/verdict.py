"""
How sure a reading is, and what follows from it.
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_CHOICES = 3
"""
Buttons that a hesitating reply offers.
"""


class Outcome(StrEnum):
    """
    What to do with a reading: answer it, ask which of a few things was meant, or say that it was not understood.
    """

    SURE = "sure"
    HESITATING = "hesitating"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    An intent a message may have, and how probable that is, from 0 to 1.
    """

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    The confidences from which a reading counts as sure, and below which it is lost. Learned from held-back examples.
    """

    sure: float
    lost: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a message asks for.

    Parameters:
        outcome: What follows from it.
        confidence: The probability that the first candidate is right, from 0 to 1.
        candidates: The most probable intents, best first; never empty.
        second: An intent that the message asks for besides, or None.
    """

    outcome: Outcome
    confidence: float
    candidates: tuple[Candidate, ...]
    second: str | None = None

    @property
    def intent(self) -> str:
        """
        The most probable intent.
        """
        return self.candidates[0].intent

    @property
    def choices(self) -> tuple[str, ...]:
        """
        The intents to offer when hesitating.
        """
        return tuple(candidate.intent for candidate in self.candidates[:MOST_CHOICES])


def outcome_of(confidence: float, thresholds: Thresholds) -> Outcome:
    """
    What follows from a confidence.
    """
    if confidence >= thresholds.sure:
        return Outcome.SURE
    return Outcome.HESITATING if confidence >= thresholds.lost else Outcome.LOST
