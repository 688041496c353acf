"""
Groups, topics, members.
"""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.telegram_server import (
    TelegramServer,
)


async def test_in_a_group_a_bot_hears_only_what_is_meant_for_it(server: TelegramServer, bot: Bot) -> None:
    """Privacy mode: commands and replies arrive, small talk and other bots' commands do not."""
    group = server.group("Job seekers")
    sacha = group.member(server.person("Sacha"))
    await sacha.send_text("good morning all")
    await sacha.send_command("/help")
    await sacha.send_command("/help@some_other_bot")
    await sacha.send_command(f"/menu@{server.bot.username}")
    mine = await bot.send_message(group.id, "Write to me in private")
    shown = group.find(mine.message_id)
    await sacha.send_text("ok", reply_to=shown)
    texts = [update.message and update.message.text for update in await bot.get_updates()]
    assert texts == ["/help", f"/menu@{server.bot.username}", "ok"]


async def test_a_bot_learns_that_it_was_added_and_removed(server: TelegramServer, bot: Bot) -> None:
    """my_chat_member tells, and afterwards writing is forbidden."""
    group, sacha = server.group("Coaches", with_bot=False), server.person()
    await group.add_bot(sacha, admin=True)
    await group.remove_bot(sacha)
    updates = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [update.new_chat_member.status for update in updates] == ["administrator", "kicked"]
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "hello")


async def test_a_migrated_group_names_its_successor(server: TelegramServer, bot: Bot) -> None:
    """The error carries the new chat id, where writing works."""
    group = server.group("Coaches", supergroup=False)
    successor = await group.migrate(server.person())
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "hello")
    assert caught.value.new_chat_id == successor.id
    await bot.send_message(successor.id, "hello")


async def test_topics_are_opened_closed_and_deleted(server: TelegramServer, bot: Bot) -> None:
    """A forum keeps its topics apart, and only an administrator manages them."""
    group = server.group("Coaches", forum=True, bot_is_admin=True)
    topic = await bot.create_forum_topic(group.id, "Camille")
    await bot.send_message(group.id, "A question", message_thread_id=topic.message_thread_id)
    assert (await group.next_message()).thread_id == topic.message_thread_id
    await bot.edit_forum_topic(group.id, topic.message_thread_id, name="Camille, done")
    await bot.close_forum_topic(group.id, topic.message_thread_id)
    assert [(each.name, each.closed) for each in group.topics] == [("Camille, done", True)]
    with pytest.raises(BadRequest, match=r"[Tt]opic_not_modified|TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(group.id, topic.message_thread_id)
    await bot.reopen_forum_topic(group.id, topic.message_thread_id)
    await bot.delete_forum_topic(group.id, topic.message_thread_id)
    assert (group.topics, group.messages) == ([], [])
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(server.group("Plain", bot_is_admin=True).id, "x")


async def test_chats_can_be_looked_up_and_left(server: TelegramServer, bot: Bot) -> None:
    """getChat, getChatMember and leaveChat give the library what it expects."""
    group, sacha = server.group("Coaches", bot_is_admin=True), server.person("Sacha")
    group.member(sacha)
    assert (await bot.get_chat(group.id)).title == "Coaches"
    assert (await bot.get_chat_member(group.id, sacha.id)).status == "member"
    assert (await bot.get_chat_member(group.id, server.bot.id)).status == "administrator"
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [server.bot.id]
    message = await bot.send_message(group.id, "Rules")
    await message.pin()
    await message.set_reaction("👍")
    shown = group.find(message.message_id)
    assert shown is not None
    assert (shown.pinned, shown.reactions) == (True, ("👍",))
    with pytest.raises(BadRequest, match=r"[Rr]eaction_invalid|REACTION_INVALID"):
        await message.set_reaction("nonsense")
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "hello")


async def test_an_inline_query_is_answered(server: TelegramServer, bot: Bot) -> None:
    """Inline results reach the person who typed."""
    query = await server.person().inline_query("cv")
    results = [InlineQueryResultArticle("1", "Your CV", InputTextMessageContent("…"))]
    await bot.answer_inline_query(query.id, results)
    assert (await query.answered())["results"][0]["title"] == "Your CV"
