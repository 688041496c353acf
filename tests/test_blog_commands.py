"""
Connecting a blog, as whoever hosts the bot does it.
"""

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli import run
from tests.blog.site import Site, post_page, rss
from tests.bot_process import BotProcess
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> Site:
    """
    A site that is not open yet, for a bot whose settings have places of their own.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", sqlite_url)
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    monkeypatch.setenv("TREMPLIN_BLOG_DELAY", "0")
    feed = "/feed/"
    home = f'<head><link rel="alternate" type="application/rss+xml" href="{feed}"></head>'
    posts = {"/parachute": "Le parachute doré, pour qui ?", "/mort": "Un vieux Pôle emploi"}
    return Site({"/": home, feed: rss(posts), "/parachute": post_page("Le parachute doré, pour qui ?")})


async def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """
    What a command prints, while the site answers.
    """
    assert await asyncio.to_thread(run, arguments) == code
    return capsys.readouterr().out


async def test_a_blog_is_connected_with_one_line(
    connected: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Its address is enough: the source is found and named, and its posts are what the bot shows from then on.
    """
    async with connected as site:
        monkeypatch.setenv("TREMPLIN_BLOG", f"{site.url}/")
        shown = await output(capsys, "blog", "sync")
        assert f"read from its feed, {site.url}/feed/" in shown
        assert "2 posts read: 2 new, 0 changed" in shown
    found = json.loads(await output(capsys, "search", "parachute", "--json"))
    assert [article["url"] for article in found] == [f"{site.url}/parachute"]
    assert json.loads(await output(capsys, "search", "lettre de motivation", "--json")) == []


async def test_a_blog_that_cannot_be_read_is_told(
    connected: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With what it means, and an exit code for scripts; doctor says it too.
    """
    async with connected as site:
        monkeypatch.setenv("TREMPLIN_BLOG", f"{site.url}/")
        await output(capsys, "blog", "sync")
    shown = await output(capsys, "blog", "sync", code=1)
    assert "the server cannot be reached" in shown
    assert "What was read before is kept" in shown
    lines = (await output(capsys, "doctor", code=1)).splitlines()
    (line,) = [line for line in lines if "blog:" in line]
    assert line.startswith("PROBLEM")
    assert "2 articles, read on " in line
    assert "the last time it failed: the server cannot be reached" in line


async def test_dead_and_outdated_articles_are_found(
    connected: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small_pack: Path
) -> None:
    """
    A dead one leaves the search; one that uses an old name is named with it.
    """
    manifest = small_pack / "pack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\nrenamed: {Pôle emploi: France Travail}\n", "utf-8")
    async with connected as site:
        site.pages["/feed/"] = rss({"/parachute": "Le Pôle emploi et le parachute", "/mort": "Parti"})
        monkeypatch.setenv("TREMPLIN_BLOG", f"{site.url}/")
        await output(capsys, "blog", "sync", "--pack", str(small_pack))
        shown = await output(capsys, "blog", "check", "--pack", str(small_pack), code=1)
    assert f"gone       Parti  {site.url}/mort" in shown
    assert f"outdated   Le Pôle emploi et le parachute  {site.url}/parachute: Pôle emploi" in shown
    assert "2 looked at: 1 gone, 0 moved, 0 not seen; 1 outdated" in shown


@pytest.mark.usefixtures("connected")
async def test_without_a_blog_there_is_nothing_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The demonstration pack says how to connect one.
    """
    assert "set TREMPLIN_BLOG to its address" in await output(capsys, "blog", "sync")
    assert "0 looked at" in await output(capsys, "blog", "check")


async def test_the_running_bot_reads_the_blog_by_itself(connected: Site, tmp_path: Path) -> None:
    """
    Whoever hosts it starts it, and people get links to the blog.
    """
    async with connected as site, TelegramServer() as server:
        bot = BotProcess(server, tmp_path, settings={"TREMPLIN_BLOG": f"{site.url}/", "TREMPLIN_BLOG_DELAY": "0"})
        await bot.start()
        try:
            async with asyncio.timeout(60):
                while "articles_ready" not in bot.log.read_text(encoding="utf-8"):
                    await asyncio.sleep(0.1)
            person = server.person("Sacha")
            await person.send_text("/article parachute")
            message = await person.next_message(30)
        finally:
            await bot.stop()
    assert f"{site.url}/parachute" in str(message)
