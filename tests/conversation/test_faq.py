"""
The FAQ: browsing in one message, finding by words, and what stands below an entry.
"""

import pytest

from bot.app import App
from bot.conversation.handlers.votes import version_of
from bot.events import Voted
from tests.builders import labels_of, text_of
from tests.conftest import Say
from tests.fakes import RecordingHook


async def test_browsing_changes_one_message(say: Say) -> None:
    """
    From the categories to a page of questions and back, without a new message.
    """
    categories = await say(command="faq")
    page = await say(payload=categories.buttons[0][0].payload)
    back = await say(payload=page.buttons[-1][0].payload)
    assert page.replaces
    assert back.replaces
    assert labels_of(back) == labels_of(categories)


async def test_words_that_name_an_entry_show_it(say: Say) -> None:
    """
    `/faq WORDS` answers where it is sure.
    """
    reply = await say(command="faq", arguments="faut il mettre une photo sur son cv")
    assert text_of(reply).startswith("Faut-il mettre une photo sur son CV ?")


async def test_an_entry_leads_on(say: Say) -> None:
    """
    To articles, other questions, the advice it belongs to, and to saying whether it was useful.
    """
    reply = await say(command="faq", arguments="faut il mettre une photo sur son cv")
    labels = labels_of(reply)
    assert reply.cards
    assert "👍 Utile" in labels
    assert "Rédiger son CV" in labels
    assert [label for label in labels if label.endswith("?")]
    assert "Faut-il mettre une photo sur son CV ?" not in labels


async def test_words_that_may_mean_several_ask_which(bot: App, say: Say) -> None:
    """
    At most three, with ways on.
    """
    reply = await say(command="faq", arguments="salaire")
    questions = {entry.header.question for entry in bot.pack.languages["fr"].faq.values()}
    offered = [label for label in labels_of(reply) if label in questions]
    assert 1 <= len(offered) <= 3
    assert "☰ Menu" in labels_of(reply)


async def test_words_without_an_entry_get_the_advice(say: Say) -> None:
    """
    Rather than nothing.
    """
    reply = await say(command="faq", arguments="j'ai zéro confiance en moi depuis le licenciement")
    assert "👍 Utile" in labels_of(reply)


@pytest.mark.parametrize("words", ["xyzzy", "🙂", "<b>"])
async def test_words_that_mean_nothing_are_told(say: Say, words: str) -> None:
    """
    With what to do instead.
    """
    assert "Aucune question" in text_of(await say(command="faq", arguments=words))


async def test_votes_count_for_the_text_that_was_read(bot: App, say: Say, hook: RecordingHook) -> None:
    """
    A text that was changed begins anew.
    """
    reply = await say("je dois refaire mon cv, par où commencer ?")
    assert (await say(payload=reply.buttons[0][0].payload)).notice
    version = version_of(bot.pack.languages["fr"], "cv_writing")
    assert hook.events[-1] == Voted("fr", "cv_writing", version, useful=True)
    assert version != version_of(bot.pack.languages["en"], "cv_writing")


@pytest.mark.parametrize(
    "payload", ["y:fr:i:cv_writing", "y:fr:i:cv_writing:x:y", "y:fr:i:nothing:abcd", "y:fr:i:salary:'--"]
)
async def test_an_altered_vote_does_nothing(say: Say, hook: RecordingHook, payload: str) -> None:
    """
    Nothing is counted.
    """
    before = len(hook.events)
    assert "ne mène plus" in text_of(await say(payload=payload))
    assert len(hook.events) == before


async def test_a_chosen_language_keeps_its_own_faq(say: Say) -> None:
    """
    Whoever chose English and writes French is not sent to an entry that English lacks.
    """
    await say(payload="s:en:language:en")
    assert text_of(await say("faut-il mettre une photo sur son cv ?"))
