"""
How learning tells how far it has come.
"""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""
Told what is being done and how much is done, from 0 to 1.
"""


def unseen(what: str, share: float) -> None:
    """
    A `Progress` that nobody watches.
    """
