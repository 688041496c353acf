"""
The one way to a usable pack: read it, hold it against every rule, report everything at once.
"""

from pathlib import Path

from bot.content.layers import OverlayReader
from bot.content.pack import Pack, PackReader
from bot.content.problems import PackError
from bot.content.rules import RULES


def load_pack(directory: Path, overlay: Path | None = None) -> Pack:
    """
    Read a pack, lay what coaches taught over it, and make sure that it can be used.

    Parameters:
        directory: The folder of the pack.
        overlay: The folder of what coaches taught; it need not exist.

    Raises:
        PackError: It has faults; the error holds all of them, sorted by file and line.
    """
    reader = PackReader(directory)
    pack = reader.read()
    faults = list(reader.problems)
    if overlay is not None:
        layer = OverlayReader(overlay)
        pack = layer.lay_over(pack)
        faults += layer.problems
    problems = {*faults, *(problem for rule in RULES for problem in rule(pack))}
    if problems:
        raise PackError(sorted(problems))
    return pack
