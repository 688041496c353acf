"""
The bot in a coach's own account: in the coach's name, only where allowed, and silent when the coach writes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.channels.telegram.account import AccountRules
from bot.channels.telegram.application import TelegramChannel
from bot.channels.telegram.desk.options import StationOptions
from bot.model import AccountRule
from bot.storage.coaches import Role
from bot.storage.engine import Database
from bot.storage.people import People
from tests.channels.conftest import Run, settled
from tests.telegram_server import BusinessAccount, TelegramServer
from tests.telegram_server.faults import Hold
from tests.telegram_server.people import Person

QUESTION = "je dois refaire mon cv, par où commencer ?"


@dataclass
class Inbox:
    """
    A coach's account with the bot in it.
    """

    server: TelegramServer
    channel: TelegramChannel
    alix: Person
    account: BusinessAccount
    database: Database

    async def calm(self) -> None:
        """
        Wait until all is dealt with.
        """
        await settled(self.server, self.database)


@asynccontextmanager
async def _inbox(
    run: Run, database: Database, rule: AccountRule = AccountRule.ALWAYS, *, can_reply: bool = True
) -> AsyncIterator[Inbox]:
    async with TelegramServer(business_mode=True) as server:
        alix = server.person("Alix", started=True)
        options = StationOptions(coaches={f"telegram:{alix.id}": Role.COACH}, account=AccountRules(rule))
        async with run(server=server, station=options) as channel:
            account = await server.business(alix, can_reply=can_reply)
            inbox = Inbox(server, channel, alix, account, database)
            await inbox.calm()
            yield inbox


@pytest.fixture
async def inbox(run: Run, database: Database) -> AsyncIterator[Inbox]:
    """
    An account in which the bot may always answer.
    """
    async with _inbox(run, database) as made:
        yield made


async def test_a_question_is_answered_in_the_coach_s_name(inbox: Inbox) -> None:
    """
    With the blog's words, and a line that says that it came by itself.
    """
    assert "relié à ce compte" in inbox.alix.last.text
    chat = inbox.account.chat_with(inbox.server.person("Noor"))
    await chat.send_text(QUESTION)
    await inbox.calm()
    answer = chat.last
    assert answer.sender.id == inbox.alix.id
    assert "Réponse automatique" in answer.text
    assert "À lire sur le blog" in answer.text
    assert all(button.url for row in answer.buttons for button in row)


async def test_the_bot_does_not_answer_itself(inbox: Inbox) -> None:
    """
    Its own words come back as the owner's: they are no question, and do not silence it either.
    """
    chat = inbox.account.chat_with(inbox.server.person("Noor"))
    for _ in range(2):
        await chat.send_text(QUESTION)
        await inbox.calm()
    assert len([one for one in chat.messages if "Réponse automatique" in one.text]) == 2


@pytest.mark.parametrize("text", ["salut, on mange ensemble samedi ?", "merci !", "coucou maman", "asdf qwer"])
async def test_friends_and_family_are_left_to_the_coach(inbox: Inbox, text: str) -> None:
    """
    Nothing is answered, and nothing of it is kept.
    """
    chat = inbox.account.chat_with(inbox.server.person("Maman"))
    await chat.send_text(text)
    await inbox.calm()
    assert len(chat.messages) == 1
    assert await People(inbox.database).count() == 0


async def test_it_stops_the_moment_the_coach_writes(inbox: Inbox) -> None:
    """
    In that chat only.
    """
    noor, lou = (inbox.account.chat_with(inbox.server.person(name)) for name in ("Noor", "Lou"))
    await noor.owner_send_text("Bonjour Noor, je regarde.")
    await noor.send_text(QUESTION)
    await lou.send_text(QUESTION)
    await inbox.calm()
    assert noor.last.text == QUESTION
    assert "Réponse automatique" in lou.last.text


async def test_an_answer_on_its_way_is_dropped_when_the_coach_writes(inbox: Inbox) -> None:
    """
    Even one that Telegram was slow to take.
    """
    other = inbox.server.person("Lou")
    held = Hold()
    inbox.server.faults.add(fault=held, method="sendMessage", chat=other)
    await other.send_text("bonjour")
    await held.arrived.wait()
    chat = inbox.account.chat_with(inbox.server.person("Noor"))
    await chat.send_text(QUESTION)
    await chat.owner_send_text("J'arrive !")
    async with asyncio.timeout(5):
        while not await People(inbox.database).profile(f"account:{inbox.alix.id}:{chat.id}"):
            await asyncio.sleep(0.01)
    held.release()
    await inbox.calm()
    assert "Réponse automatique" not in "".join(one.text for one in chat.messages)


async def test_distress_is_answered_there_too(inbox: Inbox) -> None:
    """
    Whoever it is.
    """
    chat = inbox.account.chat_with(inbox.server.person("Noor"))
    await chat.send_text("je n'en peux plus, je veux mourir")
    await inbox.calm()
    assert "3114" in chat.last.text


async def test_only_the_first_contact_if_so_set(run: Run, database: Database) -> None:
    """
    Afterwards it is the coach's conversation.
    """
    async with _inbox(run, database, AccountRule.FIRST_CONTACT) as inbox:
        chat = inbox.account.chat_with(inbox.server.person("Noor"))
        await chat.send_text(QUESTION)
        await inbox.calm()
        assert "Réponse automatique" in chat.last.text
        await chat.send_text("et ma lettre de motivation, je fais comment ?")
        await inbox.calm()
        assert chat.last.text.startswith("et ma lettre")


async def test_only_outside_hours_if_so_set(run: Run, database: Database) -> None:
    """
    `/away` and `/hours` say when that is.
    """
    async with _inbox(run, database, AccountRule.OUTSIDE_HOURS) as inbox:
        chat = inbox.account.chat_with(inbox.server.person("Noor"))
        await chat.send_text(QUESTION)
        await inbox.calm()
        assert chat.last.text == QUESTION
        await inbox.alix.send_command("/away")
        await inbox.calm()
        await chat.send_text(QUESTION)
        await inbox.calm()
        assert "Réponse automatique" in chat.last.text


@pytest.mark.parametrize("rule", [AccountRule.NEVER])
async def test_never_if_so_set(run: Run, database: Database, rule: AccountRule) -> None:
    """
    The coach may connect the bot and keep it silent.
    """
    async with _inbox(run, database, rule) as inbox:
        chat = inbox.account.chat_with(inbox.server.person("Noor"))
        await chat.send_text(QUESTION)
        await inbox.calm()
        assert chat.last.text == QUESTION


async def test_without_the_right_it_says_so_and_is_silent(run: Run, database: Database) -> None:
    """
    A right that is missing, lost, given again; a connection that ends: the coach is told each time.
    """
    async with _inbox(run, database, can_reply=False) as inbox:
        assert "sans le droit de répondre" in inbox.alix.last.text
        chat = inbox.account.chat_with(inbox.server.person("Noor"))
        await chat.send_text(QUESTION)
        await inbox.calm()
        assert chat.last.text == QUESTION
        for change, said in (
            (inbox.account.change_rights(can_reply=True), "réponds dans ses conversations"),
            (inbox.account.change_rights(can_reply=False), "n'ai plus le droit"),
            (inbox.account.disconnect(), "ne suis plus relié"),
        ):
            await change
            await inbox.calm()
            assert said in inbox.alix.last.text


async def test_strangers_cannot_use_the_bot_for_their_own_account(inbox: Inbox) -> None:
    """
    It works for coaches only.
    """
    stranger = inbox.server.person("Inconnu", started=True)
    account = await inbox.server.business(stranger)
    chat = account.chat_with(inbox.server.person("Noor"))
    await chat.send_text(QUESTION)
    await inbox.calm()
    assert chat.last.text == QUESTION
    assert stranger.bot_messages == []


async def test_what_is_deleted_or_forgotten_is_gone(inbox: Inbox) -> None:
    """
    A message deleted in the account, and everything when the person tells the bot to forget.
    """
    noor = inbox.server.person("Noor")
    chat = inbox.account.chat_with(noor)
    key = f"account:{inbox.alix.id}:{noor.id}"
    asked = await chat.send_text(QUESTION)
    await inbox.calm()
    people = People(inbox.database)
    holdings = await people.holdings(key)
    assert holdings is not None
    assert len(holdings.messages) == 1
    await chat.delete(asked)
    await inbox.calm()
    holdings = await people.holdings(key)
    assert holdings is not None
    assert holdings.messages == ()
    await noor.send_text("bonjour")
    await noor.send_command("/forget")
    await inbox.calm()
    await noor.press(noor.last, "Oui, tout effacer")
    await inbox.calm()
    assert await people.profile(key) is None
