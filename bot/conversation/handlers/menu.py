"""
The commands that open doors: start, help, the menu and its themes, privacy.
"""

from bot.content.phrases import Phrase
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import Button, Reply


async def start(turn: Turn) -> Reply:
    """
    `/start`: say who is speaking and what to do, with the themes below.
    """
    return turn.reply(turn.voice.phrase(Phrase.WELCOME), buttons=_themes(turn))


async def help_(turn: Turn) -> Reply:
    """
    `/help`: what can be asked, and the commands.
    """
    return turn.reply(turn.voice.phrase(Phrase.HELP), buttons=(turn.ways_on(),))


async def root(turn: Turn) -> Reply:
    """
    `/menu`: the themes.
    """
    return turn.reply(turn.voice.phrase(Phrase.MENU), buttons=_themes(turn))


async def root_button(turn: Turn, payload: Payload) -> Reply:
    """
    The menu from a button; coming back from a theme it takes the theme's place.
    """
    return turn.reply(turn.voice.phrase(Phrase.MENU), buttons=_themes(turn), replaces=bool(payload.arguments))


async def theme(turn: Turn, payload: Payload) -> Reply:
    """
    The intents of one theme.

    Raises:
        LookupError: The theme is gone.
    """
    (name,) = payload.arguments
    voice = turn.voice
    themes = {theme.id: theme for theme in voice.renderer.pack.manifest.themes}
    rows = tuple((voice.intent_button(intent),) for intent in themes[name].intents)
    back = voice.phrase_button(Phrase.BUTTON_BACK, Verb.MENU, "back")
    return turn.reply(f"<b>{themes[name].title[voice.language]}</b>", buttons=(*rows, (back,)), replaces=True)


def _themes(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    voice = turn.voice
    buttons = [
        voice.button(theme.title[voice.language], Verb.THEME, theme.id) for theme in voice.renderer.pack.manifest.themes
    ]
    pairs = tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
    return (*pairs, (voice.phrase_button(Phrase.BUTTON_FAQ, Verb.FAQ), turn.coach_button()))
