"""
When somebody may be in danger.
"""

from dataclasses import replace

from bot.conversation.turn import Turn
from bot.model import Reason, Reply


async def comfort(turn: Turn, intent: str) -> Reply:
    """
    Answer distress with warmth and the numbers to call; no article, no menu, only the human.
    """
    reply = replace(turn.reply(turn.voice.advice(intent)), urgent=True)
    if turn.reception.has_desk:
        return turn.handed_over(reply, Reason.DISTRESS)
    return replace(reply, buttons=((turn.coach_button(),),))
