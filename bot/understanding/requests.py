"""
Finding the request: between greeting and thanks, and among the sentences of a long story.

A story of a hundred words names many things in passing. Its sentences are therefore read one by one besides the whole,
and those that ask (a question mark, a verb of asking, the last word of the story) count most.
"""

import re
from dataclasses import dataclass

from bot.understanding.text import sentences, word_count

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
_GREETING = (
    r"(?:bonjours?|bonsoir|bjr|bsr|salut|slt|coucou|cc|hello|hi|hiya|hey|good (?:morning|evening|afternoon))"
    r"(?:\s+(?:madame|monsieur|[àa] tous|tout le monde|there|all|everyone))?\b"
)
_THANKS = (
    r"(?:(?:un |très )?grand |mille )?mercis?|mrc|mci|je (?:vous|te) remercie|thanks|thank you|thx|ty|cheers"
    r"|cordialement|bien à vous|(?:kind |best )?regards|(?:très )?bonne (?:journ[ée]e|soir[ée]e|nuit)"
    r"|have a (?:good|nice|great) (?:day|evening|one)"
)
_MORE_THANKS = (
    r"(?:d'|par )avance|beaucoup|bcp|infiniment|[àa] (?:vous|toi)|in advance|a lot|so much|very much|et|and"
    r"|pour (?:votre|ton|ta) (?:aide|r[ée]ponse|temps|retour)|for your (?:help|time|answer|reply)"
)
_BEFORE = re.compile(rf"^(?:{_GREETING}[\s,.!:;-]*)+", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?<![^\s,.!?:;-])(?:{_THANKS})(?:[\s,.!:;-]+(?:{_THANKS}|{_MORE_THANKS}))*[\s,.!:;-]*$", re.IGNORECASE
)
_LONGEST_THANKS, _FEWEST_BETWEEN = 100, 2
"""
The characters at the end that are looked at, and how many words must be left.
"""
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


def without_courtesies(utterance: str) -> str:
    """
    An utterance without the greeting before it and the thanks behind it, if enough stands between: nearly everybody
    greets and thanks, and a short request would drown in it.

    Parameters:
        utterance: What a person wrote, cleaned.
    """
    start = _BEFORE.match(utterance)
    asked = utterance[start.end() :] if start else utterance
    asked = asked[:-_LONGEST_THANKS] + _BEHIND.sub("", asked[-_LONGEST_THANKS:])
    return asked if asked == utterance or word_count(asked) >= _FEWEST_BETWEEN else utterance


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
