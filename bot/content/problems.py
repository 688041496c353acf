"""
What is wrong with a pack, said so that its author can mend it.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """
    One fault in one place of a pack.

    Parameters:
        path: The file, relative to the pack's directory; the whole path of a file of the overlay.
        line: The line in that file, counted from 1.
        text: What is wrong and, where it is not plain, what to do.
    """

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class PackError(Exception):
    """
    A pack cannot be used. `problems` holds every fault that was found.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
