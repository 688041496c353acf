"""
How well the shipped pack is understood, and what each ingredient adds.

    python -m benchmarks.understanding --eval messages.jsonl
    python -m benchmarks.understanding --data DIR

`--eval` takes labelled messages (the format of `bot eval`) and prints figures by style, language and outcome, a
reliability table, the learning curve, the effect of typing errors, of each ingredient left out, and the time a message
takes as a ratio to scikit-learn's own pipeline. `--data` takes a public intent set and prints the accuracy of the
product's own code on it: a folder with `train.csv` and `test.csv` (columns text and category, label or intent; as
BANKING77 and HWU64 are published), or with `data_full.json` (as CLINC150 is). Those files are not shipped.
"""

import argparse
import csv
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.app.lessons import extractor_of
from bot.content.check import load_pack
from bot.content.pack import OUT_OF_SCOPE, Pack
from bot.settings import shipped_pack
from bot.understanding.catalogue import Catalogue
from bot.understanding.evaluation import Judged, LabelledMessage, in_scope, judge, out_of_scope, read_messages
from bot.understanding.examples import Row, training_rows
from bot.understanding.features import GROUPS, ConceptMatcher, FeatureExtractor, Features
from bot.understanding.learning import learn
from bot.understanding.reader import Reader
from bot.understanding.verdict import Outcome

_CONSOLE = Console(width=110)
_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)


class WithoutGroup(FeatureExtractor):
    """
    Features with one group left out.
    """

    def __init__(self, matchers: Mapping[str, ConceptMatcher], group: str) -> None:
        super().__init__(matchers)
        self._group = group

    def extract(self, utterance: str, language: str) -> Features:
        """
        The features of an utterance, less one group.
        """
        return {**super().extract(utterance, language), self._group: []}


def reader_of(pack: Pack, rows: Sequence[Row], extractor: FeatureExtractor) -> Reader:
    """
    A reader that has learned from some rows.
    """
    return Reader(pack, learn(rows, extractor), extractor, Catalogue({}, ()))


def figures(name: str, judged: Sequence[Judged]) -> list[str]:
    """
    A table row: name, rows, top-1, top-3, answered, right among those, helped, abstained.
    """
    inside = in_scope([row for row in judged if row.message.intents])
    outside = out_of_scope([row for row in judged if not row.message.intents])
    shares = (inside.top1, inside.top3, inside.answered, inside.answered_right, inside.helped)
    cells = [f"{share:.1%}" if inside.rows else "–" for share in shares]
    return [name, str(len(judged)), *cells, f"{outside.abstained:.1%}" if outside.rows else "–"]


def table(title: str, first: str, rows: Sequence[Sequence[str]]) -> None:
    """
    Print rows of `figures`.
    """
    shown = Table(title=title, title_justify="left")
    for heading in (first, "rows", "top-1", "top-3", "answered", "right of these", "helped", "abstained"):
        shown.add_column(heading, justify="left" if heading == first else "right")
    for row in rows:
        shown.add_row(*row)
    _CONSOLE.print(shown)


def grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> list[list[str]]:
    """
    `figures` for each value of a key.
    """
    return [figures(name, [row for row in judged if key(row) == name]) for name in sorted({key(row) for row in judged})]


def reliability(judged: Sequence[Judged]) -> None:
    """
    Print how often readings of a confidence are right: the two should agree.
    """
    shown = Table(title="Reliability: confidence against share right", title_justify="left")
    for heading in ("confidence", "rows", "mean confidence", "right"):
        shown.add_column(heading, justify="right")
    for low in np.arange(0, 1, 0.2):
        inside = [row for row in judged if low <= row.verdict.confidence < low + 0.2 + 1e-9 * (low > 0.7)]  # noqa: PLR2004
        if inside:
            mean = statistics.fmean(row.verdict.confidence for row in inside)
            right = statistics.fmean(row.top1 for row in inside)
            shown.add_row(f"{low:.1f}–{low + 0.2:.1f}", str(len(inside)), f"{mean:.1%}", f"{right:.1%}")
    _CONSOLE.print(shown)


def misspelt(text: str, share: float, dice: random.Random) -> str:
    """
    A text in which a share of the words has one letter dropped, doubled, swapped with the next or replaced.
    """
    typed = []
    for word in text.split():
        if len(word) > 2 and dice.random() < share:  # noqa: PLR2004
            at = dice.randrange(len(word) - 1)
            slip = dice.choice(("drop", "double", "swap", "replace"))
            letters = {
                "drop": "",
                "double": word[at] * 2,
                "swap": word[at + 1] + word[at],
                "replace": dice.choice("abcdefghijklmnopqrstuvwxyz"),
            }[slip]
            typed.append(word[:at] + letters + word[at + 1 + (slip == "swap") :])
        else:
            typed.append(word)
    return " ".join(typed)


def noisy(messages: Sequence[LabelledMessage], share: float) -> list[LabelledMessage]:
    """
    Messages with typing errors in a share of their words, the same each time.
    """
    dice = random.Random(0)  # noqa: S311 (not for secrets)
    return [message.model_copy(update={"text": misspelt(message.text, share, dice)}) for message in messages]


def polite(messages: Sequence[LabelledMessage]) -> list[LabelledMessage]:
    """
    Messages with a greeting before them and thanks behind them, as most people write.
    """
    around = {"fr": "Bonjour, {} Merci d'avance !", "en": "Hi, {} Thanks in advance!"}
    return [
        message.model_copy(update={"text": around[message.lang].format(message.text)})
        for message in messages
        if message.lang in around and not {"greeting", "goodbye", "thanks"} & set(message.intents)
    ]


def sample(rows: Sequence[Row], share: float) -> list[Row]:
    """
    A share of the rows of each intent and language, at least eight, the same each time.
    """
    dice = random.Random(0)  # noqa: S311 (not for secrets)
    chosen: list[Row] = []
    for key in sorted({(row.language, row.intent) for row in rows}):
        group = [row for row in rows if (row.language, row.intent) == key]
        chosen += dice.sample(group, max(min(8, len(group)), round(share * len(group))))
    return chosen


def latency(reader: Reader, rows: Sequence[Row], messages: Sequence[LabelledMessage]) -> None:
    """
    Print the time a message takes, as a ratio to scikit-learn's pipeline on the same features' kinds.
    """
    peer = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2)
        ),
        LinearSVC(C=0.5),
    )
    peer.fit([row.utterance for row in rows], [row.intent for row in rows])
    ours, theirs = [], []
    for message in messages:
        start = time.perf_counter()
        reader.read(message.text)
        middle = time.perf_counter()
        peer.decision_function([message.text])
        ours.append(middle - start)
        theirs.append(time.perf_counter() - middle)
    for name, share in (("median", 0.5), ("p99", 0.99)):
        mine, other = 1000 * np.quantile(ours, share), 1000 * np.quantile(theirs, share)
        text = f"a message ({name}): {mine:.2f} ms with language, intent, confidence and FAQ"
        _CONSOLE.print(f"{text}; scikit-learn's pipeline, intent alone: {other:.2f} ms; ratio {mine / other:.2f}")


def on_messages(path: Path) -> None:
    """
    Everything about the shipped pack on a file of labelled messages.
    """
    pack, messages = load_pack(shipped_pack()), read_messages(path)
    rows, extractor = training_rows(pack), extractor_of(pack)
    start = time.perf_counter()
    reader = reader_of(pack, rows, extractor)
    _CONSOLE.print(f"learned from {len(rows)} rows in {time.perf_counter() - start:.1f} s")
    judged = judge(reader, messages)
    table("The shipped pack", "messages", [figures("all", judged)])
    table("By style", "style", grouped(judged, lambda row: row.message.style))
    table("By language", "language", grouped(judged, lambda row: row.message.lang))
    counts = {outcome: sum(row.verdict.outcome is outcome for row in judged) for outcome in Outcome}
    _CONSOLE.print("outcomes: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    reliability(judged)
    errors = [figures(f"{share:.0%} of words", judge(reader, noisy(messages, share))) for share in (0.0, 0.1, 0.3)]
    table("With typing errors", "misspelt", errors)
    courteous = polite(messages)
    bare = [message for message in messages if message.id in {one.id for one in courteous}]
    courtesy = [figures("bare", judge(reader, bare)), figures("polite", judge(reader, courteous))]
    table("Between a greeting and thanks", "messages", courtesy)
    latency(reader, rows, messages)
    curve = []
    for share in _SHARES:
        part = sample(rows, share)
        curve.append(figures(f"{len(part)}", judge(reader_of(pack, part, extractor), messages)))
    table("Learning curve", "examples", curve)
    ablation = [figures("nothing", judged)]
    for group in GROUPS:
        reduced = WithoutGroup(extractor.matchers, group)
        ablation.append(figures(group, judge(reader_of(pack, rows, reduced), messages)))
    table("Left out", "ingredient", ablation)


def on_public_set(folder: Path) -> None:
    """
    The accuracy of the product's own code on a public intent set.
    """
    train, test = public_rows(folder)
    extractor = FeatureExtractor({})
    start = time.perf_counter()
    weights = learn(train, extractor)
    seconds = time.perf_counter() - start
    inside = [row for row in test if row.intent != OUT_OF_SCOPE]
    right = 0
    for row in inside:
        scores = weights.scores(extractor.extract(row.utterance, row.language))
        best = max(
            (name for name in weights.classes if name != OUT_OF_SCOPE), key=lambda n: scores[weights.classes.index(n)]
        )
        right += best == row.intent
    intents = len({row.intent for row in inside})
    _CONSOLE.print(
        f"{folder.name}: {intents} intents, {len(train)} rows to learn from ({seconds:.1f} s), "
        f"{len(inside)} to test on: {right / len(inside):.1%} right"
    )


def public_rows(folder: Path) -> tuple[list[Row], list[Row]]:
    """
    The rows of a public set: to learn from, and to test on.
    """
    whole = folder / "data_full.json"
    if whole.exists():
        parts = json.loads(whole.read_text(encoding="utf-8"))
        train = [
            Row(text, "en", OUT_OF_SCOPE if label == "oos" else label)
            for text, label in parts["train"] + parts["oos_train"]
        ]
        return train, [Row(text, "en", label) for text, label in parts["test"]]
    return _csv_rows(folder / "train.csv"), _csv_rows(folder / "test.csv")


def _csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        records = list(csv.DictReader(lines))
    column = next(name for name in ("category", "label", "intent") if name in records[0])
    return [Row(record["text"], "en", record[column]) for record in records]


def main() -> None:
    """
    Parse the command line and measure.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--eval", type=Path, metavar="FILE", help="labelled messages to measure the shipped pack on")
    what.add_argument("--data", type=Path, metavar="DIR", help="a public intent set to measure the code on")
    options = parser.parse_args()
    if options.eval:
        on_messages(options.eval)
    else:
        on_public_set(options.data)


if __name__ == "__main__":
    main()
