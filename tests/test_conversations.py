"""
What people say is understood: each message in `conversations/<language>/<intent>.yaml` is answered, or offered as a
button.

A row is `say`, and if wanted `contains`: words that must stand in the answer. A row marked `known_failure` is one the
bot does not get yet; it fails here as soon as the bot does, so that the mark is taken away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.app import App
from bot.content.pack import OUT_OF_SCOPE
from bot.conversation.memory import Memory
from bot.model import Incoming, Person
from bot.understanding.verdict import Outcome
from tests.builders import text_of
from tests.fakes import RecordingHook

FOLDER = Path(__file__).parent / "conversations"


@dataclass(frozen=True, slots=True)
class Said:
    """
    A message, what it asks for, and what the answer must hold.
    """

    language: str
    intent: str
    say: str
    contains: tuple[str, ...] = ()
    known_failure: bool = False


def conversations() -> Iterator[Said]:
    """
    All rows of all files.
    """
    for path in sorted(FOLDER.glob("*/*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            contains = tuple(row.pop("contains", ()))
            yield Said(path.parent.name, path.stem, contains=contains, **row)


def test_every_intent_has_a_conversation_in_every_language(bot: App) -> None:
    """
    A new intent comes with what people say for it.
    """
    tried = {(said.language, said.intent) for said in conversations()}
    assert {(language, intent) for language in bot.pack.languages for intent in bot.pack.intents} <= tried


@pytest.mark.parametrize(
    "said", list(conversations()), ids=lambda said: f"{said.language}-{said.intent}-{said.say[:30]}"
)
def test_a_message_is_understood(bot: App, said: Said) -> None:
    """
    A person who says this gets the answer, or a button that leads to it.
    """
    reading = bot.reader.read(said.say)
    verdict = reading.verdict
    if said.intent == OUT_OF_SCOPE:
        understood = verdict.outcome is not Outcome.SURE
    else:
        chosen = verdict.choices[:1] if verdict.outcome is Outcome.SURE else verdict.choices
        understood = verdict.outcome is not Outcome.LOST and said.intent in chosen and reading.language == said.language
    assert understood is not said.known_failure, (verdict, reading.language)


@pytest.mark.parametrize("said", [said for said in conversations() if said.contains], ids=lambda said: said.say[:40])
async def test_the_answer_holds_what_it_must(bot: App, said: Said) -> None:
    """
    The words a person needs stand in the answer.
    """
    reply = await bot.router.respond(Incoming(Person("conversation"), text=said.say), Memory(), RecordingHook())
    assert [words for words in said.contains if words not in text_of(reply)] == []
