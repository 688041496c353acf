"""
What a broadcast needs from the channel.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.model import Broadcast
from bot.storage.deliveries import Recipient


class Outcome(StrEnum):
    """
    What became of one delivery. `LATER` and `AGAIN` certainly did not arrive: Telegram wants a pause, or could not be
    reached; `CONTENT` means that nobody would get this message; `BROKEN` that the bot itself failed, at whatever point.
    """

    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LATER = "later"
    AGAIN = "again"
    CONTENT = "content"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Delivered:
    """
    What became of one delivery, with everything there is to know.

    Parameters:
        outcome: In a word.
        message: The number of the message in the recipient's chat, if it was sent.
        wait: Seconds that Telegram wants to be left alone.
        why: What Telegram said against it, or what kind of error broke it.
    """

    outcome: Outcome
    message: int | None = None
    wait: float = 0.0
    why: str = ""


class Carrier(Protocol):
    """
    Sends one message to one person.
    """

    async def room(self) -> None:
        """
        Wait until no answer to somebody is on its way: answers go first.
        """

    async def deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        Make one attempt.
        """

    async def progressed(self, broadcast: Broadcast, *, rate: float, over: bool) -> None:
        """
        Show how far a broadcast has come; called every few seconds, and once when it is over.

        Parameters:
            broadcast: Which.
            rate: Messages a second, as they go now.
            over: Whether it does not go on.
        """
