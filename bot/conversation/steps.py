"""
The steps of a message through the conversation, as one visible list: the first that has a reply gives it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.content.phrases import Phrase
from bot.content.rules import SAFETY_INTENT
from bot.conversation.handlers import COMMANDS, RIGHTS, RIGHTS_VERBS, VERBS, follow_ups, handler_of
from bot.conversation.handlers.entries import offer
from bot.conversation.payloads import Payload, PayloadError, Verb, decode
from bot.conversation.turn import COACH_INTENT, PLEASANTRIES, Turn
from bot.events import Answered, Lost
from bot.model import Asked, AttachmentKind, Limit, Reason, Reply, ThreadState
from bot.understanding.short_replies import short_reply
from bot.understanding.verdict import Outcome, Verdict

Step = Callable[[Turn], Awaitable[Reply | None]]

_DEEP_LINKS = {"intent_": Verb.INTENT, "faq_": Verb.FAQ_ENTRY, "article_": Verb.READ}
_NONE_OF_THESE = "none"
_FAILURES = 2
"""
After how many messages in a row that were not understood a human takes over.
"""
_FAINT = 0.1
"""
The probability of distress below which nobody is asked whether they are not well: it would frighten more than help.
"""


async def safety(turn: Turn) -> Reply | None:
    """
    Whoever may be in danger is answered before anything else.
    """
    if turn.reading is None or not turn.reading.danger:
        return None
    turn.hook(Answered(turn.voice.language, SAFETY_INTENT, Outcome.SURE, turn.reading.verdict.confidence))
    return await handler_of(SAFETY_INTENT)(turn, SAFETY_INTENT)


async def limits(turn: Turn) -> Reply | None:
    """
    Whoever writes too much is told so once and then met with silence, but keeps every right over their data.
    """
    limit, command_name = turn.incoming.limit, turn.incoming.command
    if limit is Limit.NONE or command_name in RIGHTS or _verb(turn) in RIGHTS_VERBS:
        return None
    if limit is Limit.SILENT:
        return turn.reply()
    return turn.reply(turn.voice.phrase(Phrase.TOO_MANY if limit is Limit.NOTICE else Phrase.CROWDED))


async def human(turn: Turn) -> Reply | None:
    """
    While a coach answers, the bot is silent, but for buttons and commands.
    """
    by_hand = turn.incoming.payload is not None or turn.incoming.command is not None
    return turn.reply() if turn.incoming.thread is ThreadState.TAKEN and not by_hand else None


async def button(turn: Turn) -> Reply | None:
    """
    A pressed button does what its payload says; a stale or foreign payload is said to be stale.
    """
    if turn.incoming.payload is None:
        return None
    try:
        return await _press(turn, decode(turn.incoming.payload))
    except (PayloadError, LookupError, ValueError):
        return turn.reply(turn.voice.phrase(Phrase.STALE_BUTTON), buttons=(turn.ways_on(),))


async def command(turn: Turn) -> Reply | None:
    """
    A command does what `COMMANDS` says; `/start` may carry a deep link.
    """
    name = turn.incoming.command
    if name is None:
        return None
    if name == "start" and (payload := _deep_link(turn)):
        try:
            return await _press(turn, payload)
        except (LookupError, ValueError):
            return await COMMANDS["start"](turn)
    if name in COMMANDS:
        return await COMMANDS[name](turn)
    return turn.reply(turn.voice.phrase(Phrase.UNKNOWN_COMMAND, words=f"/{name[:32]}"), buttons=(turn.ways_on(),))


async def attachment(turn: Turn) -> Reply | None:
    """
    A file is acknowledged for what it is; if words came along, they are answered too.
    """
    kind = turn.incoming.attachment
    if kind is None:
        return None
    if kind is AttachmentKind.DOCUMENT and turn.reception.wants_files:
        return turn.handed_over(turn.reply(), Reason.FILE)
    acknowledgement = turn.voice.phrase(Phrase(f"attachment_{kind}"))
    if turn.reading is None:
        return turn.reply(acknowledgement, buttons=(turn.ways_on(),))
    reply = await understand(turn)
    return replace(reply, blocks=(acknowledgement, *reply.blocks))


async def emptiness(turn: Turn) -> Reply | None:
    """
    A message without a word in it gets a kind question.
    """
    if turn.reading is not None:
        return None
    return turn.reply(turn.voice.phrase(Phrase.EMPTY), buttons=(turn.ways_on(),))


async def follow_up(turn: Turn) -> Reply | None:
    """
    A short answer, such as "yes", is understood by what the bot said last.
    """
    if turn.memory.asked == Asked() or (short := short_reply(turn.words, turn.voice.language)) is None:
        return None
    try:
        meant = await follow_ups.answer(turn, short)
        if meant is not None:
            turn.memory.forget_failures()
        if not isinstance(meant, Payload):
            return meant
        pressed = replace(turn.incoming, text="", payload=meant.encode())
        return await _press(replace(turn, incoming=pressed, reading=None), meant)
    except (PayloadError, LookupError, ValueError):
        # The pack has changed since: what was left open is gone.
        return None


async def understand(turn: Turn) -> Reply:
    """
    Answer what was understood; ask when hesitating; say so when lost.
    """
    reading = turn.reading
    if reading is None:
        raise ValueError("there is nothing to understand in this turn")
    verdict, language = reading.verdict, turn.voice.language
    if verdict.outcome is Outcome.LOST and reading.faq_answer is None:
        turn.hook(Lost(language, verdict.confidence))
        return _lost(turn, offer(turn, reading.faq_near) if reading.faq_near else None)
    turn.memory.forget_failures()
    turn.hook(Answered(language, verdict.intent, verdict.outcome, verdict.confidence))
    if verdict.outcome is Outcome.SURE:
        return await handler_of(verdict.intent)(turn, verdict.intent)
    if reading.faq_answer is not None:
        payload = Payload(Verb.FAQ_ENTRY, language, (reading.faq_answer,))
        return await VERBS[Verb.FAQ_ENTRY](turn, payload)
    return _choices(turn, verdict)


STEPS: tuple[Step, ...] = (safety, limits, human, button, command, attachment, emptiness, follow_up, understand)


def _verb(turn: Turn) -> Verb | None:
    try:
        return decode(turn.incoming.payload or "").verb
    except PayloadError:
        return None


async def _press(turn: Turn, payload: Payload) -> Reply:
    if payload.language not in turn.voice.renderer.pack.languages:
        raise KeyError(payload.language)
    if payload.verb is Verb.INTENT and payload.arguments == (_NONE_OF_THESE,):
        turn.hook(Lost(turn.voice.language, 0.0))
        return _lost(turn)
    return await VERBS[payload.verb](turn, payload)


def _lost(turn: Turn, offered: Reply | None = None) -> Reply:
    """
    Say that a message was not understood, unless something can be offered; the second time in a row a human takes over.
    """
    if turn.memory.count_failure() >= _FAILURES and turn.reception.has_desk:
        return turn.handed_over(turn.reply(buttons=(turn.ways_on()[:1],)), Reason.FAILURES)
    return offered or turn.reply(turn.voice.phrase(Phrase.LOST), buttons=(turn.ways_on(),))


def _deep_link(turn: Turn) -> Payload | None:
    argument = turn.incoming.arguments
    for prefix, verb in _DEEP_LINKS.items():
        if argument.startswith(prefix):
            rest = argument.removeprefix(prefix)
            return Payload(verb, turn.voice.language, (rest, "1") if verb is Verb.READ else (rest,))
    return None


def _choices(turn: Turn, verdict: Verdict) -> Reply:
    voice = turn.voice
    left_out = {COACH_INTENT} | {
        one.intent for one in verdict.candidates if one.intent == SAFETY_INTENT and one.confidence < _FAINT
    }
    if verdict.intent not in PLEASANTRIES:
        left_out |= PLEASANTRIES
    rows = tuple((voice.intent_button(intent),) for intent in verdict.choices if intent not in left_out)
    none = voice.phrase_button(Phrase.BUTTON_NONE_OF_THESE, Verb.INTENT, _NONE_OF_THESE)
    reply = turn.reply(voice.phrase(Phrase.HESITATING), buttons=(*rows, (none, turn.coach_button())))
    return replace(reply, asked=Asked(choices=tuple(button.payload for (button,) in rows), no=none.payload))
