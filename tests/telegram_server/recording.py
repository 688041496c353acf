"""
What tests look at afterwards, and how they wait for it without sleeping.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """How a call ended, seen from the server."""

    status: int
    """The HTTP status; 0 when the connection was dropped without an answer."""
    description: str = ""
    """Telegram's error text, empty on success."""
    performed: bool = True
    """Whether the call took effect, which a caller whose connection dropped cannot know."""
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether the caller got a success."""
        return self.status == 200


@dataclass(frozen=True)
class Call:
    """One call of the Bot API, recorded when it ended."""

    method: str
    parameters: Mapping[str, Any]
    time: float
    """The server clock when the call arrived."""
    outcome: Outcome
    files: tuple[str, ...] = field(default=())
    """The names of the uploaded files."""

    @property
    def chat_id(self) -> int | str | None:
        """The chat the call addressed, if any."""
        return self.parameters.get("chat_id")


class Changes:
    """A bell that rings whenever something on the server changed."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._bell = asyncio.Event()

    def notify(self) -> None:
        """Wake everyone who waits; each looks again at what it waits for."""
        self._bell.set()
        self._bell = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], T | None], within: float, describe: Callable[[], str]) -> T:
        """The first true answer of the predicate, or TimeoutError with a description of what there was instead."""
        try:
            async with asyncio.timeout(within):
                while not (found := predicate()):
                    await self._bell.wait()
        except TimeoutError:
            raise TimeoutError(f"not seen within {within:g} s; {describe()}") from None
        return found
