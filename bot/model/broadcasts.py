"""
One message to many.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

_HOUR_SECONDS = 3600


class BroadcastState(IntEnum):
    """
    How far a broadcast has come.
    """

    DRAFT = 0
    SCHEDULED = 1
    RUNNING = 2
    PAUSED = 3
    FINISHED = 4
    CANCELLED = 5
    FAULTY = 6


class RecipientState(IntEnum):
    """
    What became of a broadcast for one person. Held ones wait until a sample was sent; skipped ones did not want it any
    more, or got another one meanwhile; of the unknown ones nobody knows whether it arrived.
    """

    HELD = 0
    PENDING = 1
    SENDING = 2
    SENT = 3
    BLOCKED = 4
    FAILED = 5
    UNKNOWN = 6
    SKIPPED = 7


@dataclass(frozen=True, slots=True)
class Audience:
    """
    To whom a broadcast goes, among those who want messages and have not found a job.

    Parameters:
        language: Two letters, or an empty string for all.
        theme: A theme of the menu they asked about within 30 days, or an empty string.
        intents: The intents of that theme.
        alerts: Only those who follow the blog.
        active_days: Only those who wrote within so many days; 0 for all.
        sample: First only so many in a hundred, by chance; 0 for all at once.
        test: Only the coaches.
        anyway: Why those who got one within a week get this one, too; empty if they do not.
    """

    language: str = ""
    theme: str = ""
    intents: tuple[str, ...] = ()
    alerts: bool = False
    active_days: int = 0
    sample: int = 0
    test: bool = False
    anyway: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """
    What a broadcast says in one language.

    Parameters:
        method: The call of the channel that sends it.
        parameters: What it is called with, without the recipient and the words; JSON values.
        field: The parameter that holds the words; empty if there are none.
        words: The words: HTML with template variables.
        buttons: Rows of labels and addresses.
    """

    method: str
    parameters: Mapping[str, object]
    field: str = ""
    words: str = ""
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """
    One message to many.

    Parameters:
        id: Its number.
        state: How far it has come.
        created: When it was begun, in seconds since 1970.
        start: From when it goes; once it is confirmed, not before that.
        hours: Over how many hours it is spread; 0 for as fast as may be.
        letters: What it says, by language; the first is for everybody without one of their own.
        audience: To whom.
        chat: The chat where its progress is shown; 0 for none.
        progress: The message there that shows it; 0 for none.
        trouble: Why it stopped, in one line; empty if it did not.
        by: Who began it.
    """

    id: int
    state: BroadcastState
    created: int
    start: int
    hours: int
    letters: Mapping[str, Letter]
    audience: Audience
    chat: int = 0
    progress: int = 0
    trouble: str = ""
    by: str = ""

    @property
    def ends(self) -> int:
        """
        When the last one is to be reached, in seconds since 1970, if it goes no slower than was meant.
        """
        return self.start + self.hours * _HOUR_SECONDS
