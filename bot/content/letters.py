"""
Letters without their accents: what two spellings of a word have in common.
"""

import re
import unicodedata

_OF_LATIN_LETTERS = re.compile(r"[\u0300-\u036f]+")
"""
The accents of Latin letters, once taken off them; looking at each character takes ten times longer.
"""


def unaccented(text: str) -> str:
    """
    A text without the accents of its letters, in one spelling of Unicode ("é" -> "e", "ﬁ" -> "fi").
    """
    if text.isascii():
        return text
    plain = _OF_LATIN_LETTERS.sub("", unicodedata.normalize("NFKD", text))
    if plain.isascii():
        return plain
    return "".join(character for character in plain if not unicodedata.combining(character))
