"""
The short answers: greetings, thanks, boundaries, and everything that needs no article below it.
"""

from bot.content.phrases import Phrase
from bot.conversation.payloads import Verb
from bot.conversation.turn import Turn
from bot.model import Reply


async def answer(turn: Turn, intent: str) -> Reply:
    """
    Say the intent's text, with the menu within reach and what else the message asked for.
    """
    voice = turn.voice
    also = (voice.intent_button(turn.second),) if turn.second else ()
    related = tuple((voice.intent_button(other),) for other in voice.content.answers[intent].header.related)
    menu = (voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU),)
    return turn.reply(voice.advice(intent), buttons=(also, *related, menu))


async def answer_with_menu(turn: Turn, intent: str) -> Reply:
    """
    Say the intent's text to somebody who needs a way on: the menu and the coach.
    """
    return turn.reply(turn.voice.advice(intent), buttons=(turn.ways_on(),))
