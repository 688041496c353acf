"""
Broadcasts with the bot as a process of its own: killed, taken over, and ordered from the terminal.
"""

import asyncio
import json
from pathlib import Path

import pytest

from benchmarks.broadcast import begin, fast_bot, kill_while_sending, know
from bot.cli import run
from bot.events import Reacted
from bot.model import RecipientState
from bot.storage.broadcasts import Broadcasts
from bot.storage.counters import Counters
from bot.storage.engine import open_database
from tests.builders import write_answer
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture(params=["sqlite", "postgres"])
def arrangement(request: pytest.FixtureRequest) -> tuple[str, int]:
    """
    One process with a file, or two with a server: the address of the database, and how many.
    """
    return (str(request.getfixturevalue("postgres_url")), 2) if request.param == "postgres" else ("", 1)


async def test_nobody_gets_it_twice_and_everybody_else_once(tmp_path: Path, arrangement: tuple[str, int]) -> None:
    """
    Even if the process dies; with two, each once, the other one takes over. At most one recipient a kill is unknown.
    """
    url, processes = arrangement
    async with TelegramServer() as server:
        bots = [fast_bot(server, tmp_path, f"bot{number}", url) for number in range(processes)]
        database = await open_database(bots[0].database, "", tmp_path / "secret" / "key")
        fate = await kill_while_sending(server, bots, database, 150, processes)
        await database.close()
    figures = fate.figures
    assert fate.twice == 0
    # A bad gateway and a broken connection, before and after delivery, leave one unknown each; a kill at most one.
    assert figures[RecipientState.UNKNOWN] <= 3 + processes
    assert figures[RecipientState.BLOCKED] == figures[RecipientState.FAILED] == 1
    told = figures[RecipientState.SENT] + figures[RecipientState.UNKNOWN]
    assert told == 150 - 2
    assert 150 - fate.never >= figures[RecipientState.SENT]


async def test_the_terminal_can_do_it_too(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Create, list, show, pause, resume, cancel; what is wrong is said in one line.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    letter = tmp_path / "letter.html"
    letter.write_text("Bonjour {{ first_name }}, [vous|tu] <b>là</b> ?", encoding="utf-8")

    async def said(*arguments: str, code: int = 0) -> str:
        assert await asyncio.to_thread(run, ("broadcast", *arguments)) == code
        printed = capsys.readouterr()
        return printed.out if code == 0 else printed.err

    assert "nobody matches" in await said("create", str(letter), "--confirm", "3", code=1)
    async with TelegramServer() as server:
        database = await open_database(sqlite_url, "", tmp_path / "secret" / "key")
        await know(database, [server.person("Noor"), server.person("Lou")])
        await database.close()
    assert "3 is not 2" in await said("create", str(letter), "--confirm", "3", code=1)
    assert "goes to 2" in await said("create", str(letter), "--confirm", "2", "--hours", "1")
    number = next(one["number"] for one in json.loads(await said("list", "--json")))
    for action, state in (("pause", "paused"), ("resume", "scheduled"), ("cancel", "cancelled")):
        assert f"is {state}" in await said(action, str(number))
    assert "is cancelled" in await said("pause", str(number), code=1)
    assert json.loads(await said("show", str(number), "--json"))["left"] == 2
    assert "is cancelled" in await said("show", str(number), "--follow")
    assert str(number) in await said("list")
    assert "no broadcast 99" in await said("show", "99", code=1)


async def test_a_pack_with_faults_holds_up_no_cancelling(
    tmp_path: Path,
    sqlite_url: str,
    small_pack: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    What goes to people can be stopped, whatever is wrong with the texts; only a new one needs them.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    monkeypatch.setenv("TREMPLIN_PACK", str(small_pack))
    database = await open_database(sqlite_url, "", tmp_path / "secret" / "key")
    number = await begin(database)
    await database.close()
    write_answer(small_pack, "fr", "cv", "<h1>")
    letter = tmp_path / "letter.html"
    letter.write_text("Bonjour", encoding="utf-8")
    assert await asyncio.to_thread(run, ("broadcast", "create", str(letter))) == 1
    assert "fr/advice/cv.md:4" in capsys.readouterr().err
    assert await asyncio.to_thread(run, ("broadcast", "cancel", str(number))) == 0
    assert "is cancelled" in capsys.readouterr().out


async def test_the_terminal_shows_reactions(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Those to each broadcast, most frequent first, as text and as JSON; nothing where there are none.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    database = await open_database(sqlite_url, "", tmp_path / "secret" / "key")
    numbers = [await begin(database) for _ in range(2)]
    for emoji, number in (("❤", numbers[0]), ("👍", numbers[0]), ("👍", numbers[0]), ("🔥", 12)):
        await Counters(database).count(Reacted(str(number), emoji))
    await database.close()
    capsys.readouterr()

    async def said(*arguments: str) -> str:
        assert await asyncio.to_thread(run, ("broadcast", *arguments)) == 0
        return capsys.readouterr().out

    listed = json.loads(await said("list", "--json"))
    assert [one["reactions"] for one in listed] == [{}, {"👍": 2, "❤": 1}]
    assert list(listed[0]) == [
        "number", "state", "sent", "blocked", "failed", "unknown", "skipped", "held", "left", "trouble", "reactions",
    ]  # fmt: skip
    assert list(json.loads(await said("show", str(numbers[0]), "--json"))["reactions"]) == ["👍", "❤"]
    assert "Reactions: 👍 2  ❤ 1\n" in await said("show", str(numbers[0]))
    assert "Reactions" not in await said("show", str(numbers[1]))
    (row,) = [line for line in (await said("list")).splitlines() if "👍" in line]
    assert f" {numbers[0]} " in row


@pytest.mark.parametrize(
    ("text", "options", "complaint"),
    [
        ("{{ nobody }}", (), "nobody"),
        ("<b>ouvert", (), "never closed"),
        (" ", (), "1 to 4096"),
        ("Bonjour", ("--language", "xx"), "does not speak xx"),
        ("Bonjour", ("--theme", "cuisine"), "no theme cuisine"),
    ],
)
def test_a_letter_that_cannot_be_sent_is_refused_at_once(
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    options: tuple[str, ...],
    complaint: str,
) -> None:
    """
    Before anybody is written to, with what is wrong.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    letter = tmp_path / "letter.html"
    letter.write_text(text, encoding="utf-8")
    assert run(("broadcast", "create", str(letter), "--confirm", "1", *options)) == 1
    assert complaint in capsys.readouterr().err


async def test_a_broadcast_of_the_terminal_is_sent_by_the_bot(tmp_path: Path) -> None:
    """
    Whichever process finds it.
    """
    async with TelegramServer() as server:
        bot = fast_bot(server, tmp_path, "bot")
        database = await open_database(bot.database, "", tmp_path / "secret" / "key")
        noor = server.person("Noor", started=True)
        await know(database, [noor])
        await bot.start()
        await server.wait_for(lambda: server.calls_to("setChatMenuButton"), 30)
        number = await begin(database)
        assert (await noor.next_message(20)).text == "Une nouvelle pour Noor"
        await bot.stop()
        assert (await Broadcasts(database).figures(number))[RecipientState.SENT] == 1
        await database.close()
