"""
Limits, and what people may ask for whatever limits they have reached.
"""

import re

from bot.storage.crypto import tag_of
from bot.storage.engine import Database
from bot.storage.people import People
from tests.channels.conftest import Run, settled
from tests.telegram_server import TelegramServer

CV = "je dois refaire mon cv, par où commencer ?"
HOUR = 3600.0


async def test_too_many_messages_are_met_with_a_notice_and_then_silence(
    server: TelegramServer, run: Run, database: Database
) -> None:
    """
    Kindly, once; but danger and rights over one's data are always answered.
    """
    person = server.person()
    async with run(per_minute=2):
        for _ in range(6):
            await person.send_text("bonjour")
        await settled(server, database)
        texts = [message.text for message in person.bot_messages]
        assert len(texts) == 3
        assert "beaucoup de messages" in texts[2]
        await person.send_command("/privacy")
        await settled(server, database)
        assert "gardé" in person.last.text
        await person.send_text("je veux mourir")
        await settled(server, database)
        assert "3114" in person.last.text
        await person.send_command("/oublier")
        await settled(server, database)
        await person.press(person.last, "g:fr:yes")
        await settled(server, database)
        assert await People(database).holdings(f"telegram:{person.id}") is None


async def test_everybody_together_may_be_too_many(server: TelegramServer, run: Run, database: Database) -> None:
    """
    Whoever comes when it is crowded is told so.
    """
    people = [server.person() for _ in range(4)]
    async with run(all_per_minute=3):
        for person in people:
            await person.send_text("bonjour")
        await settled(server, database)
    assert sum("Beaucoup de personnes" in person.last.text for person in people) == 1


async def test_somebody_muted_keeps_their_rights(telegram: TelegramServer, database: Database) -> None:
    """
    They are not answered, but may see and delete what is kept.
    """
    person = telegram.person()
    await person.send_text("bonjour")
    await person.next_message()
    assert await People(database).mute(tag_of(database.vault.lookup(f"telegram:{person.id}")), 2**40) == 1
    await person.send_text(CV)
    await settled(telegram, database)
    assert len(person.bot_messages) == 1
    await person.send_command("/mydata")
    await person.next_message()
    document = await person.next_message()
    assert document.content


async def test_a_button_of_somebody_elses_chat_does_nothing(telegram: TelegramServer, database: Database) -> None:
    """
    A forged press cannot delete another person's data.
    """
    victim, intruder = telegram.person(), telegram.person()
    await victim.send_command("/forget")
    await victim.send_text("bonjour")
    await victim.next_message()
    await settled(telegram, database)
    telegram.push_raw(
        {
            "callback_query": {
                "id": "1",
                "from": {"id": intruder.id, "is_bot": False, "first_name": "X"},
                "chat_instance": "1",
                "data": "g:fr:yes",
                "message": {"message_id": 1, "date": 1, "chat": {"id": victim.id, "type": "private"}, "text": "x"},
            }
        }
    )
    await settled(telegram, database)
    assert await People(database).holdings(f"telegram:{victim.id}") is not None


async def test_what_a_person_is_sent_about_themselves_is_all_there_is(telegram: TelegramServer) -> None:
    """
    The file holds their words and settings, in a page that shows markup as text.
    """
    person = telegram.person("<i>Lou</i>")
    await person.send_text("mon cv <script>alert(1)</script>")
    await person.next_message()
    await person.send_command("/mesdonnees")
    await person.next_message()
    document = await person.next_message()
    assert document.content["document"]["file_name"] == "tremplin.html"
    stored = telegram._world.files.known(document.content["document"]["file_id"])
    assert stored is not None
    page = stored.content.decode()
    assert "mon cv &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;i&gt;Lou&lt;/i&gt;" in page


async def test_forgetting_leaves_nothing_and_hands_over_a_receipt(telegram: TelegramServer, database: Database) -> None:
    """
    Within the command, after one more question.
    """
    person = telegram.person()
    await person.send_text(CV)
    await person.next_message()
    await person.send_command("/oublier")
    question = await person.next_message()
    await person.press(question, "g:fr:yes")
    receipt = await person.edited(question)
    assert re.search(r"ouvert le \d{4}-\d\d-\d\d\) et 1 message n'existent", receipt.text)
    await settled(telegram, database)
    assert await People(database).holdings(f"telegram:{person.id}") is None
    await person.send_command("/mesdonnees")
    assert "Je ne garde rien" in (await person.next_message()).text


async def test_settings_last(server: TelegramServer, run: Run, database: Database) -> None:
    """
    Chosen once, kept over a restart: language, form of address, no messages unasked.
    """
    person = server.person()
    async with run():
        await person.send_command("/reglages")
        shown = await person.next_message()
        await person.press(shown, "s:fr:form:tu")
        await person.edited(shown)
        await person.press(shown, "s:fr:messages:no")
        await person.edited(shown)
        await settled(server, database)
    async with run():
        await person.send_command("/settings")
        labels = (await person.next_message()).labels
        assert {"✓ tu", "✓ 🔕 ne pas m'écrire"} <= set(labels)
        assert "vous" in labels
