"""
The buttons of broadcasts: each says what it does, and to which one.
"""

from typing import Any

from bot.channels.telegram.desk.place import Desk, desk_button
from bot.content.phrases import Phrase
from bot.model import Button

VERB = "b"
"""
What their payloads begin with, among those of the desk.
"""


def bulk_button(desk: Desk, name: Phrase, what: str, broadcast: int, **values: Any) -> Button:
    """
    A button labelled with a short text of the pack.
    """
    return labelled_button(desk.plain(name, **values), what, broadcast)


def labelled_button(label: str, what: str, broadcast: int, *values: str) -> Button:
    """
    A button with a label of its own.
    """
    return desk_button(label, VERB, what, str(broadcast), *values)
