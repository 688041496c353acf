"""
What is learned from a pack, kept on disk, and read back.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.app.lessons import extractor_of
from bot.content.check import load_pack
from bot.content.pack import OUT_OF_SCOPE, Pack
from bot.understanding.examples import Row, training_rows
from bot.understanding.features import GROUPS, FeatureExtractor, written_out
from bot.understanding.learning import learn
from bot.understanding.weights import GROUP_WEIGHTS, Weights, WeightsError, load


@pytest.fixture
def small(small_pack: Path) -> Pack:
    """
    The small pack, read.
    """
    return load_pack(small_pack)


@pytest.fixture
def extractor(small: Pack) -> FeatureExtractor:
    """
    The features of the small pack.
    """
    return extractor_of(small)


@pytest.fixture
def weights(small: Pack, extractor: FeatureExtractor) -> Weights:
    """
    What is learned from the small pack.
    """
    return learn(training_rows(small), extractor)


def test_examples_titles_and_faq_questions_are_learned_from(small: Pack) -> None:
    """
    Whatever a blogger writes about an intent helps to recognise it.
    """
    rows = training_rows(small)
    assert Row("photo sur le cv", "fr", "cv") in rows
    assert Row("Titre greeting", "en", "greeting") in rows
    assert Row("image ?", "fr", "cv") in rows
    assert Row("recette de crêpes", "fr", OUT_OF_SCOPE) in rows


def test_learning_twice_gives_the_same_weights(small: Pack, extractor: FeatureExtractor, weights: Weights) -> None:
    """
    The same pack always answers the same.
    """
    again = learn(training_rows(small), extractor)
    assert np.array_equal(again.coefficients, weights.coefficients)
    assert again.calibration.thresholds == weights.calibration.thresholds


def test_weights_are_the_same_after_a_restart(weights: Weights, extractor: FeatureExtractor, tmp_path: Path) -> None:
    """
    What was learned once is kept, to the precision that is stored.
    """
    path = tmp_path / "deep" / "weights.npz"
    weights.save(path)
    kept = load(path)
    features = extractor.extract("refaire mon cv", "fr")
    assert kept.classes == weights.classes
    assert kept.scores(features) == pytest.approx(weights.scores(features), abs=2e-3)
    assert kept.language.detect("good morning", "fr") == "en"
    assert [entry.name for entry in path.parent.iterdir()] == ["weights.npz"]


def test_a_broken_file_is_no_weights(tmp_path: Path) -> None:
    """
    A half-written cache is noticed.
    """
    path = tmp_path / "weights.npz"
    path.write_bytes(b"PK\x03\x04 half")
    with pytest.raises(WeightsError):
        load(path)


def test_vectors_are_those_that_were_learned_with(small: Pack, extractor: FeatureExtractor, weights: Weights) -> None:
    """
    Answering without scikit-learn computes what scikit-learn computed.
    """
    features = [extractor.extract(row.utterance, row.language) for row in training_rows(small)]
    rows, values = weights.vocabulary.vector(features[0])
    for group in GROUPS:
        vectorizer = TfidfVectorizer(
            analyzer=partial(written_out, group=group),
            sublinear_tf=True,
            min_df=1 if group == "concept" else 2,
        )
        matrix = vectorizer.fit_transform(features)
        expected = matrix[0].toarray()[0] * GROUP_WEIGHTS[group]
        known = weights.vocabulary.indices[group]
        found = {int(row): float(value) for row, value in zip(rows, values, strict=True)}
        for name, column in vectorizer.vocabulary_.items():
            assert found.get(known[name], 0.0) == pytest.approx(expected[column], abs=1e-5)


def test_an_utterance_without_a_known_feature_has_a_score(weights: Weights, extractor: FeatureExtractor) -> None:
    """
    Emoji and foreign scripts are scored like anything else.
    """
    assert np.isfinite(weights.scores(extractor.extract("", "fr"))).all()
    assert np.isfinite(weights.scores(extractor.extract("Здравствуйте 🙂", "fr"))).all()
