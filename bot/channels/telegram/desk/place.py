"""
Where the desk is, whether somebody is there, and what it says.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.payloads import LONGEST
from bot.conversation.router import Router
from bot.model import Button, Reception
from bot.storage.engine import Database
from bot.storage.facts import Facts

_FACT = "desk"
PREFIX = "@"
"""
What the payloads of the desk's own buttons begin with; no other payload does.
"""


@dataclass(frozen=True, slots=True)
class Hours:
    """
    When the coach usually answers.

    Parameters:
        days: Days of the week, 0 for Monday.
        begin: The hour from which.
        end: The hour until which.
    """

    days: tuple[int, ...]
    begin: int
    end: int

    def include(self, now: dt.datetime) -> bool:
        """
        Whether a moment is among them.
        """
        return now.weekday() in self.days and self.begin <= now.hour < self.end


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where the desk is and how it works; kept in the database.

    Parameters:
        chat: The group, or the coach's own chat with the bot; 0 if there is no desk.
        private: Whether it is the coach's own chat.
        icons: The custom emoji that stand for states, by emoji.
        wants_files: Whether files that people send are handed over.
        away: Whether the coach is away.
        back: The day from which the coach is back (ISO), or an empty string.
        hours: The office hours, or None.
    """

    chat: int = 0
    private: bool = False
    icons: Mapping[str, str] = field(default_factory=dict)
    wants_files: bool = False
    away: bool = False
    back: str = ""
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What whoever hosts the bot has set about the desk.

    Parameters:
        zone: Where the coach lives.
        silence_hours: After how many hours without a word of the coach the bot answers again.
        insults: After how many insults somebody is muted; 0 for never.
        insult_hours: For how many hours.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    silence_hours: float = 24.0
    insults: int = 3
    insult_hours: int = 24


class Desk:
    """
    The desk, as conversations and commands see it.

    Parameters:
        database: Keeps where it is.
        router: Has the pack whose words it speaks.
        rules: What whoever hosts the bot has set.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        router: Router,
        rules: Rules,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._facts = Facts(database)
        self._router = router
        self.rules = rules
        self._clock = clock
        self.place = Place()

    async def load(self) -> None:
        """
        Learn where the desk is.
        """
        kept = await self._facts.get(_FACT)
        if kept is not None:
            hours = kept.get("hours")
            kept["hours"] = Hours(tuple(hours["days"]), hours["begin"], hours["end"]) if hours else None
            self.place = Place(**kept)

    async def change(self, **values: Any) -> None:
        """
        Change fields of the place, for good.
        """
        changed = replace(self.place, **values)
        await self._facts.put(_FACT, asdict(changed))
        self.place = changed

    @property
    def is_open(self) -> bool:
        """
        Whether there is a desk.
        """
        return self.place.chat != 0

    @property
    def now(self) -> dt.datetime:
        """
        The time of day where the coach lives.
        """
        return dt.datetime.fromtimestamp(self._clock(), self.rules.zone)

    @property
    def language(self) -> str:
        """
        The language the desk speaks: the pack's first.
        """
        return self._router.pack.default_language

    @property
    def is_away(self) -> bool:
        """
        Whether nobody is to be disturbed.
        """
        hours = self.place.hours
        return self.place.away or (hours is not None and not hours.include(self.now))

    def reception(self) -> Reception:
        """
        What people find who want a human.
        """
        back = dt.date.fromisoformat(self.place.back) if self.place.away and self.place.back else None
        rules = self.rules
        return Reception(
            has_desk=self.is_open,
            away=self.is_open and self.is_away,
            back=back,
            wants_files=self.is_open and self.place.wants_files,
            insults=rules.insults,
            insult_hours=rules.insult_hours,
        )

    def say(self, name: Phrase, **values: Any) -> str:
        """
        A short text of the pack in the desk's language.
        """
        return self._router.renderer.phrase(self.language, name, self._router.pack.manifest.address, **values)

    def plain(self, name: Phrase, **values: Any) -> str:
        """
        The same without markup, as labels and notices want it.
        """
        return markup.plain(self.say(name, **values))

    def button(self, name: Phrase, *payload: str, **values: Any) -> Button:
        """
        A button of the desk, labelled with a short text of the pack.
        """
        return desk_button(self.plain(name, **values), *payload)


def desk_button(label: str, *payload: str) -> Button:
    """
    A button of the desk.

    Raises:
        ValueError: The payload is too long.
    """
    text = PREFIX + ":".join(payload)
    if len(text.encode()) > LONGEST:
        raise ValueError(f"a button's payload is over {LONGEST} bytes: {text}")
    return Button(label, payload=text)
