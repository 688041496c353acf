"""
Sealing what people write, and finding people again without storing who they are in clear.

Sealed values are AES-256-GCM with a random nonce before them (NIST SP 800-38D; its limit of 2^32 values for one key is
out of reach here); look-ups go through a keyed BLAKE2b hash, whose key is itself sealed in the database.
"""

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LOOKUP_BYTES = 16
TAG_BYTES = 4
"""
How much of a look-up hash stands for a person in the log.
"""
_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealError(ValueError):
    """
    The key is missing, malformed, or not the one the data was sealed with. The message says what to do.
    """


class Vault:
    """
    Seals and opens values.

    Parameters:
        keys: The first one seals, all of them open.
        lookup_key: The key of the look-up hashes, 16 to 64 bytes.

    Raises:
        SealError: A key is malformed.
    """

    def __init__(self, keys: tuple[str, ...], lookup_key: bytes) -> None:
        self._ciphers = [_cipher(key) for key in keys]
        self._lookup_key = lookup_key

    def seal(self, value: Any) -> bytes:
        """
        A JSON value, unreadable without the key. Any text is accepted, even what is no valid Unicode.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, json.dumps(value, separators=(",", ":")).encode("ascii"), None)

    def open(self, sealed: bytes) -> Any:
        """
        The value that was sealed.

        Raises:
            SealError: It was sealed with another key, or altered.
        """
        for cipher in self._ciphers:
            # Too short a value is no sealed one either.
            with suppress(InvalidTag, ValueError):
                return json.loads(cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None))
        raise SealError("a value in the database was sealed with another key, or altered")

    def lookup(self, identity: str) -> bytes:
        """
        The keyed hash under which an identity is found again: 16 bytes.
        """
        hashed = blake2b(identity.encode(errors="replace"), key=self._lookup_key, digest_size=_LOOKUP_BYTES)
        return hashed.digest()


def tag_of(lookup: bytes) -> str:
    """
    Eight digits that stand for a person in the log, and mean nothing without the key.
    """
    return lookup[:TAG_BYTES].hex()


def new_key() -> str:
    """
    A fresh key to seal with.
    """
    return urlsafe_b64encode(AESGCM.generate_key(bit_length=256)).decode()


def new_lookup_key() -> bytes:
    """
    A fresh key for look-up hashes.
    """
    return secrets.token_bytes(32)


def read_keys(key: str, key_file: Path) -> tuple[str, ...]:
    """
    The keys, current one first; empty if there are none yet.

    Parameters:
        key: Keys separated by commas, as the environment gives them; wins over the file.
        key_file: Where they stand otherwise, one a line.

    Raises:
        SealError: The file cannot be read, or a key is malformed.
    """
    if key:
        found = tuple(part.strip() for part in key.split(",") if part.strip())
    else:
        try:
            found = tuple(key_file.read_text().split())
        except FileNotFoundError:
            found = ()
        except OSError as error:
            raise SealError(f"the key file {key_file} cannot be read: {error.strerror}") from None
    for one in found:
        _cipher(one)
    return found


def write_keys(key_file: Path, keys: tuple[str, ...], *, first: bool = False) -> None:
    """
    Put keys into a file that only its owner can read, whole or not at all.

    Parameters:
        key_file: The file.
        keys: The keys, current one first.
        first: Leave the file alone if it is there already: another process was quicker.

    Raises:
        SealError: The file cannot be written.
    """
    try:
        key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Such a file is its owner's alone from the start.
        with NamedTemporaryFile("w", dir=key_file.parent, prefix=key_file.name, delete=False) as file:
            file.write("\n".join(keys) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft = Path(file.name)
        if first:
            with suppress(FileExistsError):
                key_file.hardlink_to(draft)
            draft.unlink()
        else:
            draft.replace(key_file)
    except OSError as error:
        raise SealError(f"the key file {key_file} cannot be written: {error.strerror}") from None


def _cipher(key: str) -> AESGCM:
    try:
        raw = urlsafe_b64decode(key)
    except ValueError:
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise SealError(
            "the encryption key is malformed: it must be 32 bytes in URL-safe base64 (44 characters), "
            "exactly as it was made; look for a copy of it, a new one cannot open the old data"
        )
    return AESGCM(raw)
