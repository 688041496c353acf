"""
Messages whose writers knew the catalogue of intents alone: a situation, a feeling and a request in one breath
(`composite`), and one to seven words (`short`).
"""

from pathlib import Path

import pytest

from bot.app import App
from bot.understanding.evaluation import in_scope, judge, out_of_scope, read_messages

FOLDER = Path(__file__).parent / "messages"


@pytest.mark.parametrize("name", ["composite", "short"])
def test_plain_messages_are_understood(bot: App, name: str) -> None:
    """
    Nearly all of them; and what is not the bot's subject is seldom answered.
    """
    judged = judge(bot.reader, read_messages(FOLDER / f"{name}.jsonl"))
    inside = in_scope([row for row in judged if row.message.intents])
    outside = out_of_scope([row for row in judged if not row.message.intents])
    assert inside.top1 >= 0.95
    assert inside.answered_right >= 0.97
    assert inside.helped >= 0.97
    assert outside.abstained >= 0.88
