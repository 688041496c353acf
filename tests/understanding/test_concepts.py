"""
Finding the concepts that words name.
"""

import pytest

from bot.understanding.features import ConceptMatcher
from bot.understanding.text import stem, words

MATCHER = ConceptMatcher(
    {
        "job": ["=poste", "gagner ma croûte"],
        "search": ["chercher"],
        "article": ["=post", "=billet"],
        "blog": ["billet"],
        "spelling": ["=fautes"],
    },
    "fr",
)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("je cherche un poste", ["search", "job"]),
        ("un post sur les fautes", ["article", "spelling"]),
        ("il me faut un poste", ["job"]),
        ("un poste à chercher", ["job", "search"]),
        ("deux billets", ["blog"]),
        ("gagner ma croute", ["job"]),
        ("un billet, deux billets", ["article", "blog"]),
        ("poste poste", ["job"]),
        ("", []),
    ],
)
def test_words_name_concepts_in_any_form_or_as_they_stand(text: str, concepts: list[str]) -> None:
    """
    A word behind an equals sign must stand in that form; a concept named twice in a row counts once.
    """
    spelled = words(text, "fr")
    assert MATCHER.find(spelled, [stem(word, "fr") for word in spelled]) == concepts
