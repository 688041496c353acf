"""
What passes between people, the bot and the coaches.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Reason(StrEnum):
    """
    Why a conversation is handed over to a coach. With `COACH` nobody handed it over: the coach took it up unasked.
    """

    ASKED = "asked"
    DISTRESS = "distress"
    FAILURES = "failures"
    UNHELPFUL = "unhelpful"
    FILE = "file"
    COACH = "coach"


class AccountRule(StrEnum):
    """
    When the bot answers in the private chats of a coach's own account.
    """

    ALWAYS = "always"
    OUTSIDE_HOURS = "outside_hours"
    FIRST_CONTACT = "first_contact"
    NEVER = "never"


class ThreadState(IntEnum):
    """
    Whether a coach takes part in a conversation: not (closed), not yet (waiting), or instead of the bot (taken).
    """

    CLOSED = 0
    WAITING = 1
    TAKEN = 2


@dataclass(frozen=True, slots=True)
class Reception:
    """
    What people find when they want a human.

    Parameters:
        has_desk: Whether conversations can be handed over; otherwise people are told how to write to the coach.
        away: Whether an answer will take longer than usual.
        back: The day from which the coach is back, or None if it is not a matter of days.
        wants_files: Whether files that people send are handed over.
        insults: After how many insults somebody is muted; 0 for never.
        insult_hours: For how many hours.
    """

    has_desk: bool = False
    away: bool = False
    back: date | None = None
    wants_files: bool = False
    insults: int = 0
    insult_hours: int = 24
