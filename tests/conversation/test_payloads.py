"""
What stands behind a button survives the way to Telegram and back.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.payloads import LONGEST, Payload, PayloadError, Verb, decode

_IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=18)


@given(verb=st.sampled_from(list(Verb)), arguments=st.lists(_IDS, max_size=3).map(tuple))
def test_a_payload_comes_back_as_it_went(verb: Verb, arguments: tuple[str, ...]) -> None:
    """
    A button means the same after a restart.
    """
    payload = Payload(verb, "fr", arguments)
    assert decode(payload.encode()) == payload


@given(st.text())
def test_any_text_is_a_payload_or_refused(text: str) -> None:
    """
    Nothing that comes in breaks the reading.
    """
    try:
        assert decode(text).language
    except PayloadError:
        assert not any(text.startswith(f"{verb}:fr") for verb in Verb)


def test_a_payload_that_telegram_would_refuse_is_refused_first() -> None:
    """
    A too long id is found by the tests of the pack, not by a person.
    """
    with pytest.raises(PayloadError):
        Payload(Verb.INTENT, "fr", ("x" * LONGEST,)).encode()
