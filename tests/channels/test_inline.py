"""
Inline mode: articles for any chat.
"""

from typing import Any

from bot.storage.engine import Database
from bot.storage.people import People
from tests.channels.conftest import Run, settled
from tests.telegram_server import Person, TelegramServer


async def _results(server: TelegramServer | Person, text: str) -> list[dict[str, Any]]:
    person = server.person("Sacha") if isinstance(server, TelegramServer) else server
    press = await person.inline_query(text)
    answer = await press.answered(10)
    return list(answer["results"])


async def test_articles_are_offered_as_cards(telegram: TelegramServer) -> None:
    """
    With date, length and why; sent, they are a message that leads into the bot.
    """
    found = await _results(telegram, "relance")
    assert found[0]["title"].startswith("Relancer")
    assert "2024 · 1 min" in found[0]["description"]
    assert "<b>Relancer" in found[0]["input_message_content"]["message_text"]
    ((button,),) = found[0]["reply_markup"]["inline_keyboard"]
    assert button["url"].endswith(f"?start=article_{found[0]['id']}")


async def test_without_words_the_newest_are_offered(telegram: TelegramServer) -> None:
    """
    Ten, and more on scrolling.
    """
    press = await telegram.person("Sacha").inline_query("")
    answer = await press.answered(10)
    assert len(answer["results"]) == 10
    assert answer["next_offset"] == "10"


async def test_words_without_an_article_give_an_empty_list(telegram: TelegramServer) -> None:
    """
    Not an error, and not something else.
    """
    assert await _results(telegram, "xyzzy") == []


async def test_nothing_is_kept_of_whoever_looks(telegram: TelegramServer, database: Database) -> None:
    """
    They have not written to the bot.
    """
    await _results(telegram, "relance")
    await settled(telegram, database)
    assert await People(database).count() == 0


async def test_too_many_queries_get_an_empty_list(server: TelegramServer, run: Run) -> None:
    """
    And leave what the person may write untouched.
    """
    async with run(per_minute=2):
        person = server.person("Sacha")
        for _ in range(2):
            assert await _results(person, "relance")
        assert await _results(person, "relance") == []
        await person.send_text("/article relance")
        assert "Relancer" in (await person.next_message(10)).text
