"""
Finding the FAQ entry that answers a question, whatever words it is asked in.

Three things speak for an entry: one of its wordings is like the utterance (shared words, sounds and
concepts), the two look alike to the intent classifier, and the answer names what the utterance names.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from bot.content.pack import FaqEntry
from bot.content.render import with_form
from bot.model import Form
from bot.understanding.features import FeatureExtractor, Features
from bot.understanding.scoring import Scored, score
from bot.understanding.weights import Floats, Indices, Weights

_GROUP_WEIGHTS = {"word": 1.0, "sound": 0.4, "concept": 2.0}
_WORDING, _INTENT, _ANSWER = 1.0, 1.0, 0.5
"""
What each of the three counts; chosen on the shipped FAQ with each entry known by its question alone.
"""
_SOFTNESS = 0.7
"""
How much flatter intents are compared than they are told apart: a short question names its intent by halves.
"""
_ANSWER_GROUPS = {"word": 1.0, "sound": 0.5, "concept": 1.0}
_MARKUP = re.compile(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}")
_UNKNOWN = 0.25
"""
How much features that no wording has lengthen an utterance's vector: a question full of other words is further away.
"""


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
        self._owner = np.array([position for position, _ in wordings], np.int64)
        self._columns = self._number(scored.features for _, scored in wordings)
        self._idf = np.array([self._rarity(group, name) for group, name in self._columns], np.float32)
        self._matrix = self._stack([scored.features for _, scored in wordings])
        self._starts = self._matrix.indptr.tolist()
        self._intents = np.array([self._profile(scored.scores) for _, scored in wordings], np.float32)
        answers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for position, entry in enumerate(entries.values()):
            text = f"{entry.header.question} {_MARKUP.sub(' ', with_form(entry.body.source, Form.VOUS))}"
            features = extractor.extract(text, language)
            for group in _ANSWER_GROUPS:
                for name in set(features[group]):
                    answers[group, name].append(position)
        self._answers = {key: np.array(positions, np.int64) for key, positions in answers.items()}
        self._rarities = {key: self._rarity(*key) for key in self._answers}

    def find(self, scored: Scored, count: int) -> list[FaqMatch]:
        """
        The closest entries, best first.

        Parameters:
            scored: The utterance's features and decision values.
            count: How many at most.
        """
        if not self._entries:
            return []
        likeness = _WORDING * self._wording(scored.features) + _INTENT * (self._intents @ self._profile(scored.scores))
        best = np.zeros(len(self._entries), np.float32)
        np.maximum.at(best, self._owner, likeness)
        total = (best + _ANSWER * self._coverage(scored.features)) / (_WORDING + _INTENT + _ANSWER)
        order = np.argsort(-total, kind="stable")[:count]
        return [FaqMatch(self._entries[position], round(float(total[position]), 4)) for position in order]

    def _coverage(self, features: Features) -> Floats:
        """
        For each entry, the share of what the utterance names that its question and answer name too, by rarity.
        """
        answering: list[Indices] = []
        counts: list[float] = []
        total = 0.0
        for group, weight in _ANSWER_GROUPS.items():
            for name in set(features[group]):
                known = self._rarities.get((group, name))
                rarity = weight * (self._rarity(group, name) if known is None else known)
                total += rarity
                if known is not None:
                    answering.append(self._answers[group, name])
                    counts.append(rarity)
        if not answering:
            return np.zeros(len(self._entries), np.float32)
        rarities = np.repeat(counts, [len(entries) for entries in answering])
        found = np.bincount(np.concatenate(answering), rarities, minlength=len(self._entries))
        return np.asarray(found / total, np.float32)

    def _rarity(self, group: str, name: str) -> float:
        """
        How rare a feature is in all the pack's examples: a FAQ is too small to tell which words are common.
        """
        vocabulary = self._weights.vocabulary
        row = vocabulary.indices[group].get(name)
        return float(vocabulary.idf[row]) if row is not None else self._rarest

    @staticmethod
    def _number(documents: Iterable[Features]) -> dict[tuple[str, str], int]:
        names = ((group, name) for features in documents for group in _GROUP_WEIGHTS for name in features[group])
        return {key: column for column, key in enumerate(dict.fromkeys(names))}

    def _wording(self, features: Features) -> Floats:
        """
        How like each wording is; a product with a sparse matrix, without what setting up a sparse vector costs.
        """
        columns, values = self._vector(features)
        if not columns:
            return np.zeros(len(self._owner), np.float32)
        matrix_rows, matrix_values = self._matrix.indices, self._matrix.data
        parts = [slice(self._starts[column], self._starts[column + 1]) for column in columns]
        rows = np.concatenate([matrix_rows[part] for part in parts])
        products = np.concatenate([matrix_values[part] * value for part, value in zip(parts, values, strict=True)])
        return np.bincount(rows, products, minlength=len(self._owner)).astype(np.float32)

    def _vector(self, features: Features) -> tuple[list[int], Floats]:
        columns: list[int] = []
        values: list[float] = []
        for group, weight in _GROUP_WEIGHTS.items():
            counts = Counter(
                column for name in features[group] if (column := self._columns.get((group, name))) is not None
            )
            unknown = sum((group, name) not in self._columns for name in set(features[group]))
            found = {column: (1 + np.log(count)) * self._idf[column] for column, count in counts.items()}
            length = float(
                np.sqrt(sum(value * value for value in found.values()) + _UNKNOWN * unknown * self._rarest**2)
            )
            columns.extend(found)
            values.extend(weight * value / length for value in found.values())
        total = np.sqrt(sum(weight**2 for weight in _GROUP_WEIGHTS.values()))
        return columns, np.array(values, np.float32) / np.float32(total)

    def _stack(self, features: list[Features]) -> scipy.sparse.csc_matrix:
        rows, columns, values = [0], [0], [np.zeros(1, np.float32)]
        for row, utterance in enumerate(features):
            touched, added = self._vector(utterance)
            rows += [row] * len(touched)
            columns += touched
            values.append(added)
        shape = (max(1, len(features)), max(1, len(self._columns)))
        return scipy.sparse.csc_matrix((np.concatenate(values), (rows, columns)), shape)

    def _profile(self, scores: Floats) -> Floats:
        """
        The softmax of the decision values, scaled to length one.
        """
        scaled = np.exp(_SOFTNESS * self._weights.calibration.sharpness * (scores - scores.max()))
        return np.asarray(scaled / np.linalg.norm(scaled), np.float32)
