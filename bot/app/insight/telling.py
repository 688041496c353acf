"""
The figures as a short text and one picture, in the words of the pack.
"""

import asyncio
from html import escape

from bot.app.insight.counting import figures
from bot.app.insight.facts import FEWEST, HandOvers, Statistics
from bot.app.insight.wording import Counts, Wording
from bot.content import markup
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.ops.charts import Bars, Chart, picture
from bot.storage.engine import Database
from bot.understanding.catalogue import Catalogue
from bot.understanding.reader import Reader

CAPTION_LENGTH = 1024
"""
What Telegram takes below a picture, in UTF-16 code units.
"""

_MOST_LISTED = 5


async def coach_report(  # noqa: PLR0913, PLR0917 (as in `figures`)
    database: Database,
    pack: Pack,
    renderer: Renderer,
    reader: Reader,
    catalogue: Catalogue,
    days: int,
    language: str,
) -> tuple[str, bytes]:
    """
    What a coach is shown on `/stats`.

    Parameters:
        database: Where it was counted; it is open and goes on being used.
        pack: Knows the intents.
        renderer: Renders the pack.
        reader: Knows what articles are about.
        catalogue: The articles.
        days: How many days back to look, today included.
        language: The language the coach reads, one of the pack's.

    Returns:
        A caption as Telegram HTML, and a PNG picture.

    Raises:
        StorageError: The database cannot be read.
    """
    counted = await figures(database, pack, reader, catalogue, days)
    image = await asyncio.to_thread(lambda: picture(chart(counted, renderer, language)))
    return summary(counted, renderer, language), image


def summary(counted: Statistics, renderer: Renderer, language: str) -> str:
    """
    The figures as Telegram HTML that fits below a picture; the subjects asked for least are left out first.

    Parameters:
        counted: The figures.
        renderer: Renders the pack.
        language: One of the pack's languages.
    """
    wording = Wording(renderer, language)
    title = wording.html(Phrase.STATS_TITLE, count=counted.days, title=wording.period(counted))
    if counted.is_empty:
        return f"{title}\n\n{wording.html(Phrase.STATS_NOBODY)}"
    head = "\n".join([title, "", *key_lines(counted, wording)])
    note = f"<i>{wording.html(Phrase.STATS_FEW, count=FEWEST)}</i>"
    for most in range(_MOST_LISTED, 0, -1):
        lists = (
            _list(wording.html(Phrase.STATS_INTENTS), wording.subjects(counted), most),
            _list(wording.html(Phrase.STATS_WISHES), wording.wishes(counted), most),
        )
        text = "\n\n".join(filter(None, (head, *lists, note)))
        if markup.length(markup.plain(text)) <= CAPTION_LENGTH:
            return text
    return f"{head}\n\n{note}"


def chart(counted: Statistics, renderer: Renderer, language: str) -> Chart:
    """
    The figures as a picture shows them.
    """
    wording = Wording(renderer, language)
    people = wording.plain(Phrase.STATS_PEOPLE, count=counted.people, total=counted.conversations)
    hired = [wording.plain(Phrase.STATS_HIRED, count=counted.hired)] if counted.hired else []
    headline = wording.plain(Phrase.STATS_NOBODY) if counted.is_empty else ", ".join([people, *hired])
    return Chart(
        language,
        f"{renderer.pack.manifest.blog.name} · {wording.period(counted)}",
        headline,
        wording.outcomes(counted),
        wording.plain(Phrase.STATS_BY_DAY),
        [Bars(day.day, (day.understood, day.hesitated, day.lost)) for day in counted.by_day],
        wording.plain(Phrase.STATS_INTENTS),
        wording.subjects(counted),
        wording.plain(Phrase.STATS_NO_INTENTS, count=FEWEST),
        wording.plain(Phrase.STATS_FEW, count=FEWEST),
    )


def key_lines(counted: Statistics, wording: Wording) -> list[str]:
    """
    The figures that go with no subject, one a line, as Telegram HTML; what did not happen is left out.
    """
    count, outcomes = counted.read, ", ".join(wording.outcomes(counted))
    lines = [wording.html(Phrase.STATS_PEOPLE, count=counted.people, total=counted.conversations)]
    if count:
        lines.append(wording.html(Phrase.STATS_UNDERSTANDING, count=count, title=outcomes))
    if counted.useful or counted.not_useful:
        lines.append(wording.html(Phrase.STATS_VOTES, count=counted.useful, total=counted.not_useful))
    lines += _handover_lines(counted.handovers, wording)
    if counted.hired:
        lines.append(wording.html(Phrase.STATS_HIRED, count=counted.hired))
    return lines


def _handover_lines(handovers: HandOvers, wording: Wording) -> list[str]:
    lines = []
    if handovers.count:
        reasons = ", ".join(f"{reason} {count}" for reason, count in wording.reasons(handovers))
        told = wording.html(Phrase.STATS_HANDOVERS, count=handovers.count)
        lines.append(f"{told} ({escape(reasons, quote=False)})" if reasons else told)
    if handovers.median is not None and handovers.ninetieth is not None:
        median, most = wording.time(handovers.median), wording.time(handovers.ninetieth)
        times = wording.html(Phrase.STATS_WAIT, title=median), wording.html(Phrase.STATS_WAIT_MOST, title=most)
        lines.append(", ".join(times))
    if handovers.rated:
        lines.append(wording.html(Phrase.STATS_HELPED, count=handovers.useful, total=handovers.rated))
    if handovers.waiting:
        lines.append(wording.html(Phrase.STATS_WAITING, count=handovers.waiting))
    if handovers.unasked:
        lines.append(wording.html(Phrase.STATS_UNASKED, count=handovers.unasked))
    return lines


def _list(title: str, counts: Counts, most: int) -> str:
    rows = (f"{escape(name, quote=False)} · {count}" for name, count in counts[:most])
    return "\n".join([f"<b>{title}</b>", *rows]) if counts else ""
