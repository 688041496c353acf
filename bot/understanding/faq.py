"""
Finding the FAQ entry that answers a question, whatever words it is asked in.

Each wording of an entry is compared with the utterance by shared words, sounds, letter runs and concepts, and by how
alike the two look to the intent classifier: two questions that share no word but point to the same intents are close.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from bot.content.pack import FaqEntry
from bot.understanding.features import GROUPS, FeatureExtractor, Features
from bot.understanding.scoring import Scored
from bot.understanding.weights import Floats, Weights

_GROUP_WEIGHTS = {"word": 1.0, "sound": 0.7, "char": 0.8, "concept": 1.0}
_INTENT_WEIGHT = 0.35
"""
What likeness to the classifier counts beside likeness of wording, which counts one.
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
        wordings = [
            (position, wording)
            for position, entry in enumerate(entries.values())
            for wording in (entry.header.question, *entry.header.also)
        ]
        self._owner = np.array([position for position, _ in wordings], np.int64)
        features = [extractor.extract(wording, language) for _, wording in wordings]
        self._columns: dict[tuple[str, str], int] = {}
        self._idf = self._rarity(features)
        self._matrix = self._stack(features)
        self._intents = np.array([self._profile(weights.scores(utterance)) for utterance in features], np.float32)

    def find(self, scored: Scored, count: int) -> list[FaqMatch]:
        """
        The closest entries, best first.

        Parameters:
            scored: The utterance's features and decision values.
            count: How many at most.
        """
        if not self._entries:
            return []
        wording = np.asarray(self._matrix @ self._vector(scored.features).T.toarray()).ravel()
        likeness = (wording + _INTENT_WEIGHT * (self._intents @ self._profile(scored.scores))) / (1 + _INTENT_WEIGHT)
        best = np.zeros(len(self._entries), np.float32)
        np.maximum.at(best, self._owner, likeness)
        order = np.argsort(-best, kind="stable")[:count]
        return [FaqMatch(self._entries[position], round(float(best[position]), 4)) for position in order]

    def _rarity(self, features: Iterable[Features]) -> Floats:
        documents = [{(group, name) for group in GROUPS for name in utterance[group]} for utterance in features]
        frequency = Counter(key for document in documents for key in document)
        self._columns = {key: column for column, key in enumerate(frequency)}
        counts = np.fromiter(frequency.values(), np.float32, len(frequency))
        return (np.log((1 + len(documents)) / (1 + counts)) + 1).astype(np.float32)

    def _vector(self, features: Features) -> scipy.sparse.csr_matrix:
        columns: list[int] = []
        values: list[float] = []
        for group in GROUPS:
            counts = Counter(
                column for name in features[group] if (column := self._columns.get((group, name))) is not None
            )
            # Features that no wording has count in the length: a question full of other words is further away.
            unknown = sum((group, name) not in self._columns for name in set(features[group]))
            found = {column: (1 + np.log(count)) * self._idf[column] for column, count in counts.items()}
            length = float(
                np.sqrt(sum(value * value for value in found.values()) + 0.25 * unknown * self._idf.max() ** 2)
            )
            columns.extend(found)
            values.extend(_GROUP_WEIGHTS[group] * value / length for value in found.values())
        total = np.sqrt(sum(weight**2 for weight in _GROUP_WEIGHTS.values()))
        shape = (1, len(self._columns))
        return scipy.sparse.csr_matrix((np.array(values, np.float32) / total, ([0] * len(columns), columns)), shape)

    def _stack(self, features: list[Features]) -> scipy.sparse.csr_matrix:
        if not features:
            return scipy.sparse.csr_matrix((0, 0), dtype=np.float32)
        return scipy.sparse.vstack([self._vector(utterance) for utterance in features]).tocsr()

    def _profile(self, scores: Floats) -> Floats:
        """
        The softmax of the decision values, scaled to length one.
        """
        scaled = np.exp(self._weights.calibration.sharpness * (scores - scores.max()))
        return np.asarray(scaled / np.linalg.norm(scaled), np.float32)
