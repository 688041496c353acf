"""
What keeps examples honest: repetitions, messages that stand under the wrong intent, monotony, overlap with an exam.

These are places to look at, not faults: a message may well be told apart by nothing but its author's intention.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.content.pack import OUT_OF_SCOPE, Pack
from bot.content.problems import Problem
from bot.content.rules import same_message_key
from bot.understanding.evaluation import LabelledMessage
from bot.understanding.examples import Row
from bot.understanding.features import FeatureExtractor
from bot.understanding.learning import held_back_scores
from bot.understanding.text import clean

_ALIKE = 0.6
"""
The share of the shorter message's word triples that stand in the other, from which two messages are nearly the same.
"""
_CLEARLY = 0.5
"""
By how much another intent's decision value must be ahead for an example to be reported as read elsewhere.
"""
_MONOTONOUS = 0.5
"""
The share of an intent's word pairs that occur once, below which its messages are too much alike.
"""

Placed = tuple[Row, Path, int]
"""
An example with the file and line it stands in.
"""


def audit(pack: Pack, extractor: FeatureExtractor, exam: Sequence[LabelledMessage] = ()) -> Iterator[Problem]:
    """
    Everything worth a look among the examples of a pack.

    Parameters:
        pack: The pack.
        extractor: Makes its features.
        exam: Messages of an evaluation file, which must not be among the examples.
    """
    placed = list(_placed(pack))
    yield from near_duplicates(placed)
    yield from monotony(placed)
    yield from overlap(placed, exam)
    yield from read_elsewhere(placed, extractor)


def near_duplicates(placed: Sequence[Placed]) -> Iterator[Problem]:
    """
    Messages that say nearly the same in the same words, within an intent or across intents.
    """
    yield from _alike(placed, [(row.utterance, row.intent, f"{path}:{line}") for row, path, line in placed], own=True)


def overlap(placed: Sequence[Placed], exam: Iterable[LabelledMessage]) -> Iterator[Problem]:
    """
    Examples that stand, or nearly stand, in an evaluation file: what is learned by heart measures nothing.
    """
    yield from _alike(placed, [(message.text, "", f"evaluation row {message.id}") for message in exam], own=False)


def monotony(placed: Sequence[Placed]) -> Iterator[Problem]:
    """
    Intents whose examples use the same few word pairs over and over.
    """
    groups: defaultdict[tuple[Path, str], list[str]] = defaultdict(list)
    for row, path, _ in placed:
        groups[path, row.intent].append(row.utterance)
    for (path, intent), utterances in groups.items():
        pairs = Counter(pair for text in utterances for pair in _runs(text, 2))
        once = sum(count == 1 for count in pairs.values())
        share = once / pairs.total() if pairs else 1.0
        if intent != OUT_OF_SCOPE and share < _MONOTONOUS:
            yield Problem(path, 1, f"little variety: only {share:.0%} of the word pairs occur once")


def read_elsewhere(placed: Sequence[Placed], extractor: FeatureExtractor) -> Iterator[Problem]:
    """
    Messages that the rest of the pack would clearly read as another intent.
    """
    classes, scores = held_back_scores([row for row, _, _ in placed], extractor)
    columns = {name: column for column, name in enumerate(classes)}
    for (row, path, line), values in zip(placed, scores, strict=True):
        best = int(values.argmax())
        if values[best] - values[columns[row.intent]] > _CLEARLY:
            yield Problem(path, line, f"the rest of the pack reads this as {classes[best]}")


def _placed(pack: Pack) -> Iterator[Placed]:
    for language, content in pack.languages.items():
        for intent, examples in content.examples.items():
            for example in examples:
                yield Row(clean(example.text), language, intent), example.path, example.line


def _alike(placed: Sequence[Placed], others: Sequence[tuple[str, str, str]], *, own: bool) -> Iterator[Problem]:
    """
    The examples that share most of their word triples with one of `others`: (text, intent, where it stands).
    """
    runs = [_runs(text, 3) for text, _, _ in others]
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, found in enumerate(runs):
        for run in found:
            index[run].append(position)
    for here, (row, path, line) in enumerate(placed):
        mine = _runs(row.utterance, 3)
        shared = Counter(position for run in mine for position in index[run] if not own or position < here)
        for position, count in shared.most_common(1):
            if count >= _ALIKE * min(len(mine), len(runs[position])):
                _, intent, where = others[position]
                kind = "" if not own or intent == row.intent else f", under {intent}"
                yield Problem(path, line, f"nearly the same as {where}{kind}")


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    """
    The runs of some words in a text; the whole text where it is shorter.
    """
    words = same_message_key(text).split()
    if len(words) <= length:
        return {tuple(words)}
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
