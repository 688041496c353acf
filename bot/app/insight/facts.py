"""
What the figures for the coach are: plain facts, without who.

A count that goes with a subject, an article or a reason is only here if it is large enough that nobody is recognisable.
"""

import datetime as dt
from dataclasses import dataclass, field

from bot.model import Article

FEWEST = 5
"""
Counts below this are not shown beside a subject, so that nobody is recognisable.
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """
    Something people ask for that no article is about.

    Parameters:
        intent: What it was understood as, or an empty string if it was not.
        count: How often it was asked.
        samples: What some people wrote; empty unless they were asked for.
    """

    intent: str
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """
    How well the messages of one day were understood.

    Parameters:
        day: The day in UTC.
        understood: How many were answered.
        hesitated: How many were answered with a choice.
        lost: How many were not understood.
    """

    day: dt.date
    understood: int = 0
    hesitated: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class HandOvers:
    """
    The conversations that were handed over to a coach.

    Parameters:
        count: How many.
        reasons: How many for each reason.
        median: Seconds within which the coach wrote in half of them; None if the coach wrote in none.
        ninetieth: Seconds within which the coach wrote in nine of ten.
        waiting: How many people wait now.
        rated: After how many the person said whether it helped; after those a coach took up unasked, too.
        useful: After how many they said it did.
        unasked: How many conversations a coach took up that nobody had handed over; in none of the figures before
            `rated`.
    """

    count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    median: int | None = None
    ninetieth: int | None = None
    waiting: int = 0
    rated: int = 0
    useful: int = 0
    unasked: int = 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """
    What happened in some days. A count of None goes with another one and is too small to be shown.

    Parameters:
        days: How many days back.
        articles: How many articles there are, by language.
        intents: How often each intent was answered.
        shown: The articles that were shown most, with how often they were shown and opened.
        votes: By answer or entry, language and version of its text: how often it was useful and not.
        wishes: What no article is about, most wanted first.
        people: How many different people wrote.
        conversations: How many conversations they held.
        messages: How many messages they wrote.
        by_day: How well messages were understood: each day, oldest first.
        useful: How many votes said that an answer was useful.
        not_useful: How many said that it was not.
        handovers: What became of the conversations that were handed over.
        hired: How many jobs were found.
    """

    days: int
    articles: dict[str, int]
    intents: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[Article, int, int | None]] = field(default_factory=list)
    votes: dict[tuple[str, str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    people: int = 0
    conversations: int = 0
    messages: int = 0
    by_day: list[Day] = field(default_factory=list)
    useful: int = 0
    not_useful: int = 0
    handovers: HandOvers = field(default_factory=HandOvers)
    hired: int = 0

    @property
    def understood(self) -> int:
        """
        How many messages were answered.
        """
        return sum(day.understood for day in self.by_day)

    @property
    def hesitated(self) -> int:
        """
        How many messages were answered with a choice.
        """
        return sum(day.hesitated for day in self.by_day)

    @property
    def lost(self) -> int:
        """
        How many messages were not understood.
        """
        return sum(day.lost for day in self.by_day)

    @property
    def read(self) -> int:
        """
        How many messages were read, understood or not.
        """
        return self.understood + self.hesitated + self.lost

    @property
    def is_empty(self) -> bool:
        """
        Whether nothing happened.
        """
        handovers = self.handovers
        happened = (self.people, self.read, self.useful, self.not_useful, self.hired, self.intents, self.shown)
        return not any((*happened, handovers.count, handovers.waiting, handovers.unasked))
