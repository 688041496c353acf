"""
Files, copies and forwards.
"""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
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


async def test_what_cannot_be_copied_is_refused(server: TelegramServer, bot: Bot) -> None:
    """Giveaways and protected messages stay where they are; a giveaway can still be forwarded."""
    camille, coach = server.person(), server.person(started=True)
    giveaway = await camille.send_uncopyable()
    secret = await camille.send_photo("a secret", protect=True)
    for message in (giveaway, secret):
        with pytest.raises(BadRequest, match="Message can't be copied"):
            await bot.copy_message(coach.id, camille.id, message.message_id)
    with pytest.raises(BadRequest, match="Message can't be forwarded"):
        await bot.forward_message(coach.id, camille.id, secret.message_id)
    with pytest.raises(BadRequest, match="There are no messages to copy"):
        await bot.copy_messages(coach.id, camille.id, [giveaway.message_id, secret.message_id])
    await bot.forward_message(coach.id, camille.id, giveaway.message_id)
    assert [message.kind for message in coach.messages] == ["giveaway"]


async def test_the_bot_replaces_media(server: TelegramServer, bot: Bot) -> None:
    """An edit takes uploads and known files, and can add a picture to a text."""
    camille = server.person()
    file_id = (await camille.send_photo()).content["photo"][0]["file_id"]
    sent = await bot.send_message(camille.id, "first")
    for media, kind, caption in (
        (InputMediaPhoto(file_id, caption="<b>one</b>", parse_mode="HTML"), "photo", "one"),
        (InputMediaDocument(b"%PDF", filename="cv.pdf", caption="two"), "document", "two"),
        (InputMediaVideo(b"mp4"), "video", ""),
        (InputMediaAnimation(b"gif", caption="four"), "animation", "four"),
    ):
        edited = await bot.edit_message_media(media, camille.id, sent.message_id)
        assert edited.message_id == sent.message_id  # type: ignore[union-attr]
        assert (camille.last.kind, camille.last.text) == (kind, caption)
    assert camille.last.edited_at is not None


async def test_replacing_media_follows_telegrams_rules(server: TelegramServer, bot: Bot) -> None:
    """The same picture, a foreign or missing message, a poll and an album of another kind are refused."""
    camille = server.person()
    theirs = await camille.send_photo()
    known = InputMediaPhoto(theirs.content["photo"][0]["file_id"], caption="same")
    sent = await bot.send_photo(camille.id, known.media, caption="same")
    poll = await bot.send_poll(camille.id, "When?", ["now", "later"])
    album = await bot.send_media_group(camille.id, [InputMediaPhoto(b"1"), InputMediaPhoto(b"2")])
    await bot.edit_message_media(InputMediaVideo(b"mp4"), camille.id, album[0].message_id)
    for media, message_id, error in (
        (known, sent.message_id, "Message is not modified"),
        (known, theirs.message_id, "Message can't be edited"),
        (known, 999_999, "Message to edit not found"),
        (known, poll.message_id, "There is no media in the message to edit"),
        (InputMediaDocument(b"x"), album[1].message_id, "Can't change media type in the album"),
        (InputMediaAnimation(b"x"), album[1].message_id, "Message content type can't be used in an album"),
        (InputMediaPhoto("no-such-file"), sent.message_id, "Wrong file identifier"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){error}"):
            await bot.edit_message_media(media, camille.id, message_id)


async def test_people_replace_their_own_media(server: TelegramServer, bot: Bot) -> None:
    """The bot is told of the new file; the caption stays."""
    camille = server.person()
    letter = await camille.send_document("cv.pdf", caption="my CV")
    edited = await camille.edit_media(letter, b"%PDF-2.0", name="cv-2.pdf")
    with pytest.raises(LookupError):
        await camille.edit_media(await camille.send_text("no file"), b"x")
    update = (await bot.get_updates())[1].edited_message
    assert update is not None
    assert update.document is not None
    assert (update.document.file_name, update.caption) == ("cv-2.pdf", "my CV")
    assert update.document.file_id == edited.content["document"]["file_id"] != letter.content["document"]["file_id"]
    assert bytes(await (await update.document.get_file()).download_as_bytearray()) == b"%PDF-2.0"
