"""
The figures for the coach: what is told, and what is not.
"""

import asyncio
import datetime as dt
import json
import random
import re
import time
from pathlib import Path

import pytest
from lxml import html

from bot.app import App
from bot.app.insight import FEWEST, Day, HandOvers, Statistics, Wish, coach_report, figures, report_page, summary
from bot.cli import run
from bot.content import markup
from bot.content.render import Renderer
from bot.conversation.handlers import HANDLERS
from bot.events import Answered, Event, Hired, Lost, Opened, Shown, Voted
from bot.model import Person, Profile, Reason
from bot.storage.counters import Counters
from bot.storage.engine import Database, open_database
from bot.storage.inbox import Inbox, Outcome
from tests.storage.test_figures import hand_over

pytestmark = pytest.mark.usefixtures("bot")

DAY = 86_400
NOW = 20_000 * DAY + 5000
SECRET = "mon numéro est le 06 12 34 56 78"
MADE = dt.datetime(2026, 11, 21, 10, 5, tzinfo=dt.UTC)


async def say(store: Database, number: int, person: str, event: Event, at: float = NOW) -> None:
    """
    Let a person write something that was understood in some way.
    """
    who, profile = Person(person), Profile(language="fr")
    await Inbox(store, clock=lambda: at).answer(Outcome([number], [], who, profile, SECRET, events=[event]))


async def fill(store: Database, bot: App, counts: dict[str, int], at: float = NOW) -> None:
    """
    Let people ask about subjects, an empty one for what was not understood, each so many times; and all the rest.
    """
    number = 0
    for intent, count in counts.items():
        for _ in range(count):
            number += 1
            understood = Answered("fr", intent, "sure", 0.9) if intent else Lost("fr", 0.1)
            await say(store, number, f"test:{number % 7}", understood, at)
    counters = Counters(store, lambda: at)
    article = next(iter(bot.catalogue)).id
    for event, count in (
        (Shown(article), 7),
        (Opened(article), 3),
        (Voted("fr", "salary", "abcd1234", useful=True), 6),
        (Voted("fr", "salary", "abcd1234", useful=False), 2),
        (Voted("fr", "training", "abcd1234", useful=True), 4),
        (Voted("fr", "training", "abcd1234", useful=False), 4),
        (Answered("fr", "training", "hesitating", 0.5), 3),
        (Hired("fr"), 2),
    ):
        for _ in range(count):
            await counters.count(event)


async def counted(store: Database, bot: App, days: int = 7) -> Statistics:
    """
    The figures of an open database.
    """
    return await figures(store, bot.pack, bot.reader, bot.catalogue, days, clock=lambda: NOW)


async def test_the_figures_add_up(bot: App, store: Database) -> None:
    """
    On both kinds of databases, of one that goes on being used.
    """
    await fill(store, bot, {"salary": 6, "cv_writing": 5, "greeting": 9, "training": 1, "": 8})
    for number, wait in enumerate((60, 120, 180, 4000, 9000)):
        await hand_over(store, f"test:{number}", NOW, "asked", NOW + wait, useful=number > 1)
    await hand_over(store, "test:5", NOW, "file", None, useful=None)
    for number in range(7):
        await hand_over(store, f"test:{number}", NOW, "coach", NOW, useful=True if number else None)
    figures = await counted(store, bot)
    assert (figures.people, figures.conversations, figures.messages) == (7, 7, 29)
    assert (figures.understood, figures.hesitated, figures.lost, figures.read) == (21, 3, 8, 32)
    assert figures.intents == {"greeting": 9, "salary": 6, "cv_writing": 5}
    assert (figures.useful, figures.not_useful, figures.hired) == (10, 6, 2)
    assert figures.votes == {("salary", "fr", "abcd1234"): (6, None)}
    assert [(count, opened) for _, count, opened in figures.shown] == [(7, None)]
    assert figures.handovers == HandOvers(6, {"asked": 5}, 180, 9000, 1, rated=11, useful=9, unasked=7)
    assert figures.wishes[0] == Wish("", 8)


async def test_every_day_of_the_period_is_there(bot: App, database: Database) -> None:
    """
    Days without a message too; a long period begins when something happened, though not less than 30 days ago.
    """
    await fill(database, bot, {"salary": 1}, NOW - 40 * DAY)
    await say(database, 1000, "test:1", Lost("fr", 0.1))
    week = (await counted(database, bot, 7)).by_day
    assert [(day.understood, day.lost) for day in week] == [(0, 0)] * 6 + [(0, 1)]
    assert week[-1].day == dt.date(2024, 10, 4)
    assert len((await counted(database, bot, 100_000)).by_day) == 41
    assert len((await counted(database, bot, 30)).by_day) == 30


async def test_what_has_an_article_is_no_wish(bot: App, database: Database) -> None:
    """
    Nor are courtesies and calls for the coach.
    """
    everything = dict.fromkeys(bot.pack.intents, FEWEST)
    await fill(database, bot, {**everything, "": FEWEST - 1})
    for wish in (await counted(database, bot)).wishes:
        assert wish.intent not in HANDLERS
        assert not bot.reader.articles_about(wish.intent, "fr")
        assert wish.samples == ()


def numbers(text: str) -> set[int]:
    """
    The numbers in a text.
    """
    return {int(number) for number in re.findall(r"\d+", text)}


@pytest.mark.parametrize("seed", range(5))
async def test_no_small_number_stands_beside_a_subject(bot: App, database: Database, seed: int) -> None:
    """
    Whatever was asked how often, neither the text nor the page tells of fewer than five, so that nobody is recognised.
    """
    chance = random.Random(seed)  # noqa: S311 (it only varies what is tried)
    asked = {intent: chance.randrange(9) for intent in (*bot.pack.intents[:12], "")}
    await fill(database, bot, asked)
    for number in range(7):
        reason = chance.choice(["asked", "distress", "file"])
        await say(database, 900 + number, f"test:{number}", Lost("fr", 0.1))
        await hand_over(database, f"test:{number}", NOW, reason, NOW + 100, useful=True)
    told = await counted(database, bot)
    titles = {answer.header.title for content in bot.pack.languages.values() for answer in content.answers.values()}
    for language in bot.pack.languages:
        for line in markup.plain(summary(told, Renderer(bot.pack), language)).splitlines():
            subject, _, count = line.rpartition(" · ")
            assert not any(title in line for title in titles) or (subject in titles and int(count) >= FEWEST)
            assert (
                not (reasons := re.findall(r"\((.*)\)", line)) or "🤝" not in line or min(numbers(*reasons)) >= FEWEST
            )
    page = html.document_fromstring(report_page(bot.pack, told, MADE))
    *subjects, days = page.xpath("//section")
    assert len(subjects) >= 3
    assert days.xpath("count(.//tbody/tr)") == 1
    for cell in (cell for table in subjects for cell in table.xpath(".//td[not(@class)]")):
        assert cell.text == f"< {FEWEST}" or int(cell.text) >= FEWEST


async def test_a_report_is_a_caption_and_a_picture(bot: App, database: Database) -> None:
    """
    In the coach's language, made from a database in use, and without anything that people wrote.
    """
    now = time.time()
    await fill(database, bot, {"salary": 6, "": 8, "insult": 5}, now)
    parts = (database, bot.pack, Renderer(bot.pack), bot.reader, bot.catalogue)
    for language, words in (("fr", "7 personnes, 7 conversations"), ("en", "7 people, 7 conversations")):
        caption, image = await coach_report(*parts, 7, language)
        assert words in markup.plain(caption)
        assert "06 12" not in caption
        assert image.startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_caption_fits_below_a_picture(bot: App, language: str) -> None:
    """
    However much there is to tell, and the title of whatever is asked most stays.
    """
    many = {intent: 10**9 - rank for rank, intent in enumerate(bot.pack.intents)}
    figures = Statistics(
        30,
        {},
        many,
        wishes=[Wish(intent, 10**9) for intent in many],
        people=10**9,
        conversations=10**9,
        by_day=[Day(dt.date(2025, 12, 31), 10**9, 10**9, 10**9), Day(dt.date(2026, 1, 1))],
        useful=10**9,
        not_useful=10**9,
        handovers=HandOvers(10**9, dict.fromkeys(Reason, 10**9), 59, 10**6, 9, 9, 9, 10**9),
        hired=10**9,
    )
    text = markup.plain(summary(figures, Renderer(bot.pack), language))
    assert 400 < markup.length(text) <= 1024
    assert bot.pack.languages[language].answers[bot.pack.intents[0]].header.title in text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "2 conversations reprises par"), ("en", "2 conversations taken up by")]
)
async def test_what_a_coach_took_up_unasked_is_no_hand_over(
    bot: App, database: Database, language: str, words: str
) -> None:
    """
    It is told apart, and nobody is said to have been answered at once.
    """
    for number in range(2):
        await say(database, number, f"test:{number}", Lost("fr", 0.1))
        await hand_over(database, f"test:{number}", NOW, "coach", NOW, useful=None)
    told = await counted(database, bot)
    text = markup.plain(summary(told, Renderer(bot.pack), language))
    assert words in text
    assert not {"🤝", "⏱", "⏳"} & set(text)
    assert "✍️" in report_page(bot.pack, told, MADE)


@pytest.mark.parametrize(("language", "words"), [("fr", "Personne n'a écrit"), ("en", "Nobody has written")])
async def test_before_the_first_message_there_is_a_kind_word(
    bot: App, database: Database, language: str, words: str
) -> None:
    """
    In the text and on the page, with a picture that says so.
    """
    nothing = await counted(database, bot)
    assert nothing.is_empty
    assert words in summary(nothing, Renderer(bot.pack), language)
    assert "Personne n&#39;a écrit" in report_page(bot.pack, nothing, MADE)


async def _fill_settings(bot: App, url: str, key_file: Path) -> None:
    database = await open_database(url, "", key_file)
    await fill(database, bot, {"salary": 6, "cv_writing": 3, "": 5}, time.time())
    await database.close()


@pytest.fixture
def filled(bot: App, monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> None:
    """
    The settings name a database in which something happened.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    asyncio.run(_fill_settings(bot, sqlite_url, tmp_path / "secret" / "key"))


@pytest.mark.usefixtures("filled")
def test_the_page_is_one_file_without_words_of_people(
    bot: App, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """
    It names the blog and the period, shows picture and tables, and asks the network for nothing.
    """
    path = tmp_path / "report.html"
    assert run(["stats", "--days", "90", "--html", str(path)]) == 0
    assert capsys.readouterr().out == f"The page is in {path}\n"
    source = path.read_text(encoding="utf-8")
    page = html.document_fromstring(source)
    assert bot.pack.manifest.blog.name in page.findtext(".//h1")
    assert page.get("lang") == "fr"
    assert "06 12" not in source
    assert [image.get("src")[:22] for image in page.xpath("//img")] == ["data:image/png;base64,"]
    assert page.xpath("//script | //link | //@href | //@onload | //iframe") == []
    assert not re.search(r"url\(|@import", source)
    titles = page.xpath("//td/text()")
    assert "Parler salaire" in titles
    assert "Rédiger son CV" not in titles
    notes = " ".join(page.xpath("//footer//p/text()"))
    assert "moins de 5 questions" in notes
    assert "30 jours" in notes


@pytest.mark.usefixtures("filled")
def test_a_page_that_cannot_be_written_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    A folder that is not there, or that is in the file's place.
    """
    for path in (tmp_path / "no" / "report.html", tmp_path):
        assert run(["stats", "--html", str(path)]) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"{path} cannot be written: ")
        assert error.count("\n") == 1


@pytest.mark.usefixtures("filled")
def test_json_keeps_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The names are fixed once shipped; small counts of subjects are not there.
    """
    assert run(["stats", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "days", "articles", "intents", "shown", "votes", "wishes", "people", "conversations", "messages",
        "understood", "hesitated", "lost", "by_day", "useful", "not_useful", "handovers", "hired",
    ]  # fmt: skip
    assert told["intents"] == {"salary": 6}
    assert [(wish["intent"], wish["count"], wish["samples"]) for wish in told["wishes"]] == [("", 5, [SECRET])]
    assert (told["people"], told["understood"], told["hesitated"], told["lost"]) == (7, 9, 3, 5)
    assert [(vote["useful"], vote["not_useful"]) for vote in told["votes"]] == [(6, None)]
    assert told["shown"][0]["opened"] is None
    assert (len(told["by_day"]), list(told["by_day"][0])) == (30, ["day", "understood", "hesitated", "lost"])
    assert list(told["handovers"]) == [
        "count", "reasons", "median_seconds", "ninetieth_percentile_seconds", "waiting", "rated", "useful",
        "unasked",
    ]  # fmt: skip


@pytest.mark.usefixtures("filled")
def test_the_terminal_says_that_small_counts_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Totals are shown whatever they are.
    """
    assert run(["stats"]) == 0
    shown = capsys.readouterr().out
    assert "fewer than 5 questions are not shown" in shown
    assert re.search(r"people\s+│ 7 ", shown)
    assert run(["stats", "--json", "--html", "x.html"]) == 2
