"""
Questions that are alike are looked at once.
"""

import pytest

from bot.app.lessons import extractor_of
from bot.content.pack import Pack
from bot.understanding.features import FeatureExtractor
from bot.understanding.likeness import group

GROUPS = {
    "fr": [
        [
            "vous faites des ateliers le samedi ?",
            "un atelier samedi, c'est possible ?",
            "y a-t-il un atelier ce samedi",
        ],
        ["comment annuler mon inscription", "annuler une inscription svp"],
        ["vous vendez un livre ?"],
        ["le parking est gratuit chez vous"],
    ],
    "en": [
        ["do you run workshops on saturday", "a workshop on saturday?", "is there a saturday workshop"],
        ["how to cancel my registration", "cancel a registration please"],
        ["do you sell a book?"],
        ["is parking free at your place"],
    ],
}


@pytest.fixture(scope="module")
def extractor(pack: Pack) -> FeatureExtractor:
    """
    The features of the shipped pack.
    """
    return extractor_of(pack)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_like_questions_are_put_together(language: str, extractor: FeatureExtractor) -> None:
    """
    What is asked most comes first.
    """
    texts = [text for together in GROUPS[language] for text in together]
    assert group(texts, language, extractor) == [(0, 1, 2), (3, 4), (5,), (6,)]


def test_the_order_of_questions_does_not_matter(extractor: FeatureExtractor) -> None:
    """
    The same groups every time, whenever somebody looks.
    """
    texts = [text for together in GROUPS["fr"] for text in together]
    shuffled = [texts[position] for position in (3, 6, 1, 0, 5, 2, 4)]
    found = {frozenset(shuffled[position] for position in one) for one in group(shuffled, "fr", extractor)}
    assert found == {frozenset(together) for together in GROUPS["fr"]}
    assert group(shuffled, "fr", extractor) == group(shuffled, "fr", extractor)


def test_the_same_question_is_one_group(extractor: FeatureExtractor) -> None:
    """
    However it is typed, in whatever script.
    """
    texts = ["🙂", "Mon CV", "mon  cv", "🙂", "", "Здравствуйте", "MON CV ", "Здравствуйте", ""]
    assert group(texts, "fr", extractor)[0] == (1, 2, 6)
    assert {(0, 3), (4, 8), (5, 7)} <= set(group(texts, "fr", extractor))


@pytest.mark.parametrize(
    ("texts", "groups"), [([], []), (["a"], [(0,)]), (["a", "A"], [(0, 1)]), (["", " "], [(0, 1)])]
)
def test_few_questions_are_grouped_too(
    texts: list[str], groups: list[tuple[int, ...]], extractor: FeatureExtractor
) -> None:
    """
    The first question of a new bot is no special case.
    """
    assert group(texts, "fr", extractor) == groups


def test_thousands_of_questions_are_each_in_one_group(pack: Pack, extractor: FeatureExtractor) -> None:
    """
    Nothing that was asked gets lost.
    """
    texts = [example.text for examples in pack.languages["fr"].examples.values() for example in examples][:2000]
    groups = group(texts, "fr", extractor)
    assert sorted(position for one in groups for position in one) == list(range(2000))
    assert [len(one) for one in groups] == sorted((len(one) for one in groups), reverse=True)
