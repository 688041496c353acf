"""
Messages that only answer what was asked.
"""

import pytest

from bot.understanding.short_replies import Kind, ShortReply, short_reply


@pytest.mark.parametrize(
    ("utterance", "language", "meant"),
    [
        ("oui", "fr", ShortReply(Kind.YES)),
        ("Ouiiii !!", "fr", ShortReply(Kind.YES)),
        ("ben oui svp", "fr", ShortReply(Kind.YES)),
        ("les deux", "fr", ShortReply(Kind.ANY)),
        ("jsp", "fr", ShortReply(Kind.ANY)),
        ("nn merci", "fr", ShortReply(Kind.NO)),
        ("rien de tt ca", "fr", ShortReply(Kind.NO)),
        ("cmt sa ?", "fr", ShortReply(Kind.MORE)),
        ("Ok. Et après ?", "fr", ShortReply(Kind.MORE)),
        ("jai deja essayé", "fr", ShortReply(Kind.MORE)),
        ("dac", "fr", ShortReply(Kind.NOTED)),
        ("ok jvai éssayé", "fr", ShortReply(Kind.NOTED)),
        ("lol ok", "fr", ShortReply(Kind.NOTED)),
        ("pourkoi ?", "fr", ShortReply(Kind.MORE)),
        ("oui mais koi faire ojourdui", "fr", ShortReply(Kind.MORE)),
        ("plutôt le deuxième je pense", "fr", ShortReply(Kind.ONE, 1)),
        ("2", "fr", ShortReply(Kind.ONE, 1)),
        ("la dernière", "fr", ShortReply(Kind.ONE, -1)),
        ("Yes please!", "en", ShortReply(Kind.YES)),
        ("idk", "en", ShortReply(Kind.ANY)),
        ("none of those", "en", ShortReply(Kind.NO)),
        ("non laissez tombé", "fr", ShortReply(Kind.DROP)),
        ("bon tant pis, merci", "fr", ShortReply(Kind.DROP)),
        ("oh never mind", "en", ShortReply(Kind.DROP)),
        ("how??", "en", ShortReply(Kind.MORE)),
        ("but where do i start", "en", ShortReply(Kind.MORE)),
        ("fair enough", "en", ShortReply(Kind.NOTED)),
        ("the 2nd one please", "en", ShortReply(Kind.ONE, 1)),
    ],
)
def test_a_short_answer_is_known_however_it_is_spelt(utterance: str, language: str, meant: ShortReply) -> None:
    """
    With fillers, in SMS spelling, drawn out.
    """
    assert short_reply(utterance, language) == meant


@pytest.mark.parametrize(
    ("utterance", "language"),
    [
        ("merci", "fr"),
        ("ok merci", "fr"),
        ("oui mais mon CV est vide", "fr"),
        ("le premier entretien", "fr"),
        ("pourquoi vous", "fr"),
        ("euh", "fr"),
        ("🙂", "fr"),
        ("", "fr"),
        ("no replies", "en"),
        ("oui", "xx"),
    ],
)
def test_whoever_says_more_has_a_subject_of_their_own(utterance: str, language: str) -> None:
    """
    Or says nothing at all.
    """
    assert short_reply(utterance, language) is None
