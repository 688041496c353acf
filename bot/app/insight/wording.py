"""
The pack speaking to a coach: the words that go with the figures.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_interval, format_timedelta
from babel.numbers import format_percent

from bot.app.insight.facts import HandOvers, Statistics
from bot.content import markup
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.model import Reason

_COURTESIES = frozenset({"greeting", "goodbye", "thanks"})
"""
What people say besides what they ask.
"""

Counts = list[tuple[str, int]]
"""
How often something happened, by a title that people read; most frequent first.
"""


@dataclass(frozen=True, slots=True)
class Wording:
    """
    The pack speaking to a coach.

    Parameters:
        renderer: Renders the pack.
        language: One of the pack's languages.
    """

    renderer: Renderer
    language: str

    def html(self, name: Phrase, **values: Any) -> str:
        """
        A short text as Telegram HTML.
        """
        return self.renderer.phrase(self.language, name, self.renderer.pack.manifest.address, **values)

    def plain(self, name: Phrase, **values: Any) -> str:
        """
        A short text without markup.
        """
        return markup.plain(self.html(name, **values))

    def period(self, counted: Statistics) -> str:
        """
        From when to when, such as "15–21 nov. 2026".
        """
        return format_interval(counted.by_day[0].day, counted.by_day[-1].day, "yMMMd", locale=self.language)

    def time(self, seconds: int) -> str:
        """
        A span of time in the largest unit of which there are two or more, minutes at least.
        """
        span = dt.timedelta(seconds=seconds)
        return format_timedelta(span, granularity="minute", threshold=2, format="short", locale=self.language)

    def outcomes(self, counted: Statistics) -> tuple[str, str, str]:
        """
        The shares of what was understood, asked back and not understood.
        """
        counts = (counted.understood, counted.hesitated, counted.lost)
        names = (Phrase.STATS_UNDERSTOOD, Phrase.STATS_HESITATED, Phrase.STATS_LOST)
        first, second, third = (
            f"{format_percent(count / max(1, counted.read), locale=self.language)} {self.plain(name)}"
            for count, name in zip(counts, names, strict=True)
        )
        return first, second, third

    def title(self, subject: str) -> str:
        """
        The title of an answer or the question of a FAQ entry; the id of one that is gone.
        """
        content = self.renderer.pack.languages[self.language]
        if subject in content.answers:
            return content.answers[subject].header.title
        return content.faq[subject].header.question if subject in content.faq else subject

    def subjects(self, counted: Statistics) -> Counts:
        """
        How often each subject was asked about; courtesies are none.
        """
        return [(self.title(intent), count) for intent, count in counted.intents.items() if intent not in _COURTESIES]

    def wishes(self, counted: Statistics) -> Counts:
        """
        How often each subject without an article was asked about.
        """
        unclear = self.plain(Phrase.STATS_UNCLEAR)
        return [(self.title(wish.intent) if wish.intent else unclear, wish.count) for wish in counted.wishes]

    def reasons(self, handovers: HandOvers) -> Counts:
        """
        How often each reason led to a coach.
        """
        asked = [reason for reason in Reason if reason is not Reason.COACH]
        known = {str(reason): self.plain(Phrase(f"stats_reason_{reason}")) for reason in asked}
        return [(known.get(reason, reason), count) for reason, count in handovers.reasons.items()]
