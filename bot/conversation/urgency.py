"""
Whether a message presses, so that the coach sees its conversation before others.
"""

from bot.content.pack import Pack
from bot.understanding.text import tokens


def is_urgent(pack: Pack, text: str) -> bool:
    """
    Whether all the words of a line of `urgent` in `pack.yaml` stand in a text, in any order.
    """
    found = set(tokens(text))
    lines = (line for language in pack.manifest.urgent.values() for line in language)
    return any(found.issuperset(tokens(line)) for line in lines)
