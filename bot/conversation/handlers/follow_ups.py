"""
Short answers to what the bot said last: "yes", "the second one", "and then?".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.handlers import articles
from bot.conversation.handlers.entries import faq_button
from bot.conversation.payloads import Payload, Verb, decode
from bot.conversation.turn import Turn
from bot.model import Asked, Button, Reply
from bot.understanding.short_replies import Kind, ShortReply
from bot.understanding.verdict import Outcome

_CLOSING = re.compile(r":\s*([^:?.\n]+?)\s*\?$")
"""
The end of an answer that gives something to choose from: "What is in the way: the length, or the title?"
"""
_COMMA = re.compile(r"\s*,\s*(?:(?:ou|or)\s+)?")
_OR = re.compile(r"\s+(?:ou|or)\s+")


def left_open(intent: str, text: str) -> Asked:
    """
    What an answer leaves open.

    Parameters:
        intent: What it is about.
        text: What it says, as Telegram HTML.
    """
    closing = _CLOSING.search(markup.plain(text))
    named = closing[1] if closing else ""
    options = tuple((_COMMA if "," in named else _OR).split(named))
    return Asked(intent, options if len(options) > 1 else ())


async def answer(turn: Turn, short: ShortReply) -> Reply | Payload | None:
    """
    The reply to a short answer, or the button that it stands for; None if it fits nothing that was left open.

    Parameters:
        turn: A turn of somebody to whom the bot left something open.
        short: What they answered.
    """
    asked, voice = turn.memory.asked, turn.voice
    if short.kind is Kind.NOTED:
        return replace(turn.reply(voice.phrase(Phrase.NOTED), buttons=(turn.ways_on(),)), asked=asked)
    if short.kind is Kind.NO and asked.no:
        return decode(asked.no)
    if short.kind in {Kind.NO, Kind.DROP}:
        return turn.reply(voice.phrase(Phrase.NONE_OF_IT), buttons=(turn.ways_on(),))
    if asked.yes and (short.kind is Kind.YES or (short.kind is Kind.MORE and not asked.no)):
        return decode(asked.yes)
    choices = _choices(turn)
    if short.kind is Kind.ONE and short.position < len(choices) and (chosen := choices[short.position]):
        return decode(chosen.payload)
    return await _go_on(turn, tuple((choice,) for choice in choices if choice), more=short.kind is Kind.MORE)


async def _go_on(turn: Turn, choices: tuple[tuple[Button], ...], *, more: bool) -> Reply | None:
    """
    Ask which of several things comes first; where there is nothing to choose from, or more is wanted, show an article.
    """
    asked, voice = turn.memory.asked, turn.voice
    if asked.subject and (more or not choices):
        article = await articles.another(turn, Payload(Verb.ANOTHER_ARTICLE, voice.language, (asked.subject,)))
        return replace(article, buttons=(*article.buttons, *choices), asked=asked)
    if not choices:
        return None
    ways_on = turn.ways_on()
    if asked.no:
        none = decode(asked.no)
        ways_on = (voice.phrase_button(Phrase.BUTTON_NONE_OF_THESE, none.verb, *none.arguments), turn.coach_button())
    return replace(turn.reply(voice.phrase(Phrase.WHICH_FIRST), buttons=(*choices, ways_on)), asked=asked)


def _choices(turn: Turn) -> Sequence[Button | None]:
    """
    The buttons for what was left open; None where it is not understood.
    """
    asked = turn.memory.asked
    if asked.choices:
        return [_labelled(turn, decode(payload)) for payload in asked.choices]
    return [_option(turn, words) for words in asked.options]


def _labelled(turn: Turn, payload: Payload) -> Button:
    """
    The button with a payload that leads to an intent or to a FAQ entry.
    """
    (name,) = payload.arguments
    return faq_button(turn.voice, name) if payload.verb is Verb.FAQ_ENTRY else turn.voice.intent_button(name)


def _option(turn: Turn, words: str) -> Button | None:
    """
    The button for words of a closing question: to what they would be answered with, if they are understood.
    """
    voice, reading = turn.voice, turn.reader.read(words, turn.voice.language)
    label = words[0].upper() + words[1:]
    is_sure = reading.verdict.outcome is Outcome.SURE
    near = reading.faq_near[:1] if reading.language == voice.language else ()
    if near and (reading.faq_answer or not is_sure):
        return voice.button(label, Verb.FAQ_ENTRY, near[0])
    return voice.button(label, Verb.INTENT, reading.verdict.intent) if is_sure else None
