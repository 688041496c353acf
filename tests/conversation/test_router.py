"""
Whatever a person does gets one fitting reply.
"""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.content import markup
from bot.content.pack import Pack
from bot.conversation.handlers import COMMANDS, HANDLERS, VERBS
from bot.conversation.memory import Memory
from bot.conversation.payloads import Verb
from bot.events import Answered, Insulted, Lost, Voted
from bot.model import AttachmentKind, Incoming, Person
from bot.understanding.reader import Reading
from bot.understanding.verdict import Candidate, Outcome, Verdict
from tests.builders import labels_of, payload_of, text_of
from tests.conftest import Say
from tests.fakes import RecordingHook


def test_every_handler_answers_an_intent_of_the_shipped_pack(pack: Pack) -> None:
    """
    No handler waits for an intent that cannot come.
    """
    assert set(HANDLERS) <= set(pack.intents)


def test_every_verb_has_a_handler() -> None:
    """
    No button does nothing.
    """
    assert set(VERBS) == set(Verb)


async def test_a_clear_question_is_answered_with_advice_articles_and_ways_on(say: Say) -> None:
    """
    The first thing a stranger tries works.
    """
    reply = await say("je dois refaire mon cv, par où commencer ?")
    assert 60 <= len(text_of(reply).split()) <= 260
    assert 1 <= len(reply.cards) <= 3
    assert {"👍 Utile", "👎 Pas vraiment", "✉️ Écrire à Camille"} <= set(labels_of(reply))


async def test_every_button_of_every_answer_leads_somewhere(bot: App, say: Say) -> None:
    """
    Nobody presses into the void, in either language.
    """
    for language in ("fr", "en"):
        stale = text_of(await say(payload=f"x:{language}"))
        for intent in bot.pack.intents:
            reply = await say(payload=f"i:{language}:{intent}")
            assert text_of(reply), intent
            for row in reply.buttons:
                for button in row:
                    pressed = await say(payload=button.payload)
                    assert pressed.blocks or pressed.notice, button
                    assert text_of(pressed) != stale, button


async def test_browsing_the_menu_and_the_faq_reaches_every_page(bot: App, say: Say) -> None:
    """
    Each theme, category, page and entry can be reached by pressing buttons alone.
    """
    reached: set[str] = set()
    waiting = [button.payload for row in (await say(command="menu")).buttons for button in row]
    while waiting:
        payload = waiting.pop()
        if payload in reached:
            continue
        reached.add(payload)
        if payload[0] in (Verb.MENU, Verb.THEME, Verb.FAQ, Verb.FAQ_CATEGORY):
            waiting += [button.payload for row in (await say(payload=payload)).buttons for button in row]
    assert {f"f:fr:{entry}" for entry in bot.pack.languages["fr"].faq} <= reached
    themes = bot.pack.manifest.themes
    assert {f"i:fr:{intent}" for theme in themes for intent in theme.intents} <= reached


@pytest.mark.parametrize(
    "text",
    [
        "je veux mourir",
        "j'ai envie d'en finir avec tout ça",
        "jveu mourir jen peu plu",
        "à quoi bon vivre, tout le monde serait mieux sans moi",
        "I want to kill myself",
        "i don't want to be alive anymore",
    ],
)
async def test_distress_is_answered_with_numbers_and_nothing_else(say: Say, text: str) -> None:
    """
    Somebody in danger gets warmth and a number to call, no links and no menu.
    """
    reply = await say(text)
    assert "3114" in text_of(reply)
    assert reply.cards == ()
    assert labels_of(reply) in (["✉️ Écrire à Camille"], ["✉️ Write to Camille"])


async def test_distress_comes_before_a_command_and_a_file(say: Say) -> None:
    """
    Wherever the words stand, they are seen first.
    """
    assert "3114" in text_of(await say(command="article", arguments="je veux mourir"))
    assert "3114" in text_of(await say("je veux mourir", attachment=AttachmentKind.PHOTO))


@pytest.mark.parametrize("text", ["je suis mort de rire mdr", "je meurs d'envie d'avoir ce poste"])
async def test_a_figure_of_speech_is_not_distress(say: Say, text: str) -> None:
    """
    Care does not mean answering every "mort" with an emergency.
    """
    assert "3114" not in text_of(await say(text))


@pytest.mark.parametrize("command", sorted(COMMANDS))
async def test_each_command_answers_in_both_languages(bot: App, command: str) -> None:
    """
    What the menu of Telegram lists works.
    """
    texts = set()
    for language in ("fr", "en"):
        reply = await bot.router.respond(
            Incoming(Person("somebody", language_hint=language), command=command), Memory(), RecordingHook()
        )
        assert reply.language == language
        texts.add(text_of(reply))
    assert len(texts) == 2


async def test_an_unknown_command_is_said_to_be_unknown(say: Say) -> None:
    """
    A mistyped command gets a hint, and its text is shown as it is.
    """
    assert "/<b>men" in text_of(await say(command="<b>men"))


@pytest.mark.parametrize("kind", list(AttachmentKind))
async def test_each_kind_of_file_gets_a_fitting_answer(say: Say, kind: AttachmentKind) -> None:
    """
    A photo, a voice message or a sticker is acknowledged for what it is.
    """
    assert len(text_of(await say(attachment=kind))) > 20


async def test_words_that_come_with_a_file_are_answered_too(say: Say) -> None:
    """
    A caption is a message.
    """
    reply = await say("faut-il une photo sur mon cv ?", attachment=AttachmentKind.PHOTO)
    assert len(reply.blocks) >= 2
    assert len(text_of(reply)) > 200


async def test_a_correction_is_answered_as_one(say: Say) -> None:
    """
    Somebody who edits a message sees that the new text was read.
    """
    assert text_of(await say("bonjour", edited=True)).startswith("J'ai vu votre correction")


async def test_a_very_long_message_is_answered_and_said_to_be_cut(say: Say) -> None:
    """
    Nobody is left to guess what was read.
    """
    assert "les 4000 premiers" in text_of(await say("je cherche du travail " * 5000))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "x",
        "i:fr",
        "i:fr:nowhere",
        "i:tlh:cv_writing",
        "q:fr:cv:99",
        "q:fr:cv:x",
        "r:fr:a:1",
        "i:fr:a:b:c",
        "y:fr:i:nobody",
        "🙂",
    ],
)
async def test_an_altered_button_does_nothing_but_say_so(say: Say, payload: str) -> None:
    """
    A forged or outdated payload is answered kindly.
    """
    assert "ne mène plus nulle part" in text_of(await say(payload=payload)) or "leads nowhere" in text_of(
        await say(payload=payload)
    )


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("faq_cv_photo", "photo"),
        ("intent_nowhere", "assistant automatique"),
        ("zzz", "assistant automatique"),
    ],
)
async def test_a_deep_link_opens_what_it_names(say: Say, argument: str, expected: str) -> None:
    """
    A link on the blog leads to an answer; an outdated one to the welcome.
    """
    assert expected.lower() in text_of(await say(command="start", arguments=argument)).lower()


async def test_a_deep_link_to_an_intent_gives_its_answer(say: Say) -> None:
    """
    A link and a button that name the same intent say the same.
    """
    linked = await say(command="start", arguments="intent_cv_writing")
    assert text_of(linked) == text_of(await say(payload="i:fr:cv_writing"))


async def test_what_is_only_said_is_not_offered_as_a_second_subject(say: Say, bot: App) -> None:
    """
    Nobody is offered a goodbye below an advice.
    """
    said = next(
        text
        for text in (
            "Merci pour tout, et sinon comment je rédige mon cv ?",
            "merci ! et pour ma lettre de motivation ?",
        )
        if bot.reader.read(text).verdict.second in {"thanks", "goodbye", "good_news"}
    )
    reply = await say(said)
    assert not [label for label in labels_of(reply) if label.startswith("➕")]


async def test_a_button_that_leads_to_the_boundary_is_no_insult(say: Say, hook: RecordingHook) -> None:
    """
    Whoever taps "this robot annoys me" has insulted nobody.
    """
    hook.events.clear()
    await say(payload="i:fr:insult")
    assert not [event for event in hook.events if isinstance(event, Insulted)]
    await say("espèce de gros nul de robot de merde")
    assert [event for event in hook.events if isinstance(event, Insulted)]


async def test_nobody_is_asked_whether_they_are_well_without_a_reason(say: Say, bot: App) -> None:
    """
    A message on something else is met with subjects, not with a cry for help.
    """
    text = "il me faut un nom pour mon poney"
    assert "distress" in bot.reader.read(text).verdict.choices
    reply = await say(text)
    assert "Je vais très mal, besoin d'aide" not in labels_of(reply)
    assert "Rien de tout ça" in labels_of(reply)


async def test_articles_that_only_mention_a_subject_stay_away(bot: App) -> None:
    """
    The English demonstration blog has no post on freelancing; an advice on it shows none rather than any.
    """
    assert bot.reader.articles_about("freelance", "en", "how do I find clients as a freelancer, my job ends") == ()
    assert bot.reader.articles_about("salary", "en", "how much can I ask for")


async def test_a_second_visit_reads_differently(say: Say) -> None:
    """
    Greeting twice does not sound like a machine.
    """
    assert text_of(await say("bonjour")) != text_of(await say("bonjour"))


async def test_another_article_is_another_one(say: Say) -> None:
    """
    Pressing again brings posts not shown yet, until there are none.
    """
    reply = await say("je dois refaire mon cv, par où commencer ?")
    shown = {card.article.id for card in reply.cards}
    payload = payload_of(reply, "Un autre article")
    for _ in range(30):
        reply = await say(payload=payload)
        if not reply.cards:
            break
        (card,) = reply.cards
        assert card.article.id not in shown
        shown.add(card.article.id)
    assert "Plus d'autre article" in text_of(reply)


async def test_an_article_can_be_read_to_its_end(say: Say) -> None:
    """
    A post that is on no website can be read in the conversation, page by page.
    """
    reply = await say(command="article", arguments="cv")
    article = reply.cards[0].article
    page = await say(payload=f"r:fr:{article.id}:1")
    read = text_of(page)
    while page.buttons:
        page = await say(payload=page.buttons[0][0].payload)
        read += text_of(page)
    assert article.text.split()[-1] in read


async def test_hesitating_offers_a_choice_and_a_way_out(bot: App, say: Say) -> None:
    """
    When several things may be meant, the person decides.
    """
    for text in ("mon dossier", "une question sur mon parcours", "le patron", "la photo"):
        if bot.reader.read(text).verdict.outcome == "hesitating":
            reply = await say(text)
            assert 3 <= len(labels_of(reply)) <= 5
            assert "Rien de tout ça" in labels_of(reply)
            assert text_of(await say(payload=payload_of(reply, "Rien de tout ça")))
            return
    pytest.fail("none of these leaves the bot hesitating any more: choose another")


@pytest.mark.parametrize(
    ("candidates", "offered"),
    [
        (("cv_review", "goodbye", "linkedin_profile"), ["Faire relire son CV", "Soigner son profil LinkedIn"]),
        (("goodbye", "greeting", "cv_review"), ["Dire au revoir", "Juste dire bonjour", "Faire relire son CV"]),
    ],
)
async def test_nobody_is_asked_whether_they_want_to_say_goodbye(
    bot: App, say: Say, monkeypatch: pytest.MonkeyPatch, candidates: tuple[str, ...], offered: list[str]
) -> None:
    """
    Unless that is what they seem to say.
    """
    verdict = Verdict(Outcome.HESITATING, 0.4, tuple(Candidate(intent, 0.3) for intent in candidates))
    reading = Reading("fr", verdict, danger=False, faq=(), faq_answer=None, faq_near=())
    monkeypatch.setattr(type(bot.reader), "read", lambda *_: reading)
    assert labels_of(await say("ok la photo")) == [*offered, "Rien de tout ça", "✉️ Écrire à Camille"]


async def test_events_tell_what_happened_without_words_or_names(hook: RecordingHook, say: Say) -> None:
    """
    Whoever hosts the bot can count; nobody can read.
    """
    hook.events.clear()
    await say("quelle est la recette des crêpes bretonnes")
    reply = await say("je dois refaire mon cv, par où commencer ?")
    await say(payload=payload_of(reply, "👍"))
    kinds = [type(event) for event in hook.events]
    assert Voted in kinds
    assert Answered in kinds
    assert Lost in kinds or kinds.count(Answered) > 1
    assert not any("crêpes" in str(event) or "Sacha" in str(event) for event in hook.events)


@given(text=st.text(max_size=200), name=st.text(max_size=64))
async def test_any_message_from_anybody_is_answered_within_the_limits(bot: App, text: str, name: str) -> None:
    """
    Whatever is written by whomever, the reply can be sent.
    """
    reply = await bot.router.respond(Incoming(Person("h", first_name=name), text=text), Memory(), RecordingHook())
    assert reply.blocks
    for block in reply.blocks:
        assert markup.length(markup.plain(block)) <= markup.MESSAGE_LENGTH
    for row in reply.buttons:
        assert all(len(button.payload.encode()) <= 64 for button in row)


@pytest.mark.parametrize(
    "hostile", ["<b>salut", "{{ 7*7 }}", "<script>alert(1)</script>", "[vous|tu]", "&lt;b&gt;", "%s %d {0}"]
)
async def test_a_hostile_message_or_name_is_shown_as_it_is(bot: App, hostile: str) -> None:
    """
    What looks like code is text.
    """
    person = Person("hostile", first_name=hostile)
    greeting = await bot.router.respond(Incoming(person, command="start"), Memory(), RecordingHook())
    assert hostile in text_of(greeting)
    found = await bot.router.respond(
        Incoming(person, command="article", arguments=f"{hostile} zzzz"), Memory(), RecordingHook()
    )
    assert unescape(text_of(found))
