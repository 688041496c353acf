"""
Finding the FAQ entry that answers a question, whatever words it is asked in.

Two things speak for an entry: one of its wordings is like the utterance, and its whole text (question and answer) is
about the same. Both are told by the features they share and by what the intent classifier makes of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from bot.content.pack import FaqEntry
from bot.content.render import with_form
from bot.model import Form
from bot.understanding.features import FeatureExtractor, Features, alone
from bot.understanding.scoring import Scored, score
from bot.understanding.weights import Floats, Weights

_WORDING = {"word": 0.20, "concept": 0.11}
_WORDING_INTENT = 0.10
_TEXT = {"sound": 0.16, "concept": 0.22}
_TEXT_INTENT, _TEXT_LEANING = 0.10, 0.11
"""
What each likeness counts; together 1. They are what a logistic regression makes of the shipped FAQ (none below zero),
asked in its other wordings, with each entry known by its question alone, and known by all wordings but the one asked.
"""
_SOFTNESS = 0.7
"""
How much flatter intents are compared than they are told apart: a short question names its intent by halves.
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
        self._wordings = _Likeness([scored.features for _, scored in wordings], _WORDING, self._rarity)
        self._wording_intents = np.array([self._profile(scored.scores) for _, scored in wordings], np.float32)
        self._texts = _Likeness([scored.features for scored in texts], _TEXT, self._rarity)
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
        profile = self._profile(scored.scores)
        likeness = self._wordings.of(scored.features) + _WORDING_INTENT * (self._wording_intents @ profile)
        total = self._texts.of(scored.features) + _TEXT_INTENT * (self._text_intents @ profile)
        total += _TEXT_LEANING * (self._text_leanings @ _leaning(scored.scores))
        best = np.full(len(self._entries), -np.inf, np.float32)
        np.maximum.at(best, self._owner, likeness)
        total += best
        order = np.argsort(-total, kind="stable")[:count]
        return [FaqMatch(self._entries[position], round(max(0.0, float(total[position])), 4)) for position in order]

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
        documents: Their features.
        groups: What each feature group counts.
        rarity: How rare a feature is.
    """

    def __init__(
        self, documents: Sequence[Features], groups: Mapping[str, float], rarity: Callable[[str, str], float]
    ) -> None:
        self._groups, self._rarity, self._count = groups, rarity, len(documents)
        names = ((group, name) for features in documents for group in groups for name in alone(features, group))
        self._columns = {key: column for column, key in enumerate(dict.fromkeys(names))}
        vectors = [self._vector(features, dict.fromkeys(groups, 1.0)) for features in documents]
        rows = np.repeat(np.arange(len(vectors)), [len(columns) for columns, _ in vectors])
        columns = np.array([column for columns, _ in vectors for column in columns], np.int64)
        values = np.array([value for _, values in vectors for value in values], np.float32)
        shape = (max(1, len(vectors)), max(1, len(self._columns)))
        matrix = scipy.sparse.csc_matrix((values, (rows, columns)), shape)
        self._rows, self._values, self._starts = matrix.indices, matrix.data, matrix.indptr.tolist()

    def of(self, features: Features) -> Floats:
        """
        How like each document is; a product with a sparse matrix, without what setting up a sparse vector costs.
        """
        columns, values = self._vector(features, self._groups)
        if not columns:
            return np.zeros(self._count, np.float32)
        parts = [slice(self._starts[column], self._starts[column + 1]) for column in columns]
        rows = np.concatenate([self._rows[part] for part in parts])
        products = np.concatenate([self._values[part] * value for part, value in zip(parts, values, strict=True)])
        return np.bincount(rows, products, minlength=self._count).astype(np.float32)

    def _vector(self, features: Features, groups: Mapping[str, float]) -> tuple[list[int], list[float]]:
        """
        The columns that features touch, and their values: each group as long as it counts, were all its features known.
        """
        columns: list[int] = []
        values: list[float] = []
        for group, weight in groups.items():
            counts = Counter(alone(features, group))
            found = {name: (1 + np.log(count)) * self._rarity(group, name) for name, count in counts.items()}
            length = np.sqrt(sum(value * value for value in found.values()))
            for name, value in found.items():
                column = self._columns.get((group, name))
                if column is not None:
                    columns.append(column)
                    values.append(float(weight * value / length))
        return columns, values


def _leaning(scores: Floats) -> Floats:
    """
    The decision values less their mean, scaled to length one: what speaks against intents counts here too.
    """
    centred = scores - scores.mean()
    return np.asarray(centred / np.linalg.norm(centred), np.float32)


def _text(entry: FaqEntry) -> str:
    return f"{entry.header.question} {_MARKUP.sub(' ', with_form(entry.body.source, Form.VOUS))}"
