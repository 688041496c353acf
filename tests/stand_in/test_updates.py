"""
Updates are handed over as Telegram hands them over.
"""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    Conflict,
)

from tests.telegram_server import (
    TelegramServer,
)


async def test_updates_come_again_until_an_offset_confirms_them(server: TelegramServer, bot: Bot) -> None:
    """An update that was fetched but not confirmed is not lost."""
    camille = server.person()
    for text in ("one", "two", "three"):
        await camille.send_text(text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    assert [update.update_id for update in first] == [update.update_id for update in again]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message and update.message.text for update in rest] == ["three"]
    assert server.pending_updates == 1


async def test_a_negative_offset_keeps_only_the_newest(server: TelegramServer, bot: Bot) -> None:
    """Offset -1 gives the last update and forgets the others."""
    camille = server.person()
    for text in ("one", "two", "three"):
        await camille.send_text(text)
    assert [update.message and update.message.text for update in await bot.get_updates(offset=-1)] == ["three"]
    assert server.pending_updates == 1


async def test_a_long_poll_ends_when_something_arrives(server: TelegramServer, bot: Bot) -> None:
    """A waiting getUpdates answers at once, not at its timeout."""
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    camille = server.person()
    await bot.get_me()
    await camille.send_text("hello")
    assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_updates_expire_after_a_day() -> None:
    """A bot that was off for longer than a day does not get what was written before."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        await server.person().send_text("too old tomorrow")
        now[0] += 24 * 3600 + 1
        assert await bot.get_updates() == ()


async def test_a_second_poller_ends_the_first_with_409(server: TelegramServer, bot: Bot) -> None:
    """Two processes with one token are told of each other, as soon as both poll."""
    async with Bot(server.token, base_url=server.base_url) as other:
        pollers = {asyncio.create_task(each.get_updates(timeout=30)) for each in (bot, other)}
        finished, waiting = await asyncio.wait(pollers, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await finished.pop()
        await server.person().send_text("for the one that stayed")
        assert len(await waiting.pop()) == 1


async def test_allowed_updates_are_remembered(server: TelegramServer, bot: Bot) -> None:
    """Reactions come only to a bot that asked for them, and it need not ask twice."""
    camille = server.person(started=True)
    message = await bot.send_message(camille.id, "Was this useful?")
    sent = camille.find(message.message_id)
    assert sent is not None
    await camille.react(sent, "👍")
    assert await bot.get_updates(allowed_updates=["message_reaction"]) == ()
    await camille.react(sent, "👎")
    await camille.send_text("not wanted now")
    updates = await bot.get_updates()
    assert [update.message_reaction is not None for update in updates] == [True]
    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=[])
    await camille.send_text("wanted again")
    assert len(await bot.get_updates()) == 1


async def test_an_update_can_come_twice_after_it_was_confirmed(server: TelegramServer, bot: Bot) -> None:
    """Handling has to be idempotent, so the server can deliver the same update again."""
    server.duplicate_next_update()
    await server.person().send_text("once")
    (first,) = await bot.get_updates()
    (second,) = await bot.get_updates(offset=first.update_id + 1)
    assert second.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_unparseable_updates_can_be_queued(server: TelegramServer) -> None:
    """A message without chat and date, or no JSON at all, goes out exactly as the test wrote it."""
    first = server.push_raw({"message": {"message_id": 1, "text": "no chat"}})
    second = server.push_raw(b'{"update_id": UPDATE_ID, "message": {"text": \xff}}')
    assert second == first + 1
    async with aiohttp.ClientSession() as session, session.get(f"{server.base_url}{server.token}/getUpdates") as answer:
        body = await answer.read()
    assert f'{{"update_id": {second}, "message": {{"text": '.encode() + b"\xff}}" in body
    assert b'"text": "no chat"' in body
