"""
Limits, and what goes wrong on demand.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.stand_in.support import ECHO, keyboard, polling
from tests.telegram_server import (
    BadGateway,
    DropAfter,
    DropBefore,
    Hold,
    Limits,
    Slow,
    TelegramServer,
    bad,
    flood,
    other_poller,
    refused,
    wrong_token,
)


async def test_limits_hold_until_the_wait_is_over() -> None:
    """Who comes back before `retry_after` has passed is told to wait again."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        server.limits = Limits(private_burst=2)
        camille, group = server.person(started=True), server.group("Friends")
        for _ in range(2):
            await bot.send_message(camille.id, "burst")
        for elapsed in (0.0, 0.9):
            now[0] += elapsed
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(camille.id, "too fast")
            assert caught.value.retry_after == timedelta(seconds=1)
        now[0] += 0.2
        await bot.send_message(camille.id, "in time")
        for _ in range(20):
            await bot.send_message(group.id, "x")
            now[0] += 0.125
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "x")
        assert caught.value.retry_after == timedelta(seconds=58)


async def test_thirty_messages_a_second_pass_overall() -> None:
    """The thirty-first message within a second is refused, unless it is paid for."""
    async with (
        TelegramServer(clock=lambda: 1_700_000_000.0) as server,
        Bot(server.token, base_url=server.base_url) as bot,
    ):
        server.limits = Limits()
        people = [server.person(started=True) for _ in range(32)]
        for person in people[:30]:
            await bot.send_message(person.id, "x")
        await bot.send_message(people[30].id, "x", allow_paid_broadcast=True)
        with pytest.raises(RetryAfter):
            await bot.send_message(people[31].id, "x")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (flood(7), RetryAfter),
        (refused(), Forbidden),
        (bad("message is not modified"), BadRequest),
        (wrong_token(), InvalidToken),
        (other_poller(), Conflict),
        (BadGateway(), NetworkError),
        (DropBefore(), NetworkError),
    ],
)
async def test_a_fault_strikes_as_often_as_ordered(
    server: TelegramServer, bot: Bot, fault: Any, error: type[TelegramError]
) -> None:
    """The faulty calls have no effect, other chats and later calls are untouched."""
    camille, sacha = server.person(started=True), server.person(started=True)
    rule = server.faults.add(method="sendMessage", chat=camille, times=2, fault=fault)
    await bot.send_message(sacha.id, "other chat")
    for _ in range(2):
        with pytest.raises(error):
            await bot.send_message(camille.id, "lost")
    await bot.send_message(camille.id, "arrives")
    assert [message.text for message in camille.messages] == ["arrives"]
    assert rule.used == 2
    performed = [call.outcome.performed for call in server.calls_to("sendMessage", camille)]
    assert performed == [False, False, True]


async def test_a_connection_can_break_after_delivery(server: TelegramServer, bot: Bot) -> None:
    """The caller sees a network error although the message was delivered."""
    camille = server.person(started=True)
    server.faults.add(method="sendMessage", fault=DropAfter())
    with pytest.raises(NetworkError):
        await bot.send_message(camille.id, "ambiguous")
    assert (await camille.next_message()).text == "ambiguous"
    (call,) = server.calls_to("sendMessage")
    assert (call.outcome.status, call.outcome.performed, call.outcome.ok) == (0, True, False)


async def test_a_slow_call_takes_effect_although_the_caller_gave_up(server: TelegramServer, bot: Bot) -> None:
    """A read timeout says nothing about delivery."""
    camille = server.person(started=True)
    server.faults.add(method="sendMessage", fault=Slow(0.05))
    with pytest.raises(TimedOut):
        await bot.send_message(camille.id, "late", read_timeout=0.01)
    assert (await camille.next_message()).text == "late"


async def test_a_held_call_waits_for_the_test(server: TelegramServer, bot: Bot) -> None:
    """Slowness without a clock: the test decides when the call goes on."""
    camille, hold = server.person(started=True), Hold()
    server.faults.add(method="sendMessage", fault=hold)
    sending = asyncio.create_task(bot.send_message(camille.id, "held"))
    await hold.arrived.wait()
    assert camille.messages == []
    hold.release()
    await sending
    assert camille.last.text == "held"


async def test_a_stock_application_survives_a_server_that_goes_away(server: TelegramServer) -> None:
    """Polling goes on after the server came back at the same address, and nothing is lost."""
    camille = server.person()
    async with polling(server, [ECHO]):
        await camille.send_text("before")
        assert (await camille.next_message()).text == "You said: before"
        await server.go_offline()
        await camille.send_text("meanwhile")
        await server.come_back()
        assert (await camille.next_message()).text == "You said: meanwhile"


async def test_calls_are_recorded_with_typed_parameters(server: TelegramServer, bot: Bot) -> None:
    """A test can look at exactly what the bot asked for."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "5", reply_markup=keyboard(callback_data="x"), protect_content=True)
    await bot.send_chat_action(camille.id, "typing")
    (call,) = server.calls_to("sendMessage", camille)
    assert call.parameters["chat_id"] == camille.id
    assert call.parameters["text"] == "5"
    assert call.parameters["protect_content"] is True
    assert call.parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "x"
    assert camille.actions == ["typing"]


async def test_a_mistake_of_the_stand_in_fails_the_test() -> None:
    """A call that the server itself cannot handle is not passed over in silence."""
    with pytest.raises(ExceptionGroup, match="the stand-in server failed"):  # noqa: PT012 - it is raised on leaving
        async with TelegramServer() as server, aiohttp.ClientSession() as session:
            impossible = {"chat_id": server.person(started=True).id, "text": "x", "entities": 5}
            async with session.post(f"{server.base_url}{server.token}/sendMessage", json=impossible) as answer:
                assert answer.status == 500
