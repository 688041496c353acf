"""
Files, copies and forwards.
"""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InputMediaPhoto,
)
from telegram.error import (
    BadRequest,
)

from tests.telegram_server import (
    TelegramServer,
)


async def test_files_go_both_ways(server: TelegramServer, bot: Bot) -> None:
    """An upload is shown to the person, and what a person sends can be downloaded."""
    camille = server.person()
    await camille.send_voice(content=b"OggS my voice")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.voice is not None
    assert bytes(await (await update.message.voice.get_file()).download_as_bytearray()) == b"OggS my voice"
    sent = await bot.send_document(camille.id, b"<html>", filename="data.html", caption="<b>All</b>", parse_mode="HTML")
    assert sent.document is not None
    shown = await camille.next_message()
    assert (shown.kind, shown.text, shown.content["document"]["file_name"]) == ("document", "All", "data.html")
    assert server.calls_to("sendDocument")[0].files == ("data.html",)
    await bot.send_document(camille.id, sent.document.file_id)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(camille.id, b"")
    with pytest.raises(BadRequest, match=r"[Ww]rong file identifier"):
        await bot.send_photo(camille.id, "no-such-file")


async def test_albums_stay_albums_when_copied(server: TelegramServer, bot: Bot) -> None:
    """Copying keeps an album together and passes over what is gone."""
    camille, coach = server.person(started=True), server.person(started=True)
    album = await camille.send_album(["one", "", "three"])
    await camille.delete(album[1])
    ids = [message.message_id for message in album]
    copies = await bot.copy_messages(coach.id, camille.id, ids)
    assert [copy.message_id for copy in copies] == [message.message_id for message in coach.messages]
    assert [message.text for message in coach.messages] == ["one", "three"]
    assert len({message.album_id for message in coach.messages}) == 1
    assert coach.messages[0].album_id != album[0].album_id
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(coach.id, camille.id, ids[1])


async def test_a_forward_names_its_author_and_a_copy_does_not(server: TelegramServer, bot: Bot) -> None:
    """Only forwardMessage shows where a message comes from."""
    camille, coach = server.person("Camille"), server.person("Coach", started=True)
    question = await camille.send_text("How do I ask for a raise?")
    await bot.forward_message(coach.id, camille.id, question.message_id)
    await bot.copy_message(coach.id, camille.id, question.message_id)
    forwarded, copied = coach.messages
    assert forwarded.text == copied.text == question.text
    assert forwarded.origin is not None
    assert forwarded.origin["sender_user"]["first_name"] == "Camille"
    assert copied.origin is None


async def test_an_album_is_sent_whole_or_not_at_all(server: TelegramServer, bot: Bot) -> None:
    """A fault in one picture keeps the others from being shown."""
    camille = server.person(started=True)
    await bot.send_media_group(camille.id, [InputMediaPhoto(b"1", caption="first"), InputMediaPhoto(b"2")])
    assert [message.kind for message in camille.messages] == ["photo", "photo"]
    with pytest.raises(BadRequest):
        await bot.send_media_group(camille.id, [InputMediaPhoto(b"1"), InputMediaPhoto("no-such-file")])
    assert len(camille.messages) == 2
