"""
Good news is celebrated, counted, and asked about once.
"""

from bot.app import App
from bot.events import Hired
from bot.model import ALL_THEMES, Profile
from tests.builders import labels_of, text_of
from tests.conversation.test_alerts import Talk


async def test_good_news_is_asked_about_once(bot: App) -> None:
    """
    It may be a job or an interview; nobody is asked again.
    """
    talk = Talk(bot)
    reply = await talk(payload="i:fr:good_news")
    assert "est-ce un poste trouvé\xa0?" in text_of(reply)
    assert "poste trouvé ?" not in text_of(await talk(payload="i:fr:good_news"))


async def test_a_job_is_counted_once(bot: App) -> None:
    """
    However often the button is pressed.
    """
    talk = Talk(bot)
    reply = await talk(payload="i:fr:good_news")
    for _ in range(2):
        found = await talk.press(reply, "Oui, un poste")
    assert [event for event in talk.hook.events if isinstance(event, Hired)] == [Hired("fr")]
    assert talk.memory.profile.hired
    assert labels_of(found) == ["Tout effacer"]


async def test_who_found_a_job_may_stop_alerts_and_delete_everything(bot: App) -> None:
    """
    The best end of all: they no longer need the bot.
    """
    talk = Talk(bot, Profile(alerts=(ALL_THEMES,)))
    found = await talk.press(await talk(payload="i:fr:good_news"), "Oui, un poste")
    assert labels_of(found) == ["🔕 Ne plus rien recevoir", "Tout effacer"]


async def test_an_interview_is_a_step(bot: App) -> None:
    """
    It is not counted as a job.
    """
    talk = Talk(bot)
    step = await talk.press(await talk(payload="i:fr:good_news"), "Pas encore")
    assert "belle étape" in text_of(step)
    assert not talk.memory.profile.hired
