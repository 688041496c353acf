"""
When somebody wants the human.
"""

from bot.content.phrases import Phrase
from bot.conversation.payloads import Verb
from bot.conversation.turn import Turn
from bot.model import Reply


async def contact(turn: Turn, intent: str) -> Reply:
    """
    Say how to reach the coach, as `pack.yaml` has it.
    """
    menu = turn.voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU)
    return turn.reply(turn.voice.advice(intent), buttons=((menu,),))
