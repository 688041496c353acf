"""
What coaches taught the bot goes into the files of a pack, for version control.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.content.check import load_pack
from bot.content.layers import OverlayReader
from bot.content.overlay import Overlay, OverlayError, with_lines, write_whole
from bot.content.pack import Pack, PackReader
from bot.content.problems import PackError


@dataclass(frozen=True, slots=True)
class Merged:
    """
    A file that got something from the overlay.

    Parameters:
        path: The file, relative to the pack.
        content: What stands in it now.
        examples: How many examples it got; none for a FAQ entry.
    """

    path: Path
    content: bytes
    examples: int = 0


def export(directory: Path, overlay: Overlay, target: Path | None = None) -> list[Merged]:
    """
    Merge an overlay into the pack it lies over, and empty it; or into a copy of the pack, and keep it. What does not
    fit the pack stays in the overlay.

    Parameters:
        directory: The folder of the pack.
        overlay: The overlay.
        target: Where to put the copy; a folder that does not exist or is empty.

    Returns:
        The files that were merged, sorted; none if there was nothing to merge.

    Raises:
        OverlayError: The pack or what it becomes has faults, or a folder cannot be written.
    """
    try:
        pack = load_pack(directory, overlay.folder)
    except PackError as error:
        text = (
            f"the pack and what was taught have {len(error.problems)} problems together; python -m bot check lists them"
        )
        raise OverlayError(text) from error
    merged = sorted(_merged(pack, overlay.folder), key=lambda file: file.path)
    if target is not None and merged:
        _write(_copy(directory, target), merged)
    elif target is None:
        _write(directory, merged)
        layer = OverlayReader(overlay.folder)
        layer.lay_over(PackReader(directory).read())
        try:
            overlay.keep_only(layer.rest)
        except OSError as error:
            raise OverlayError(f"merged, but {overlay.folder} cannot be emptied: {error.strerror}") from error
    return merged


def _merged(pack: Pack, overlay: Path) -> Iterator[Merged]:
    """
    The files of the pack that the overlay changes, as they become.
    """
    for language, content in pack.languages.items():
        for intent, examples in content.examples.items():
            texts = [example.text for example in examples if overlay in example.path.parents]
            if texts:
                path = Path(language, "examples", f"{intent}.txt")
                yield Merged(path, with_lines((pack.directory / path).read_bytes(), texts), len(texts))
        for entry in content.faq.values():
            if overlay in entry.body.path.parents:
                path, new = Path(language, "faq", f"{entry.id}.md"), entry.body.path.read_bytes()
                if not (pack.directory / path).is_file() or (pack.directory / path).read_bytes() != new:
                    yield Merged(path, new)


def _copy(directory: Path, target: Path) -> Path:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OverlayError(f"{target} is there already: name a folder that does not exist or is empty")
    if directory.resolve() in target.resolve().parents:
        raise OverlayError(f"{target} is inside the pack: name a folder outside")
    try:
        shutil.copytree(directory, target, dirs_exist_ok=True)
    except OSError as error:
        raise OverlayError(f"{target} cannot be written: {error.strerror or error}") from error
    return target


def _write(directory: Path, merged: list[Merged]) -> None:
    """
    Write all files first beside what they replace, so that a folder that cannot be written is left as it is.
    """
    drafts = {directory / file.path: (directory / file.path).with_suffix(".part") for file in merged}
    try:
        for file in merged:
            write_whole(drafts[directory / file.path], file.content, directory / "merge.part")
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        for draft in (*drafts.values(), directory / "merge.part"):
            with suppress(OSError):
                draft.unlink()
        raise OverlayError(f"{directory} cannot be written: {error.strerror}") from error
