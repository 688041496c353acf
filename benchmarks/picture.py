"""
The picture in README.md: a real conversation with the shipped pack, drawn by rich.

    python -m benchmarks.picture docs/conversation.svg
"""

import argparse
import asyncio
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.app import build
from bot.channels.console import ConsoleChat
from bot.settings import Settings

_LINES = ("j'ai un entretien jeudi et jme connais je vais perdre mes moyens", "merci !")
_WIDTH = 88


class ScriptedConsole(Console):
    """
    A terminal at which somebody types lines that were written before.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        super().__init__(file=StringIO(), record=True, width=_WIDTH, force_terminal=True)
        self._lines = lines

    def input(self, prompt: object = "", **_: object) -> str:
        """
        Type the next line.

        Raises:
            EOFError: There is none.
        """
        line = next(self._lines, None)
        if line is None:
            raise EOFError
        self.print(prompt, end="")
        self.print(line, style="bold")
        return line


def main() -> None:
    """
    Hold the conversation and draw it.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write the SVG")
    options = parser.parse_args()
    bot = build(Settings(_env_file=None))
    console = ScriptedConsole(iter(_LINES))
    asyncio.run(ConsoleChat(bot.router, console).run())
    picture = console.export_svg(title="make chat")
    # rich asks a font server for its font; the picture must not ask anybody for anything.
    options.file.write_text(re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
