"""
Finding the request in a long story: its sentences, and how likely each is to hold what is asked.

A story of a hundred words names many things in passing. Its sentences are therefore read one by one besides the whole,
and those that ask (a question mark, a verb of asking, the last word of the story) count most.
"""

import re
from dataclasses import dataclass

from bot.understanding.text import sentences

LONG = 30
"""
Words from which a message is read sentence by sentence.
"""
SHARE = 0.5
"""
What the sentences count beside the whole message, which counts one; learned on held-back long examples.
"""

_FEWEST_WORDS, _MOST_WORDS, _WINDOW, _STEP = 4, 28, 22, 14
_ASKING = re.compile(
    r"\?|\b(?:comment|est ce que|est-ce que|dois|faut|puis-je|que faire|quoi faire|fais quoi|conseils?|aide[rz]?"
    r"|besoin|voudrais|aimerais|cherche|pourquoi|quel(?:le)?s?|savoir|par où|par ou"
    r"|how|should|can i|what|where|why|which|help|advice|need|want to|would like|do i|is it|tips?)\b",
    re.IGNORECASE,
)
_BASE, _ASKS, _QUESTION, _LAST = 0.3, 1.0, 1.0, 0.7


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A sentence of a long message, or a stretch of words where nothing ends a sentence.

    Parameters:
        text: The sentence.
        weight: How likely the request stands in it; the weights of a message sum to one.
    """

    text: str
    weight: float


def segments(utterance: str) -> list[Segment]:
    """
    The sentences of a long message with their weights; none for a message under `LONG` words.
    """
    if len(utterance.split()) < LONG:
        return []
    texts = _joined([piece for sentence in sentences(utterance) for piece in _stretches(sentence)])
    last = len(texts) - 1
    raw = [
        _BASE + _ASKS * bool(_ASKING.search(text)) + _QUESTION * ("?" in text) + _LAST * (position == last)
        for position, text in enumerate(texts)
    ]
    return [Segment(text, weight / sum(raw)) for text, weight in zip(texts, raw, strict=True)]


def _stretches(sentence: str) -> list[str]:
    """
    A sentence, or overlapping stretches of one that goes on without end.
    """
    words = sentence.split()
    if len(words) <= _MOST_WORDS:
        return [sentence]
    return [" ".join(words[start : start + _WINDOW]) for start in range(0, len(words), _STEP)]


def _joined(texts: list[str]) -> list[str]:
    """
    The texts, with those of a few words joined to the one before.
    """
    joined: list[str] = []
    for text in texts:
        if joined and len(text.split()) < _FEWEST_WORDS:
            joined[-1] += f" {text}"
        else:
            joined.append(text)
    return joined
