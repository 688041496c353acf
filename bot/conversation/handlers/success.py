"""
Good news: somebody found a job, or came a step closer.
"""

from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.handlers import courtesy
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.events import Hired
from bot.model import Asked, Reply

_FOUND, _NOT_YET = "found", "step"


async def congratulate(turn: Turn, intent: str) -> Reply:
    """
    Celebrate, and ask once whether a job was found: good news may be an interview, too.
    """
    reply = await courtesy.answer(turn, intent)
    if not turn.memory.ask_if_hired():
        return reply
    found = turn.voice.phrase_button(Phrase.BUTTON_HIRED, Verb.HIRED, _FOUND)
    step = turn.voice.phrase_button(Phrase.BUTTON_NOT_HIRED, Verb.HIRED, _NOT_YET)
    blocks = (*reply.blocks, turn.voice.phrase(Phrase.HIRED_QUESTION))
    return replace(reply, blocks=blocks, buttons=((found,), (step,)), asked=Asked(yes=found.payload, no=step.payload))


async def button(turn: Turn, payload: Payload) -> Reply:
    """
    Take note of the answer; whoever found a job may stop what they get from the bot, or have everything deleted.

    Raises:
        LookupError: The button was altered.
    """
    (answer,) = payload.arguments
    if answer not in {_FOUND, _NOT_YET}:
        raise KeyError(answer)
    voice = turn.voice
    if answer == _NOT_YET:
        return turn.reply(voice.phrase(Phrase.HIRED_NOT_YET), buttons=(turn.ways_on(),))
    if turn.memory.remember_hired():
        turn.hook(Hired(voice.language))
    alerts = bool(turn.memory.alerts)
    buttons = (
        (voice.phrase_button(Phrase.BUTTON_ALERTS_STOP, Verb.ALERTS, "off"),) if alerts else (),
        (voice.phrase_button(Phrase.BUTTON_DELETE_ALL, Verb.FORGET),),
    )
    return turn.reply(voice.phrase(Phrase.HIRED), buttons=buttons)
