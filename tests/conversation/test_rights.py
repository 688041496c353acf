"""
What people may ask for about themselves, whatever the channel.
"""

from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.content import retention
from bot.content.retention import RETENTION
from bot.conversation.handlers import COMMANDS, RIGHTS
from bot.conversation.memory import Memory
from bot.model import Effect, Form, Holdings, Incoming, Limit, Person, Profile, Reply
from tests.builders import labels_of, payload_of, text_of
from tests.conftest import Say
from tests.conversation.test_alerts import Talk
from tests.fakes import RecordingHook

PERSON = Person("test:1", "Sacha")
SEEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
KEPT = Holdings(Profile("fr", visits={"salary": 2}), "Sacha", SEEN, SEEN, ((SEEN, "mon salaire ?"),))


class OneShelf:
    """
    An `Archive` that knows one person.
    """

    async def holdings(self, key: str) -> Holdings | None:
        """
        What is kept of them.
        """
        return KEPT if key == PERSON.key else None


@pytest.fixture
def known(bot: App, hook: RecordingHook) -> Say:
    """
    Say something as somebody of whom something is kept.
    """
    from dataclasses import replace  # noqa: PLC0415

    router = replace(bot.router, archive=OneShelf())
    memory = Memory(KEPT.profile)

    async def _say(text: str = "", **what: object) -> Reply:
        return await router.respond(Incoming(PERSON, text=text, **what), memory, hook)  # type: ignore[arg-type]

    return _say


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_statement_names_everything_that_is_stored(bot: App, language: str) -> None:
    """
    With its time, from the same list by which the purge runs.
    """
    said = "\n".join(retention.statement(bot.router.renderer, language, Form.VOUS))
    for one in RETENTION:
        assert one.days is None or f"{one.days} " in said
    assert said.count("•") == len(RETENTION)
    assert "{{" not in said


async def test_nothing_is_shown_of_somebody_unknown(say: Say) -> None:
    """
    There is nothing, and it is said so.
    """
    for name in ("mydata", "forget", "mesdonnees", "oublier"):
        reply = await say(command=name)
        assert "Je ne garde rien" in text_of(reply)
        assert reply.document is None


async def test_a_copy_of_everything_is_a_page(known: Say) -> None:
    """
    Readable in any browser, with what it is for and how long it stays.
    """
    reply = await known(command="mydata")
    assert reply.document is not None
    page = reply.document.content.decode()
    for part in ("Sacha", "mon salaire ?", "2026-03-04 05:06 UTC", "365", "<!doctype html>"):
        assert part in page


async def test_forgetting_is_asked_for_twice(known: Say) -> None:
    """
    A slip of the thumb costs nothing.
    """
    question = await known(command="forget")
    assert question.effects == frozenset()
    kept = await known(payload=payload_of(question, "Non"))
    assert kept.effects == frozenset()
    done = await known(payload=payload_of(question, "Oui"))
    assert done.effects == {Effect.FORGET}
    assert "2026-03-04" in text_of(done)


async def test_forgetting_takes_a_button(known: Say) -> None:
    """
    Whoever types "yes" is asked again, whoever types "no" or wavers keeps everything.
    """
    question = await known(command="forget")
    again = await known("oui")
    assert text_of(again) == text_of(question)
    assert labels_of(again) == labels_of(question)
    wavering = await known("je sais pas")
    assert wavering.effects == again.effects == frozenset()
    await known(command="forget")
    assert "Rien n'est effacé" in text_of(await known("non"))


@pytest.mark.parametrize("payload", ["g:fr:maybe", "g:fr:yes:yes", "s:fr:form:sie", "s:fr:language:xx", "s:fr:x"])
async def test_an_altered_button_changes_nothing(known: Say, payload: str) -> None:
    """
    It is said to lead nowhere.
    """
    reply = await known(payload=payload)
    assert reply.effects == frozenset()
    assert "ne mène plus nulle part" in text_of(reply)


async def test_choices_are_shown_and_change_at_once(say: Say) -> None:
    """
    Language, form of address, messages unasked: pressed once, ticked at once.
    """
    shown = await say(command="settings")
    assert {"✓ vous", "✓ comme j'écris", "✓ 🔔 m'écrire"} <= set(labels_of(shown))
    shown = await say(payload=payload_of(shown, "tu"))
    assert "✓ tu" in labels_of(shown)
    shown = await say(payload=payload_of(shown, "🔕"))
    assert "✓ 🔕 ne pas m'écrire" in labels_of(shown)
    shown = await say(payload=payload_of(shown, "English"))
    assert "✓ English" in labels_of(shown)
    assert "tu" not in labels_of(shown)
    reply = await say("je dois refaire mon cv")
    assert reply.language == "en"


async def test_stopping_is_confirmed_and_can_be_undone(say: Say) -> None:
    """
    Nothing unasked comes any more; questions are still answered.
    """
    reply = await say(command="stop")
    assert "plus aucun message" in text_of(reply)
    shown = await say(payload=payload_of(reply, "églages"))
    assert "✓ 🔕 ne pas m'écrire" in labels_of(shown)


@pytest.mark.parametrize("limit", [Limit.NOTICE, Limit.SILENT, Limit.CROWDED])
async def test_rights_have_no_limits(known: Say, limit: Limit) -> None:
    """
    However much somebody writes, and even if they are muted.
    """
    for name in RIGHTS:
        assert (await known(command=name, limit=limit)).blocks
    assert (await known(payload="g:fr:yes", limit=limit)).effects == {Effect.FORGET}
    assert (await known(payload="s:fr", limit=limit)).buttons
    other = await known("mon cv", limit=limit)
    assert bool(other.blocks) is (limit is not Limit.SILENT)
    assert not other.cards


def test_every_right_is_a_command() -> None:
    """
    The French names too.
    """
    assert set(RIGHTS) <= set(COMMANDS)
    assert {"mesdonnees", "oublier", "reglages"} <= set(RIGHTS)


async def test_a_time_zone_can_be_chosen_and_taken_back(bot: App) -> None:
    """
    So that nothing that was not asked for comes at night; the cities stand in the person's language.
    """
    talk = Talk(bot)
    zones = await talk.press(await talk(command="settings"), "🕘 Heure\xa0: celle du blog")
    assert "Nouméa" in labels_of(zones)
    chosen = await talk.press(zones, "La Réunion")
    assert talk.memory.zone == "Indian/Reunion"
    assert "🕘 Heure\xa0: La Réunion" in labels_of(chosen)
    await talk.press(await talk.press(chosen, "🕘 Heure"), "celle du blog")
    assert talk.memory.zone == ""
    assert "ne mène plus" in text_of(await talk(payload="s:fr:zone:Mars/Olympus"))
