"""
The human: handing a conversation over, ending that, and saying whether it helped.
"""

from dataclasses import replace

from bot.content.phrases import Phrase
from bot.conversation.handlers import courtesy
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import Effect, Reason, Reply, ThreadState


async def contact(turn: Turn, intent: str) -> Reply:
    """
    Hand the conversation over; without a desk, say how to reach the coach, as `pack.yaml` has it.
    """
    menu = turn.voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU)
    if turn.reception.has_desk:
        return turn.handed_over(turn.reply(buttons=((menu,),)), Reason.ASKED)
    return turn.reply(turn.voice.advice(intent), buttons=((menu,),))


async def apologise(turn: Turn, intent: str) -> Reply:
    """
    Answer somebody whom the bot did not help: the intent's text, and the coach.
    """
    return turn.handed_over(await courtesy.answer_with_menu(turn, intent), Reason.UNHELPFUL)


async def end(turn: Turn) -> Reply:
    """
    `/end`: the coach leaves, and the bot answers again.
    """
    return _ended(turn)


async def end_button(turn: Turn, payload: Payload) -> Reply:  # noqa: ARG001 (the signature is that of all buttons)
    """
    The same from a button.
    """
    return _ended(turn)


async def helped(turn: Turn, payload: Payload) -> Reply:
    """
    Take note whether the conversation with the coach helped.

    Raises:
        LookupError: The button was altered.
    """
    effects = {"yes": Effect.HELPED, "no": Effect.NOT_HELPED}
    (answer,) = payload.arguments
    told = turn.voice.phrase(Phrase.VOTE_THANKS)
    return replace(turn.reply(told, replaces=True), effects=frozenset({effects[answer]}))


def _ended(turn: Turn) -> Reply:
    if turn.incoming.thread is ThreadState.CLOSED:
        return turn.reply(turn.voice.phrase(Phrase.NOTHING_TO_END), buttons=(turn.ways_on(),))
    taken = turn.incoming.thread is ThreadState.TAKEN
    told = turn.voice.phrase(Phrase.ENDED_BY_PERSON if taken else Phrase.HAND_OVER_TAKEN_BACK)
    menu = (turn.voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU),)
    return replace(turn.reply(told, buttons=(menu,)), effects=frozenset({Effect.END}))
