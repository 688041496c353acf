"""
Searching the blog's articles: a tantivy index per language, held in memory.

Titles count most, then tags, summary and text. Accents are folded before stemming, and words that no article has are
corrected against the words of the articles.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.model import Article
from bot.understanding.features import ConceptMatcher
from bot.understanding.text import fold, stem, words

_BOOSTS = {"title": 3.0, "tags": 2.0, "summary": 1.5, "text": 1.0, "concepts": 1.5}
_STEMMERS = {"fr": "french", "en": "english"}
_EMPTY_WORDS = {
    "fr": "a ete etre avoir faire comment quel quelle quels quelles ce que quoi avez vous blog article articles",
    "en": "how what do does did have has can could would you your my blog article articles post",
}
_LONGEST_QUERY = 60
"""
Words of an utterance that are searched for; the rest of a long story adds noise and time.
"""
_KEPT = 8192
_WEAKEST = 0.3
"""
The share of the best match's score below which an article is not shown with it.
"""


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """
    An article and how well it matches; scores compare within one search only.
    """

    article: Article
    score: float


class ArticleIndex:
    """
    The articles of one language.

    Parameters:
        articles: The articles.
        language: Their language.
        concepts: By concept: the words and phrases that mean it.
    """

    def __init__(self, articles: Iterable[Article], language: str, concepts: Mapping[str, Iterable[str]]) -> None:
        self._articles = list(articles)
        self._language = language
        self._concepts = ConceptMatcher(concepts, language)
        self._analyzer = _analyzer(language)
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("position", stored=True)
        for name in _BOOSTS:
            builder.add_text_field(name, tokenizer_name="terms")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer("terms", self._analyzer)
        self._known_words: set[str] = set()
        self._words_like: dict[tuple[str, int], list[str]] = {}
        # People write the same unknown words again and again, and looking one up means comparing it with all others.
        self._correct = lru_cache(maxsize=_KEPT)(self._corrected_word)
        self._weighted = lru_cache(maxsize=_KEPT)(self._weighted_term)
        self._fill()
        self._searcher = self._index.searcher()

    def search(self, utterance: str, count: int, topic: str = "") -> list[ArticleMatch]:
        """
        The articles that match best, best first.

        Parameters:
            utterance: What a person wrote or looks for.
            count: How many at most.
            topic: Words of which an article must have at least one; the utterance then only puts them in order.
        """
        asked = self._clauses(self._corrected(utterance))
        clauses = [(tantivy.Occur.Should, query) for query in asked]
        if topic:
            required = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in self._clauses(topic)])
            clauses.append((tantivy.Occur.Must, tantivy.Query.boost_query(required, 1.5)))
        if not clauses:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), count).hits
        found = [
            ArticleMatch(self._articles[self._searcher.doc(address)["position"][0]], round(score, 4))
            for score, address in hits
        ]
        return [match for match in found if match.score >= _WEAKEST * found[0].score]

    def _fill(self) -> None:
        writer = self._index.writer(heap_size=30_000_000, num_threads=1)
        for position, article in enumerate(self._articles):
            fields = {
                "title": article.title,
                "tags": " ".join(article.tags),
                "summary": article.summary,
                "text": article.text,
            }
            subject = f"{article.title} {' '.join(article.tags)} {article.summary}"
            concepts = " ".join(_term(concept) for concept in self._named_concepts(subject))
            writer.add_document(tantivy.Document(position=position, concepts=concepts, **fields))
            for text in fields.values():
                self._known_words.update(re.findall(r"[^\W\d_]{3,}", fold(text)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        for word in sorted(self._known_words):
            self._words_like.setdefault((word[0], len(word)), []).append(word)

    def _clauses(self, text: str) -> list[tantivy.Query]:
        terms = list(dict.fromkeys(self._analyzer.analyze(text)))[:_LONGEST_QUERY]
        fields = [name for name in _BOOSTS if name != "concepts"]
        clauses = [self._weighted(name, term) for term in terms for name in fields]
        return clauses + [self._weighted("concepts", _term(name)) for name in dict.fromkeys(self._named_concepts(text))]

    def _weighted_term(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term), _BOOSTS[name])

    def _named_concepts(self, text: str) -> list[str]:
        return self._concepts.find([stem(word, self._language) for word in words(text, self._language)])

    def _corrected(self, utterance: str) -> str:
        return " ".join(self._correct(word) for word in words(utterance, self._language))

    def _corrected_word(self, word: str) -> str:
        """
        The closest known word for an unknown one: one slip in words of four to seven letters, two in longer ones. Slips
        seldom hit the first letter (Pollock & Zamora 1984), so only words that begin alike are looked at.
        """
        if len(word) < 4 or word in self._known_words or not word.isalpha():  # noqa: PLR2004
            return word
        slips = 1 if len(word) < 8 else 2  # noqa: PLR2004
        nearby = itertools.chain.from_iterable(
            self._words_like.get((word[0], length), ()) for length in range(len(word) - slips, len(word) + slips + 1)
        )
        match = process.extractOne(word, nearby, scorer=OSA.distance, score_cutoff=slips)
        return match[0] if match else word


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    name = _STEMMERS.get(language)
    if name:
        builder = builder.filter(tantivy.Filter.stopword(name))
    builder = builder.filter(tantivy.Filter.ascii_fold())
    builder = builder.filter(tantivy.Filter.custom_stopword(_EMPTY_WORDS.get(language, "").split()))
    return (builder.filter(tantivy.Filter.stemmer(name)) if name else builder).build()


def _term(concept: str) -> str:
    """
    A concept's id as one term that no stemmer changes.
    """
    return concept.replace("_", "") + "0"
