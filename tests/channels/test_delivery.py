"""
Nothing is lost on the way of a message: order, restarts, broken updates, late answers, limits, people's rights.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.app import App
from bot.channels.telegram.application import TelegramChannel
from bot.channels.telegram.intake import Intake
from bot.content.phrases import Phrase
from bot.storage.engine import Database, StorageError
from bot.storage.inbox import Inbox
from bot.storage.people import People
from bot.storage.tables import people
from tests.channels.conftest import Run, ShiftedClock, settled
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.faults import DropAfter, Hold, refused

CV = "je dois refaire mon cv, par où commencer ?"
HOUR = 3600.0


async def test_one_persons_answers_come_in_order(telegram: TelegramServer) -> None:
    """
    However quickly the questions come.
    """
    person = telegram.person()
    for command in ("/menu", "/privacy", "/settings", "/faq", "/stop"):
        await person.send_command(command)
    texts = [(await person.next_message()).text for _ in range(5)]
    signs = ("thème", "gardé", "réglages", "uestion", "plus aucun message")
    assert [sign in text for sign, text in zip(signs, texts, strict=True)] == [True] * 5, texts


async def test_a_flood_from_one_person_delays_nobody_else(telegram: TelegramServer) -> None:
    """
    Whose answer Telegram takes its time over does not hold up the next person.
    """
    noisy, quiet = telegram.person(), telegram.person()
    hold = Hold()
    telegram.faults.add(fault=hold, method="sendMessage", chat=noisy)
    for _ in range(20):
        await noisy.send_text("bonjour")
    await hold.arrived.wait()
    await quiet.send_text(CV)
    assert await quiet.next_message()
    assert not noisy.bot_messages
    hold.release()
    assert await noisy.next_message()


async def test_an_update_delivered_while_the_bot_starts_is_answered_once(
    server: TelegramServer, run: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What Telegram delivers while the backlog is read is not read as a part of it.
    """
    person, hold = server.person(started=True), Hold()
    server.faults.add(fault=hold, method="sendMessage", chat=person)
    channels: list[TelegramChannel] = []
    deliveries: list[asyncio.Task[None]] = []
    start, resume = TelegramChannel.run, Intake.resume

    async def noted(channel: TelegramChannel) -> None:
        channels.append(channel)
        await start(channel)

    async def resume_late(intake: Intake) -> None:
        deliveries.append(asyncio.create_task(channels[0].receive(update_of(person, 900_000, CV))))
        # Time enough to be committed, and for its answer to be on its way.
        await asyncio.wait([deliveries[0], asyncio.create_task(hold.arrived.wait())], timeout=1)
        await resume(intake)

    monkeypatch.setattr(TelegramChannel, "run", noted)
    monkeypatch.setattr(Intake, "resume", resume_late)
    async with run():
        await deliveries[0]
        hold.release()
        await person.next_message()
        await settled(server, database)
        assert len(person.bot_messages) == 1


async def test_an_update_delivered_twice_is_answered_once(telegram: TelegramServer, database: Database) -> None:
    """
    Telegram may repeat itself.
    """
    person = telegram.person()
    telegram.duplicate_next_update()
    await person.send_text(CV)
    await person.next_message()
    await person.send_text("merci")
    await person.next_message()
    await settled(telegram, database)
    assert len(person.bot_messages) == 2


@pytest.mark.parametrize(
    "update",
    [
        b'{"update_id": UPDATE_ID, "message": {"text": "a',
        b'{"update_id": UPDATE_ID, "message": "not an object"}',
        b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": "never", "chat": {"id": 1}}}',
        b'{"update_id": UPDATE_ID, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}',
        b'{"update_id": UPDATE_ID, "callback_query": {"id": "1", "from": {"id": 5}}}',
        b'{"update_id": UPDATE_ID, "from_the_future": {"x": [1, 2]}}',
        b'{"update_id": UPDATE_ID}',
        b'{"no_number": 1}',
        b"nonsense",
        b'{"update_id": UPDATE_ID, "message": {"text": "\\ud800", "chat": {"id": 1}}}',
        b'{"update_id": UPDATE_ID, "message": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
async def test_a_broken_update_stops_nothing(telegram: TelegramServer, database: Database, update: bytes) -> None:
    """
    It is set aside or passed over; those before and behind it are answered.
    """
    before, behind = telegram.person(), telegram.person()
    await before.send_text("bonjour")
    telegram.push_raw(update)
    await behind.send_text("bonjour")
    assert await before.next_message()
    assert await behind.next_message()
    assert (await settled(telegram, database))["waiting"] == 0


async def test_broken_updates_are_counted(telegram: TelegramServer, database: Database) -> None:
    """
    Whoever watches over the bot sees that there were some.
    """
    telegram.push_raw(b'{"update_id": UPDATE_ID, "message": {"text": "a')
    await telegram.person().send_text("bonjour")
    assert (await settled(telegram, database))["set_aside"] == 1


async def test_what_waited_is_answered_after_a_restart(server: TelegramServer, run: Run, database: Database) -> None:
    """
    Committed but not handled, handled but not sent: both are answered by the next start, once.
    """
    people = [server.person(f"P{number}") for number in range(30)]
    hold = Hold()
    async with run(stop_within=0.0):
        server.faults.add(fault=hold, method="sendMessage", times=None)
        for person in people:
            await person.send_text(CV)
        await server.updates_confirmed()
        await hold.arrived.wait()
    assert (await Inbox(database).counts())["waiting"] >= 29
    server.faults.clear()
    async with run():
        for person in people:
            assert await person.next_message(20)
        assert (await settled(server, database))["waiting"] == 0
    # The one whose call was on its way when the bot was stopped is in doubt, and told twice rather than never.
    assert sum(len(person.bot_messages) for person in people) <= 31


async def test_what_was_asked_is_remembered_over_a_restart(server: TelegramServer, run: Run) -> None:
    """
    "All three" is understood by the bot that starts after the one that asked.
    """
    person = server.person(started=True)
    async with run():
        await person.send_command("/start intent_cv_review")
        assert "le titre du CV, les loisirs, un trou dans le CV\xa0?" in (await person.next_message()).text
    async with run():
        await person.send_text("les trois")
        assert "Un trou dans le CV" in (await person.next_message()).labels


async def test_an_answer_in_doubt_is_counted(telegram: TelegramServer, database: Database) -> None:
    """
    The connection broke after Telegram had taken it: it is not sent again, and whoever watches sees it.
    """
    person = telegram.person()
    telegram.faults.add(fault=DropAfter(), method="sendMessage")
    await person.send_text(CV)
    assert (await settled(telegram, database))["unknown"] == 1
    assert len(person.bot_messages) == 1


async def test_a_late_answer_comes_with_an_apology(
    server: TelegramServer, run: Run, telegram_clock: ShiftedClock, bot: App
) -> None:
    """
    An hour later, people may have stopped waiting.
    """
    person = server.person()
    telegram_clock.shift = -HOUR
    await person.send_text(CV)
    telegram_clock.shift = 0
    async with run():
        answer = await person.next_message()
        late = bot.router.renderer.phrase("fr", Phrase.LATE, bot.pack.manifest.address)
        assert answer.text.startswith(late)
        assert "page" in answer.text


async def test_many_late_messages_of_one_person_are_answered_once(
    server: TelegramServer, run: Run, telegram_clock: ShiftedClock, database: Database
) -> None:
    """
    Nobody wants five answers to "hello? are you there?".
    """
    person, other = server.person(), server.person()
    telegram_clock.shift = -HOUR
    for text in ("bonjour", "il y a quelqu'un ?", CV, "allô ?"):
        await person.send_text(text)
    await other.send_text("comment négocier mon salaire ?")
    telegram_clock.shift = 0
    async with run():
        assert "4 messages" in (await person.next_message()).text
        assert await other.next_message()
        await settled(server, database)
        assert len(person.bot_messages) == 1
        holdings = await People(database).holdings(f"telegram:{person.id}")
        assert holdings is not None
        assert CV in holdings.messages[0][1]


async def test_a_cry_for_help_is_not_drowned_in_the_rest(
    server: TelegramServer, run: Run, telegram_clock: ShiftedClock
) -> None:
    """
    Among late messages, danger is answered first of all.
    """
    person = server.person()
    telegram_clock.shift = -HOUR
    for text in (CV, "je veux mourir, j'en peux plus", "et ma lettre de motivation ?"):
        await person.send_text(text)
    telegram_clock.shift = 0
    async with run():
        assert "3114" in (await person.next_message()).text


async def test_late_commands_and_buttons_are_each_obeyed(
    server: TelegramServer, run: Run, telegram_clock: ShiftedClock
) -> None:
    """
    `/forget` must not be lost among greetings.
    """
    person = server.person()
    telegram_clock.shift = -HOUR
    await person.send_text("bonjour")
    await person.send_command("/stop")
    await person.send_command("/privacy")
    telegram_clock.shift = 0
    async with run():
        await person.next_message()
        assert "plus aucun message" in (await person.next_message()).text
        assert "gardé" in (await person.next_message()).text


async def test_who_blocks_the_bot_is_marked_and_revived(telegram: TelegramServer, database: Database) -> None:
    """
    Nobody is written to who does not want it, and nobody is given up who comes back.
    """
    person = telegram.person()
    await person.send_text("bonjour")
    await person.next_message()
    assert await reachable(database)
    await person.block()
    await settled(telegram, database)
    assert not await reachable(database)
    await person.unblock()
    await settled(telegram, database)
    assert await reachable(database)


async def test_who_cannot_be_reached_is_found_out_by_writing(telegram: TelegramServer, database: Database) -> None:
    """
    An account that was deleted sends no word of it.
    """
    person = telegram.person()
    telegram.faults.add(fault=refused("user is deactivated"), method="sendMessage")
    await person.send_text("bonjour")
    await settled(telegram, database)
    assert not await reachable(database)


async def reachable(database: Database) -> bool:
    """
    Whether the only person who is known can be reached.
    """
    statement = select(people.c.reachable)
    return bool(await database.read(lambda connection: connection.scalar(statement)))


def update_of(person: Person, number: int, text: str) -> dict[str, Any]:
    """
    An update as the inbox holds it; the stand-in has to know the person already.
    """
    user = {"id": person.id, "is_bot": False, "first_name": "X", "language_code": "fr"}
    message = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": person.id, "type": "private", "first_name": "X"},
        "from": user,
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else [],
    }
    return {"update_id": number, "message": message}


async def test_a_program_that_dies_of_an_update_gives_it_up(
    server: TelegramServer, run: Run, database: Database
) -> None:
    """
    After three starts that ended in the midst of it, it is set aside with an apology, and the rest goes on.
    """
    person = server.person()
    await person.send_text("x")
    await Inbox(database).accept([(update_of(person, 1, "bonjour"), f"telegram:{person.id}")])
    for _ in range(3):
        await Inbox(database).begin_anew([1])
    async with run():
        assert "mal passé" in (await person.next_message()).text
        assert await person.next_message()
        assert (await settled(server, database))["set_aside"] == 1


async def test_a_database_in_trouble_delays_answers_but_loses_none(
    telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Full or locked for a while: nothing is acknowledged until it can be written again.
    """
    person = telegram.person()
    attempts = 0
    write = Database.write

    async def failing(self: Database, work: Callable[[Connection], object]) -> object:
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            raise StorageError("database or disk is full")
        return await write(self, work)

    monkeypatch.setattr(Database, "write", failing)
    await person.send_text(CV)
    assert await person.next_message(20)
    assert len(person.bot_messages) == 1
    assert attempts > 4


async def test_a_clock_that_jumps_back_changes_no_order(server: TelegramServer, run: Run, database: Database) -> None:
    """
    What came first is answered first, and nothing counts as late.
    """
    person = server.person()
    await person.send_text("x")
    clock = ShiftedClock()
    for number, text in ((1, "/menu"), (2, "/privacy"), (3, "/stop")):
        update = update_of(person, number, text)
        await Inbox(database, clock).accept([(update, f"telegram:{person.id}")])
        clock.shift -= HOUR
    async with run():
        texts = [(await person.next_message()).text for _ in range(3)]
        assert "gardé" in texts[1]
        assert "plus aucun message" in texts[2]


async def test_a_huge_message_is_answered(telegram: TelegramServer) -> None:
    """
    As long as Telegram lets it be.
    """
    person = telegram.person()
    await person.send_text("cv " * 1300)
    assert "CV" in (await person.next_message()).text
