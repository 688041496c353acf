"""
Backups, bringing one back, and changing the key.
"""

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import Person, Profile
from bot.ops.keeping import Access, back_up, bring_back, rotate_key
from bot.storage import upkeep
from bot.storage.articles import Shelf
from bot.storage.crypto import SealError, new_key, read_keys
from bot.storage.inbox import Inbox, Outcome
from bot.storage.people import People
from bot.storage.tables import metadata
from bot.storage.upkeep import UpkeepError
from tests.builders import article

NOOR = Person("telegram:7", "Noor")


@pytest.fixture
async def access(database_url: str, tmp_path: Path) -> Access:
    """
    A database of each kind in turn, in which somebody wrote, something waits and something is set aside.
    """
    access = Access(database_url, "", tmp_path / "secret" / "key")
    async with access.database() as database:
        box = Inbox(database)
        await box.accept([({"update_id": number}, NOOR.key) for number in range(4)])
        await box.answer(Outcome([0], [], NOOR, Profile(language="fr"), "mon salaire"))
        await box.answer(Outcome([1], [{"method": "sendMessage", "parameters": {}}], NOOR, Profile(language="fr")))
        await box.answer(Outcome([2], [], failure="KeyError"))
        await Shelf(database).save("feed:x", [article("Un")], 1)
    return access


async def content(access: Access) -> tuple[object, ...]:
    """
    What a person and the inbox hold, opened.
    """
    async with access.database() as database:
        holdings = await People(database).holdings(NOOR.key)
        articles = await Shelf(database).articles(["feed:x"])
        return holdings, await Inbox(database).backlog(), await Inbox(database).counts(), articles


@pytest.fixture(params=["sqlite", "postgres"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """
    The address of another empty database, of each kind in turn.
    """
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'tremplin.db'}"
    return str(request.getfixturevalue("second_postgres_url"))


async def test_a_backup_is_brought_back_whole(access: Access, other_url: str, tmp_path: Path) -> None:
    """
    From either kind of database into either.
    """
    path = tmp_path / "tremplin.backup"
    copied = await back_up(access, path)
    other = Access(other_url, "", access.key_file)
    assert await bring_back(other, path) == copied
    assert await content(other) == await content(access)
    async with other.database() as database:
        await Inbox(database).accept([({"update_id": 9}, "telegram:8")])
        await Inbox(database).answer(Outcome([9], [], Person("telegram:8"), Profile(), "moi aussi"))
        assert await People(database).count() == 2


async def test_a_backup_of_another_version_is_brought_back(access: Access, other_url: str, tmp_path: Path) -> None:
    """
    Columns that were added since have their default; columns that are gone since are passed over.
    """
    path, older = tmp_path / "tremplin.backup", tmp_path / "older.backup"
    await back_up(access, path)
    with gzip.open(path, "rt") as new, gzip.open(older, "wt") as old:
        for line in new:
            name, *values = json.loads(line)
            if name == "people":
                values[0] = {key: value for key, value in values[0].items() if not key.startswith("alerts")} | {"x": 1}
            old.write(json.dumps([name, *values]) + "\n")
    other = Access(other_url, "", access.key_file)
    await bring_back(other, older)
    assert await content(other) == await content(access)


async def test_a_backup_is_sealed(access: Access, tmp_path: Path) -> None:
    """
    Without the key it cannot be read, nor brought back.
    """
    path = tmp_path / "tremplin.backup"
    await back_up(access, path)
    other = Access(f"sqlite:///{tmp_path / 'other' / 'tremplin.db'}", new_key(), access.key_file)
    with pytest.raises(SealError):
        await bring_back(other, path)


async def test_a_backup_overwrites_nothing(access: Access, tmp_path: Path) -> None:
    """
    Neither a file nor a database.
    """
    path = tmp_path / "tremplin.backup"
    await back_up(access, path)
    with pytest.raises(UpkeepError, match="there already"):
        await back_up(access, path)
    with pytest.raises(UpkeepError, match="not empty"):
        await bring_back(access, path)
    with pytest.raises(UpkeepError, match="cannot be written"):
        await back_up(access, tmp_path / "nowhere" / "x")


@pytest.mark.parametrize("content", [b"", b"text", b'\x1f\x8b\x08\x00"["'])
async def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    """
    In one line, with its path.
    """
    path = tmp_path / "tremplin.backup"
    path.write_bytes(content)
    other = Access(f"sqlite:///{tmp_path / 'other' / 'tremplin.db'}", "", tmp_path / "secret" / "key")
    with pytest.raises(UpkeepError, match="backup"):
        await bring_back(other, path)
    with pytest.raises(UpkeepError, match="cannot be read"):
        await bring_back(other, tmp_path / "none")


async def test_a_new_key_opens_everything_and_the_old_one_nothing(access: Access, tmp_path: Path) -> None:
    """
    Every sealed value is sealed anew.
    """
    before, old = await content(access), read_keys("", access.key_file)
    await rotate_key(access)
    assert await content(access) == before
    assert len(read_keys("", access.key_file)) == 1
    with pytest.raises(SealError):
        await content(Access(access.url, old[0], tmp_path / "none"))
    async with access.database() as database:
        for table in metadata.sorted_tables:
            for row in await database.read(lambda connection: connection.execute(select(table)).all()):  # noqa: B023
                for value in (row._mapping.get("sealed"), row._mapping.get("calls")):
                    assert value is None or database.vault.open(bytes(value)) is not None


async def test_a_key_in_the_environment_is_changed_there(access: Access) -> None:
    """
    The program says what to set; with both keys set it seals everything with the first.
    """
    (old,) = read_keys("", access.key_file)
    given = Access(access.url, old, access.key_file)
    with pytest.raises(UpkeepError, match="A new key: "):
        await rotate_key(given)
    new = new_key()
    before = await content(access)
    await rotate_key(Access(access.url, f"{new},{old}", access.key_file))
    assert await content(Access(access.url, new, access.key_file)) == before
    with pytest.raises(SealError):
        await content(given)


async def test_the_key_is_not_changed_under_a_running_bot(access: Access) -> None:
    """
    It would go on sealing with the old one.
    """
    async with access.database() as database:
        await upkeep.hold(database)
    with pytest.raises(UpkeepError, match="stop it first"):
        await rotate_key(access)
    async with access.database() as database:
        await upkeep.release(database)
    assert await rotate_key(access) > 0
