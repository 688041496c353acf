"""
Links into the bot, clicks that are counted, and the figures for the coach.
"""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from bot.app import App, build
from bot.app.insight import statistics
from bot.app.serving import Clicks
from bot.channels.web import server as web
from bot.cli import run
from bot.conversation.memory import Memory
from bot.events import Event, Opened, Shown, Voted
from bot.model import Incoming, Person
from bot.settings import Settings
from bot.storage.counters import Counters
from bot.storage.engine import Database, open_database
from bot.storage.inbox import Inbox, Outcome
from tests.bot_process import free_port
from tests.builders import article

pytestmark = pytest.mark.usefixtures("bot")


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """
    What a command prints, on standard output or standard error.
    """
    assert run(arguments) == code
    shown = capsys.readouterr()
    return shown.out if code == 0 else shown.err


@pytest.mark.parametrize(
    ("target", "payload"),
    [("cv_writing", "intent_cv_writing"), ("b9ed5c6c4e", None), ("cv_photo", None)],
)
def test_a_link_opens_what_it_names(
    bot: App, capsys: pytest.CaptureFixture[str], target: str, payload: str | None
) -> None:
    """
    An intent, a FAQ entry or an article, with a QR picture for the terminal.
    """
    if payload is None:
        entry = next(iter(bot.pack.languages["fr"].faq))
        one = next(iter(bot.catalogue))
        target, payload = (entry, f"faq_{entry}") if target == "cv_photo" else (one.url, f"article_{one.id}")
    first, *picture = output(capsys, "link", target, "--bot", "@tremplin_bot").splitlines()
    assert first == f"https://t.me/tremplin_bot?start={payload}"
    assert len(picture) > 10


def test_a_link_goes_onto_paper(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    As a picture file of the kind its name says.
    """
    output(capsys, "link", "salary", "--bot", "b", "--out", str(tmp_path / "qr.png"))
    assert (tmp_path / "qr.png").read_bytes().startswith(b"\x89PNG")
    output(capsys, "link", "salary", "--bot", "b", "--out", str(tmp_path / "qr.svg"))
    assert "<svg" in (tmp_path / "qr.svg").read_text(encoding="utf-8")
    assert "ends in one of" in output(capsys, "link", "salary", "--out", "qr.doc", code=1)
    assert "cannot be written" in output(
        capsys, "link", "salary", "--bot", "b", "--out", str(tmp_path / "no" / "qr.png"), code=1
    )


def test_a_link_to_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """
    With how to name things; without a token the bot's name must be given.
    """
    assert "no intent, no FAQ entry and no article" in output(capsys, "link", "nothing", "--bot", "b", code=1)
    assert "TREMPLIN_TOKEN is not set" in output(capsys, "link", "salary", code=1)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_clicks_are_counted_and_lead_to_the_blog_only(database: Database) -> None:
    """
    No address from outside is led to, nothing of the visitor is kept, and an article that is gone leads to the blog.
    """
    post = article("Un", id="0123456789", url="https://blog.example/un")
    app = build(Settings(_env_file=None), articles=[post])
    port = free_port()

    async def report() -> tuple[bool, dict[str, object]]:
        return True, {}

    async def receive(_: object) -> None:
        return None

    doors = web.Doors(report, lambda _: [], receive, open_article=Clicks(database, app).opened)
    serving = asyncio.create_task(web.run(doors, "127.0.0.1", port))
    async with asyncio.timeout(10):
        while not await _listens(port):
            await asyncio.sleep(0.02)
    async with aiohttp.ClientSession() as session:
        for path, status, target in (
            ("/go/0123456789", 302, "https://blog.example/un"),
            ("/go/aaaaaaaaaa", 302, app.pack.manifest.blog.url),
            ("/go/https:%2F%2Fevil.example", 404, None),
        ):
            async with session.get(f"http://127.0.0.1:{port}{path}", allow_redirects=False) as response:
                assert (response.status, response.headers.get("Location")) == (status, target)
    serving.cancel()
    assert await Counters(database).totals("opened", 1) == {("0123456789",): 1}


async def test_events_are_counted_by_day(store: Database) -> None:
    """
    On both kinds of databases; a kind is not mixed up with one whose name begins alike.
    """
    now = 100 * 86_400.0
    counters = Counters(store, lambda: now)
    for event in (Shown("a"), Shown("a"), Shown("b")):
        await counters.count(event)
    await counters.count(Opened("a"))
    now += 86_400.0
    await counters.count(Shown("b"))
    await counters.count(Shown("b"))
    assert await counters.totals("shown", 2) == {("b",): 3, ("a",): 2}
    assert await counters.totals("shown", 1) == {("b",): 2}
    assert await counters.totals("show", 9) == {}


async def test_the_figures_tell_what_the_blog_lacks(sqlite_url: str, tmp_path: Path) -> None:
    """
    What was asked and has no article is an idea for a post; courtesies are not.
    """
    settings = Settings(
        _env_file=None, database=sqlite_url, key_file=tmp_path / "secret" / "key", blog="https://blog.example/"
    )
    post = article("Refaire son CV", id="0123456789", tags=("cv",), url="https://blog.example/cv")
    app = build(settings, articles=[post])
    database = await open_database(sqlite_url, "", tmp_path / "secret" / "key")
    inbox = Inbox(database)
    pay = ("combien demander comme salaire ?", "quel salaire demander ?")
    said = (*["comment refaire mon cv ?"] * 5, *pay * 3, *["merci !"] * 5, "comment retrouver le moral ?")
    for number, text in enumerate(said):
        events: list[Event] = []
        who = Person("test:1")
        await app.router.respond(Incoming(who, text=text), Memory(), events.append)
        await inbox.answer(Outcome([number], [], who, said=text, events=events))
    for useful in (True,) * 5 + (False,) * 6:
        await Counters(database).count(Voted("fr", "salary", "abcd", useful=useful))
    await database.close()
    figures = await statistics(app, 30)
    assert figures.articles == {"fr": 1}
    assert [(one.id, shown) for one, shown, _ in figures.shown] == [("0123456789", 5)]
    assert figures.votes == {("salary", "fr", "abcd"): (5, 6)}
    assert [(wish.intent, wish.count, set(wish.samples)) for wish in figures.wishes] == [("salary", 6, set(pay))]


def test_figures_of_a_bot_nobody_wrote_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    """
    The articles, and that there is nothing else yet; as JSON too.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    assert "Nobody has written in the last 30 days" in output(capsys, "stats")
    figures = json.loads(output(capsys, "stats", "--json", "--days", "7"))
    assert figures["days"] == 7
    assert figures["articles"]["fr"] > 30
    assert figures["wishes"] == []
