"""
What coaches taught the bot, written: examples and FAQ entries in a folder of their own, in the formats of a pack, with
a journal by which each change can be undone.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.content.drafts import FaqDraft, as_line, entry_id, faq_file
from bot.content.layers import OWNER
from bot.content.lesson import Change, ChangeKind
from bot.content.pack import Pack
from bot.content.rules import same_message_key

_JOURNAL = "changes.jsonl"
_DRAFT = "change.part"
_LANGUAGE, _ID = re.compile(r"[a-z]{2}"), re.compile(r"[a-z0-9_]{1,40}")


class OverlayError(Exception):
    """
    A change cannot be made or undone. The message says why, in one line.
    """


@dataclass(frozen=True, slots=True)
class _Entry:
    """
    A change in the journal, with what it takes to undo it.

    Parameters:
        change: The change.
        path: The file, relative to the overlay.
        before: What stood in it, or None if there was none. Bytes that are no UTF-8 are kept as lone surrogates.
        after: The digest of what stood in it then.
    """

    change: Change
    path: str
    before: str | None
    after: str

    def line(self) -> str:
        return json.dumps({**asdict(self.change), "path": self.path, "before": self.before, "after": self.after})

    @classmethod
    def read(cls, line: str) -> "_Entry":
        values = json.loads(line)
        path, before, after = (values.pop(name) for name in ("path", "before", "after"))
        return cls(Change(**{**values, "kind": ChangeKind(values["kind"])}), path, before, after)


class Overlay:
    """
    The folder of what coaches taught; made when there is something to keep. One process may write at a time.

    Parameters:
        folder: The folder.
        blog: The name of the blog whose pack it is for; any if empty.
        clock: Tells the time.
    """

    def __init__(self, folder: Path, blog: str = "", clock: Callable[[], float] = time.time) -> None:
        self.folder = folder.absolute()
        self._blog = blog
        self._clock = clock

    def add_examples(self, language: str, intent: str, texts: Iterable[str]) -> Change:
        """
        Let the bot know what people write when they mean an intent. What stands here already is not written again.

        Parameters:
            language: The language of the texts.
            intent: The intent, or `OUT_OF_SCOPE`.
            texts: What people wrote.

        Raises:
            OverlayError: There is nothing new among them, or this is the overlay of another pack.
            OSError: The folder cannot be written.
        """
        path = self._path(language, "examples", intent, ".txt")
        before = _content(path) or b""
        known = {same_message_key(line) for line in before.decode("utf-8", "replace").split("\n")}
        new: dict[str, str] = {}
        for line in filter(None, map(as_line, texts)):
            if (key := same_message_key(line)) not in known:
                new.setdefault(key, line)
        if not new:
            raise OverlayError("there is nothing new to learn in this")
        change = Change(ChangeKind.EXAMPLES, language, intent, len(new), self._clock())
        return self._make(change, path, with_lines(before, new.values()))

    def add_faq(self, language: str, entry_id: str, draft: FaqDraft) -> Change:
        """
        Add a FAQ entry, or put it in the place of the one with this id.

        Parameters:
            language: The language of the entry.
            entry_id: Its id.
            draft: What the coach wrote.

        Raises:
            OverlayError: This is the overlay of another pack.
            OSError: The folder cannot be written.
        """
        path = self._path(language, "faq", entry_id, ".md")
        change = Change(ChangeKind.FAQ, language, entry_id, 1, self._clock())
        return self._make(change, path, faq_file(draft).encode())

    def new_entry_id(self, question: str, pack: Pack) -> str:
        """
        An id for a new FAQ entry that neither the pack nor the overlay has, in whatever language.
        """
        taken = {name for content in pack.languages.values() for name in content.faq}
        return entry_id(question, taken | {path.stem for path in self.folder.glob("*/faq/*.md")})

    def changes(self) -> list[Change]:
        """
        What was taught, newest first.

        Raises:
            OverlayError: The journal cannot be read.
        """
        return [entry.change for entry in reversed(self._entries())]

    def undo(self) -> Change | None:
        """
        Take the last change back: its file is what it was before, byte for byte.

        Returns:
            The change, or None if there was none.

        Raises:
            OverlayError: The file was changed by other hands since, or the journal cannot be read.
            OSError: The folder cannot be written.
        """
        entries = self._entries()
        if not entries:
            return None
        last = entries.pop()
        path = self.folder / last.path
        before = None if last.before is None else last.before.encode("utf-8", "surrogateescape")
        now = _content(path)
        if now != before:
            if now is None or _digest(now) != last.after:
                raise OverlayError(
                    f"{path} was changed by other hands since: what was taught last cannot be taken back"
                )
            self._write(path, before)
        self._note(entries)
        return last.change

    def keep_only(self, rest: dict[Path, tuple[str, ...]]) -> None:
        """
        Empty files, but for some lines, once a pack has what stood in them; what was taught so far cannot be undone
        any more.

        Parameters:
            rest: By file, the lines that stay.

        Raises:
            OSError: The folder cannot be written.
        """
        self._note([])
        for path, lines in rest.items():
            self._write(path, with_lines(b"", lines) or None)

    def _make(self, change: Change, path: Path, after: bytes) -> Change:
        self._claim()
        before = _content(path)
        old = None if before is None else before.decode("utf-8", "surrogateescape")
        # The journal first: whatever happens in between, what stands in it can be undone.
        entry = _Entry(change, path.relative_to(self.folder).as_posix(), old, _digest(after))
        self._note([*self._entries(), entry])
        self._write(path, after)
        return change

    def _claim(self) -> None:
        """
        Take note of whose pack the overlay is for.
        """
        path = self.folder / OWNER
        owner = (_content(path) or b"").decode("utf-8", "replace").strip()
        if owner and self._blog and owner != self._blog:
            raise OverlayError(
                f"{self.folder} holds what was taught to {owner}, not to {self._blog}: set TREMPLIN_OVERLAY to another "
                f"folder, or correct {OWNER} in it"
            )
        if not owner and self._blog:
            self._write(path, f"{self._blog}\n".encode())

    def _entries(self) -> list[_Entry]:
        try:
            return [_Entry.read(line) for line in (_content(self.folder / _JOURNAL) or b"").decode().splitlines()]
        except (ValueError, KeyError, TypeError) as error:
            raise OverlayError(f"{self.folder / _JOURNAL} cannot be read ({type(error).__name__})") from error

    def _note(self, entries: list[_Entry]) -> None:
        self._write(self.folder / _JOURNAL, "".join(f"{entry.line()}\n" for entry in entries).encode() or None)

    def _write(self, path: Path, content: bytes | None) -> None:
        if content is None:
            path.unlink(missing_ok=True)
        else:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, content, self.folder / _DRAFT)

    def _path(self, language: str, kind: str, name: str, suffix: str) -> Path:
        if not _LANGUAGE.fullmatch(language) or not _ID.fullmatch(name):
            raise ValueError(f"{language}/{name} is no language and id")
        return self.folder / language / kind / f"{name}{suffix}"


def with_lines(content: bytes, lines: Iterable[str]) -> bytes:
    """
    What stands in a file once some lines are added.
    """
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    return content + gap + "".join(f"{line}\n" for line in lines).encode()


def write_whole(path: Path, content: bytes, draft: Path) -> None:
    """
    Write a file all or nothing.

    Parameters:
        path: The file; its folder is made.
        content: What shall stand in it.
        draft: Where to write it first, on the same disk.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
