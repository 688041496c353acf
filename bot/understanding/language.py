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
_MOST_BORROWED = 3
"""
Words up to which a message may be made of borrowed ones alone.
"""
_AT_HOME = 1.5
"""
How much likelier than one that never occurs a word must be in a language to be used in it, in nats: two examples.
"""
_BORROWED = -5.0
"""
How likely borrowed words must be in a language beside the one they are most likely in, all together, in nats: "ok
thanks" may be French, "help me please" is not.
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

    def detect(self, utterance: str, default: str, known: str | None = None) -> str:
        """
        The language of an utterance.

        Parameters:
            utterance: What a person wrote.
            default: The language most people use.
            known: The language the person is known to use, or None.
        """
        supposed = known or default
        if sum(map(str.isalpha, utterance)) < _FEWEST_LETTERS:
            return supposed
        words = _words(utterance)
        score = sum(map(self._word_score, words), start=np.zeros(len(self.languages), np.float32))
        if not score.any() or (known and self._at_home(words, known)):
            return supposed
        if supposed in self.languages:
            score[self.languages.index(supposed)] += _HABIT
        return self.languages[int(score.argmax())]

    def _at_home(self, words: list[str], language: str) -> bool:
        """
        Whether a few words are all used in a language, though they may be another's: who writes French and then "ok
        cool bye" goes on in French.
        """
        runs = [run for word in words if (run := next(_runs(word), None))]
        rows = [self.rows[run] for run in runs if run in self.rows]
        if language not in self.languages or len(runs) > _MOST_BORROWED or len(rows) < len(runs):
            return False
        column = self.languages.index(language)
        here, most = self.log_probabilities[rows, column], self.log_probabilities[rows].max(axis=1)
        return bool((here > self._never[column] + _AT_HOME).all() and (here - most).sum() > _BORROWED)

    @cached_property
    def _never(self) -> NDArray[np.float32]:
        """
        What a run that never occurs in a language has there, shape (languages,).
        """
        return np.asarray(self.log_probabilities.min(axis=0), np.float32)

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
