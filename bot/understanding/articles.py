"""
Searching the blog's articles: a tantivy index per language, held in memory.

Titles count most, then tags, summary and text. Accents are folded before stemming, and words that no article has are
corrected against the words of the articles. Of two articles that match alike the newer one comes first, and of two that
are nearly the same only one comes at all.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tantivy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.model import Article
from bot.understanding.features import ConceptMatcher
from bot.understanding.text import fold, stem, words

_BOOSTS = {"title": 2.0, "tags": 2.0, "summary": 1.5, "text": 1.0, "concepts": 1.5}
_TOPIC_WEIGHTS = {("title", "tags"): 8.0, ("summary", "text"): 2.0}
_CONCEPT_WEIGHT = 4.0
"""
What an article gains that has the first phrase of a topic in these fields, or names its concept; the second phrase
brings half of it, the third a quarter. A rare word of an utterance brings about 6.
"""
_STEMMERS = {"fr": "french", "en": "english"}
_EMPTY_WORDS = {
    "fr": "a ete etre avoir faire comment quel quelle quels quelles ce que quoi avez vous blog article articles",
    "en": "how what do does did have has can could would you your my blog article articles post",
}
_MOST_TERMS = 16
"""
Words of an utterance that are searched for: the rarest ones. The rest of a long story adds noise and time.
"""
_KEPT = 8192
_WORD = re.compile(r"[^\W\d_]{3,}")
_WEAKEST = 0.2
"""
The share of the best match's score below which an article is not shown with it.
"""
_WEAKEST_ON_TOPIC = 0.45
"""
The same where articles go along with an advice: nobody asked for them, so a stray one is worse than none.
"""
_FRESH = 0.15
"""
The share of its score that an article loses with age, half of it within `_HALF_LIFE_DAYS` of the newest one.
"""
_HALF_LIFE_DAYS = 3 * 365
_OUTDATED = 0.6
"""
What is left of the score of an article that uses outdated names.
"""
_NEARLY_THE_SAME = 85.0
"""
The per cent of equal characters (by edit distance, over title and beginning) from which two articles count as one.
"""
_COMPARED = 200
_NEIGHBOURS = 3
_ON_TOPIC = 6.5
"""
The score for a topic alone below which an article is not about it: it has none of its first words in its title or tags.
On the shipped blog articles on a topic have 8 and more, others 6 and less.
"""
_SPARE = 4
"""
Matches looked at beyond twice as many as are wanted, for age and doubles to change their order.
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
        matcher: Finds concepts in their language.
    """

    def __init__(self, articles: Iterable[Article], matcher: ConceptMatcher) -> None:
        self._articles = list(articles)
        self._worth = _worths(self._articles)
        self._matcher, self._language = matcher, matcher.language
        self._analyzer = _analyzer(matcher.language)
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
        self._topic = lru_cache(maxsize=_KEPT)(self._topic_query)
        self.about = lru_cache(maxsize=_KEPT)(self._about)
        self._frequency = lru_cache(maxsize=_KEPT)(self._document_frequency)
        self._weighted = lru_cache(maxsize=_KEPT)(self._weighted_term)
        self._fill()
        self._searcher = self._index.searcher()

    def search(self, utterance: str, count: int, topic: Sequence[str] = ()) -> list[ArticleMatch]:
        """
        The articles that match best, best first.

        Parameters:
            utterance: What a person wrote or looks for.
            count: How many at most.
            topic: Words or phrases for what an article must be about, the most telling first.
        """
        asked = self._clauses(self._corrected(utterance))
        clauses = [(tantivy.Occur.Should, query) for query in asked]
        if topic:
            clauses.append((tantivy.Occur.Must, self._topic(tuple(topic))))
        if not clauses:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), 2 * count + _SPARE).hits
        found = [self._match(score, self._searcher.doc(address)["position"][0]) for score, address in hits]
        if topic:
            on_topic = self.about(tuple(topic))
            found = [match for match in found if on_topic[match.article.id] >= _ON_TOPIC]
        found.sort(key=lambda match: -match.score)
        kept: list[ArticleMatch] = []
        weakest = _WEAKEST_ON_TOPIC if topic else _WEAKEST
        for match in found:
            if len(kept) == count or match.score < weakest * found[0].score:
                break
            # What is nearly the same has nearly the same score.
            if not any(_nearly_the_same(match.article, other.article) for other in kept[-_NEIGHBOURS:]):
                kept.append(match)
        return kept

    def _about(self, topic: tuple[str, ...]) -> dict[str, float]:
        """
        How much each article is about a topic, by its id, as far as it is at all.
        """
        hits = self._searcher.search(self._topic(topic), max(1, len(self._articles))).hits
        found = [self._match(score, self._searcher.doc(address)["position"][0]) for score, address in hits]
        return {match.article.id: match.score for match in found}

    def _topic_query(self, topic: tuple[str, ...]) -> tantivy.Query:
        """
        What finds articles on a topic. How rare a word is does not count here: "cv" is in most posts of a career blog,
        and yet is what an advice on CVs is about. The order of the words and the place where they stand count.
        """
        clauses = []
        for rank, phrase in enumerate(topic):
            terms = self._analyzer.analyze(phrase)
            for fields, weight in _TOPIC_WEIGHTS.items():
                found = [(tantivy.Occur.Must, _any([self._weighted(name, term) for name in fields])) for term in terms]
                found = found or [(tantivy.Occur.Should, tantivy.Query.empty_query())]
                clauses.append(tantivy.Query.const_score_query(tantivy.Query.boolean_query(found), weight / 2**rank))
            for name in self._named_concepts(phrase):
                concept = self._weighted("concepts", _term(name))
                clauses.append(tantivy.Query.const_score_query(concept, _CONCEPT_WEIGHT / 2**rank))
        return _any(clauses)

    def _match(self, score: float, position: int) -> ArticleMatch:
        return ArticleMatch(self._articles[position], round(score * self._worth[position], 4))

    def _fill(self) -> None:
        writer = self._index.writer(heap_size=60_000_000, num_threads=1)
        spellings: set[str] = set()
        for position, article in enumerate(self._articles):
            fields = {
                "title": article.title,
                "tags": " ".join(article.tags),
                "summary": article.summary,
                "text": article.text,
            }
            subject = f"{article.title} {' '.join(article.tags)} {article.summary}"
            named = " ".join(_term(concept) for concept in self._named_concepts(subject))
            writer.add_document(tantivy.Document(position=position, concepts=named, **fields))
            spellings.update(*(_WORD.findall(text) for text in fields.values()))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        # Folding each spelling once is ten times faster than folding every text.
        spellings.update(*map(_WORD.findall, self._matcher.phrases))
        self._known_words.update(word for word in map(fold, spellings) if _WORD.fullmatch(word))
        for word in sorted(self._known_words):
            for part in _ends(word):
                self._words_like.setdefault((part, len(word)), []).append(word)

    def _clauses(self, text: str) -> list[tantivy.Query]:
        terms = list(dict.fromkeys(self._analyzer.analyze(text)))
        if len(terms) > _MOST_TERMS:
            terms = sorted(filter(self._frequency, terms), key=self._frequency)[:_MOST_TERMS]
        fields = [name for name in _BOOSTS if name != "concepts"]
        clauses = [self._weighted(name, term) for term in terms for name in fields]
        return clauses + [self._weighted("concepts", _term(name)) for name in dict.fromkeys(self._named_concepts(text))]

    def _document_frequency(self, term: str) -> int:
        return int(self._searcher.doc_freq("text", term) or self._searcher.doc_freq("title", term))

    def _weighted_term(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term), _BOOSTS[name])

    def _named_concepts(self, text: str) -> list[str]:
        spelled = words(text, self._language)
        return self._matcher.find(spelled, [stem(word, self._language) for word in spelled])

    def _corrected(self, utterance: str) -> str:
        return " ".join(self._correct(word) for word in words(utterance, self._language))

    def _corrected_word(self, word: str) -> str:
        """
        The closest known word for an unknown one: one slip in words of four to seven letters, two in longer ones. Slips
        seldom hit the first letter (Pollock & Zamora 1984), and one slip spares the first two or the last two, so only
        words with the same first letter and either of these are looked at.
        """
        if len(word) < 4 or word in self._known_words or not word.isalpha():  # noqa: PLR2004
            return word
        if any(map(self._frequency, self._analyzer.analyze(word))):
            # Another form of it is known.
            return word
        slips = 1 if len(word) < 8 else 2  # noqa: PLR2004
        lengths = range(len(word) - slips, len(word) + slips + 1)
        nearby = itertools.chain.from_iterable(
            self._words_like.get((part, length), ()) for part in _ends(word) for length in lengths
        )
        match = process.extractOne(word, nearby, scorer=OSA.distance, score_cutoff=slips)
        return match[0] if match else word


def _ends(word: str) -> tuple[str, str]:
    """
    The parts of a word of which one survives a slip.
    """
    return word[:2], f"{word[0]}…{word[-2:]}"


def _worths(articles: Sequence[Article]) -> list[float]:
    """
    What each article's score is multiplied with: a little less for older ones, much less for outdated ones. One without
    a date counts as old. Age is told from the newest article, so that the same blog gives the same answers any day.
    """
    newest = max((article.published for article in articles if article.published), default=None)
    worths = []
    for article in articles:
        age = (newest - article.published).days if newest and article.published else 2 * _HALF_LIFE_DAYS
        fresh = 1 - _FRESH + _FRESH * 0.5 ** (age / _HALF_LIFE_DAYS)
        worths.append(fresh * (_OUTDATED if article.outdated else 1.0))
    return worths


def _nearly_the_same(one: Article, other: Article) -> bool:
    first, second = (f"{article.title} {article.text[:_COMPARED]}" for article in (one, other))
    return fuzz.ratio(first, second, score_cutoff=_NEARLY_THE_SAME) > 0


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    name = _STEMMERS.get(language)
    if name:
        builder = builder.filter(tantivy.Filter.stopword(name))
    builder = builder.filter(tantivy.Filter.ascii_fold())
    builder = builder.filter(tantivy.Filter.custom_stopword(_EMPTY_WORDS.get(language, "").split()))
    return (builder.filter(tantivy.Filter.stemmer(name)) if name else builder).build()


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _term(concept: str) -> str:
    """
    A concept's id as one term that no stemmer changes.
    """
    return concept.replace("_", "") + "0"
