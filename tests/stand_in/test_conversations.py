"""
People and the bot see the same conversation.
"""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from tests.stand_in.support import greet, polling, tell_more
from tests.telegram_server import (
    NoSuchButtonError,
    TelegramServer,
)


async def test_a_conversation_with_a_stock_application_reads_like_one(server: TelegramServer) -> None:
    """A command, a formatted answer with a button, a press, an edit: the whole path over HTTP."""
    camille = server.person("Camille", language_code="fr")
    async with polling(server, [CommandHandler("start", greet), CallbackQueryHandler(tell_more)]):
        await camille.send_command("/start blog")
        greeting = await camille.next_message()
        assert (greeting.text, greeting.html, greeting.labels) == ("Hello blog", "<b>Hello</b> blog", ["Tell me more"])
        assert [entity.type for entity in greeting.entities] == ["bold"]
        press = await camille.press(greeting, "Tell me more")
        assert (await press.answered())["text"] == "Here it is"
        assert (await camille.edited(greeting)).text == "Much more"
        with pytest.raises(NoSuchButtonError):
            await camille.press(greeting, "Tell me more")


async def test_every_kind_of_message_from_a_person_is_understood_by_the_library(server: TelegramServer) -> None:
    """What people send besides text arrives as the library's own objects."""
    seen: list[str] = []

    async def note(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        seen.append(type(update.effective_message.effective_attachment).__name__)
        await update.effective_message.reply_text("seen")

    camille = server.person()
    async with polling(server, [MessageHandler(filters.ALL, note)]):
        for send in (
            camille.send_photo,
            camille.send_document,
            camille.send_voice,
            camille.send_sticker,
            camille.send_video,
            camille.send_video_note,
            camille.send_location,
            camille.send_contact,
        ):
            await send()
            await camille.next_message()
        await camille.send_poll("Which?", ["A", "B"])
        await camille.next_message()
    assert seen == ["tuple", "Document", "Voice", "Sticker", "Video", "VideoNote", "Location", "Contact", "Poll"]


async def test_edits_reach_the_bot_and_deletions_do_not(server: TelegramServer, bot: Bot) -> None:
    """Telegram tells a bot that a person changed a message, but never that they deleted it."""
    camille = server.person()
    message = await camille.send_text("cv")
    await camille.edit(message, "cover letter")
    await camille.delete(message)
    updates = await bot.get_updates()
    assert [update.edited_message and update.edited_message.text for update in updates] == [None, "cover letter"]
    assert camille.messages == []


async def test_a_long_text_goes_out_in_pieces_as_the_apps_send_it(server: TelegramServer, bot: Bot) -> None:
    """No single message of a person is longer than Telegram allows."""
    camille = server.person()
    await camille.send_text("x" * 10_000)
    assert [len(message.text) for message in camille.messages] == [4096, 4096, 1808]
    assert len(await bot.get_updates()) == 3


async def test_ids_look_like_telegrams(server: TelegramServer) -> None:
    """Bots that keep ids in 32 bits, or take groups for people, are found out."""
    people = [server.person() for _ in range(4)]
    assert any(person.id > 2**32 for person in people)
    assert any(person.id < 2**32 for person in people)
    assert str(server.group("Coaches").id).startswith("-100")
    assert -(10**12) < server.group("Friends", supergroup=False).id < 0


async def test_a_reply_keyboard_can_be_tapped(server: TelegramServer, bot: Bot) -> None:
    """Keys of a reply keyboard send their label; other labels are not there."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "Choose", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]]))
    await camille.tap("Yes")
    assert camille.last.text == "Yes"
    with pytest.raises(NoSuchButtonError):
        await camille.tap("Maybe")


async def test_waiting_in_vain_says_what_was_seen_instead(server: TelegramServer) -> None:
    """A failed test tells what was on the screen."""
    camille = server.person()
    await camille.send_text("anyone there?")
    with pytest.raises(TimeoutError, match="anyone there"):
        await camille.next_message(0.01)
