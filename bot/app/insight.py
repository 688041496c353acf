"""
What people need, and what the blog could write about: figures for the coach.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.app.blogging import access_of
from bot.app.building import App
from bot.conversation.handlers import HANDLERS
from bot.model import Article
from bot.storage.counters import Counters
from bot.storage.engine import is_new
from bot.storage.people import People, Said

_SAMPLES = 3
_MOST_SAID = 5000
_LONGEST_SAMPLE = 160


@dataclass(frozen=True, slots=True)
class Wish:
    """
    Something people ask for that no article is about.

    Parameters:
        intent: What it was understood as, or an empty string if it was not.
        count: How often it was asked.
        samples: What some people wrote.
    """

    intent: str
    count: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """
    What happened in some days.

    Parameters:
        days: How many days back.
        articles: How many articles there are, by language.
        intents: How often each intent was answered.
        shown: The articles that were shown most, with how often they were shown and opened.
        votes: By answer or entry, language and version of its text: how often it was useful and not.
        wishes: What no article is about, most wanted first.
    """

    days: int
    articles: dict[str, int]
    intents: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[Article, int, int]] = field(default_factory=list)
    votes: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)


async def statistics(bot: App, days: int) -> Statistics:
    """
    Count what happened.

    Parameters:
        bot: Knows the articles and understands what was asked.
        days: How many days back to look. What people wrote is kept for 30.

    Raises:
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        StorageError: The database cannot be read.
    """
    articles = dict(Counter(article.language for article in bot.catalogue))
    if await is_new(bot.settings.database):
        return Statistics(days, articles)
    async with access_of(bot.settings).database() as database:
        counters = Counters(database)
        shown, opened = await counters.totals("shown", days), await counters.totals("opened", days)
        answered, voted = await counters.totals("answered", days), await counters.totals("voted", days)
        said = await People(database).said(days, _MOST_SAID)
    return Statistics(
        days,
        articles,
        _summed((ids[1], count) for ids, count in answered.items()),
        [(one, count, opened.get(ids, 0)) for ids, count in shown.items() if (one := bot.catalogue.article(ids[0]))],
        _votes(voted),
        _wishes(bot, said),
    )


def _wishes(bot: App, said: Sequence[Said]) -> list[Wish]:
    """
    What was not understood, or has no article; what has an article of its own is no wish.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    for one in said:
        language = one.language if one.language in bot.pack.languages else bot.pack.default_language
        intent = one.intent if one.intent in bot.pack.languages[language].answers else ""
        if intent and bot.reader.articles_about(intent, language, one.text):
            continue
        if intent in HANDLERS or not one.text.strip():
            continue
        texts[intent].append(" ".join(one.text.split())[:_LONGEST_SAMPLE])
    wishes = [Wish(intent, len(some), tuple(dict.fromkeys(some))[:_SAMPLES]) for intent, some in texts.items()]
    return sorted(wishes, key=lambda wish: (-wish.count, wish.intent))


def _votes(voted: dict[tuple[str, ...], int]) -> dict[tuple[str, str, str], tuple[int, int]]:
    votes: dict[tuple[str, str, str], tuple[int, int]] = {}
    for (language, subject, version, useful), count in voted.items():
        yes, no = votes.get((subject, language, version), (0, 0))
        votes[subject, language, version] = (yes + count, no) if useful == "true" else (yes, no + count)
    return votes


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, count in counts:
        total[name] += count
    return dict(total.most_common())
