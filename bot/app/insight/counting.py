"""
Counting what happened, in the database of a running bot or of one that is at rest.
"""

import datetime as dt
import math
import statistics as arithmetic
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.app.blogging import access_of
from bot.app.building import App
from bot.app.insight.facts import FEWEST, Day, HandOvers, Statistics, Wish
from bot.content.pack import Pack
from bot.conversation.handlers import HANDLERS
from bot.model import Reason
from bot.storage.counters import Counters, day_of
from bot.storage.engine import Database, is_new
from bot.storage.figures import Figures, Wait
from bot.storage.people import People, Said
from bot.understanding.catalogue import Catalogue
from bot.understanding.reader import Reader
from bot.understanding.verdict import Outcome

_SAMPLES = 3
_MOST_SAID = 5000
_LONGEST_SAMPLE = 160
_SHORTEST_SERIES = 30
_DAY_SECONDS = 86_400


async def statistics(bot: App, days: int) -> Statistics:
    """
    Count what happened, with samples of what people wished for, while the database is not in use.

    Parameters:
        bot: Knows the articles and understands what was asked.
        days: How many days back to look. What people wrote is kept for 30.

    Raises:
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        StorageError: The database cannot be read.
    """
    if await is_new(bot.settings.database):
        return Statistics(days, _by_language(bot.catalogue), by_day=_series([], [], days, time.time()))
    async with access_of(bot.settings).database() as database:
        counted = await figures(database, bot.pack, bot.reader, bot.catalogue, days)
        samples = _samples(bot.pack, await People(database).said(days, _MOST_SAID))
    return replace(counted, wishes=[replace(wish, samples=samples[wish.intent]) for wish in counted.wishes])


async def figures(  # noqa: PLR0913 (a running bot has these parts, and no `App` around them)
    database: Database,
    pack: Pack,
    reader: Reader,
    catalogue: Catalogue,
    days: int,
    *,
    clock: Callable[[], float] = time.time,
) -> Statistics:
    """
    Count what happened, in an open database. What people wrote is not read.

    Parameters:
        database: Where it was counted.
        pack: Knows the intents.
        reader: Knows what articles are about.
        catalogue: The articles.
        days: How many days back to look, today included. What people wrote is kept for 30.
        clock: Seconds since 1970.

    Raises:
        StorageError: The database cannot be read.
    """
    counters, counts = Counters(database, clock), Figures(database, clock)
    shown, opened = await counters.totals("shown", days), await counters.totals("opened", days)
    answered, lost = await counters.by_day("answered", days), await counters.by_day("lost", days)
    voted, hired = await counters.totals("voted", days), await counters.totals("hired", days)
    writing = await counts.writing(days)
    articles = ((catalogue.article(ids[0]), count, opened.get(ids, 0)) for ids, count in shown.items())
    return Statistics(
        days,
        _by_language(catalogue),
        _shown(_summed((ids[1], count) for _, ids, count in answered)),
        [(article, count, _shown_count(clicks)) for article, count, clicks in articles if article and count >= FEWEST],
        _votes(voted),
        _wishes(pack, reader, await counts.asked(days)),
        writing.people,
        writing.conversations,
        writing.messages,
        _series(answered, lost, days, clock()),
        sum(count for ids, count in voted.items() if ids[-1] == "true"),
        sum(count for ids, count in voted.items() if ids[-1] != "true"),
        _handovers(await counts.waits(days), await counts.waiting()),
        sum(hired.values()),
    )


def _wishes(pack: Pack, reader: Reader, asked: Mapping[tuple[str, str], int]) -> list[Wish]:
    """
    What was not understood, or has no article; what has an article of its own is no wish.
    """
    counts: Counter[str] = Counter()
    for (understood, used), count in asked.items():
        intent, language = _known(pack, understood, used)
        if intent not in HANDLERS and not (intent and reader.articles_about(intent, language, count=1)):
            counts[intent] += count
    wishes = [Wish(intent, count) for intent, count in _shown(counts).items()]
    return sorted(wishes, key=lambda wish: (-wish.count, wish.intent))


def _samples(pack: Pack, said: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    """
    What some people wrote, by intent.
    """
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in said:
        intent, _ = _known(pack, one.intent, one.language)
        text = " ".join(one.text.split())[:_LONGEST_SAMPLE]
        if text and len(texts[intent]) < _SAMPLES:
            texts[intent].setdefault(text)
    return defaultdict(tuple, {intent: tuple(some) for intent, some in texts.items()})


def _known(pack: Pack, intent: str, language: str) -> tuple[str, str]:
    """
    An intent and a language as the pack has them now; an intent that is gone was not understood.
    """
    language = language if language in pack.languages else pack.default_language
    return intent if intent in pack.languages[language].answers else "", language


def _series(
    answered: Sequence[tuple[dt.date, tuple[str, ...], int]],
    lost: Sequence[tuple[dt.date, tuple[str, ...], int]],
    days: int,
    now: float,
) -> list[Day]:
    """
    Every day of the period; of a long one, those since something happened.
    """
    counts: Counter[tuple[dt.date, str]] = Counter()
    for day, ids, count in answered:
        counts[day, ids[2]] += count
    for day, _, count in lost:
        counts[day, Outcome.LOST] += count
    today = day_of(int(now) // _DAY_SECONDS)
    first = min((day for day, _ in counts), default=today)
    length = min(days, max((today - first).days + 1, _SHORTEST_SERIES))
    series = (today - dt.timedelta(days=back) for back in reversed(range(length)))
    outcomes = (Outcome.SURE, Outcome.HESITATING, Outcome.LOST)
    return [Day(day, *(counts[day, outcome] for outcome in outcomes)) for day in series]


def _handovers(waits: Sequence[Wait], waiting: int) -> HandOvers:
    """
    What became of conversations that were handed over. What a coach took up unasked is told apart: nobody waited for
    it, so that it would make the waiting times look better than they are.
    """
    handed = [wait for wait in waits if wait.reason != Reason.COACH]
    seconds = sorted(wait.seconds for wait in waits if wait.seconds is not None)
    rated = [wait.useful for wait in waits if wait.useful is not None]
    return HandOvers(
        len(handed),
        _shown(_summed((wait.reason, 1) for wait in handed)),
        round(arithmetic.median(seconds)) if seconds else None,
        seconds[math.ceil(0.9 * len(seconds)) - 1] if seconds else None,
        waiting,
        len(rated),
        sum(rated),
        len(waits) - len(handed),
    )


def _votes(voted: dict[tuple[str, ...], int]) -> dict[tuple[str, str, str], tuple[int | None, int | None]]:
    votes: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for (language, subject, version, useful), count in voted.items():
        votes[subject, language, version][useful] += count
    return {
        text: (_shown_count(counts["true"]), _shown_count(counts["false"]))
        for text, counts in votes.items()
        if max(counts.values()) >= FEWEST
    }


def _by_language(catalogue: Catalogue) -> dict[str, int]:
    return dict(Counter(article.language for article in catalogue))


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, count in counts:
        total[name] += count
    return dict(total.most_common())


def _shown(counts: Mapping[str, int]) -> dict[str, int]:
    """
    Those counts that are large enough to be shown.
    """
    return {name: count for name, count in counts.items() if count >= FEWEST}


def _shown_count(count: int) -> int | None:
    return count if count >= FEWEST else None
