"""
The right article and the right FAQ entry are found, also in other words.
"""

import datetime as dt
from pathlib import Path

import pytest

from bot.app import App
from bot.understanding.articles import ArticleIndex
from bot.understanding.catalogue import Catalogue
from bot.understanding.features import ConceptMatcher
from tests.builders import article

ARTICLES = [
    article("Relancer une candidature sans harceler", text="Attendez un peu, puis écrivez un message court."),
    article("La lettre de motivation en trois paragraphes", tags=("lettre",), text="Vous, moi, nous."),
    article("Préparer l'entretien d'embauche", tags=("entretien",), text="Les questions, la tenue, la relance après."),
]


@pytest.fixture
def index() -> ArticleIndex:
    """
    Three articles.
    """
    return ArticleIndex(
        ARTICLES, ConceptMatcher({"cover_letter": ["lettre de motivation", "lm"], "interview": ["entretien"]}, "fr")
    )


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("relance", "Relancer une candidature sans harceler"),
        ("comment relancer ?", "Relancer une candidature sans harceler"),
        ("LETTRE DE MOTIVATION", "La lettre de motivation en trois paragraphes"),
        ("ma lm", "La lettre de motivation en trois paragraphes"),
        ("letre de motivasion", "La lettre de motivation en trois paragraphes"),
        ("preparer un antretien dembauche", "Préparer l'entretien d'embauche"),
    ],
)
def test_an_article_is_found(index: ArticleIndex, words: str, title: str) -> None:
    """
    By stems, without accents, through concepts and despite typing errors; titles first.
    """
    assert index.search(words, 3)[0].article.title == title


@pytest.mark.parametrize("words", ["", "   ", "quel comment vous", "xyzzy", "🙂", 'AND OR ( " * :', "title:x"])
def test_what_is_in_no_article_finds_none(index: ArticleIndex, words: str) -> None:
    """
    An empty or strange search is answered with nothing, not with anything.
    """
    assert index.search(words, 3) == []


def test_a_topic_limits_what_an_utterance_may_bring(index: ArticleIndex) -> None:
    """
    Below an advice on letters no article on interviews appears because both words were typed.
    """
    found = index.search("entretien", 3, topic=["lettre"])
    assert [match.article.title for match in found] == ["La lettre de motivation en trois paragraphes"]


def test_a_newer_article_comes_first() -> None:
    """
    Between two that match alike; a better match wins over a newer one.
    """
    old = article("Relancer sans harceler", text="Quelques mots.", published=dt.date(2016, 1, 1))
    new = article("Relancer avec tact", text="Autre chose encore.", published=dt.date(2026, 1, 1))
    index = ArticleIndex([old, new], ConceptMatcher({}, "fr"))
    assert [match.article for match in index.search("relancer", 2)] == [new, old]
    assert [match.article for match in index.search("relancer sans harceler", 2)] == [old, new]


def test_an_outdated_article_ranks_lower() -> None:
    """
    Even if it is the newer one.
    """
    old = article("Relancer sans harceler", text="Quelques mots.", published=dt.date(2020, 1, 1))
    outdated = article("Relancer avec tact", text="Autre chose.", published=dt.date(2026, 1, 1), outdated=("ANPE",))
    found = ArticleIndex([outdated, old], ConceptMatcher({}, "fr")).search("relancer", 2)
    assert [match.article for match in found] == [old, outdated]


def test_of_two_nearly_equal_articles_one_is_shown() -> None:
    """
    A post that was published twice does not fill the list.
    """
    text = (
        "Attendez une semaine, puis écrivez un message court, poli et précis à la personne qui a reçu votre dossier. "
    )
    first = article("Relancer sans harceler", text=text * 3 + "Fin.", published=dt.date(2026, 1, 1))
    again = article("Relancer sans harceler", text=text * 3 + "Suite.", published=dt.date(2020, 1, 1))
    other = article("Relancer par téléphone", text="Préparez deux phrases.")
    found = ArticleIndex([again, first, other], ConceptMatcher({}, "fr")).search("relancer", 3)
    assert [match.article for match in found] == [first, other]


def test_a_word_that_is_only_spelt_otherwise_is_not_corrected() -> None:
    """
    A word that is known in another form, or from the concepts, is left as it is.
    """
    index = ArticleIndex(
        [article("Un poste", text="Le postier poste."), article("La paie", tags=("salaire",), text="Bonjour.")],
        ConceptMatcher({"salary": ["salaire", "boulette"]}, "fr"),
    )
    assert [match.article.title for match in index.search("boulete", 1)] == ["La paie"]


def test_a_long_story_is_searched_by_its_rare_words() -> None:
    """
    What everybody writes does not drown what this person asks.
    """
    posts = [
        article(f"Billet {n}", text="je suis allé voir une personne et puis une autre encore " * 5) for n in range(30)
    ]
    wanted = article("Le portage salarial", text="Une solution.")
    story = "je suis allé voir une personne et puis encore une autre personne " * 20 + "et le portage salarial ?"
    assert ArticleIndex([*posts, wanted], ConceptMatcher({}, "fr")).search(story, 1)[0].article == wanted


def test_articles_can_be_replaced_while_the_bot_answers() -> None:
    """
    What is gone is found no more, what is new at once; other languages are left out.
    """
    catalogue = Catalogue({"fr": ConceptMatcher({}, "fr")}, ARTICLES)
    assert len(catalogue) == 3
    new = article("Le portage salarial", text="Une solution.")
    catalogue.replace([new, article("Umbrella companies", language="en")])
    assert catalogue.article(new.id) == new
    assert catalogue.article(ARTICLES[0].id) is None
    assert [match.article for match in catalogue.search_all("portage", "fr", 3)] == [new]
    assert catalogue.search_all("relance", "fr", 3) == []


def test_an_empty_blog_finds_nothing() -> None:
    """
    A pack without articles works.
    """
    assert ArticleIndex([], ConceptMatcher({}, "fr")).search("cv", 3) == []


def test_a_faq_question_finds_its_own_entry(bot: App) -> None:
    """
    Every question of the shipped FAQ, asked as it stands, is answered by its entry.
    """
    for language in ("fr", "en"):
        entries = bot.pack.languages[language].faq.values()
        missed = [e.id for e in entries if bot.reader.find_faq(e.header.question, language, 1)[0].entry != e.id]
        assert missed == []


def test_search_falls_back_to_another_language(bot: App) -> None:
    """
    A post in the other language is better than none.
    """
    titles = {a.title for a in (match.article for match in bot.reader.search("alternance", "fr", 3))}
    assert titles
    assert {match.article.title for match in bot.reader.search("alternance", "en", 3)}


def test_articles_about_an_intent_are_in_the_language_asked_for(bot: App) -> None:
    """
    An English answer has English articles below it.
    """
    assert {a.language for a in bot.reader.articles_about("cv_writing", "en")} == {"en"}


def test_the_articles_of_the_shipped_blog_can_be_opened(bot: App) -> None:
    """
    The demonstration's links lead to files that are there.
    """
    found = bot.reader.search("cv", "fr", 3)
    assert found
    assert all(Path(match.article.url.removeprefix("file://")).is_file() for match in found)
