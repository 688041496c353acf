"""
From what a person typed to the words that count: folding, SMS spellings, stems, sounds, sentences.

Nothing here is learned and nothing is thrown away for good: the features decide what they look at.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from bot.content.letters import unaccented
from bot.understanding.spellings import SPELLINGS

READ_LENGTH = 4000
"""
Characters of a message that are read; Telegram's own limit is 4096.
"""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"))
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "œ": "oe", "æ": "ae", "ß": "ss"})
_ELONGATION = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(r"[^\W_]+(?:'(?=[^\W_]))?|[?!]+|[^\w\s.,;:()\"'«»\-/\\]")
_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+|\n+")
_SHORTEST_STEM, _LONGEST_ENDING = 4, 2
_STEMMERS = {"fr": "french", "en": "english"}


def clean(text: str) -> str:
    """
    The text in one spelling of Unicode, without invisible characters, at most `READ_LENGTH` long.
    """
    return unicodedata.normalize("NFKC", text[:READ_LENGTH]).translate(_INVISIBLE).strip()


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """
    Lower case, no accents, one kind of apostrophe, no letter more than twice in a row ("troooop" -> "troop").
    """
    return _ELONGATION.sub(r"\1\1", unaccented(text.casefold().translate(_QUOTES)))


def tokens(text: str) -> list[str]:
    """
    The words, emoji and runs of ? and ! of a text, folded; an elided word keeps its apostrophe ("j'", "ai").
    """
    return _TOKEN.findall(fold(text))


def words(text: str, language: str) -> list[str]:
    """
    The tokens of a text with SMS spellings written out ("jsp" -> "je", "sais", "pas").
    """
    spellings = SPELLINGS.get(language, {})
    spelled: list[str] = []
    for token in tokens(text):
        expansion = spellings.get(token)
        spelled.extend(expansion.split() if expansion else (token,))
    return spelled


def word_count(text: str) -> int:
    """
    How many words with a letter in them a text has.
    """
    return sum(any(map(str.isalpha, token)) for token in tokens(text))


def sentences(text: str) -> list[str]:
    """
    The sentences of a text, split after . ! ? … and at line ends; never empty strings.
    """
    return [sentence for sentence in map(str.strip, _SENTENCE.split(text)) if sentence]


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """
    The Snowball stem of a folded word; the word itself in a language without a stemmer, or where the stem would be a
    stump that means something else ("connais" is not "con").
    """
    name = _STEMMERS.get(language)
    if name is None:
        return word
    stemmed = str(_stemmer(name).stemWord(word))
    is_stump = len(stemmed) < _SHORTEST_STEM and len(word) - len(stemmed) > _LONGEST_ENDING
    return word if is_stump else stemmed


@lru_cache(maxsize=8)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[^a-z]", ""),
        (r"ph", "f"),
        (r"(?:eau|au)x?", "o"),
        (r"qu|ck|q|c(?![eiyh])|k", "k"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"ss|sc(?=[eiy])|c(?=[eiy])|z", "s"),
        (r"(?:er|ez|et|ai[st]?|ait|ei|aient)$", "e"),
        (r"ai|ei", "e"),
        (r"y", "i"),
        (r"[ae]n(?![aeiouyn])|[ae]m(?=[bp])", "an"),
        (r"(?:ain|ein|in|im(?=[bp]))(?![aeiouyn])", "in"),
        (r"oi", "wa"),
        (r"h", ""),
        (r"(.)\1", r"\1"),
        (r"(?<=.{2})(?:e?s|e?nt|[estdxp])$", ""),
        (r"(?<=.{2})[estdxp]$", ""),
    )
)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """
    A rough key of how a folded French word sounds, so that "entretiens" and "antretien" meet; also kind to English
    typos.

    The rules follow the idea of Phonex (Frédéric Brouard, 1999), reduced to what people confuse when they type fast.
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
