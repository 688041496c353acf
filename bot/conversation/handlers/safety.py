"""
When somebody may be in danger.
"""

from bot.conversation.turn import Turn
from bot.model import Reply


async def comfort(turn: Turn, intent: str) -> Reply:
    """
    Answer distress with warmth and the numbers to call; no article, no menu, only the way to the human.
    """
    return turn.reply(turn.voice.advice(intent), buttons=((turn.coach_button(),),))
