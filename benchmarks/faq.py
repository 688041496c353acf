"""
How well the right entry of somebody else's FAQ is found, beside bm25s in the same run.

    python -m benchmarks.faq

`foreign_faqs/` holds four FAQs of 30 entries, two French and two English. Their writers knew neither the pack nor how
entries are found, and wrote two paraphrases of each question that share few words with it. Each entry is known by its
question and answer alone, to the shipped classifier, which has never seen them. bm25s sees the same words, with the
language's stemming and stop words.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import Stemmer
from rich.console import Console
from rich.table import Table

from bot.app.lessons import extractor_of, learned_weights
from bot.content.check import load_pack
from bot.content.pack import FaqEntry, Template
from bot.content.schema import FaqHeader
from bot.settings import Settings, shipped_pack
from bot.understanding.faq import FaqIndex
from bot.understanding.features import FeatureExtractor
from bot.understanding.progress import unseen
from bot.understanding.scoring import score
from bot.understanding.text import clean
from bot.understanding.weights import Weights

FOLDER = Path(__file__).parent / "foreign_faqs"
_STEMMERS = {"fr": "french", "en": "english"}

Finder = Callable[[str], Sequence[str]]
"""
From what was asked to the ids of the three closest entries, best first.
"""


@dataclass(frozen=True, slots=True)
class ForeignFaq:
    """
    A FAQ, and what was asked for each of its entries.

    Parameters:
        language: Its language.
        entries: The entries by id.
        asked: Each question with the id of the entry that answers it.
    """

    language: str
    entries: dict[str, FaqEntry]
    asked: list[tuple[str, str]]


def read_faq(path: Path) -> ForeignFaq:
    """
    Read a file of `foreign_faqs`, whose name begins with its language.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    entries = {
        row["id"]: FaqEntry(
            row["id"], FaqHeader(question=row["question"], category="any"), Template(row["answer"], path, number)
        )
        for number, row in enumerate(rows, 1)
    }
    asked = [(text, row["id"]) for row in rows for text in row["paraphrases"]]
    return ForeignFaq(path.stem.partition("_")[0], entries, asked)


def tremplin(faq: ForeignFaq, extractor: FeatureExtractor, weights: Weights) -> Finder:
    """
    The product's own way.
    """
    index = FaqIndex(faq.entries, faq.language, extractor, weights)
    return lambda asked: [match.entry for match in index.find(score(clean(asked), faq.language, extractor, weights), 3)]


def peer(faq: ForeignFaq) -> Finder:
    """
    The same with bm25s.
    """
    stemmer, names = Stemmer.Stemmer(_STEMMERS[faq.language]), list(faq.entries)
    texts = [f"{entry.header.question} {entry.body.source}" for entry in faq.entries.values()]
    engine = bm25s.BM25()
    engine.index(
        bm25s.tokenize(texts, stopwords=faq.language, stemmer=stemmer, show_progress=False), show_progress=False
    )

    def find(asked: str) -> list[str]:
        words = bm25s.tokenize([asked], stopwords=faq.language, stemmer=stemmer, show_progress=False)
        found, _ = engine.retrieve(words, k=3, show_progress=False)
        return [names[int(number)] for number in found[0]]

    return find


def found(faq: ForeignFaq, finder: Finder) -> tuple[float, float]:
    """
    The share of questions whose entry comes first, and among the first three.
    """
    ranks = [list(finder(asked)) for asked, _ in faq.asked]
    pairs = list(zip(ranks, (entry for _, entry in faq.asked), strict=True))
    first = sum(names[:1] == [entry] for names, entry in pairs)
    return first / len(pairs), sum(entry in names for names, entry in pairs) / len(pairs)


def main() -> None:
    """
    Measure and print.
    """
    pack = load_pack(shipped_pack())
    extractor = extractor_of(pack)
    weights = learned_weights(pack, extractor, Settings(_env_file=None).cache, unseen)
    table = Table("FAQ", "questions", "first", "first three", "bm25s first", "bm25s first three")
    for path in sorted(FOLDER.glob("*.jsonl")):
        faq = read_faq(path)
        shares = (*found(faq, tremplin(faq, extractor, weights)), *found(faq, peer(faq)))
        table.add_row(path.stem, str(len(faq.asked)), *(f"{share:.1%}" for share in shares))
    Console().print(table)


if __name__ == "__main__":
    main()
