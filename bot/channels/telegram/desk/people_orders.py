"""
What coaches say in the topic of a person, about that person.
"""

import datetime as dt
from html import escape

from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.card import LINES
from bot.channels.telegram.desk.moments import delay, moment
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.payloads import Verb
from bot.model import ThreadState
from bot.storage.errands import Errand
from bot.storage.threads import Thread

_FOREVER = 253_402_300_799
"""
The last second of the year 9999.
"""
_MUTE = dt.timedelta(hours=24)
_LONGEST_NOTE = 500
_MOST_TAGS = 10


def closing(office: Office, thread: Thread, phrase: Phrase) -> tuple[Errand, ...]:
    """
    What is said when a coach's part ends: to the person that the bot is back, and, if a coach was there, if it helped.
    """
    if thread.state is not ThreadState.TAKEN:
        return (messages.SHOWN,)
    voice = office.voice(thread)
    question = (
        voice.phrase_button(Phrase.BUTTON_USEFUL, Verb.HELPED, "yes"),
        voice.phrase_button(Phrase.BUTTON_NOT_USEFUL, Verb.HELPED, "no"),
    )
    asked = messages.told(voice.phrase(Phrase.HUMAN_USEFUL), (question,))
    return (messages.told(voice.phrase(phrase)), asked, messages.SHOWN)


async def close(office: Office, order: Order) -> Done:
    """
    `/close`: the bot answers again, and both are told.
    """
    thread = _thread(order)
    if thread.state is ThreadState.CLOSED:
        return Done(office.desk.say(Phrase.DESK_CLOSED_ALREADY))
    ended = office.takeovers.ending(thread.id, closing(office, thread, Phrase.ENDED_BY_COACH))
    return Done(office.desk.say(Phrase.DESK_CLOSED), changes=(ended,))


async def note(office: Office, order: Order) -> Done:
    """
    `/note`: keep something about the person that they never see.
    """
    words = order.words[:_LONGEST_NOTE].strip()
    if not words:
        return Done(office.desk.say(Phrase.DESK_NOTE_USAGE))
    thread = _thread(order)
    return Done(changes=(office.takeovers.changing(thread, notes=(*thread.notes, words)),), reaction="✍")


async def tag(office: Office, order: Order) -> Done:
    """
    `/tag`: file the person under words, or take words away again.
    """
    thread = _thread(order)
    words = [word.strip("#,;").lower()[:_LONGEST_NOTE] for word in order.words.split()]
    kept = [one for one in thread.tags if one not in words] + [one for one in words if one and one not in thread.tags]
    shown = " ".join(f"#{escape(one, quote=False)}" for one in kept[:_MOST_TAGS]) or "–"
    changed = office.takeovers.changing(thread, tags=tuple(kept[:_MOST_TAGS]))
    return Done(office.desk.say(Phrase.DESK_TAGS, words=markup.plain(shown)), changes=(changed,) if words else ())


async def urgent(office: Office, order: Order) -> Done:
    """
    `/urgent`: put the thread on top of those that wait, or take it down again.
    """
    thread = _thread(order)
    changed = office.takeovers.changing(thread, (messages.SHOWN,), urgent=not thread.urgent)
    return Done(office.desk.say(Phrase.DESK_CALM if thread.urgent else Phrase.DESK_URGENT), changes=(changed,))


async def later(office: Office, order: Order) -> Done:
    """
    `/later 3d`: remind the coach.
    """
    then = moment(order.words, office.desk.now) if order.words else None
    if then is None:
        return Done(office.desk.say(Phrase.DESK_LATER_USAGE))
    at = int(then.timestamp())
    told = office.desk.say(Phrase.DESK_LATER, title=office.cards.moment(at))
    return Done(told, changes=(office.takeovers.changing(_thread(order), remind=at),))


async def mute(office: Office, order: Order) -> Done:
    """
    `/mute 24h`: leave the person unanswered for a while.
    """
    wait = delay(order.words) if order.words else _MUTE
    if wait is None:
        return Done(office.desk.say(Phrase.DESK_MUTE_USAGE))
    until = int(office.desk.now.timestamp() + wait.total_seconds())
    told = office.desk.say(Phrase.DESK_MUTED, title=office.cards.moment(until))
    return Done(told, changes=(office.people.muting(_thread(order).person.key, until),))


async def ban(office: Office, order: Order) -> Done:
    """
    `/ban`: leave the person unanswered for good; what they may ask for about their data still is.
    """
    thread = _thread(order)
    muted = office.people.muting(thread.person.key, _FOREVER)
    return Done(
        office.desk.say(Phrase.DESK_BANNED), changes=(muted, office.takeovers.ending(thread.id, (messages.SHOWN,)))
    )


async def unmute(office: Office, order: Order) -> Done:
    """
    `/unmute`, `/unban`: answer the person again.
    """
    return Done(office.desk.say(Phrase.DESK_UNMUTED), changes=(office.people.muting(_thread(order).person.key, 0),))


async def who(office: Office, order: Order) -> Done:
    """
    `/who`: the summary as it stands now.
    """
    thread = _thread(order)
    return Done(office.cards.summary(thread, await office.threads.lines(thread, LINES)))


async def erase(office: Office, order: Order) -> Done:
    """
    `/delete` as a reply: delete a message here, and what the coach wrote also at the person's.
    """
    if order.replied is None:
        return Done(office.desk.say(Phrase.DESK_DELETE_USAGE))
    errands = (
        messages.erased(order.replied.message_id, at_desk=True, both=True),
        messages.erased(order.message.message_id, at_desk=True, both=False),
    )
    return Done(changes=(office.takeovers.carrying(_thread(order).person.key, errands),))


async def lift(office: Office, order: Order) -> Done:
    """
    Answer somebody again who was muted for insults; the button names them by their tag.
    """
    await office.people.mute(order.arguments[0], 0)
    return Done(office.desk.say(Phrase.DESK_UNMUTED), replaces=True)


def _thread(order: Order) -> Thread:
    if order.thread is None:
        raise LookupError("this is said in no topic")
    return order.thread
