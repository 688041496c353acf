"""
A blogger's own FAQ is found in other words than theirs.
"""

import pytest

from benchmarks.faq import FOLDER, found, read_faq, tremplin
from bot.app import App


@pytest.mark.parametrize(
    ("name", "first", "first_three"),
    [("fr_1", 0.7, 0.88), ("fr_2", 0.7, 0.85), ("fr_3", 0.7, 0.88), ("en_1", 0.7, 0.85), ("en_3", 0.7, 0.88)],
)
def test_paraphrases_find_their_entry(bot: App, name: str, first: float, first_three: float) -> None:
    """
    In a FAQ nobody here has written, by questions that share few words with it: first, and among three.
    """
    faq = read_faq(FOLDER / f"{name}.jsonl")
    shares = found(faq, tremplin(faq, bot.reader._extractor, bot.reader._weights))
    assert shares[0] >= first
    assert shares[1] >= first_three
