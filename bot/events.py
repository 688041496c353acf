"""
What happened, as frozen facts, and the protocol of those who want to know.

An event carries ids and counts, never what a person wrote nor who the person is. Sinks live in `bot.ops`.
"""

from dataclasses import dataclass, fields
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answered:
    """
    A message was answered with an intent's advice.
    """

    language: str
    intent: str
    outcome: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Lost:
    """
    A message was not understood, and the person was told so.
    """

    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Voted:
    """
    A person said whether an answer was useful; `version` stands for its text at that time.
    """

    language: str
    subject: str
    version: str
    useful: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """
    An article was shown to somebody.
    """

    article: str


@dataclass(frozen=True, slots=True)
class Opened:
    """
    An article was opened: in the conversation, or on the blog if the bot's own address stands in between.
    """

    article: str


@dataclass(frozen=True, slots=True)
class Hired:
    """
    A person said that they found a job.
    """

    language: str


@dataclass(frozen=True, slots=True)
class Insulted:
    """
    A message was an insult; `muted` if it was one too many.
    """

    muted: bool


@dataclass(frozen=True, slots=True)
class Reacted:
    """
    A person reacted to a broadcast.
    """

    broadcast: str
    emoji: str


Event = Answered | Lost | Voted | Shown | Opened | Hired | Insulted | Reacted


def event_name(event: Event) -> str:
    """
    The name under which an event is counted: its kind and ids, such as `answered:fr:salary:sure`.
    """
    kind = type(event).__name__.lower()
    values = (getattr(event, part.name) for part in fields(event))
    ids = (str(value).lower() for value in values if not isinstance(value, float))
    return ":".join((kind, *ids))


class Hook(Protocol):
    """
    Takes events as they happen. It must be quick and must not raise.
    """

    def __call__(self, event: Event, /) -> None:
        """
        Take note of one event.
        """
