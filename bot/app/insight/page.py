"""
The figures as an HTML page that needs nothing else: for the coach to keep, send on or print.
"""

import base64
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.app.insight.facts import FEWEST, Statistics
from bot.app.insight.telling import chart, key_lines
from bot.app.insight.wording import Wording
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.content.retention import Kept, days_of
from bot.ops.charts import WIDTH, picture


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of the page.

    Parameters:
        title: What it is about.
        columns: What its columns are about; those after `texts` hold numbers.
        rows: What stands in it, as plain text.
        texts: How many columns hold words.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    texts: int = 1


def report_page(pack: Pack, counted: Statistics, made: dt.datetime) -> str:
    """
    The figures as an HTML page in the pack's first language. It holds nothing that people wrote.

    Parameters:
        pack: The words.
        counted: The figures.
        made: When the page is made, in the time zone of who reads it.
    """
    language, renderer = pack.default_language, Renderer(pack)
    wording = Wording(renderer, language)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    when = f"{format_date(made, 'long', locale=language)}, {format_time(made, 'short', locale=language)}"
    kept = days_of(Kept.MESSAGES) or counted.days
    return environment.get_template("page.html").render(
        language=language,
        title=wording.plain(Phrase.STATS_PAGE),
        blog=pack.manifest.blog.name,
        period=wording.period(counted),
        nobody=wording.plain(Phrase.STATS_NOBODY) if counted.is_empty else "",
        lines=key_lines(counted, wording),
        picture=base64.b64encode(picture(chart(counted, renderer, language))).decode(),
        width=WIDTH,
        tables=[table for table in _tables(counted, wording) if table.rows],
        notes=[
            wording.plain(Phrase.STATS_FEW, count=FEWEST),
            *([wording.plain(Phrase.STATS_KEPT, count=kept)] if counted.days > kept else []),
            wording.plain(Phrase.STATS_MADE, title=when),
        ],
    )


def _tables(counted: Statistics, wording: Wording) -> Iterator[Table]:
    subject, times = wording.plain(Phrase.STATS_SUBJECT), wording.plain(Phrase.STATS_TIMES)
    for name, counts in (
        (Phrase.STATS_INTENTS, wording.subjects(counted)),
        (Phrase.STATS_WISHES, wording.wishes(counted)),
    ):
        rows = [(title, _number(count, wording.language)) for title, count in counts]
        yield Table(wording.plain(name), (subject, times), rows)
    yield _articles(counted, wording)
    yield _votes(counted, wording)
    yield _days(counted, wording)


def _articles(counted: Statistics, wording: Wording) -> Table:
    columns = (Phrase.ARTICLE_HEADING, Phrase.STATS_SHOWN, Phrase.STATS_OPENED)
    rows = [
        (article.title, *(_number(count, wording.language) for count in counts)) for article, *counts in counted.shown
    ]
    return Table(wording.plain(Phrase.STATS_ARTICLES), tuple(map(wording.plain, columns)), rows)


def _votes(counted: Statistics, wording: Wording) -> Table:
    columns = (
        Phrase.STATS_SUBJECT,
        Phrase.MYDATA_LANGUAGE,
        Phrase.STATS_VERSION,
        Phrase.STATS_USEFUL,
        Phrase.STATS_NOT_USEFUL,
    )
    rows = [
        (wording.title(text), spoken, version, *(_number(count, wording.language) for count in counts))
        for (text, spoken, version), counts in counted.votes.items()
    ]
    return Table(wording.plain(Phrase.STATS_TEXTS), tuple(map(wording.plain, columns)), rows, texts=3)


def _days(counted: Statistics, wording: Wording) -> Table:
    columns = (Phrase.STATS_DAY, Phrase.STATS_UNDERSTOOD, Phrase.STATS_HESITATED, Phrase.STATS_LOST)
    rows = []
    for day in counted.by_day:
        counts = (day.understood, day.hesitated, day.lost)
        if any(counts):
            written = format_skeleton("yMMMEd", day.day, locale=wording.language)
            rows.append((written, *(_number(count, wording.language) for count in counts)))
    names = tuple(wording.plain(name).capitalize() for name in columns)
    return Table(wording.plain(Phrase.STATS_BY_DAY), names, rows)


def _number(count: int | None, language: str) -> str:
    """
    A number as a language writes it; one too small to be shown is only said to be small.
    """
    return f"< {FEWEST}" if count is None else format_decimal(count, locale=language)
