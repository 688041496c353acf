"""
The features of an utterance: what the intent classifier, the FAQ and the explanation look at.

Groups are kept apart because each is weighted as a whole:

- `word`: stems and pairs of neighbouring stems
- `sound`: how the words sound, which is where misspelt words meet
- `char`: 2 to 5 letters within a word, edges marked
- `concept`: the concepts of the pack that are named, and pairs of them
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.understanding.requests import without_courtesies
from bot.understanding.text import fold, sound, stem, tokens, words

GROUPS = ("word", "sound", "char", "concept")
"""
The feature groups, in the order in which models store them.
"""

Features = dict[str, list[str]]
"""
By group: the features of one utterance, repeated as often as they occur. Of `char` there are the words instead, whose
letter runs are its features (`written_out`): people use the same words again and again, and looking up the runs of each
word once is what makes reading quick.
"""

_CHARACTER_LENGTHS = (2, 3, 4, 5)
_MOST_CONCEPT_PAIRS = 45
_PAIRED = "+"
_AS_IT_STANDS = "="


class ConceptMatcher:
    """
    Finds the concepts that a sequence of words names, in whatever form the words stand. Making one takes a tenth of a
    second for 10,000 phrases: whatever needs the concepts of a pack shares it.

    Parameters:
        concepts: By concept: its words and phrases. A word behind an equals sign must stand in that form: "=post" is
            not meant by "poste".
        language: The language they are in.
    """

    def __init__(self, concepts: Mapping[str, Iterable[str]], language: str) -> None:
        self.language = language
        self.phrases = tuple(phrase for phrases in concepts.values() for phrase in phrases)
        self._named: dict[tuple[str, ...], list[str]] = {}
        self._spelled: dict[str, list[str]] = {}
        for concept, phrases in concepts.items():
            for phrase in phrases:
                if phrase.startswith(_AS_IT_STANDS):
                    named = self._spelled.setdefault(fold(phrase.removeprefix(_AS_IT_STANDS)), [])
                else:
                    named = self._named.setdefault(tuple(stem(word, language) for word in words(phrase, language)), [])
                if concept not in named:
                    named.append(concept)
        lengths: dict[tuple[str, ...], set[int]] = {}
        for phrase_stems in self._named:
            if len(phrase_stems) > 1:
                lengths.setdefault(phrase_stems[:2], set()).add(len(phrase_stems))
        self._lengths = {begun: sorted(found) for begun, found in lengths.items()}

    def find(self, spelled: list[str], stems: list[str]) -> list[str]:
        """
        The concepts in the order in which they are named; a concept named twice in a row counts once.

        Parameters:
            spelled: The words of a text.
            stems: Their stems.
        """
        found: list[str] = []
        for position, first in enumerate(stems):
            named = [*self._spelled.get(spelled[position], ()), *self._named.get((first,), ())]
            for length in self._lengths.get(tuple(stems[position : position + 2]), ()):
                # Near the end a shorter phrase would be found again.
                if position + length <= len(stems):
                    named += self._named.get(tuple(stems[position : position + length]), ())
            found += [concept for concept in dict.fromkeys(named) if concept not in found[-1:]]
        return found


class FeatureExtractor:
    """
    Turns utterances into features.

    Parameters:
        matchers: By language: what finds concepts.
    """

    def __init__(self, matchers: Mapping[str, ConceptMatcher]) -> None:
        self.matchers = matchers

    def extract(self, utterance: str, language: str) -> Features:
        """
        The features of one utterance.

        Parameters:
            utterance: What a person wrote, cleaned.
            language: The language it is in.
        """
        utterance = without_courtesies(utterance)
        spelled = words(utterance, language)
        stems = [stem(word, language) for word in spelled]
        matcher = self.matchers.get(language)
        concepts = list(dict.fromkeys(matcher.find(spelled, stems))) if matcher else []
        return {
            "word": stems + [f"{first} {second}" for first, second in zip(["^", *stems], [*stems, "$"], strict=True)],
            "sound": [key for word in spelled if (key := sound(word))],
            "char": fold(" ".join(tokens(utterance))).split(),
            "concept": concepts + list(_pairs(concepts)),
        }


def alone(features: Features, group: str) -> list[str]:
    """
    The features of a group; of concepts without their pairs.
    """
    found = features[group]
    return [name for name in found if _PAIRED not in name] if group == "concept" else found


def _pairs(concepts: list[str]) -> Iterator[str]:
    pairs = ((first, second) for index, first in enumerate(concepts) for second in concepts[index + 1 :])
    for (first, second), _ in zip(pairs, range(_MOST_CONCEPT_PAIRS), strict=False):
        yield _PAIRED.join(sorted((first, second)))


def written_out(features: Features, group: str) -> list[str]:
    """
    The features of a group, repeated as often as they occur; letter runs instead of words.
    """
    found = features[group]
    return [run for word in found for run in runs_of(word)] if group == "char" else found


def runs_of(word: str) -> list[str]:
    """
    What an utterance has in the group `char` because it has a word.
    """
    padded = f" {word} "
    return [
        padded[start : start + length]
        for length in _CHARACTER_LENGTHS
        for start in range(max(1, len(padded) - length + 1))
    ]
