"""
Preparing a broadcast with a coach, step by step: the message, to whom, when, how it looks, and the number to confirm.

What the bot waits for next is kept in the database, so that a restart in between changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from telegram import Message

from bot.channels.telegram.bulk.buttons import bulk_button
from bot.channels.telegram.bulk.control import CONTROLS, control
from bot.channels.telegram.bulk.letters import LetterError, calls_of, check, letter_of, with_buttons
from bot.channels.telegram.bulk.panel import chosen, panel
from bot.channels.telegram.desk.moments import moment
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.voice import Voice
from bot.model import Broadcast, BroadcastState, Incoming, Person, Profile

_MESSAGE, _CONFIRM, _REASON, _TIME = "message", "confirm", "reason", "time"


@dataclass(frozen=True, slots=True)
class Waits:
    """
    What the bot waits for from a coach.

    Parameters:
        step: A message, a number to confirm, a reason, or a time.
        broadcast: The draft it is for; 0 before there is one.
        language: The language of the message.
        album: The album whose parts are being taken.
        parts: The parts taken so far, as they came.
    """

    step: str
    broadcast: int = 0
    language: str = ""
    album: str = ""
    parts: Sequence[dict[str, Any]] = ()


async def begin(office: Office, order: Order) -> Done:
    """
    `/broadcast`: ask for the message.
    """
    await _wait(office, order, Waits(_MESSAGE, language=office.desk.language))
    return Done(
        office.desk.say(Phrase.BROADCAST_ASK), ((bulk_button(office.desk, Phrase.BROADCAST_BUTTON_DROP, "drop", 0),),)
    )


async def waits(office: Office, order: Order) -> Waits | None:
    """
    What the bot waits for from a coach, in the chat where they write; None if nothing.
    """
    kept = await office.facts.get(_name(office, order))
    if not kept or kept.pop("chat") != order.message.chat.id:
        return None
    return Waits(**kept)


async def take(office: Office, order: Order, waited: Waits) -> Done | None:
    """
    Take what the bot waits for; None if the message is not that.
    """
    if waited.step == _MESSAGE:
        return await _message(office, order, waited)
    broadcast = await office.broadcasts.get(waited.broadcast)
    if broadcast is None or broadcast.state is not BroadcastState.DRAFT:
        await _wait(office, order, None)
        return None
    if waited.step == _CONFIRM:
        return await _confirmed(office, order, broadcast)
    if waited.step == _REASON:
        changed = replace(broadcast, audience=replace(broadcast.audience, anyway=order.words.strip()[:200]))
    else:
        then = moment(order.words, office.desk.now)
        if then is None:
            return Done(office.desk.say(Phrase.BROADCAST_ASK_TIME))
        changed = replace(broadcast, start=int(then.timestamp()))
    await _wait(office, order, None)
    await office.broadcasts.change(changed)
    return await panel(office, changed)


async def button(office: Office, order: Order) -> Done:
    """
    A pressed button of a broadcast: what it does, and to which one.

    Raises:
        LookupError: There is no such broadcast or button.
    """
    what, number, *values = order.arguments
    if what == "drop":
        await _wait(office, order, None)
        return Done(office.desk.say(Phrase.BROADCAST_DROPPED), replaces=True)
    broadcast = await office.broadcasts.get(int(number))
    if broadcast is None:
        raise KeyError(number)
    if what in CONTROLS:
        return await control(office, broadcast, what)
    if broadcast.state is not BroadcastState.DRAFT:
        raise KeyError(what)
    if what in _STEPS:
        return await _STEPS[what](office, order, broadcast)
    changed = chosen(office, broadcast, what, values)
    await office.broadcasts.change(changed)
    return replace(await panel(office, changed), replaces=True)


async def _message(office: Office, order: Order, waited: Waits) -> Done:
    """
    The message itself, or one more part of an album.
    """
    message = order.message
    album = message.media_group_id or ""
    if waited.parts and album != waited.album:
        await _wait(office, order, None)
        return Done(office.desk.say(Phrase.BROADCAST_TAKEN))
    parts = (*waited.parts, message.to_dict()) if album else (message.to_dict(),)
    try:
        letter = with_buttons(letter_of([Message.de_json(part, office.api) for part in parts]))
        check(letter, _voice(office, waited.language))
    except LetterError as error:
        return Done(office.desk.say(Phrase.BROADCAST_REFUSED, words=str(error)))
    broadcast = await office.broadcasts.get(waited.broadcast) if waited.broadcast else None
    if broadcast is None:
        made = await office.broadcasts.begin({waited.language: letter}, order.coach.name, message.chat.id)
    else:
        made = replace(broadcast, letters={**broadcast.letters, waited.language: letter})
        await office.broadcasts.change(made)
    again = bool(album) and len(parts) > 1
    await _wait(office, order, replace(waited, broadcast=made.id, album=album, parts=parts) if album else None)
    return Done() if again else await panel(office, made)


async def _also(office: Office, order: Order, broadcast: Broadcast) -> Done:
    """
    Ask for the message in another language.
    """
    language = order.arguments[2]
    await _wait(office, order, Waits(_MESSAGE, broadcast.id, language))
    return Done(office.desk.say(Phrase.BROADCAST_ASK_LANGUAGE, title=office.router.pack.languages[language].name))


async def _preview(office: Office, order: Order, broadcast: Broadcast) -> Done:
    """
    Show the message exactly as people will see it, in each of its languages; this is also the test to oneself.
    """
    shown = [
        call
        for language, letter in broadcast.letters.items()
        for call in calls_of(letter, _voice(office, language, order), order.message.chat.id)
    ]
    return Done(notice=office.desk.plain(Phrase.BROADCAST_PREVIEWED), shows=tuple(shown))


async def _time(office: Office, order: Order, broadcast: Broadcast) -> Done:
    await _wait(office, order, Waits(_TIME, broadcast.id))
    return Done(office.desk.say(Phrase.BROADCAST_ASK_TIME))


async def _anyway(office: Office, order: Order, broadcast: Broadcast) -> Done:
    await _wait(office, order, Waits(_REASON, broadcast.id))
    return Done(office.desk.say(Phrase.BROADCAST_ASK_REASON))


async def _send(office: Office, order: Order, broadcast: Broadcast) -> Done:
    """
    Ask for the number, so that nobody sends to everybody by a slip of the finger.
    """
    count = await office.broadcasts.count(broadcast.audience, office.team.keys)
    if not count:
        return Done(office.desk.say(Phrase.BROADCAST_NOBODY))
    await _wait(office, order, Waits(_CONFIRM, broadcast.id))
    return Done(office.desk.say(Phrase.BROADCAST_CONFIRM, count=count))


async def _confirmed(office: Office, order: Order, broadcast: Broadcast) -> Done:
    """
    The number was typed: fix the audience, and let it go.
    """
    count = await office.broadcasts.count(broadcast.audience, office.team.keys)
    if order.words.strip().replace(" ", "") != str(count):
        await _wait(office, order, None)
        again = await panel(office, broadcast)
        return replace(again, html=f"{office.desk.say(Phrase.BROADCAST_NOT_CONFIRMED)}\n\n{again.html}")
    await _wait(office, order, None)
    total = await office.broadcasts.freeze(broadcast, office.team.keys)
    noted = office.team.coaches.noting(order.coach.name, "broadcast", f"#{broadcast.id} ({total})")
    later = broadcast.start > office.desk.now.timestamp() + timedelta(minutes=1).total_seconds()
    when = office.cards.moment(broadcast.start) if later else ""
    told = Phrase.BROADCAST_PLANNED if later else Phrase.BROADCAST_BEGINS
    return Done(office.desk.say(told, count=total, title=when), changes=(noted,))


_STEPS: dict[str, Callable[[Office, Order, Broadcast], Awaitable[Done]]] = {
    "also": _also,
    "preview": _preview,
    "time": _time,
    "anyway": _anyway,
    "send": _send,
}


def _voice(office: Office, language: str, order: Order | None = None) -> Voice:
    """
    The pack speaking to a coach in a language of a letter.
    """
    person = order.coach.person if order is not None else Person("")
    profile = Profile(language=language, chosen_language=True)
    return office.router.voice_for(Incoming(person), Memory(profile))


async def _wait(office: Office, order: Order, waited: Waits | None) -> None:
    kept = waited and {"chat": order.message.chat.id, **asdict(waited)}
    await office.facts.put(_name(office, order), kept)


def _name(office: Office, order: Order) -> str:
    return f"waits:{office.tag(order.coach.person)}"
