"""
What people type becomes words that can be compared.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.text import READ_LENGTH, clean, fold, sentences, sound, stem, tokens, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("ÉTÉ", "ete"), ("l’été", "l'ete"), ("cœur", "coeur"), ("troooop", "troop"), ("2000", "2000"), ("Noël", "noel")],
)
def test_folding_keeps_the_word_and_drops_its_dress(typed: str, folded: str) -> None:
    """
    Accents, capitals, apostrophes and elongations do not make another word.
    """
    assert fold(typed) == folded


def test_invisible_characters_disappear() -> None:
    """
    A message copied from elsewhere is read as it looks.
    """
    assert clean("c\u200bv\u202e \ufeffà \u00adrefaire") == "cv à refaire"


def test_tokens_keep_elisions_questions_and_emoji() -> None:
    """
    What carries meaning besides letters stays.
    """
    assert tokens("J'ai peur !!! pourquoi ? 😰") == ["j'", "ai", "peur", "!!!", "pourquoi", "?", "😰"]


@pytest.mark.parametrize(
    ("typed", "language", "written_out"),
    [
        ("jsp koi faire", "fr", ["je", "sais", "pas", "quoi", "faire"]),
        ("bjr stp", "fr", ["bonjour", "s'", "il", "te", "plait"]),
        ("idk pls", "en", ["i", "do", "not", "know", "please"]),
    ],
)
def test_texting_is_written_out(typed: str, language: str, written_out: list[str]) -> None:
    """
    SMS spellings meet the examples written in full.
    """
    assert words(typed, language) == written_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("antretien", "entretien"),
        ("chaumage", "chomage"),
        ("letre", "lettre"),
        ("travaille", "travail"),
        ("photo", "foto"),
    ],
)
def test_words_that_sound_alike_have_the_same_sound(typed: str, meant: str) -> None:
    """
    Spelling by ear is understood.
    """
    assert sound(typed) == sound(meant)


def test_stems_depend_on_the_language() -> None:
    """
    French endings are not cut from English words.
    """
    assert stem("entretiens", "fr") == stem("entretien", "fr")
    assert stem("interviews", "en") == stem("interview", "en")
    assert stem("xyz", "tlh") == "xyz"


def test_a_stem_is_not_another_word() -> None:
    """
    "Tu connais…" is no insult.
    """
    assert stem("connais", "fr") != "con"
    assert stem("cvs", "fr") == "cv"


def test_sentences_are_split_at_their_ends_and_at_lines() -> None:
    """
    A story can be read sentence by sentence.
    """
    assert sentences("J'ai 50 ans. Que faire ?\nMerci") == ["J'ai 50 ans.", "Que faire ?", "Merci"]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """
    Nothing that can be typed breaks the reading.
    """
    assert len(clean(text)) <= 18 * READ_LENGTH
    for language in ("fr", "en"):
        assert all(
            isinstance(stem(word, language), str) and sound(word) is not None for word in words(clean(text), language)
        )
