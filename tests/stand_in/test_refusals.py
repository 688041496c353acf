"""
What Telegram would refuse is refused, in its words.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.stand_in.support import keyboard
from tests.telegram_server import (
    TelegramServer,
)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": ""}, "Message text is empty"),
        ({"text": "  \n "}, "Text must be non-empty"),
        ({"text": "x" * 4097}, "Message is too long"),
        ({"text": "👍" * 2049}, "Message is too long"),
        ({"text": "<x>", "parse_mode": "HTML"}, "Can't parse entities: unsupported start tag"),
        ({"text": "x", "reply_markup": keyboard(callback_data="x" * 65)}, "Button_data_invalid"),
        ({"text": "x", "reply_markup": keyboard(callback_data="é" * 33)}, "Button_data_invalid"),
        ({"text": "x", "reply_markup": keyboard(url="nonsense")}, "Inline keyboard button url 'nonsense' is invalid"),
        ({"text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_to_message_id": 999}, "Message to be replied not found"),
        ({"text": "x", "message_thread_id": 999}, "Message thread not found"),
    ],
)
async def test_a_faulty_message_is_refused_and_not_shown(
    server: TelegramServer, bot: Bot, message: dict[str, Any], error: str
) -> None:
    """Every limit of sendMessage is the real one."""
    camille = server.person(started=True)
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(camille.id, **message)
    assert error.lower() in str(caught.value).lower()
    assert camille.messages == []


async def test_the_limit_of_a_text_counts_without_its_markup(server: TelegramServer, bot: Bot) -> None:
    """4096 visible characters pass, however much markup they carry."""
    camille = server.person(started=True)
    source = "<b>" + "x" * 4096 + "</b>"
    await bot.send_message(camille.id, source, parse_mode="HTML")
    assert (await camille.next_message()).html == source
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(camille.id, b"jpeg", caption="x" * 1025)


async def test_strangers_blockers_and_the_departed_cannot_be_written_to(server: TelegramServer, bot: Bot) -> None:
    """Each reason not to reach someone has its own error."""
    stranger, blocker, gone = server.person(), server.person(started=True), server.person(started=True)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "hello")
    await server.group("Friends", bot_is_admin=True).member(stranger).send_text("hi all")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "hello")
    await blocker.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(blocker.id, "hello")
    await gone.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(gone.id, "hello")
    await blocker.unblock()
    await bot.send_message(blocker.id, "welcome back")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_edits_follow_telegrams_rules(server: TelegramServer, bot: Bot) -> None:
    """Unchanged, foreign and missing messages cannot be edited."""
    camille = server.person()
    theirs = await camille.send_text("mine")
    message = await bot.send_message(camille.id, "first", reply_markup=keyboard(callback_data="x"))
    await bot.edit_message_reply_markup(camille.id, message.message_id)
    assert camille.last.buttons == ()
    await bot.edit_message_text("second", camille.id, message.message_id)
    assert (camille.last.text, camille.last.edited_at is not None) == ("second", True)
    for message_id, text, error in (
        (message.message_id, "second", "Message is not modified"),
        (theirs.message_id, "yours", "Message can't be edited"),
        (999, "nothing", "Message to edit not found"),
    ):
        with pytest.raises(BadRequest, match=error):
            await bot.edit_message_text(text, camille.id, message_id)


async def test_old_messages_cannot_be_deleted() -> None:
    """After 48 hours a bot cannot take back what it wrote."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        camille = server.person(started=True)
        old = await bot.send_message(camille.id, "old")
        now[0] += 48 * 3600 + 1
        new = await bot.send_message(camille.id, "new")
        await new.delete()
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await new.delete()
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await old.delete()
        assert [message.text for message in camille.messages] == ["old"]


async def test_a_button_is_answered_once(server: TelegramServer, bot: Bot) -> None:
    """The second answer, a late one and a too long one are refused."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "?", reply_markup=keyboard(callback_data="x"))
    message = await camille.next_message()
    press = await camille.press(message, "x")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(press.id, "x" * 201)
    await bot.answer_callback_query(press.id)
    forged = await camille.forge_press(message, "not on any button")
    assert [update.callback_query and update.callback_query.data for update in await bot.get_updates()] == [
        "x",
        "not on any button",
    ]
    await bot.answer_callback_query(forged.id)
    late = await camille.press(message, "label")
    late.expire()
    for query_id in (press.id, late.id, "12345"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(query_id)


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(server: TelegramServer) -> None:
    """401 and 404 carry Telegram's bodies."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.base_url}1:wrong/getMe") as answer:
            assert (answer.status, await answer.json()) == (
                401,
                {"ok": False, "error_code": 401, "description": "Unauthorized"},
            )
        async with session.post(
            f"{server.base_url}{server.token}/SENDmessage", json={"chat_id": 1, "text": ""}
        ) as answer:
            assert (await answer.json())["description"] == "Bad Request: message text is empty"
        async with session.get(f"{server.base_url}{server.token}/getStarTransactions") as answer:
            assert (answer.status, await answer.json()) == (
                404,
                {"ok": False, "error_code": 404, "description": "Not Found"},
            )
