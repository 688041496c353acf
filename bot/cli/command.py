"""
What a command is. Each module here says it of its own commands; `bot.cli` lists them all, in the order of the help.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings


def _no_options(parser: argparse.ArgumentParser) -> None:
    """
    What a command takes that takes nothing.
    """


@dataclass(frozen=True, slots=True)
class Command:
    """
    A command, as it is called and as its help shows it.

    Parameters:
        name: The word it is called by.
        text: What it does.
        examples: Lines that can be typed.
        run: Does it; returns the exit code.
        add_options: Adds what it takes besides `--pack`.
    """

    name: str
    text: str
    examples: Sequence[str]
    run: Callable[[argparse.Namespace, Settings], int]
    add_options: Callable[[argparse.ArgumentParser], None] = _no_options


def epilog_of(examples: Sequence[str]) -> str:
    """
    What stands below a help text.
    """
    return "\n".join(["examples:", *(f"  {example}" for example in examples)])


def take_pack_behind(action: argparse.ArgumentParser) -> None:
    """
    Let `--pack` stand behind a command's action as well as before it.
    """
    # One that is absent here must not undo one that was given before.
    action.add_argument("--pack", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def positive(text: str) -> int:
    """
    A number from 1 on, as an option's type.

    Raises:
        ArgumentTypeError: It is less.
        ValueError: It is no number.
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
