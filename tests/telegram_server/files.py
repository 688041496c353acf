"""
Files on the server: uploaded by the bot or sent by a person, found again by `file_id`.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024

_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "sticker": "stickers", "document": "documents"}
_ENDINGS = {"photo": ".jpg", "voice": ".oga", "video": ".mp4", "sticker": ".webp", "audio": ".mp3"}


@dataclass(frozen=True)
class Upload:
    """A file inside a request."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    """A file that Telegram keeps."""

    file_id: str
    file_unique_id: str
    kind: str
    path: str
    name: str
    mime_type: str
    content: bytes

    def reference(self) -> Json:
        """The fields every file object starts with."""
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": len(self.content)}


class Files:
    """All files of one server."""

    def __init__(self) -> None:
        """Start empty."""
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = itertools.count()

    def store(self, kind: str, upload: Upload) -> StoredFile:
        """Keep a file and give it its ids."""
        number = next(self._numbers)
        unique = hashlib.blake2s(f"{kind}/{number}".encode(), digest_size=8).hexdigest()
        ending = _ENDINGS.get(kind, "." + upload.name.rpartition(".")[2])
        stored = StoredFile(
            file_id=f"AgACAgQAAxkB{unique}{kind}",
            file_unique_id=f"AQAD{unique}",
            kind=kind,
            path=f"{_FOLDERS.get(kind, kind)}/file_{number}{ending}",
            name=upload.name,
            mime_type=upload.mime_type,
            content=upload.content,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def known(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file with this download path."""
        return self._by_path.get(path)

    def describe(self, file_id: str) -> Json:
        """The answer of `getFile`."""
        stored = self.known(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.content) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return {**stored.reference(), "file_path": stored.path}
