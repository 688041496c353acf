"""
Learning a classifier from the examples of a pack, with scikit-learn. Imported only when there is something to learn.

A linear support vector machine on TF-IDF of words, sounds, letters and concepts. Its decision values become
probabilities through models learned on examples that were held back, so that "sure" means what it says on messages
never seen.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import scipy.sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from bot.content.pack import OUT_OF_SCOPE
from bot.understanding.examples import Row
from bot.understanding.features import GROUPS, FeatureExtractor, Features, written_out
from bot.understanding.language import LanguageModel, letter_runs
from bot.understanding.progress import Progress, unseen
from bot.understanding.requests import SHARE, segments
from bot.understanding.text import word_count
from bot.understanding.verdict import Thresholds
from bot.understanding.weights import GROUP_WEIGHTS, Calibration, Floats, Indices, Vocabulary, Weights, evidence

_SLACK = 0.2
"""
The C of the support vector machines: the best on held-back examples among 0.2, 0.5 and 1.
"""
_TOLERANCE = 0.1
"""
When the support vector machines stop; a hundred times less changes no answer and takes a quarter longer.
"""
_FOLDS = 3
_RAREST = 2
"""
Examples a word, sound or letter run must stand in to be learned; concepts may be rarer.
"""
_SURE_PRECISION = 0.83
"""
The share of held-back examples read as sure that must be right. Examples are harder than what people send, since nearly
half avoid the obvious word: on messages by others the same threshold is right 99 times in 100 (benchmarks/README.md).
"""
_SURE_OUTSIDE = 0.1
"""
The share of held-back out-of-scope messages that may be answered as sure, at most.
"""
_LOST_INSIDE = 0.05
"""
The share of held-back messages in scope that may be given up as lost, about.
"""


def learn(rows: Sequence[Row], extractor: FeatureExtractor, progress: Progress = unseen) -> Weights:
    """
    Learn intents, their calibration and languages.

    Parameters:
        rows: At least `_FOLDS` for each intent, and some out of scope.
        extractor: Makes the features.
        progress: Told how far the learning has come.
    """
    progress("features", 0.0)
    features = [extractor.extract(row.utterance, row.language) for row in rows]
    vocabulary, matrix = _vectorize(features)
    labels = np.array([row.intent for row in rows])
    stories = _stories(rows, extractor, vocabulary)
    progress("intents", 0.2)
    final, classes, scores = _fit_all(matrix, labels, stories)
    progress("confidence", 0.8)
    readings = [
        (vocabulary.known_share(utterance), word_count(row.utterance))
        for row, utterance in zip(rows, features, strict=True)
    ]
    calibration = _calibrate(scores, labels, classes, readings)
    progress("languages", 0.9)
    language = _learn_languages(rows)
    progress("done", 1.0)
    return Weights(
        classes,
        vocabulary,
        np.ascontiguousarray(final.coef_.T, np.float32),
        final.intercept_.astype(np.float32),
        calibration,
        language,
    )


def held_back_scores(rows: Sequence[Row], extractor: FeatureExtractor) -> tuple[tuple[str, ...], Floats]:
    """
    How each row is read by a classifier that learned from the others.

    Returns:
        The classes, and the decision values of shape (rows, classes).
    """
    vocabulary, matrix = _vectorize([extractor.extract(row.utterance, row.language) for row in rows])
    labels = np.array([row.intent for row in rows])
    _, classes, scores = _fit_all(matrix, labels, _stories(rows, extractor, vocabulary))
    return classes, scores


def _stories(rows: Sequence[Row], extractor: FeatureExtractor, vocabulary: Vocabulary) -> scipy.sparse.csr_matrix:
    """
    What the sentences of each row add to its vector, so that its score is that of `scoring.score`; zero for short rows.
    """
    touched: list[Indices] = []
    added: list[Floats] = []
    owners: list[Indices] = []
    for position, row in enumerate(rows):
        for segment in segments(row.utterance):
            index, value = vocabulary.vector(extractor.extract(segment.text, row.language))
            touched.append(index)
            added.append(SHARE * segment.weight * value)
            owners.append(np.full(len(index), position))
    shape = (len(rows), len(vocabulary.idf))
    if not touched:
        return scipy.sparse.csr_matrix(shape, dtype=np.float32)
    entries = (np.concatenate(added), (np.concatenate(owners), np.concatenate(touched)))
    return scipy.sparse.csr_matrix(entries, shape)


def _fit_all(
    matrix: scipy.sparse.csr_matrix, labels: NDArray[np.str_], stories: scipy.sparse.csr_matrix
) -> tuple[LinearSVC, tuple[str, ...], Floats]:
    """
    The classifier that learned from all rows, its classes, and the decision values of each row when it was held back.
    """
    folds = list(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(matrix, labels))
    parts = [np.arange(len(labels)), *(train for train, _ in folds)]
    # Processes, not threads: liblinear has one random generator for all threads, and the same pack must learn the same.
    final, *models = Parallel(n_jobs=-1)(delayed(_fit)(matrix, labels, part) for part in parts)
    scores = np.zeros((len(labels), len(final.classes_)), np.float32)
    for model, (_, test) in zip(models, folds, strict=True):
        # The sentences' weights sum to SHARE, so their part has the intercept as often as that.
        intercepts = SHARE * np.outer(stories[test].getnnz(axis=1) > 0, model.intercept_)
        scores[test] = model.decision_function(matrix[test]) + stories[test] @ model.coef_.T + intercepts
    return final, tuple(map(str, final.classes_)), scores


def _vectorize(features: list[Features]) -> tuple[Vocabulary, scipy.sparse.csr_matrix]:
    indices: dict[str, dict[str, int]] = {}
    blocks, idf, start = [], [], 0
    for group in GROUPS:
        vectorizer = TfidfVectorizer(
            analyzer=partial(written_out, group=group),
            sublinear_tf=True,
            min_df=1 if group == "concept" else _RAREST,
            dtype=np.float32,
        )
        if not any(utterance[group] for utterance in features):
            indices[group] = {}
            continue
        blocks.append(vectorizer.fit_transform(features) * GROUP_WEIGHTS[group])
        names = vectorizer.get_feature_names_out()
        indices[group] = {str(name): start + column for column, name in enumerate(names)}
        idf.append(vectorizer.idf_)
        start += len(names)
    return Vocabulary(indices, np.concatenate(idf).astype(np.float32)), scipy.sparse.hstack(blocks).tocsr()


def _fit(matrix: scipy.sparse.csr_matrix, labels: NDArray[np.str_], rows: NDArray[np.int64]) -> LinearSVC:
    return LinearSVC(C=_SLACK, tol=_TOLERANCE, class_weight="balanced", random_state=0).fit(matrix[rows], labels[rows])


def _calibrate(
    scores: Floats,
    labels: NDArray[np.str_],
    classes: tuple[str, ...],
    readings: list[tuple[float, int]],
) -> Calibration:
    """
    Learn on held-back decision values how sharp they are, when the best intent is right, and where to draw the lines.

    Parameters:
        scores: Shape (rows, classes): decision values of rows that were held back.
        labels: The true class of each row.
        classes: The names of the columns of `scores`.
        readings: For each row, the share of its words that are known and how many words it has.
    """
    truth = np.array([classes.index(label) for label in labels])
    outside = labels == OUT_OF_SCOPE
    inside = np.where(np.array(classes) == OUT_OF_SCOPE, -np.inf, scores)
    right = inside.argmax(axis=1) == truth
    proof = np.array(
        [
            evidence(row, classes, known_share, length)
            for row, (known_share, length) in zip(scores, readings, strict=True)
        ]
    )
    model = LogisticRegression(C=10.0, max_iter=1000).fit(proof, right)
    confidence = model.predict_proba(proof)[:, 1]
    return Calibration(
        _sharpness(scores, truth),
        model.coef_[0].astype(np.float32),
        float(model.intercept_[0]),
        _thresholds(confidence, right, outside),
    )


def _sharpness(scores: Floats, truth: NDArray[np.int64]) -> float:
    """
    The factor under which the softmax of the decision values is most likely to give the true classes.
    """

    def loss(log_factor: float) -> float:
        scaled = scores * np.exp(log_factor)
        scaled -= scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))


def _thresholds(confidence: NDArray[np.float64], right: NDArray[np.bool_], outside: NDArray[np.bool_]) -> Thresholds:
    """
    The lowest confidence from which answers are right often enough and out-of-scope messages rarely answered; and the
    confidence below which hardly any message in scope falls.
    """
    order = np.argsort(-confidence)
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= _SURE_PRECISION
    refused = np.cumsum(outside[order]) / max(1, outside.sum()) <= _SURE_OUTSIDE
    good = np.flatnonzero(precise & refused)
    sure = float(confidence[order[good[-1]]]) if len(good) else 1.0
    lost = float(np.quantile(confidence[~outside], _LOST_INSIDE))
    return Thresholds(sure, min(sure, lost))


def _learn_languages(rows: Sequence[Row]) -> LanguageModel:
    counter = CountVectorizer(analyzer=letter_runs, min_df=_RAREST)
    counts = counter.fit_transform([row.utterance for row in rows])
    model = MultinomialNB(alpha=0.5, fit_prior=False).fit(counts, [row.language for row in rows])
    names = {str(name): row for row, name in enumerate(counter.get_feature_names_out())}
    return LanguageModel(tuple(map(str, model.classes_)), names, model.feature_log_prob_.T.astype(np.float32))
