"""
Hearing of new articles: who wants to, of what, and when.
"""

from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.cards import open_rows, summary_card
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.conversation.voice import Voice
from bot.model import ALL_THEMES, Article, Button, Reply

MOST_IN_ONE = 5
"""
Articles that one message tells of.
"""


async def command(turn: Turn) -> Reply:
    """
    `/alerts`: what the person hears of, and the choices.
    """
    return _choices(turn)


async def answer(turn: Turn, intent: str) -> Reply:
    """
    Answer somebody who asks how to follow the blog: the intent's text, and the choices.
    """
    choices = _choices(turn)
    return replace(choices, blocks=(turn.voice.advice(intent),))


async def button(turn: Turn, payload: Payload) -> Reply:
    """
    Show the choices, or change one and show them anew.

    Raises:
        LookupError: The button was altered, or the theme is gone.
    """
    themes = [theme.id for theme in turn.voice.renderer.pack.manifest.themes]
    chosen = turn.memory.alerts
    match payload.arguments:
        case ():
            return _choices(turn)
        case ("off",):
            turn.memory.choose_alerts(())
        case ("all",):
            turn.memory.choose_alerts(() if ALL_THEMES in chosen else (ALL_THEMES,))
        case ("when", "now" | "evening" as when):
            turn.memory.choose_alert_time(at_once=when == "now")
        case ("theme", theme) if theme in themes:
            some = set(chosen) - {ALL_THEMES} ^ {theme}
            turn.memory.choose_alerts(tuple(one for one in themes if one in some))
        case _:
            raise KeyError(payload.arguments)
    return _choices(turn, replaces=True)


def news(voice: Voice, articles: tuple[Article, ...]) -> Reply:
    """
    The message that tells of new articles, the newest first; what is too much for one message is counted.
    """
    shown = articles[:MOST_IN_ONE]
    cards = tuple(map(summary_card, shown))
    buttons = (*open_rows(voice, cards), (voice.phrase_button(Phrase.BUTTON_ALERTS, Verb.ALERTS),))
    text = voice.phrase(Phrase.ALERTS_NEWS, count=len(articles) - len(shown))
    return Reply(voice.language, (text,), cards=cards, buttons=buttons)


def _choices(turn: Turn, *, replaces: bool = False) -> Reply:
    voice, memory = turn.voice, turn.memory
    chosen, at_once = memory.alerts, memory.alerts_at_once
    every = _choice(turn, voice.plain(Phrase.ALERTS_ALL), "all", chosen=ALL_THEMES in chosen)
    themes = [
        _choice(turn, theme.title[voice.language], "theme", theme.id, chosen=theme.id in chosen)
        for theme in voice.renderer.pack.manifest.themes
    ]
    pairs = tuple(tuple(themes[index : index + 2]) for index in range(0, len(themes), 2))
    when = (
        _choice(turn, voice.plain(Phrase.ALERTS_EVENING), "when", "evening", chosen=not at_once),
        _choice(turn, voice.plain(Phrase.ALERTS_AT_ONCE), "when", "now", chosen=at_once),
    )
    off = voice.phrase_button(Phrase.BUTTON_ALERTS_STOP, Verb.ALERTS, "off")
    return turn.reply(
        voice.phrase(Phrase.ALERTS_ON if chosen and memory.wants_messages else Phrase.ALERTS_OFF),
        buttons=((every,), *pairs, when if chosen else (), (off,) if chosen else (), turn.ways_on()),
        replaces=replaces,
    )


def _choice(turn: Turn, label: str, *arguments: str, chosen: bool) -> Button:
    return turn.voice.button(f"✓ {label}" if chosen else label, Verb.ALERTS, *arguments)
