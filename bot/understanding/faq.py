"""
Finding the FAQ entry that answers a question, whatever words it is asked in.

Two things speak for an entry: one of its wordings is like the utterance, and its whole text (question and answer) is
about the same. Both are told by the features they share and by what the intent classifier makes of them.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.content.pack import FaqEntry
from bot.content.render import with_form
from bot.model import Form
from bot.understanding.features import FeatureExtractor, Features, alone
from bot.understanding.scoring import Scored, score
from bot.understanding.weights import Floats, Indices, Weights

_WORDING = {"word": 0.20, "concept": 0.11}
_WORDING_INTENT = 0.10
_TEXT = {"sound": 0.16, "concept": 0.22}
_TEXT_INTENT, _TEXT_LEANING = 0.10, 0.11
"""
What each likeness counts; together 1. They are what a logistic regression makes of the shipped FAQ (none below zero),
asked in its other wordings, with each entry known by its question alone, and known by all wordings but the one asked.
"""
_GROUPS = tuple(dict.fromkeys((*_WORDING, *_TEXT)))
_SOFTNESS = 0.6
"""
How much flatter intents are compared than they are told apart: a short question names its intent by halves.
"""
_Vectors = dict[str, dict[str, float]]
"""
By group, by feature: its value.
"""

_MARKUP = re.compile(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """
    A FAQ entry and how close it is to what was asked, from 0 to 1.
    """

    entry: str
    score: float


class FaqIndex:
    """
    The FAQ of one language.

    Parameters:
        entries: The entries by id.
        language: Their language.
        extractor: Makes the features.
        weights: The intent classifier, for the likeness of intents.
    """

    def __init__(
        self, entries: Mapping[str, FaqEntry], language: str, extractor: FeatureExtractor, weights: Weights
    ) -> None:
        self._entries = list(entries)
        self._weights = weights
        self._rarest = float(weights.vocabulary.idf.max())
        wordings = [
            (position, score(wording, language, extractor, weights))
            for position, entry in enumerate(entries.values())
            for wording in (entry.header.question, *entry.header.also)
        ]
        texts = [score(_text(entry), language, extractor, weights) for entry in entries.values()]
        self._owner = np.array([position for position, _ in wordings], np.int64)
        self._wordings = _Likeness([self._vectors(scored.features) for _, scored in wordings], _WORDING)
        self._wording_intents = np.array([self._profile(scored.scores) for _, scored in wordings], np.float32)
        self._texts = _Likeness([self._vectors(scored.features) for scored in texts], _TEXT)
        self._text_intents = np.array([self._profile(scored.scores) for scored in texts], np.float32)
        self._text_leanings = np.array([_leaning(scored.scores) for scored in texts], np.float32)

    def find(self, scored: Scored, count: int) -> list[FaqMatch]:
        """
        The closest entries, best first.

        Parameters:
            scored: The utterance's features and decision values.
            count: How many at most.
        """
        if not self._entries:
            return []
        profile, vectors = self._profile(scored.scores), self._vectors(scored.features)
        likeness = self._wordings.of(vectors) + _WORDING_INTENT * (self._wording_intents @ profile)
        total = self._texts.of(vectors) + _TEXT_INTENT * (self._text_intents @ profile)
        total += _TEXT_LEANING * (self._text_leanings @ _leaning(scored.scores))
        best = np.full(len(self._entries), -np.inf, np.float32)
        np.maximum.at(best, self._owner, likeness)
        total += best
        order = np.argsort(-total, kind="stable")[:count]
        return [FaqMatch(self._entries[position], round(max(0.0, float(total[position])), 4)) for position in order]

    def _vectors(self, features: Features) -> _Vectors:
        """
        For each group its features' values by rarity and (sublinear) count, scaled to length one.
        """
        vectors: _Vectors = {}
        for group in _GROUPS:
            counts = Counter(alone(features, group))
            values = {name: (1 + math.log(count)) * self._rarity(group, name) for name, count in counts.items()}
            length = math.hypot(*values.values())
            vectors[group] = {name: value / length for name, value in values.items()}
        return vectors

    def _rarity(self, group: str, name: str) -> float:
        """
        How rare a feature is in all the pack's examples: a FAQ is too small to tell which words are common.
        """
        vocabulary = self._weights.vocabulary
        row = vocabulary.indices[group].get(name)
        return float(vocabulary.idf[row]) if row is not None else self._rarest

    def _profile(self, scores: Floats) -> Floats:
        """
        The softmax of the decision values, scaled to length one.
        """
        scaled = np.exp(_SOFTNESS * self._weights.calibration.sharpness * (scores - scores.max()))
        return np.asarray(scaled / np.linalg.norm(scaled), np.float32)


class _Likeness:
    """
    The cosine between an utterance and each of some documents, group by group, weighted.

    Parameters:
        documents: Their vectors.
        groups: What each feature group counts.
    """

    def __init__(self, documents: Sequence[_Vectors], groups: Mapping[str, float]) -> None:
        self._groups, self._count = groups, len(documents)
        postings: defaultdict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        for position, vectors in enumerate(documents):
            for group in groups:
                for name, value in vectors[group].items():
                    postings[group, name].append((position, value))
        self._postings = {
            key: (np.array([position for position, _ in found], np.int64), np.array([value for _, value in found]))
            for key, found in postings.items()
        }

    def of(self, vectors: _Vectors) -> Floats:
        """
        How like each document is.
        """
        positions: list[Indices] = []
        products: list[NDArray[np.float64]] = []
        for group, weight in self._groups.items():
            for name, value in vectors[group].items():
                if (posting := self._postings.get((group, name))) is not None:
                    positions.append(posting[0])
                    products.append(posting[1] * (weight * value))
        if not positions:
            return np.zeros(self._count, np.float32)
        found = np.bincount(np.concatenate(positions), np.concatenate(products), minlength=self._count)
        return np.asarray(found, np.float32)


def _leaning(scores: Floats) -> Floats:
    """
    The decision values less their mean, scaled to length one: what speaks against intents counts here too.
    """
    centred = scores - scores.mean()
    return np.asarray(centred / np.linalg.norm(centred), np.float32)


def _text(entry: FaqEntry) -> str:
    return f"{entry.header.question} {_MARKUP.sub(' ', with_form(entry.body.source, Form.VOUS))}"
