"""
Which language a post is in: what sites declare is often what their software came with.
"""

import re
from collections.abc import Collection
from functools import cache

import justext

_NAMES = {"fr": "French", "en": "English", "es": "Spanish", "de": "German", "it": "Italian", "pt": "Portuguese"}
_LOOKED_AT = 300
"""
Words of a post by which its language is told.
"""
_ENOUGH = 0.25
"""
The share of small words (articles, pronouns …) from which a text is in a language: running text has 40 to 60 %.
"""


def language_of(text: str, languages: Collection[str], declared: str) -> str:
    """
    The language of a text by its small words, among all that are known; what is declared where the text is too short or
    in another language.

    Parameters:
        text: The post.
        languages: The languages of the pack; the first is taken when nothing tells.
        declared: What the post or its site says, or an empty string.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())[:_LOOKED_AT]
    shares = {name: sum(word in _small_words(name) for word in words) / max(1, len(words)) for name in _NAMES}
    best = max(shares, key=lambda name: (shares[name], name == declared))
    if len(words) >= 20 and shares[best] >= _ENOUGH:  # noqa: PLR2004 (words: fewer are a heading)
        return best
    return declared or next(iter(languages))


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(justext.get_stoplist(_NAMES[language]))
