"""
Insults: a gentle boundary, and silence for a while when they go on.
"""

from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.handlers import courtesy
from bot.conversation.turn import Turn
from bot.events import Insulted
from bot.model import Effect, Reply


async def draw(turn: Turn, intent: str) -> Reply:
    """
    Answer an insult; the one that is too many (`Reception.insults`) mutes the person, who is told so. A button that
    leads here is no insult.
    """
    if turn.incoming.payload is not None:
        return await courtesy.answer(turn, intent)
    too_many = 0 < turn.reception.insults <= turn.memory.count_insult()
    turn.hook(Insulted(too_many))
    reply = await courtesy.answer(turn, intent)
    if not too_many:
        return reply
    told = turn.voice.phrase(Phrase.MUTED, count=turn.reception.insult_hours)
    return replace(reply, blocks=(told,), buttons=(), effects=frozenset({Effect.MUTE}))
