"""
How well and how fast articles are found, beside bm25s in the same run.

    python -m benchmarks.search [--data DIR] [--sizes 1000 100000] [--language fr]

`--data` is a retrieval set in the usual form (https://github.com/beir-cellar/beir): `corpus.jsonl` with `_id`, `title`
and `text`, `queries.jsonl` with `_id` and `text`, and `qrels/test.tsv` with query, document and score. Without it, the
shipped FAQ serves: its questions and answers are the documents, their other wordings the queries. Both engines see the
same words; bm25s has its defaults, French (or English) stemming and stop words. Misspelt: three in ten words of a query
lose, double, swap or change a letter, and all lose their accents.

The speed is measured on documents mixed from the sentences of the shipped blog, each with a few words of its own, so
that the vocabulary grows as it does in real texts.
"""

import argparse
import csv
import json
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import psutil
import Stemmer
from rich.console import Console
from rich.table import Table

from bot.app.blogging import local_articles
from bot.content import markup
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.content.render import Renderer
from bot.model import Article, Form
from bot.settings import shipped_pack
from bot.understanding.articles import ArticleIndex
from bot.understanding.features import ConceptMatcher
from bot.understanding.text import fold

_LANGUAGES = {"fr": "french", "en": "english"}
_DEPTH = 10
_MISSPELT = 0.3
_CONSOLE = Console(width=110)

Engine = Callable[[str, int], list[str]]
"""
Finds the ids of the documents that match a query best, best first.
"""


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """
    Documents, queries, and which documents answer which query.

    Parameters:
        documents: The documents; their ids are those of `relevant`.
        queries: By id.
        relevant: By query: the documents that answer it, with how well.
    """

    documents: list[Article]
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]


def read_set(folder: Path, language: str) -> RetrievalSet:
    """
    Read a retrieval set in the form of BEIR.
    """
    documents = [
        _document(row["_id"], row.get("title", ""), row["text"], language) for row in _rows(folder / "corpus.jsonl")
    ]
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    relevant: dict[str, dict[str, int]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as lines:
        for query, document, score in list(csv.reader(lines, delimiter="\t"))[1:]:
            if int(score) > 0:
                relevant.setdefault(query, {})[document] = int(score)
    return RetrievalSet(documents, {query: queries[query] for query in relevant}, relevant)


def shipped_set(pack: Pack, language: str) -> RetrievalSet:
    """
    The FAQ as a retrieval set: each question stands above its answer, the other wordings are what is asked.
    """
    renderer = Renderer(pack)
    documents, queries, relevant = [], {}, {}
    for name, entry in pack.languages[language].faq.items():
        text = markup.plain(renderer.faq(language, name, Form.VOUS))
        documents.append(_document(name, entry.header.question, text, language))
        for number, wording in enumerate(entry.header.also):
            queries[f"{name}-{number}"] = wording
            relevant[f"{name}-{number}"] = {name: 1}
    return RetrievalSet(documents, queries, relevant)


def ours(documents: Sequence[Article], language: str, concepts: Mapping[str, Sequence[str]]) -> Engine:
    """
    The engine of the bot.
    """
    index = ArticleIndex(documents, ConceptMatcher(concepts, language))
    return lambda query, count: [match.article.id for match in index.search(query, count)]


def theirs(documents: Sequence[Article], language: str) -> Engine:
    """
    The peer.
    """
    stemmer = Stemmer.Stemmer(_LANGUAGES[language])

    def tokens(texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords=language, stemmer=stemmer, show_progress=False)

    engine = bm25s.BM25()
    engine.index(tokens([f"{document.title} {document.text}" for document in documents]), show_progress=False)
    ids = [document.id for document in documents]

    def search(query: str, count: int) -> list[str]:
        found, _ = engine.retrieve(tokens([query]), k=min(count, len(ids)), show_progress=False)
        return [ids[position] for position in found[0]]

    return search


def quality(engine: Engine, retrieval: RetrievalSet, change: Callable[[str], str] = str) -> tuple[float, float]:
    """
    nDCG@10 (Järvelin & Kekäläinen 2002) and recall@3, as means over the queries.

    Parameters:
        engine: Finds documents.
        retrieval: What to find.
        change: What happens to each query before.
    """
    gains, recalls = [], []
    for name, query in retrieval.queries.items():
        relevant = retrieval.relevant[name]
        found = engine(change(query), _DEPTH)
        gain = sum(relevant.get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(found))
        best = sorted(relevant.values(), reverse=True)[:_DEPTH]
        gains.append(gain / sum(score / math.log2(rank + 2) for rank, score in enumerate(best)))
        recalls.append(len(relevant.keys() & set(found[:3])) / min(3, len(relevant)))
    return float(np.mean(gains)), float(np.mean(recalls))


def misspell(text: str, chance: random.Random) -> str:
    """
    A text as a tired person types it.
    """
    return " ".join(_slip(word, chance) if chance.random() < _MISSPELT else word for word in fold(text).split())


def mixed_documents(pack: Pack, language: str, count: int) -> list[Article]:
    """
    As many documents as wanted, of about 300 words.
    """
    chance = random.Random(count)  # noqa: S311 (not for secrets)
    posts = [post for post in local_articles(pack, pack.manifest.articles)[0] if post.language == language]
    sentences = [sentence for post in posts for sentence in post.text.replace("\n", " ").split(". ")]
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "za"]
    documents = []
    for number in range(count):
        rare = " ".join("".join(chance.choices(syllables, k=chance.randint(3, 5))) for _ in range(6))
        text = ". ".join(chance.sample(sentences, 20))
        documents.append(
            _document(f"{number:010x}", f"{chance.choice(posts).title} {rare.split()[0]}", f"{text} {rare}", language)
        )
    return documents


def speed(size: int, pack: Pack, language: str) -> list[str]:
    """
    A row of figures for a number of documents.
    """
    documents = mixed_documents(pack, language, size)
    content = pack.languages[language]
    chance = random.Random(1)  # noqa: S311 (not for secrets)
    texts = [example.text for examples in content.examples.values() for example in examples]
    queries = [misspell(text, chance) for text in chance.sample(texts, 1000)]
    row = [f"{size}"]
    makers: tuple[Callable[[], Engine], ...] = (
        lambda: ours(documents, language, content.concepts),
        lambda: theirs(documents, language),
    )
    for make in makers:
        before, started = psutil.Process().memory_info().rss, time.perf_counter()
        engine = make()
        built = time.perf_counter() - started
        grown = (psutil.Process().memory_info().rss - before) / 2**20
        times = []
        for query in queries:
            started = time.perf_counter()
            engine(query, 20)
            times.append((time.perf_counter() - started) * 1000)
        row += [
            f"{built:.2f} s",
            f"{np.quantile(times, 0.5):.2f} ms",
            f"{np.quantile(times, 0.99):.2f} ms",
            f"{grown:.0f} MiB",
        ]
    return row


def _document(name: str, title: str, text: str, language: str) -> Article:
    return Article(name, title, f"https://example.org/{name}", language, None, (), "", text)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 3:  # noqa: PLR2004 (nobody misses "a")
        return word
    at = chance.randrange(1, len(word))
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + chance.choice("aeiourstnl") + word[at + 1 :],
        ]
    )


def _print(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*row)
    _CONSOLE.print(table)


def main() -> None:
    """
    Measure and print.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("--language", choices=_LANGUAGES, default="fr")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 100_000])
    options = parser.parse_args()
    pack, language = load_pack(shipped_pack()), options.language
    retrieval = read_set(options.data, language) if options.data else shipped_set(pack, language)
    concepts = pack.languages[language].concepts
    rows = []
    for name, engine in (
        ("tremplin", ours(retrieval.documents, language, concepts)),
        ("tremplin without concepts", ours(retrieval.documents, language, {})),
        ("bm25s", theirs(retrieval.documents, language)),
    ):
        chance = random.Random(0)  # noqa: S311 (not for secrets)
        clean, slips = quality(engine, retrieval), quality(engine, retrieval, lambda text: misspell(text, chance))  # noqa: B023
        rows.append([name, *(f"{value:.1%}" for value in (*clean, *slips))])
    title = f"{len(retrieval.documents)} documents, {len(retrieval.queries)} queries"
    _print(title, ["engine", "nDCG@10", "recall@3", "nDCG@10 misspelt", "recall@3 misspelt"], rows)
    parts = [f"{name} {part}" for name in ("ours", "bm25s") for part in ("build", "p50", "p99", "memory")]
    _print("Speed", ["documents", *parts], [speed(size, pack, language) for size in options.sizes])


if __name__ == "__main__":
    main()
