"""
Which questions are alike: what people asked in other words, put together so that it is looked at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import FeatureExtractor, Features, written_out
from bot.understanding.text import clean, words

_GROUP_WEIGHTS = {"word": 1.0, "sound": 0.5, "char": 1.0, "concept": 0.5}
"""
What each group of features counts; with `_ALIKE` chosen on 25 groups of questions written for it, in French and
English, alone and among a thousand others: no two groups became one, and eight like pairs in ten (English: six) met.
"""
_ALIKE = 0.82
"""
How far apart, from 0 to 1, the questions of two groups may be on average for the groups to become one.
"""


def group(texts: Sequence[str], language: str, extractor: FeatureExtractor) -> list[tuple[int, ...]]:
    """
    Groups of like questions, the largest first; every question is in one. 2,000 questions take a second.

    Parameters:
        texts: The questions.
        language: The language they are in.
        extractor: Makes the features.

    Returns:
        The positions of the questions, in order; groups of one size stand in the order of their first questions.
    """
    same: defaultdict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        cleaned = clean(text)
        same[" ".join(words(cleaned, language)) or cleaned].append(position)
    utterances = [clean(texts[positions[0]]) for positions in same.values()]
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for label, positions in zip(_labels(utterances, language, extractor), same.values(), strict=True):
        groups[label] += positions
    return sorted((tuple(sorted(one)) for one in groups.values()), key=lambda one: (-len(one), one))


def _labels(utterances: Sequence[str], language: str, extractor: FeatureExtractor) -> list[int]:
    """
    The number of the group of each utterance.
    """
    if len(utterances) < 2:  # noqa: PLR2004 (a pair)
        return [0] * len(utterances)
    # scikit-learn takes about a second to import, which a bot that answers need not spend.
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415

    distances = _distances([extractor.extract(utterance, language) for utterance in utterances])
    clustering = AgglomerativeClustering(
        n_clusters=None, distance_threshold=_ALIKE, metric="precomputed", linkage="average"
    )
    return [int(label) for label in clustering.fit_predict(distances)]


def _distances(features: Sequence[Features]) -> NDArray[np.float64]:
    """
    How far apart every two utterances are, from 0 to 1: the weighted mean of what each group of features says.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 (as above)

    likeness = np.zeros((len(features), len(features)))
    for name, weight in _GROUP_WEIGHTS.items():
        if not any(utterance[name] for utterance in features):
            continue
        analyzer = partial(written_out, group=name)
        vectorizer = TfidfVectorizer(analyzer=analyzer, sublinear_tf=True)
        matrix = vectorizer.fit_transform(features)
        likeness += weight * (matrix @ matrix.T).toarray()
    distances = np.clip(1 - likeness / sum(_GROUP_WEIGHTS.values()), 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    return np.asarray(distances, np.float64)
