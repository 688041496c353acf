"""
What somebody asked is shown without who they are.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.anonymity import anonymous


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bonjour, Zoé ici, écrivez à zoe.b+x@mail.example.org svp", "Bonjour, … ici, écrivez à … svp"),
        ("mon tel 06 12 34 56 78 ou +33 6.12.34.56.78", "mon tel … ou …"),
        ("call me at (514) 555-0199 please", "call me at … please"),
        ("numéro 1 85 05 78 006 084 36, née le 12/03/1985", "numéro …, née le …"),
        ("voir https://linkedin.com/in/zoe?x=1 et www.moi.fr", "voir … et …"),
        ("mon site monblog.fr/cv et je suis @zoe_b", "mon site … et je suis …"),
        ("moi c'est ZOE", "moi c'est …"),
        ("je gagne 35 000 euros en 2024 à 45 ans", "je gagne 35 000 euros en 2024 à 45 ans"),
        ("de 2019-2023, 1200-1500 euros par mois", "de 2019-2023, 1200-1500 euros par mois"),
        ("j'ai dit non.merci.", "j'ai dit non.merci."),
    ],
)
def test_what_tells_who_somebody_is_goes(text: str, shown: str) -> None:
    """
    Years, ages and wages stay: a coach needs them to understand.
    """
    assert anonymous(text, "Zoé") == shown


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Jean-Pierre", "Jean Pierre, jean-pierre ou Pierre", "…, … ou …"),
        ("Li", "moi c'est li", "moi c'est …"),
        ("Marie de la Tour 🌸", "marie de la tour", "… de la …"),
        ("", "rien", "rien"),
        ("🌸", "rien 🌸", "rien 🌸"),
    ],
)
def test_each_part_of_a_first_name_goes(name: str, text: str, shown: str) -> None:
    """
    Small words that are part of a name stay where they are words.
    """
    assert anonymous(text, name) == shown


@given(before=st.text(max_size=20), number=st.integers(10**5, 10**15))
def test_no_long_number_is_ever_shown(before: str, number: int) -> None:
    """
    Whatever it is the number of.
    """
    assert str(number) not in anonymous(f"{before} {number}")
