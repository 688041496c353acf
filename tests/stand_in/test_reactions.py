"""
Reactions of people and of the bot.
"""

from __future__ import annotations

import pytest
from telegram import Bot, MessageReactionUpdated, ReactionTypeCustomEmoji, ReactionTypeEmoji
from telegram.error import BadRequest

from tests.telegram_server import Group, TelegramServer

HEART = "5310000000000000999"


async def heard(bot: Bot) -> list[MessageReactionUpdated]:
    """The reactions that wait for the bot."""
    updates = await bot.get_updates(allowed_updates=["message", "message_reaction"])
    return [update.message_reaction for update in updates if update.message_reaction]


async def with_topic(server: TelegramServer, bot: Bot) -> tuple[Group, int]:
    """A forum where the bot is an administrator, and a topic in it."""
    group = server.group("Desk", forum=True, bot_is_admin=True)
    return group, (await bot.create_forum_topic(group.id, "Camille")).message_thread_id


async def test_a_reaction_can_be_changed_and_taken_back(server: TelegramServer, bot: Bot) -> None:
    """The old and the new reaction are told, custom ones by their id, those of others left out."""
    await heard(bot)
    camille = server.person(started=True)
    message = await bot.send_message(camille.id, "Was this useful?")
    await message.set_reaction("👀")
    await camille.react(message.message_id, "👍")
    await camille.react(message.message_id, custom=HEART)
    await camille.react(message.message_id, custom=HEART)
    assert list(camille.last.reactions) == ["👀", HEART]
    await camille.react(message.message_id, None)
    assert list(camille.last.reactions) == ["👀"]
    up, heart = (ReactionTypeEmoji("👍"),), (ReactionTypeCustomEmoji(HEART),)
    assert [(each.old_reaction, each.new_reaction) for each in await heard(bot)] == [
        ((), up),
        (up, heart),
        (heart, ()),
    ]


async def test_a_reaction_does_not_name_its_topic(server: TelegramServer, bot: Bot) -> None:
    """A bot has to know from the message's id where a reaction belongs."""
    await heard(bot)
    group, thread_id = await with_topic(server, bot)
    message = await bot.send_message(group.id, "A question", message_thread_id=thread_id)
    await group.member(server.person("Coach")).react(message.message_id, "👍")
    (update,) = await heard(bot)
    assert update.message_id == message.message_id
    assert "message_thread_id" not in update.to_dict()


async def test_in_a_group_only_an_administrator_hears_of_reactions(server: TelegramServer, bot: Bot) -> None:
    """A mere member is told nothing."""
    await heard(bot)
    group = server.group("Friends")
    message = await bot.send_message(group.id, "hello")
    sacha = group.member(server.person("Sacha"))
    await sacha.react(message.message_id, "👍")
    assert await heard(bot) == []
    await group.add_bot(server.person(), admin=True)
    await sacha.react(message.message_id, "👎")
    assert len(await heard(bot)) == 1


async def test_a_bot_takes_its_reaction_back_and_joins_in_custom_ones(server: TelegramServer, bot: Bot) -> None:
    """A bot has no custom emojis of its own."""
    camille = server.person()
    message = await camille.send_text("hello")
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(camille.id, message.message_id, ReactionTypeCustomEmoji(HEART))
    await camille.react(message, custom=HEART)
    await bot.set_message_reaction(camille.id, message.message_id, ReactionTypeCustomEmoji(HEART))
    assert list(camille.last.reactions) == [HEART, HEART]
    await bot.set_message_reaction(camille.id, message.message_id)
    assert list(camille.last.reactions) == [HEART]
