"""
What people see of the bot before they write: commands, descriptions, the menu button, per language.
"""

from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands

from bot.content import markup
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer

COMMANDS = (
    "start",
    "menu",
    "faq",
    "article",
    "alerts",
    "end",
    "settings",
    "mydata",
    "forget",
    "stop",
    "privacy",
    "help",
)
"""
The commands that are shown, in that order; `phrases.yaml` describes each as `command_…`.
"""


async def set_profile(bot: Bot, pack: Pack, renderer: Renderer) -> None:
    """
    Tell Telegram the commands and descriptions; the pack's first language serves everybody whose language it lacks.

    Raises:
        telegram.error.TelegramError: Telegram refused or could not be reached.
    """
    for language in pack.languages:
        codes: tuple[str | None, ...] = (None, language) if language == pack.default_language else (language,)

        def plain(name: Phrase, language: str = language) -> str:
            return markup.plain(renderer.phrase(language, name, pack.manifest.address))

        commands = [BotCommand(name, plain(Phrase(f"command_{name}"))) for name in COMMANDS]
        for code in codes:
            where: dict[str, Any] = {"language_code": code}
            await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), **where)
            await bot.set_my_description(plain(Phrase.BOT_DESCRIPTION), **where)
            await bot.set_my_short_description(plain(Phrase.BOT_SHORT_DESCRIPTION), **where)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
