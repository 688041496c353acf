"""
Telegram Business: a bot in somebody's own account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardMarkup, InputMediaPhoto, Message, Update
from telegram.error import BadRequest, Forbidden

from tests.stand_in.support import keyboard
from tests.telegram_server import BusinessAccount, BusinessChat, Person, TelegramServer


@dataclass
class Scene:
    """A coach whose account is connected, and somebody who writes to them."""

    coach: Person
    camille: Person
    account: BusinessAccount
    chat: BusinessChat


@pytest.fixture
async def scene(server: TelegramServer) -> Scene:
    """A connected account with one chat in it."""
    coach, camille = server.person("Coach", username="coach"), server.person("Camille")
    account = await server.business(coach)
    return Scene(coach, camille, account, account.chat_with(camille))


async def take(bot: Bot) -> list[Update]:
    """The updates that wait, which do not come again."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def business_messages(bot: Bot) -> list[Message]:
    """The messages of accounts that wait for the bot."""
    return [update.business_message for update in await take(bot) if update.business_message]


async def test_a_connection_is_announced_changed_and_ended(server: TelegramServer, bot: Bot, scene: Scene) -> None:
    """A bot always knows whose account it may use, and for what."""
    assert (await bot.get_me()).can_connect_to_business
    await scene.account.change_rights(can_reply=False, can_read_messages=True)
    await scene.account.disconnect()
    connections = [update.business_connection for update in await take(bot) if update.business_connection]
    assert {(each.id, each.user.id, each.user_chat_id) for each in connections} == {
        (scene.account.id, scene.coach.id, scene.coach.id)
    }
    assert [(each.is_enabled, each.rights and each.rights.can_reply) for each in connections] == [
        (True, True),
        (True, None),
        (False, None),
    ]
    assert await bot.get_business_connection(scene.account.id) == connections[-1]
    with pytest.raises(BadRequest, match="Business connection not found"):
        await bot.get_business_connection("nonsense")
    with pytest.raises(ValueError, match="no such rights"):
        await server.business(scene.coach, rights={"can_fly"})


async def test_both_people_are_heard_in_the_chat_of_the_other(bot: Bot, scene: Scene) -> None:
    """What the owner writes arrives too: it means that the human took over."""
    question = await scene.chat.send_text("Bonjour, une question")
    await scene.chat.edit(question, "Bonjour, deux questions")
    await scene.chat.send_photo("my CV")
    answer = await scene.chat.owner_send_text("Je vous écoute", reply_to=question)
    await scene.chat.owner_edit(answer, "Je vous écoute !")
    await scene.chat.owner_delete(answer)
    await scene.chat.delete(question)
    _, first, second, picture, third, fourth, gone, also_gone = await take(bot)
    for update in (first, picture, third):
        message = update.business_message
        assert message is not None
        assert (message.chat.id, message.chat.type) == (scene.camille.id, "private")
        assert (message.business_connection_id, message.sender_business_bot) == (scene.account.id, None)
    assert first.business_message is not None
    assert first.business_message.from_user is not None
    assert first.business_message.from_user.id == scene.camille.id
    assert third.business_message is not None
    assert third.business_message.from_user is not None
    assert third.business_message.from_user.id == scene.coach.id
    edits = [update.edited_business_message and update.edited_business_message.text for update in (second, fourth)]
    assert edits == ["Bonjour, deux questions", "Je vous écoute !"]
    deleted = [update.deleted_business_messages for update in (gone, also_gone)]
    assert [each and (each.business_connection_id, each.chat.id, each.message_ids) for each in deleted] == [
        (scene.account.id, scene.camille.id, (answer.message_id,)),
        (scene.account.id, scene.camille.id, (question.message_id,)),
    ]


async def test_the_bot_answers_in_the_owners_name_and_hears_itself(bot: Bot, scene: Scene) -> None:
    """The person sees the owner; the bot gets back what it sent, marked as its own."""
    await scene.chat.send_text("Bonjour")
    await take(bot)
    connection = scene.account.id
    sent = await bot.send_message(scene.camille.id, "Bonjour Camille", business_connection_id=connection)
    await bot.send_photo(scene.camille.id, b"jpeg", caption="A map", business_connection_id=connection)
    await bot.send_document(scene.camille.id, b"%PDF", filename="a.pdf", business_connection_id=connection)
    await bot.send_chat_action(scene.camille.id, "typing", business_connection_id=connection)
    shown = await scene.chat.next_message()
    assert (shown.text, shown.sender.id, shown.from_bot) == ("Bonjour Camille", scene.coach.id, True)
    assert ((await scene.chat.next_message()).kind, (await scene.chat.next_message()).kind) == ("photo", "document")
    assert scene.chat.actions == ["typing"]
    echoes = await business_messages(bot)
    assert [echo.message_id for echo in echoes] == [message.message_id for message in scene.chat.bot_messages]
    for message in (sent, *echoes):
        assert message.from_user is not None
        assert message.sender_business_bot is not None
        assert (message.from_user.id, message.sender_business_bot.id) == (scene.coach.id, bot.id)
        assert message.business_connection_id == connection
    assert scene.camille.messages == []


async def test_the_bot_changes_what_stands_in_the_owners_name(bot: Bot, scene: Scene) -> None:
    """It may edit its own answers and those of the owner, not those of the other person."""
    question = await scene.chat.send_text("Bonjour")
    by_hand = await scene.chat.owner_send_text("Une minute")
    where: dict[str, Any] = {"chat_id": scene.camille.id, "business_connection_id": scene.account.id}
    sent = await bot.send_message(text="Bonjour Camille", **where)
    await sent.edit_text("Bonjour !")
    await bot.edit_message_text("Deux minutes", message_id=by_hand.message_id, **where)
    assert [message.text for message in scene.chat.messages] == ["Bonjour", "Deux minutes", "Bonjour !"]
    await bot.edit_message_media(InputMediaPhoto(b"jpeg"), message_id=sent.message_id, **where)
    assert scene.chat.last.kind == "photo"
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Non", message_id=question.message_id, **where)


async def test_a_pressed_button_names_the_connection(bot: Bot, scene: Scene) -> None:
    """A bot can tell a press in an account's chat from one in its own."""
    await scene.chat.send_text("Bonjour")
    markup: InlineKeyboardMarkup = keyboard(callback_data="more")
    await bot.send_message(scene.camille.id, "More?", business_connection_id=scene.account.id, reply_markup=markup)
    press = await scene.chat.press(await scene.chat.next_message(), "label")
    query = (await take(bot))[-1].callback_query
    assert query is not None
    assert isinstance(query.message, Message)
    assert query.message.business_connection_id == scene.account.id
    assert query.from_user.id == scene.camille.id
    await query.answer("Here")
    assert (await press.answered())["text"] == "Here"


async def test_sending_without_leave_is_refused() -> None:
    """An unknown, ended or restricted connection, a stranger and a long silence each have their error."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        coach, camille, stranger = server.person("Coach"), server.person(), server.person()
        account = await server.business(coach)
        chat = account.chat_with(camille)

        async def refusal(person: Person, connection: str = account.id) -> str:
            with pytest.raises(BadRequest) as caught:
                await bot.send_message(person.id, "hello", business_connection_id=connection)
            return caught.value.message.lower()

        assert await refusal(camille, "nonsense") == "business connection not found"
        assert await refusal(stranger) == "business_peer_invalid"
        await chat.owner_send_text("first word from the owner")
        assert await refusal(camille) == "business_peer_usage_missing"
        await chat.send_text("Bonjour")
        await bot.send_message(camille.id, "hello", business_connection_id=account.id)
        now[0] += 24 * 3600 + 1
        assert await refusal(camille) == "business_peer_usage_missing"
        await chat.send_text("Bonjour encore")
        await account.change_rights(can_reply=False)
        assert await refusal(camille) == "business_peer_invalid"
        await account.change_rights(can_reply=True)
        await account.disconnect()
        assert await refusal(camille) == "business connection not found"
        assert [message.from_bot for message in chat.messages] == [False, False, True, False]


async def test_the_accounts_chat_is_not_the_bots_own(server: TelegramServer, bot: Bot, scene: Scene) -> None:
    """The same chat id and even the same message id mean two different things."""
    inside = await scene.chat.send_text("to the coach")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(scene.camille.id, "hello")
    own = await scene.camille.send_text("to the bot")
    assert (inside.chat_id, inside.message_id) == (own.chat_id, own.message_id)
    copied = await bot.copy_message(
        scene.camille.id,
        scene.camille.id,
        own.message_id,
        api_kwargs={"business_connection_id": scene.account.id},
    )
    assert scene.camille.last.message_id == copied.message_id
    assert [message.text for message in scene.chat.messages] == ["to the coach"]
    assert server.calls_to("copyMessage")[0].outcome.ok


async def test_an_ended_connection_is_silent(bot: Bot, scene: Scene) -> None:
    """Once the owner took the bot out, it hears nothing more of the chat."""
    await scene.account.disconnect()
    await take(bot)
    question = await scene.chat.send_text("Bonjour")
    await scene.chat.edit(question, "Bonjour !")
    await scene.chat.delete(question)
    assert await take(bot) == []


async def test_business_updates_come_only_if_they_are_allowed(server: TelegramServer, bot: Bot) -> None:
    """A bot that asks for messages alone gets nothing of an account."""
    await bot.get_updates(allowed_updates=["message"])
    account = await server.business(server.person("Coach"))
    await account.chat_with(server.person()).send_text("Bonjour")
    assert await take(bot) == []
