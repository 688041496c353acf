"""
The decision values of an utterance: of the whole, and of its sentences where it is long.
"""

from dataclasses import dataclass

from bot.understanding.features import FeatureExtractor, Features
from bot.understanding.requests import SHARE, segments
from bot.understanding.text import word_count
from bot.understanding.weights import Floats, Weights


@dataclass(frozen=True, slots=True)
class Scored:
    """
    An utterance on its way to a verdict.

    Parameters:
        length: How many words it has.
        features: Its features, as a whole.
        scores: Shape (classes,): the decision values.
    """

    length: int
    features: Features
    scores: Floats


def score(utterance: str, language: str, extractor: FeatureExtractor, weights: Weights) -> Scored:
    """
    Score an utterance.

    Parameters:
        utterance: What a person wrote, cleaned.
        language: The language it is in.
        extractor: Makes the features.
        weights: What was learned with them.
    """
    features = extractor.extract(utterance, language)
    scores = weights.scores(features)
    for segment in segments(utterance):
        scores = scores + SHARE * segment.weight * weights.scores(extractor.extract(segment.text, language))
    return Scored(word_count(utterance), features, scores)
