"""
What becomes of a call, by what Telegram answers.
"""

import asyncio
from typing import Any

import pytest
from telegram.error import InvalidToken

from bot.channels.telegram import sender as sending
from bot.channels.telegram.api import Api, UpdatesRequest
from bot.channels.telegram.calls import Call, text_message
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sender import Delivery, Sender
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.faults import BadGateway, DropAfter, Hold, bad, flood, refused, wrong_token


class Desk:
    """
    A sender with its server, and how often an attempt was noted as certainly unsent.
    """

    def __init__(self, server: TelegramServer, api: Api) -> None:
        self.server = server
        self.sender = Sender(api)
        self.unsent = 0

    async def note(self) -> None:
        """
        Note an attempt.
        """
        self.unsent += 1

    async def send(self, person: Person, text: str = "bonjour") -> Delivery:
        """
        Send an answer.
        """
        return (await self.sender.answer(text_message(person.id, text), self.note)).delivery


@pytest.fixture
async def desk() -> Any:
    """
    A sender and a server.
    """
    async with TelegramServer() as server:
        requests = (AiohttpRequest(), UpdatesRequest(connections=1))
        api = Api(server.token, base_url=server.base_url, request=requests[0], get_updates_request=requests[1])
        await api.initialize()
        yield Desk(server, api)
        for request in requests:
            await request.shutdown()


async def test_an_answer_is_sent(desk: Desk) -> None:
    """
    Nothing is in the way.
    """
    person = desk.server.person(started=True)
    assert await desk.send(person) is Delivery.SENT
    assert [message.text for message in person.bot_messages] == ["bonjour"]


async def test_a_waiting_time_is_obeyed_to_its_end(desk: Desk) -> None:
    """
    The attempt is noted as unsent before the wait, so that a crash in between doubts nothing.
    """
    person = desk.server.person(started=True)
    desk.server.faults.add(fault=flood(1), method="sendMessage")
    assert await desk.send(person) is Delivery.SENT
    refused_at, sent_at = (call.time for call in desk.server.calls_to("sendMessage"))
    assert sent_at - refused_at >= 1
    assert desk.unsent == 1
    assert len(person.bot_messages) == 1


async def test_a_connection_that_was_never_made_is_tried_again(desk: Desk) -> None:
    """
    Nothing can have arrived.
    """
    person = desk.server.person(started=True)
    await desk.server.go_offline()
    sending_it = asyncio.create_task(desk.send(person))
    while not desk.unsent:
        await asyncio.sleep(0.01)
    await desk.server.come_back()
    assert await sending_it is Delivery.SENT
    assert len(person.bot_messages) == 1


@pytest.mark.parametrize("fault", [DropAfter(), BadGateway()])
async def test_what_may_have_arrived_is_not_sent_again(desk: Desk, fault: Any) -> None:
    """
    A broken connection, a gateway in between: nobody knows.
    """
    person = desk.server.person(started=True)
    desk.server.faults.add(fault=fault, method="sendMessage")
    assert await desk.send(person) is Delivery.UNKNOWN
    assert len(desk.server.calls_to("sendMessage")) == 1
    assert desk.unsent == 0


@pytest.mark.parametrize(
    "fault", [refused("bot was blocked by the user"), refused("user is deactivated"), bad("chat not found")]
)
async def test_somebody_out_of_reach_is_told_apart(desk: Desk, fault: Any) -> None:
    """
    There is no use in trying again.
    """
    desk.server.faults.add(fault=fault, method="sendMessage")
    assert await desk.send(desk.server.person(started=True)) is Delivery.UNREACHABLE


async def test_a_refusal_is_a_fault_of_ours(desk: Desk) -> None:
    """
    It would be refused again.
    """
    person = desk.server.person(started=True)
    assert await desk.send(person, "<b>never closed") is Delivery.REFUSED


async def test_what_stands_in_for_a_refused_call_is_made(desk: Desk) -> None:
    """
    A message that cannot be changed any more is sent anew.
    """
    person = desk.server.person(started=True)
    edit = {"chat_id": person.id, "message_id": 999, "text": "x"}
    call = Call("editMessageText", edit, instead=text_message(person.id, "neuf"))
    assert (await desk.sender.answer(call, desk.note)).delivery is Delivery.SENT
    assert [message.text for message in person.bot_messages] == ["neuf"]


async def test_a_call_nobody_misses_counts_as_made(desk: Desk) -> None:
    """
    An acknowledgement that came too late is no failure.
    """
    call = Call("answerCallbackQuery", {"callback_query_id": "0"}, optional=True)
    assert (await desk.sender.answer(call, desk.note)).delivery is Delivery.SENT


async def test_a_revoked_token_ends_it(desk: Desk) -> None:
    """
    Nothing can be sent any more.
    """
    desk.server.faults.add(fault=wrong_token(), method="sendMessage")
    with pytest.raises(InvalidToken):
        await desk.send(desk.server.person(started=True))


async def test_bulk_waits_for_answers(desk: Desk) -> None:
    """
    Whoever asked goes first.
    """
    asking, subscriber = desk.server.person(started=True), desk.server.person(started=True)
    hold = Hold()
    desk.server.faults.add(fault=hold, method="sendMessage", chat=asking)
    answering = asyncio.create_task(desk.send(asking))
    await hold.arrived.wait()
    bulk = asyncio.create_task(desk.sender.bulk(text_message(subscriber.id, "news")))
    await asyncio.sleep(0.05)
    assert not subscriber.bot_messages
    hold.release()
    assert await answering is (await bulk).delivery is Delivery.SENT
    assert len(subscriber.bot_messages) == 1


async def test_windows_follow_one_another(desk: Desk) -> None:
    """
    A crash leaves one answer in doubt at most.
    """
    open_at_once, most = 0, 0

    async def through() -> None:
        nonlocal open_at_once, most
        async with desk.sender.window():
            open_at_once += 1
            most = max(most, open_at_once)
            await asyncio.sleep(0)
            open_at_once -= 1

    await asyncio.gather(*(through() for _ in range(20)))
    assert most == 1


async def test_a_window_that_takes_too_long_does_not_hold_up_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    One slow call to Telegram is not everybody's wait.
    """
    monkeypatch.setattr(sending, "_WINDOW_SECONDS", 0.01)
    telegram_answers = asyncio.Event()

    async def call_slowly() -> None:
        async with desk.sender.window() as window:
            await window.during(telegram_answers.wait())

    slow = asyncio.create_task(call_slowly())
    await asyncio.sleep(0)
    async with asyncio.timeout(5), desk.sender.window():
        assert not slow.done()
    telegram_answers.set()
    await slow
    async with asyncio.timeout(5), desk.sender.window():
        pass


async def test_a_note_that_takes_long_keeps_the_next_window_shut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What Telegram took is in doubt until it is noted, however slow the disk is: a second one must not be beside it.
    """
    monkeypatch.setattr(sending, "_WINDOW_SECONDS", 0.0)
    noted, seen = asyncio.Event(), []

    async def note_slowly() -> None:
        async with desk.sender.window() as window:
            await window.during(_at_once())
            await noted.wait()
            seen.append("noted")

    async def go_next() -> None:
        async with desk.sender.window():
            seen.append("next")

    both = asyncio.gather(note_slowly(), go_next())
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert seen == []
    noted.set()
    await both
    assert seen == ["noted", "next"]


async def _at_once() -> None:
    """
    Telegram answers before anybody waits.
    """
