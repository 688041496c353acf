"""
How the desk runs, and the broadcasts that are prepared there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.telegram.account import AccountRules
from bot.channels.telegram.desk.office import Figures, Teaching
from bot.channels.telegram.desk.place import Rules
from bot.storage.coaches import Role


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """
    How broadcasts go.

    Parameters:
        rate: Messages a second at most.
        paid: Whether to pay Telegram for going faster.
        is_night: Whether it is night in a time zone; an empty string stands for that of the settings.
    """

    rate: float = 25.0
    paid: bool = False
    is_night: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class StationOptions:
    """
    How the desk runs.

    Parameters:
        rules: What whoever hosts the bot has set.
        coaches: Who may use it from the start, by their keys.
        figures: Counts what happened; None if nothing counts.
        teaching: Changes what the bot knows; None if it cannot be changed.
        account: When the bot answers in coaches' own accounts.
        bulk: How broadcasts go.
        clock: Seconds since 1970.
    """

    rules: Rules = field(default_factory=Rules)
    coaches: Mapping[str, Role] = field(default_factory=dict)
    figures: Figures | None = None
    teaching: Teaching | None = None
    account: AccountRules = field(default_factory=AccountRules)
    bulk: BulkOptions = field(default_factory=BulkOptions)
    clock: Callable[[], float] = time.time
