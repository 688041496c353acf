"""
What was learned from a pack: known features, their weights, and how confidence follows from scores.

Numpy alone: scikit-learn does the learning (`learning`) and is not imported to answer. `save` and `load` keep the
weights on disk; `bot.app` names the file by what was learned from, so that another pack never reads them.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.content.pack import OUT_OF_SCOPE
from bot.understanding.features import GROUPS, Features, runs_of
from bot.understanding.language import LanguageModel
from bot.understanding.verdict import Thresholds

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

GROUP_WEIGHTS = {"word": 1.0, "sound": 0.6, "char": 1.0, "concept": 0.7}
"""
How much each feature group counts, whatever the number of features in it; `benchmarks/understanding.py` shows the
effect.
"""


_WORDS_REMEMBERED = 16_384


class WeightsError(ValueError):
    """
    A file does not hold weights.
    """


@dataclass(frozen=True)
class Vocabulary:
    """
    The features that are known, with their weight by rarity.

    Parameters:
        indices: By group, by feature: its row in the weight matrix.
        idf: Shape (features,): the inverse document frequency of each.
    """

    indices: dict[str, dict[str, int]]
    idf: Floats

    def vector(self, features: Features) -> tuple[Indices, Floats]:
        """
        The rows an utterance touches and its TF-IDF value in each: sublinear counts, each group scaled to its weight
        (as scikit-learn's `TfidfVectorizer(sublinear_tf=True)` does, a group at a time).
        """
        found = [self._counted(group, features[group]) for group in GROUPS]
        rows = np.concatenate([index for index, _ in found])
        values = (1 + np.log(np.concatenate([counts for _, counts in found]))) * self.idf.take(rows)
        start = 0
        for group, (index, _) in zip(GROUPS, found, strict=True):
            part = values[start : (start := start + len(index))]
            if len(part):
                part *= GROUP_WEIGHTS[group] / math.sqrt(part @ part)
        return rows, values

    def names(self) -> Iterator[tuple[tuple[str, str], int]]:
        """
        Every known feature as (group, feature), and its row.
        """
        for group, known in self.indices.items():
            for feature, row in known.items():
                yield (group, feature), row

    def known_share(self, features: Features) -> float:
        """
        The share of an utterance's words and word pairs that were seen in learning, from 0 to 1.
        """
        words = features["word"]
        return sum(word in self.indices["word"] for word in words) / len(words) if words else 0.0

    def _counted(self, group: str, features: list[str]) -> tuple[Indices, Floats]:
        """
        The rows of the known ones among some features of a group, and how often each occurs.
        """
        if group == "char":
            found = np.concatenate([np.empty(0, np.int64), *map(self._rows_of, features)])
            index, counts = np.unique(found, return_counts=True)
            return index, counts.astype(np.float32)
        known = Counter(map(self.indices[group].get, features))
        del known[None]
        return np.fromiter(known.keys(), np.int64, len(known)), np.fromiter(known.values(), np.float32, len(known))

    @cached_property
    def _rows_of(self) -> Callable[[str], Indices]:
        """
        The rows of a word's letter runs.
        """

        def rows(word: str) -> Indices:
            known = self.indices["char"]
            return np.array([known[run] for run in runs_of(word) if run in known], np.int64)

        return lru_cache(maxsize=_WORDS_REMEMBERED)(rows)


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    From decision values to probabilities, learned on held-back examples.

    Parameters:
        sharpness: What the decision values are multiplied with before the softmax over all classes.
        weights: Shape (evidence,): the logistic weights of `evidence`.
        bias: Their bias.
        thresholds: From which confidence a reading is sure, below which it is lost.
    """

    sharpness: float
    weights: Floats
    bias: float
    thresholds: Thresholds

    def confidence(self, evidence: Floats) -> float:
        """
        The probability that the best intent is right.
        """
        return float(1 / (1 + np.exp(-(evidence @ self.weights + self.bias))))


@dataclass(frozen=True, slots=True)
class Weights:
    """
    A learned classifier of intents and of languages.

    Parameters:
        classes: The intents and `OUT_OF_SCOPE`, in the order of the columns of `coefficients`.
        vocabulary: The known features.
        coefficients: Shape (features, classes).
        intercepts: Shape (classes,).
        calibration: How confidence follows from scores.
        language: Tells the languages apart.
    """

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    coefficients: Floats
    intercepts: Floats
    calibration: Calibration
    language: LanguageModel

    def scores(self, features: Features) -> Floats:
        """
        The decision value of each class, shape (classes,).
        """
        rows, values = self.vocabulary.vector(features)
        # `take` is twice as fast here as an index in brackets.
        return values @ self.coefficients.take(rows, axis=0) + self.intercepts

    def save(self, path: Path) -> None:
        """
        Write the weights to a file, all or nothing.

        Raises:
            OSError: The file cannot be written.
        """
        head = {
            "classes": self.classes,
            "indices": {group: list(known) for group, known in self.vocabulary.indices.items()},
            "sharpness": self.calibration.sharpness,
            "bias": self.calibration.bias,
            "thresholds": [self.calibration.thresholds.sure, self.calibration.thresholds.lost],
            "languages": self.language.languages,
            "runs": list(self.language.rows),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part.npz")
        np.savez(
            draft,
            head=np.frombuffer(json.dumps(head).encode(), np.uint8),
            idf=self.vocabulary.idf,
            coefficients=self.coefficients.astype(np.float16),
            intercepts=self.intercepts,
            calibration=self.calibration.weights,
            log_probabilities=self.language.log_probabilities,
        )
        draft.replace(path)


def load(path: Path) -> Weights:
    """
    Read weights that `Weights.save` wrote.

    Raises:
        OSError: The file cannot be read.
        WeightsError: It is broken, or was written by another version.
    """
    try:
        return _load(path)
    except (ValueError, KeyError, BadZipFile) as error:
        raise WeightsError(f"{path} holds no weights: {error}") from error


def _load(path: Path) -> Weights:
    with path.open("rb") as file, np.load(file) as arrays:
        head = json.loads(arrays["head"].tobytes())
        indices: dict[str, dict[str, int]] = {}
        start = 0
        for group, known in head["indices"].items():
            indices[group] = dict(zip(known, range(start, start + len(known)), strict=True))
            start += len(known)
        calibration = Calibration(
            head["sharpness"], arrays["calibration"], head["bias"], Thresholds(*head["thresholds"])
        )
        return Weights(
            tuple(head["classes"]),
            Vocabulary(indices, arrays["idf"]),
            arrays["coefficients"].astype(np.float32),
            arrays["intercepts"],
            calibration,
            LanguageModel(
                tuple(head["languages"]),
                {run: row for row, run in enumerate(head["runs"])},
                arrays["log_probabilities"],
            ),
        )


def apart(scores: Floats, classes: tuple[str, ...]) -> tuple[Floats, float]:
    """
    The decision values of the intents, and that of being out of scope (-1, a clear no, if that was never learned).

    Parameters:
        scores: Shape (classes,).
        classes: The names of the classes.
    """
    if OUT_OF_SCOPE not in classes:
        return scores, -1.0
    position = classes.index(OUT_OF_SCOPE)
    return np.delete(scores, position), float(scores[position])


def evidence(scores: Floats, classes: tuple[str, ...], known_share: float, length: int) -> Floats:
    """
    What speaks for and against the best intent, as one vector.

    The combination of maximum, margins, share of known words and length follows the measurements on CLINC150's
    out-of-scope messages in the project's design notes: together they separate better than any one of them.

    Parameters:
        scores: Shape (classes,): decision values.
        classes: The names of the classes.
        known_share: The share of known words, from 0 to 1.
        length: Words in the utterance.
    """
    inside, outside = apart(scores, classes)
    best, second, third, *_ = *sorted(inside.tolist(), reverse=True), -1.0, -1.0
    return np.array(
        [best, best - second, second - third, outside, best - outside, known_share, np.log1p(length)],
        np.float32,
    )
