"""
Short answers refer to what the bot said last.
"""

import pytest

from bot.app import App
from bot.conversation.handlers import HANDLERS
from bot.conversation.handlers.follow_ups import left_open
from bot.events import Hired
from bot.model import Asked, Form, Profile
from bot.understanding.verdict import Outcome
from tests.builders import labels_of, text_of
from tests.conversation.test_alerts import Talk

ADVICE = {"payload": "i:fr:cv_review"}
OPTIONS = ["Le titre du CV", "Les loisirs", "Un trou dans le CV"]


@pytest.fixture
def talk(bot: App) -> Talk:
    """
    Somebody who talks with the shipped bot.
    """
    return Talk(bot)


@pytest.mark.parametrize(
    ("closing", "options"),
    [
        ("Ce qui bloque : la longueur, le titre, ou la photo ?", ("la longueur", "le titre", "la photo")),
        ("What is <b>left</b>: a course or a client?", ("a course", "a client")),
        ("Qu'est-ce qui retient : CDD ou CDI, ou le salaire ?", ("CDD ou CDI", "le salaire")),
        ("Un conseil : relire.\n\nQu'en dit-on autour de vous ?", ()),
        ("Je cherche : sur quel sujet ?", ()),
    ],
)
def test_a_closing_question_gives_something_to_choose_from(closing: str, options: tuple[str, ...]) -> None:
    """
    If it names at least two things, behind a colon.
    """
    assert left_open("cv_review", f"Un CV : c'est court.\n\n{closing}") == Asked("cv_review", options)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_option_of_the_shipped_advice_leads_somewhere(bot: App, language: str) -> None:
    """
    Nobody is asked something whose answer the bot would not understand.
    """
    content, lost = bot.pack.languages[language], []
    for intent in content.answers.keys() - HANDLERS.keys():
        for wording in range(len(content.answers[intent].wordings)):
            text = bot.router.renderer.advice(language, intent, Form.TU, wording)
            for option in left_open(intent, text).options:
                reading = bot.reader.read(option, language)
                if reading.verdict.outcome is not Outcome.SURE and not reading.faq_near:
                    lost.append((intent, option))
    assert lost == []


@pytest.mark.parametrize(
    ("language", "intent", "position", "entry"),
    [
        ("fr", "interview_preparation", "la 2e", "interview_video"),
        ("fr", "interview_preparation", "la 3e", "interview_group"),
        ("en", "application_follow_up", "the first", "follow_up_when"),
        ("en", "cover_letter", "the first", "letter_length"),
        ("en", "interview_questions", "the last one", "question_why_left"),
    ],
)
async def test_an_option_leads_to_the_entry_of_its_name(
    talk: Talk, language: str, intent: str, position: str, entry: str
) -> None:
    """
    And not to another that shares a word with it.
    """
    await talk(payload=f"i:{language}:{intent}")
    expected = await Talk(talk.bot)(payload=f"f:{language}:{entry}")
    assert text_of(await talk(text=position)) == text_of(expected)


async def test_yes_to_a_choice_is_asked_which(talk: Talk) -> None:
    """
    With a button for each thing, so that nobody has to type; asking again changes nothing.
    """
    await talk(**ADVICE)
    for words in ("oui", "les deux", "je sais pas"):
        reply = await talk(text=words)
        assert labels_of(reply)[:3] == OPTIONS, words


async def test_the_second_is_answered_as_its_words_would_be(talk: Talk) -> None:
    """
    Counted from the front, or the last one.
    """
    for words, option in (("plutôt le deuxième", OPTIONS[1]), ("la dernière", OPTIONS[2])):
        await talk(**ADVICE)
        answer = await talk(text=words)
        other = Talk(talk.bot)
        await other(**ADVICE)
        assert text_of(answer) == text_of(await other.press(await other(text="oui"), option))


async def test_one_that_was_not_offered_is_asked_about(talk: Talk) -> None:
    """
    There were two things to choose from.
    """
    await talk(payload="i:fr:senior")
    assert labels_of(await talk(text="le troisième"))[:2] == ["L'âge sur le CV", "Les réserves sur l'âge en entretien"]


async def test_more_shows_what_was_not_seen_yet(talk: Talk) -> None:
    """
    Another article on the same subject each time, and what the question offered, until there is none.
    """
    await talk(**ADVICE)
    first, second = await talk(text="et ensuite ?"), await talk(text="déjà essayé")
    assert first.cards
    assert first.cards != second.cards
    assert labels_of(first)[-3:] == OPTIONS
    for _ in range(20):
        last = await talk(text="développe")
    assert not last.cards
    assert "Plus d'autre article" in text_of(last)


async def test_no_drops_the_subject(talk: Talk) -> None:
    """
    And the next short answer refers to it no more.
    """
    await talk(**ADVICE)
    assert "laissons cela" in text_of(await talk(text="non merci"))
    assert talk.memory.asked == Asked()


async def test_ok_keeps_the_subject(talk: Talk) -> None:
    """
    Whoever takes note may ask for more later.
    """
    await talk(**ADVICE)
    assert "Je reste là" in text_of(await talk(text="d'accord"))
    assert labels_of(await talk(text="oui"))[:3] == OPTIONS


async def test_whoever_hesitates_with_the_bot_may_answer_in_words(talk: Talk) -> None:
    """
    Its buttons can be named by their place; "none" means none of them.
    """
    hesitating = await talk(text="le boulot et tout ça là")
    labels = labels_of(hesitating)
    assert labels[3] == "Rien de tout ça"
    chosen = await talk(text="le premier")
    assert text_of(chosen) == text_of(await Talk(talk.bot).press(hesitating, labels[0]))
    await talk(text="le boulot et tout ça là")
    assert "Soit je n'ai pas compris" in text_of(await talk(text="aucun"))


async def test_whoever_lets_it_be_is_not_told_that_they_were_misunderstood(talk: Talk) -> None:
    """
    "None of these" says that the bot was wrong; "never mind" does not.
    """
    for words in ("le boulot et tout ça là", "je dois refaire mon cv, par où commencer ?"):
        await talk(text=words)
        answer = text_of(await talk(text="non laissez tomber"))
        assert "laissons cela" in answer or "autre chose alors" in answer


async def test_whoever_cannot_tell_is_offered_the_same_again(talk: Talk) -> None:
    """
    With the way out, too.
    """
    hesitating = await talk(text="le boulot et tout ça là")
    again = await talk(text="jsp")
    assert labels_of(again)[:4] == labels_of(hesitating)[:4]
    assert "Soit je n'ai pas compris" in text_of(await talk.press(again, "Rien de tout ça"))


async def test_a_faq_answer_goes_on_with_its_subject(talk: Talk) -> None:
    """
    The whole advice is what there is to say beyond it.
    """
    await talk(payload="f:fr:cv_photo")
    subject = talk.bot.pack.languages["fr"].faq["cv_photo"].header.intents[0]
    assert text_of(await talk(text="continue")) == text_of(await Talk(talk.bot)(payload=f"i:fr:{subject}"))


@pytest.mark.parametrize(("words", "hired"), [("oui !!", True), ("non pas encore", False)])
async def test_good_news_is_answered_in_words(talk: Talk, words: str, hired: bool) -> None:
    """
    As by its two buttons.
    """
    await talk(payload="i:fr:good_news")
    await talk(text=words)
    assert any(isinstance(event, Hired) for event in talk.hook.events) is hired


async def test_english_is_understood_in_english(talk: Talk) -> None:
    """
    The options are those of the English question.
    """
    await talk(payload="i:en:cv_review")
    assert labels_of(await talk(text="all of them"))[:2] == ["The hobbies", "A gap on the CV"]


@pytest.mark.parametrize("words", ["oui", "le premier", "et ensuite ?", "non", "d'accord"])
async def test_without_anything_left_open_the_words_stand_alone(talk: Talk, words: str) -> None:
    """
    They are read like any other message.
    """
    assert text_of(await talk(text=words)) == text_of(await Talk(talk.bot)(text=words))
    assert talk.memory.asked.options == ()


async def test_what_the_pack_has_lost_since_is_not_offered(bot: App) -> None:
    """
    The words stand alone then.
    """
    gone = Asked(choices=("f:fr:no_such_entry", "i:fr:no_such_intent"))
    talk = Talk(bot, Profile(asked=gone))
    assert text_of(await talk(text="le premier")) == text_of(await Talk(bot)(text="le premier"))
