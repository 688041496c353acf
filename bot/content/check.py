"""
The one way to a usable pack: read it, hold it against every rule, report everything at once.
"""

from pathlib import Path

from bot.content.pack import Pack, PackReader
from bot.content.problems import PackError, Problem
from bot.content.rules import RULES


def load_pack(directory: Path) -> Pack:
    """
    Read a pack and make sure that it can be used.

    Raises:
        PackError: It has faults; the error holds all of them, sorted by file and line.
    """
    reader = PackReader(directory)
    pack = reader.read()
    problems = {*reader.problems, *(problem for rule in RULES for problem in rule(pack))}
    if problems:
        raise PackError(sorted(problems))
    return pack


def check_pack(directory: Path) -> list[Problem]:
    """
    Every fault of the pack in a directory; an empty list means it can be used.
    """
    try:
        load_pack(directory)
    except PackError as error:
        return error.problems
    return []
