"""
Topics, in forums and in private chats, and what an administrator needs for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, ChatMemberAdministrator, Message, ReplyParameters
from telegram.error import BadRequest

from tests.telegram_server import ADMIN_RIGHTS, TOPIC_ICONS, Group, TelegramServer


@pytest.fixture
def desk(server: TelegramServer) -> Group:
    """A forum with the bot as its administrator."""
    return server.group("Desk", forum=True, bot_is_admin=True)


@pytest.fixture
async def topics_bot() -> AsyncIterator[tuple[TelegramServer, Bot]]:
    """A server, and a bot with topics in its private chats."""
    async with TelegramServer(topics_in_private=True) as server, Bot(server.token, base_url=server.base_url) as bot:
        yield server, bot


async def received(bot: Bot) -> list[Message]:
    """The messages that wait for the bot."""
    return [update.message for update in await bot.get_updates() if update.message]


def icon_id(emoji: str) -> str:
    """The id of the icon with this emoji."""
    return next(number for number, each in TOPIC_ICONS.items() if each == emoji)


async def test_what_answers_nothing_in_a_topic_seems_to_answer_its_beginning(
    server: TelegramServer, bot: Bot, desk: Group
) -> None:
    """A bot must not take the notice that a topic was created for a message somebody replied to."""
    coach = desk.member(server.person("Coach"))
    topic = await bot.create_forum_topic(desk.id, "Camille")
    sent = await bot.send_message(desk.id, "A question", message_thread_id=topic.message_thread_id)
    shown = desk.find(sent.message_id)
    await coach.send_text("thinking", thread_id=topic.message_thread_id)
    await coach.send_text("an answer", reply_to=shown)
    await coach.send_text("elsewhere")
    note, answer, elsewhere = await received(bot)
    for message in (sent, note):
        assert message.reply_to_message is not None
        assert message.reply_to_message.message_id == topic.message_thread_id
        assert message.reply_to_message.forum_topic_created is not None
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == sent.message_id
    assert {(each.message_thread_id, each.is_topic_message) for each in (sent, note, answer)} == {
        (topic.message_thread_id, True)
    }
    assert (elsewhere.message_thread_id, elsewhere.is_topic_message, elsewhere.reply_to_message) == (None, None, None)


async def test_everything_people_send_can_go_into_a_topic(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """Whatever a coach sends as an answer arrives with its topic."""
    coach = desk.member(server.person("Coach"))
    where: dict[str, Any] = {"thread_id": (await bot.create_forum_topic(desk.id, "Camille")).message_thread_id}
    await coach.send_photo("a picture", **where)
    await coach.send_album(["one", "two"], kind="document", **where)
    await coach.send_voice(**where)
    await coach.send_sticker(**where)
    await coach.send_video(**where)
    await coach.send_video_note(**where)
    await coach.send_location(**where)
    await coach.send_contact(**where)
    await coach.send_poll("When?", ["now", "later"], **where)
    await coach.send_uncopyable(**where)
    messages = await received(bot)
    assert len(messages) == 11
    assert {message.message_thread_id for message in messages} == {where["thread_id"]}
    assert messages[1].document is not None
    assert messages[-1].giveaway is not None
    assert messages[1].media_group_id == messages[2].media_group_id


async def test_a_deleted_topic_takes_nothing_more(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """A coach who deletes a topic makes every later call about it fail, without any update."""
    topic = await bot.create_forum_topic(desk.id, "Camille")
    sent = await bot.send_message(desk.id, "A question", message_thread_id=topic.message_thread_id)
    await desk.delete_topic(topic.message_thread_id)
    assert (desk.topics, desk.messages) == ([], [])
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(desk.id, "Another", message_thread_id=topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
        await bot.edit_forum_topic(desk.id, topic.message_thread_id, name="Done")
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(server.person(started=True).id, desk.id, sent.message_id)


async def test_only_icons_of_the_set_are_taken(bot: Bot, desk: Group) -> None:
    """An icon is one of those that Telegram lists, and an empty one takes it away."""
    icons = {sticker.custom_emoji_id: sticker.emoji for sticker in await bot.get_forum_topic_icon_stickers()}
    assert icons == TOPIC_ICONS
    assert {"❓", "❗", "💬", "✅", "🔥", "📝"} <= set(icons.values())
    topic = await bot.create_forum_topic(desk.id, "Camille", icon_custom_emoji_id=icon_id("❓"))
    assert topic.icon_custom_emoji_id == icon_id("❓")
    await bot.edit_forum_topic(desk.id, topic.message_thread_id, icon_custom_emoji_id=icon_id("✅"))
    assert [(each.name, each.icon) for each in desk.topics] == [("Camille", "✅")]
    for wrong in ("123", "✅"):
        with pytest.raises(BadRequest, match=r"(?i)document_invalid"):
            await bot.edit_forum_topic(desk.id, topic.message_thread_id, icon_custom_emoji_id=wrong)
    with pytest.raises(BadRequest, match=r"(?i)document_invalid"):
        await bot.create_forum_topic(desk.id, "Sacha", icon_custom_emoji_id="123")
    await bot.edit_forum_topic(desk.id, topic.message_thread_id, icon_custom_emoji_id="")
    assert desk.topics[0].icon == ""
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.edit_forum_topic(desk.id, topic.message_thread_id, name="Camille", icon_custom_emoji_id="")


async def test_each_missing_right_is_refused_by_itself(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """An administrator can do exactly what it was given the right to."""
    owner = server.person("Coach")
    theirs = await desk.create_topic(owner, "Tea")
    own = await bot.create_forum_topic(desk.id, "Camille")
    sent = await bot.send_message(desk.id, "A question", message_thread_id=own.message_thread_id)
    chat = await desk.member(owner).send_text("mine")
    await desk.add_bot(owner, admin=True, rights=ADMIN_RIGHTS - {"can_manage_topics"})
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(desk.id, "Sacha")
    with pytest.raises(BadRequest, match="Not enough rights to edit the topic"):
        await bot.edit_forum_topic(desk.id, theirs.thread_id, name="Coffee")
    with pytest.raises(BadRequest, match="Not enough rights to close or open the topic"):
        await bot.close_forum_topic(desk.id, theirs.thread_id)
    await bot.edit_forum_topic(desk.id, own.message_thread_id, name="Camille, done")
    await bot.delete_message(desk.id, chat.message_id)
    await desk.add_bot(owner, admin=True, rights=ADMIN_RIGHTS - {"can_delete_messages"})
    with pytest.raises(BadRequest, match="Not enough rights to delete the topic"):
        await bot.delete_forum_topic(desk.id, own.message_thread_id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(desk.id, (await desk.member(owner).send_text("mine too")).message_id)
    await desk.add_bot(owner, admin=True, rights=ADMIN_RIGHTS - {"can_pin_messages"})
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await sent.pin()
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.unpin_all_forum_topic_messages(desk.id, own.message_thread_id)
    member = await bot.get_chat_member(desk.id, server.bot.id)
    assert isinstance(member, ChatMemberAdministrator)
    assert (member.can_pin_messages, member.can_manage_topics) == (False, True)
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [update.difference() != {} for update in changes] == [True, True, True]


async def test_a_topic_can_be_unpinned_as_a_whole(bot: Bot, desk: Group) -> None:
    """Pins in other topics stay."""
    first, second = [await bot.create_forum_topic(desk.id, name) for name in ("Camille", "Sacha")]
    for topic in (first, first, second):
        await (await bot.send_message(desk.id, "A card", message_thread_id=topic.message_thread_id)).pin()
    await bot.unpin_all_forum_topic_messages(desk.id, first.message_thread_id)
    assert [message.thread_id for message in desk.messages if message.pinned] == [second.message_thread_id]


async def test_a_bot_hears_what_people_do_to_topics(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """Opening, renaming, closing and reopening come as service messages."""
    coach = server.person("Coach")
    topic = await desk.create_topic(coach, "Tea")
    await desk.rename_topic(coach, topic.thread_id, "Coffee")
    await desk.close_topic(coach, topic.thread_id)
    await desk.reopen_topic(coach, topic.thread_id)
    opened, renamed, closed, reopened = await received(bot)
    assert (opened.forum_topic_created and opened.forum_topic_created.name) == "Tea"
    assert opened.reply_to_message is None
    assert (renamed.forum_topic_edited and renamed.forum_topic_edited.name) == "Coffee"
    assert (closed.forum_topic_closed, reopened.forum_topic_reopened) != (None, None)
    assert [(each.name, each.closed) for each in desk.topics] == [("Coffee", False)]


async def test_topics_can_be_switched_on_later(server: TelegramServer, bot: Bot) -> None:
    """What a bot knows of a chat can become wrong without any update."""
    group = server.group("Coaches", bot_is_admin=True, username="coaches")
    assert not (await bot.get_chat(group.id)).is_forum
    await group.switch_topics(on=True)
    assert (await bot.get_chat("@coaches")).is_forum
    assert (await bot.get_chat(group.id)).username == "coaches"
    topic = await bot.create_forum_topic(group.id, "Camille")
    await group.switch_topics(on=False)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.id, "A question", message_thread_id=topic.message_thread_id)


async def test_people_can_be_more_than_members(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """A bot can tell who runs a group."""
    owner, helper, guest = server.person("Owner"), server.person("Helper"), server.person("Guest")
    desk.member(owner, "creator")
    desk.member(helper, "administrator")
    desk.member(guest)
    desk.member(owner)
    statuses = {(await bot.get_chat_member(desk.id, each.id)).status for each in (owner, helper)}
    assert statuses == {"creator", "administrator"}
    assert (await bot.get_chat_member(desk.id, guest.id)).status == "member"
    ids = [member.user.id for member in await bot.get_chat_administrators(desk.id)]
    assert ids == [owner.id, helper.id, server.bot.id]


async def test_copies_go_into_topics_quietly_and_as_answers(server: TelegramServer, bot: Bot, desk: Group) -> None:
    """Copies take the topic, the message to reply to and silence."""
    camille = server.person()
    topic = await bot.create_forum_topic(desk.id, "Camille")
    question = await camille.send_text("How do I start?")
    album = await camille.send_album(["one", "two"])
    where = topic.message_thread_id
    first = await bot.copy_message(desk.id, camille.id, question.message_id, message_thread_id=where)
    await bot.copy_message(
        desk.id,
        camille.id,
        question.message_id,
        reply_parameters=ReplyParameters(first.message_id),
        disable_notification=True,
    )
    ids = [message.message_id for message in album]
    await bot.copy_messages(desk.id, camille.id, ids, message_thread_id=where, disable_notification=True)
    plain, answer, *pictures = desk.bot_messages[1:]
    assert (plain.thread_id, plain.silent) == (where, False)
    assert (answer.thread_id, answer.reply_to, answer.silent) == (where, first.message_id, True)
    assert {(picture.thread_id, picture.silent) for picture in pictures} == {(where, True)}


async def test_private_chats_have_topics_if_the_bot_does(topics_bot: tuple[TelegramServer, Bot]) -> None:
    """A bot with topics in private keeps a person's subjects apart."""
    server, bot = topics_bot
    assert (await bot.get_me()).has_topics_enabled
    camille, coach = server.person(started=True), server.person("Coach", started=True)
    topic = await bot.create_forum_topic(coach.id, "Camille")
    question = await camille.send_text("How do I start?")
    await bot.copy_message(coach.id, camille.id, question.message_id, message_thread_id=topic.message_thread_id)
    await bot.send_photo(coach.id, b"jpeg", message_thread_id=topic.message_thread_id)
    assert [message.thread_id for message in coach.bot_messages[1:]] == [topic.message_thread_id] * 2
    await coach.send_text("an answer", thread_id=topic.message_thread_id)
    message = (await received(bot))[-1]
    assert (message.message_thread_id, message.is_topic_message) == (topic.message_thread_id, True)
