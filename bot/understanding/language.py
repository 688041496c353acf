"""
Which of the pack's languages an utterance is in: a naive Bayes model over the letters of its words.

It is learned from the pack's own examples, so it knows texting as well as grammar, and it works on a word or two. What
a person wrote before tips the scale when a message could be either ("ok", "cv", "stress").
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

_LENGTHS = (1, 2, 3, 4)
_FEWEST_LETTERS = 3
_LOOKED_AT = 300
"""
Characters that tell the language; more add time and no certainty.
"""
_WORDS_REMEMBERED = 16_384
_HABIT = 3.0
"""
What the language a person is known to use weighs, in nats: about two letter runs that are typical of the other
language.
"""


@dataclass(frozen=True)
class LanguageModel:
    """
    A naive Bayes model of languages.

    Parameters:
        languages: The languages, in the order of the columns of `log_probabilities`.
        rows: By letter run: its row.
        log_probabilities: Shape (runs, languages).
    """

    languages: tuple[str, ...]
    rows: dict[str, int]
    log_probabilities: NDArray[np.float32]

    def detect(self, utterance: str, known: str) -> str:
        """
        The language of an utterance.

        Parameters:
            utterance: What a person wrote.
            known: The language the person is known or supposed to use.
        """
        if sum(map(str.isalpha, utterance)) < _FEWEST_LETTERS:
            return known
        scores = [self._word_score(word) for word in _words(utterance)]
        score = sum(scores, start=np.zeros(len(self.languages), np.float32))
        if not score.any():
            return known
        if known in self.languages:
            score[self.languages.index(known)] += _HABIT
        return self.languages[int(score.argmax())]

    @cached_property
    def _word_score(self) -> Callable[[str], NDArray[np.float32]]:
        """
        What a word says, shape (languages,); the same words come again and again.
        """
        return lru_cache(maxsize=_WORDS_REMEMBERED)(self._score)

    def _score(self, word: str) -> NDArray[np.float32]:
        rows = [row for run in _runs(word) if (row := self.rows.get(run)) is not None]
        return np.asarray(self.log_probabilities[rows].sum(axis=0), np.float32)


def letter_runs(utterance: str) -> list[str]:
    """
    The runs of one to four letters within the words of a cleaned text, case folded, accents kept, word edges marked.
    """
    return [run for word in _words(utterance) for run in _runs(word)]


def _words(utterance: str) -> list[str]:
    return utterance[:_LOOKED_AT].casefold().split()


def _runs(word: str) -> Iterator[str]:
    letters = "".join(character for character in word if character.isalpha() or character in "'’")
    if not letters:
        return
    padded = f" {letters} "
    yield padded
    for length in _LENGTHS:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]
