"""
Sealed values, look-up hashes and the file of the key.
"""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.crypto import SealError, Vault, new_key, new_lookup_key, read_keys, write_keys

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_sealed_comes_back(value: object) -> None:
    """
    Whatever JSON can hold, halves of characters included.
    """
    vault = Vault((new_key(),), new_lookup_key())
    assert vault.open(vault.seal(value)) == value


def test_nothing_shows_through() -> None:
    """
    The same text is sealed differently each time, and never readable.
    """
    vault = Vault((new_key(),), new_lookup_key())
    one, other = vault.seal("je cherche du travail"), vault.seal("je cherche du travail")
    assert one != other
    assert b"travail" not in one


def test_an_older_key_still_opens_but_no_other() -> None:
    """
    After a rotation half way, both keys are known.
    """
    old, new = new_key(), new_key()
    sealed = Vault((old,), bytes(32)).seal("x")
    assert Vault((new, old), bytes(32)).open(sealed) == "x"
    with pytest.raises(SealError, match="another key"):
        Vault((new,), bytes(32)).open(sealed)


def test_an_altered_value_is_not_opened() -> None:
    """
    Whoever can write to the database cannot put words into a person's mouth.
    """
    vault = Vault((new_key(),), bytes(32))
    sealed = bytearray(vault.seal("x"))
    sealed[20] ^= 1
    with pytest.raises(SealError, match="altered"):
        vault.open(bytes(sealed))


def test_lookups_depend_on_their_key() -> None:
    """
    Hashes of all Telegram ids cannot be made in advance.
    """
    one, other = Vault((new_key(),), bytes(32)), Vault((new_key(),), new_lookup_key())
    assert one.lookup("telegram:1") == one.lookup("telegram:1")
    assert one.lookup("telegram:1") != one.lookup("telegram:2")
    assert one.lookup("telegram:1") != other.lookup("telegram:1")


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """
    Nobody else on the machine reads it.
    """
    path = tmp_path / "deep" / "key"
    write_keys(path, ("a", "b"))
    assert path.read_text().split() == ["a", "b"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_the_first_writer_of_a_key_wins(tmp_path: Path) -> None:
    """
    Two programs that start together end up with the same key.
    """
    path = tmp_path / "key"
    write_keys(path, ("mine",), first=True)
    write_keys(path, ("theirs",), first=True)
    assert path.read_text().strip() == "mine"


def test_keys_come_from_the_environment_before_the_file(tmp_path: Path) -> None:
    """
    The environment may hold several, the current one first.
    """
    first, second, third = new_key(), new_key(), new_key()
    path = tmp_path / "key"
    assert read_keys("", path) == ()
    write_keys(path, (third,))
    assert read_keys("", path) == (third,)
    assert read_keys(f"{first}, {second}", path) == (first, second)


def test_a_malformed_key_is_explained(tmp_path: Path) -> None:
    """
    What it must look like, and that a new one opens nothing.
    """
    with pytest.raises(SealError, match="44 characters"):
        read_keys("secret", tmp_path / "key")


def test_a_key_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    """
    A folder stands where the file should be.
    """
    with pytest.raises(SealError, match="cannot be read"):
        read_keys("", tmp_path)
    with pytest.raises(SealError, match="cannot be written"):
        write_keys(tmp_path, ("x",))
