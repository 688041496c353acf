"""
`bot doctor`: what is in place, and what to do about what is not.
"""

from pathlib import Path

import pytest

from bot.app import examine
from bot.model import Person, Profile
from bot.ops.keeping import Access
from bot.settings import Settings
from bot.storage.inbox import Inbox, Outcome
from tests.telegram_server import TelegramServer


async def findings(settings: Settings) -> dict[str, tuple[bool, str]]:
    """
    What looking found, by part.
    """
    return {finding.part: (finding.well, finding.text) for finding in await examine(settings)}


def settings_for(tmp_path: Path, database_url: str, server: TelegramServer | None = None, **further: str) -> Settings:
    """
    Settings of a bot that lives in a folder.
    """
    given = {"token": server.token, "api_url": server.base_url} if server else {}
    return Settings(_env_file=None, database=database_url, key_file=tmp_path / "secret" / "key", **{**given, **further})  # type: ignore[arg-type]


async def test_before_the_first_start_all_is_well_and_nothing_is_made(tmp_path: Path, database_url: str) -> None:
    """
    Looking changes nothing.
    """
    async with TelegramServer() as server:
        found = await findings(settings_for(tmp_path, database_url, server))
    assert {part: well for part, (well, _) in found.items()} == dict.fromkeys(found, True)
    assert list(found) == ["pack", "key", "database", "token"]
    assert "first start" in found["key"][1]
    assert "first start" in found["database"][1]
    assert "@tremplin_test_bot" in found["token"][1]
    assert not (tmp_path / "secret").exists()
    assert not (tmp_path / "data").exists()


async def test_a_running_database_is_counted(tmp_path: Path, database_url: str) -> None:
    """
    People, and what waits.
    """
    async with Access(database_url, "", tmp_path / "secret" / "key").database() as database:
        box = Inbox(database)
        await box.accept([({"update_id": number}, "telegram:1") for number in range(3)])
        await box.answer(Outcome([0], [], Person("telegram:1"), Profile()))
    found = await findings(settings_for(tmp_path, database_url))
    assert found["database"] == (True, "1 people, 2 updates waiting, 0 set aside")
    assert found["key"][0]


async def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path, sqlite_url: str, small_pack: Path) -> None:
    """
    A pack with faults, a malformed key, no token.
    """
    (small_pack / "pack.yaml").write_text("blog: {", encoding="utf-8")
    found = await findings(settings_for(tmp_path, sqlite_url, key="short", pack=str(small_pack)))
    assert not found["pack"][0]
    assert "bot check" in found["pack"][1]
    assert not found["key"][0]
    assert not found["token"][0]
    assert "@BotFather" in found["token"][1]


async def test_a_lost_key_is_told(tmp_path: Path, database_url: str) -> None:
    """
    Before anybody is tempted to make a new one.
    """
    settings = settings_for(tmp_path, database_url)
    async with Access(database_url, "", settings.key_file).database():
        pass
    settings.key_file.unlink()
    found = await findings(settings)
    assert not found["database"][0]
    assert "put the key file back" in found["database"][1]


@pytest.mark.parametrize("url", ["postgresql://u:geheim@127.0.0.1:1/x", "nonsense"])
async def test_a_database_out_of_reach_is_told(tmp_path: Path, url: str) -> None:
    """
    Without its password.
    """
    well, text = (await findings(settings_for(tmp_path, url)))["database"]
    assert not well
    assert "TREMPLIN_DATABASE" in text
    assert "geheim" not in text


async def test_a_wrong_token_and_a_dead_network_are_told(tmp_path: Path, sqlite_url: str) -> None:
    """
    In one line each, without the token.
    """
    async with TelegramServer() as server:
        found = await findings(settings_for(tmp_path, sqlite_url, server, token="1:wrong"))
        assert not found["token"][0]
        assert "TREMPLIN_TOKEN" in found["token"][1]
        assert "wrong" not in found["token"][1]
        await server.go_offline()
        assert not (await findings(settings_for(tmp_path, sqlite_url, server)))["token"][0]
