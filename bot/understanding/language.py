"""
Which of the pack's languages an utterance is in: a naive Bayes model over the letters of its words.

It is learned from the pack's own examples, so it knows texting as well as grammar, and it works on a word or two. What
a person wrote before tips the scale when a message could be either ("ok", "cv", "stress").
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LENGTHS = (1, 2, 3, 4)
_FEWEST_LETTERS = 3
_LOOKED_AT = 300
"""
Characters that tell the language; more add time and no certainty.
"""
_HABIT = 3.0
"""
What the language a person is known to use weighs, in nats: about two letter runs that are typical of the other
language.
"""


@dataclass(frozen=True, slots=True)
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
        rows = [row for run in letter_runs(utterance) if (row := self.rows.get(run)) is not None]
        score = self.log_probabilities[rows].sum(axis=0)
        if known in self.languages:
            score[self.languages.index(known)] += _HABIT
        return self.languages[int(score.argmax())] if rows else known


def letter_runs(utterance: str) -> Iterator[str]:
    """
    The runs of one to four letters within the words of a cleaned text, case folded, accents kept, word edges marked.
    """
    for word in utterance[:_LOOKED_AT].casefold().split():
        letters = "".join(character for character in word if character.isalpha() or character in "'’")
        if not letters:
            continue
        padded = f" {letters} "
        yield padded
        for length in _LENGTHS:
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]
