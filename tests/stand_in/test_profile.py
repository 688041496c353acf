"""
What people see of the bot before they write.
"""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import (
    BadRequest,
)

from tests.telegram_server import (
    TelegramServer,
)


async def test_the_profile_is_kept_per_language_and_scope(server: TelegramServer, bot: Bot) -> None:
    """What the bot sets for French is what the French see."""
    await bot.set_my_description("Conseils", language_code="fr")
    await bot.set_my_description("Advice")
    await bot.set_my_commands([BotCommand("aide", "Aide")], BotCommandScopeAllPrivateChats(), "fr")
    assert (await bot.get_my_description("fr")).description == "Conseils"
    assert (await bot.get_my_description("de")).description == "Advice"
    assert server.profile.commands("fr", "all_private_chats") == [{"command": "aide", "description": "Aide"}]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(BotCommandScopeAllPrivateChats(), "fr")
    assert server.profile.commands("fr", "all_private_chats") == []


async def test_the_profile_has_telegrams_limits(bot: Bot) -> None:
    """Texts that are too long and commands with capitals are refused."""
    for refused_call in (
        bot.set_my_description("x" * 513),
        bot.set_my_short_description("x" * 121),
        bot.set_my_name("x" * 65),
        bot.set_my_commands([("Help", "Capital")]),
        bot.set_my_commands([("x" * 33, "Long")]),
        bot.set_my_description("x", language_code="french"),
    ):
        with pytest.raises(BadRequest):
            await refused_call
