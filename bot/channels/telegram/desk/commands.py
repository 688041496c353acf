"""
What coaches may say: `IN_TOPIC` about the person of a topic, `ANYWHERE` about everything else.
"""

import time
from html import escape

from bot.channels.telegram.desk import messages, quick, review, setup
from bot.channels.telegram.desk.moments import delay, hours, moment
from bot.channels.telegram.desk.order import Does, Done, Office, Order
from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.payloads import Verb
from bot.conversation.voice import Voice
from bot.model import Incoming, ThreadState
from bot.storage.coaches import INVITATION, INVITATION_HOURS, Role
from bot.storage.crypto import tag_of
from bot.storage.errands import Errand
from bot.storage.threads import Thread

_FOREVER = 253_402_300_799
"""
The last second of the year 9999.
"""
_MUTE_HOURS = 24
_LONGEST_NOTE = 500
_MOST_TAGS = 10
_MOST_DEEDS = 20
_MOST_LISTED = 40


def voice_of(office: Office, thread: Thread) -> Voice:
    """
    The pack speaking to the person of a thread.
    """
    return office.router.voice_for(Incoming(thread.person), Memory(thread.profile))


def closing(office: Office, thread: Thread, phrase: Phrase) -> tuple[Errand, ...]:
    """
    What is said when a coach's part ends: to the person that the bot is back, and, if a coach was there, if it helped.
    """
    if thread.state is not ThreadState.TAKEN:
        return (messages.SHOWN,)
    voice = voice_of(office, thread)
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
    ended = office.threads.ending(thread.id, closing(office, thread, Phrase.ENDED_BY_COACH))
    return Done(office.desk.say(Phrase.DESK_CLOSED), changes=(ended,))


async def note(office: Office, order: Order) -> Done:
    """
    `/note`: keep something about the person that they never see.
    """
    words = order.words[:_LONGEST_NOTE].strip()
    if not words:
        return Done(office.desk.say(Phrase.DESK_NOTE_USAGE))
    thread = _thread(order)
    return Done(changes=(office.threads.changing(thread, notes=(*thread.notes, words)),), reaction="✍")


async def tag(office: Office, order: Order) -> Done:
    """
    `/tag`: file the person under words, or take words away again.
    """
    thread = _thread(order)
    words = [word.strip("#,;").lower()[:_LONGEST_NOTE] for word in order.words.split()]
    kept = [one for one in thread.tags if one not in words] + [one for one in words if one and one not in thread.tags]
    shown = " ".join(f"#{escape(one, quote=False)}" for one in kept[:_MOST_TAGS]) or "–"
    changed = office.threads.changing(thread, tags=tuple(kept[:_MOST_TAGS]))
    return Done(office.desk.say(Phrase.DESK_TAGS, words=markup.plain(shown)), changes=(changed,) if words else ())


async def urgent(office: Office, order: Order) -> Done:
    """
    `/urgent`: put the thread on top of those that wait, or take it down again.
    """
    thread = _thread(order)
    changed = office.threads.changing(thread, (messages.SHOWN,), urgent=not thread.urgent)
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
    return Done(told, changes=(office.threads.changing(_thread(order), remind=at),))


async def mute(office: Office, order: Order) -> Done:
    """
    `/mute 24h`: leave the person unanswered for a while.
    """
    wait = delay(order.words) if order.words else delay(f"{_MUTE_HOURS}h")
    if wait is None:
        return Done(office.desk.say(Phrase.DESK_MUTE_USAGE))
    until = int(time.time() + wait.total_seconds())
    told = office.desk.say(Phrase.DESK_MUTED, title=office.cards.moment(until))
    return Done(told, changes=(office.people.muting(_thread(order).person.key, until),))


async def ban(office: Office, order: Order) -> Done:
    """
    `/ban`: leave the person unanswered for good; what they may ask for about their data still is.
    """
    thread = _thread(order)
    muted = office.people.muting(thread.person.key, _FOREVER)
    return Done(
        office.desk.say(Phrase.DESK_BANNED), changes=(muted, office.threads.ending(thread.id, (messages.SHOWN,)))
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
    return Done(office.cards.summary(thread, await office.threads.lines(thread, 12)))


async def erase(office: Office, order: Order) -> Done:
    """
    `/delete` as a reply: delete a message here, and what the coach wrote also at the person's.
    """
    if order.replied is None:
        return Done(office.desk.say(Phrase.DESK_DELETE_USAGE))
    thread, number = _thread(order), order.replied.message_id
    errands = (messages.erased(number, at_desk=True, both=True), _erased_order(order))
    return Done(changes=(office.threads.carrying(thread.person.key, errands),))


async def waiting(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/open`: who waits, the urgent first, then those who wait longest.
    """
    return Done(await waiting_list(office) or office.desk.say(Phrase.DESK_NOBODY_WAITS))


async def waiting_list(office: Office) -> str:
    """
    Those who wait, one a line; empty if nobody does.
    """
    active = await office.threads.active()
    if not active:
        return ""
    lines = [office.cards.waiting(thread, link(office, thread)) for thread in active[:_MOST_LISTED]]
    more = [f"… +{len(active) - _MOST_LISTED}"] if len(active) > _MOST_LISTED else []
    return "\n".join((office.desk.say(Phrase.DESK_OPEN, count=len(active)), "", *lines, *more))


def link(office: Office, thread: Thread) -> str:
    """
    Where a thread's topic opens in the app; empty where no link can lead
    (https://core.telegram.org/api/links#private-message-links).
    """
    chat = str(office.desk.place.chat)
    if office.desk.place.private or thread.topic is None or not chat.startswith("-100"):
        return ""
    return f"https://t.me/c/{chat.removeprefix('-100')}/{thread.topic}"


async def away(office: Office, order: Order) -> Done:
    """
    `/away until 24 August`: people are told kindly, and hand-overs wait.
    """
    then = moment(order.words, office.desk.now) if order.words else None
    if order.words and then is None:
        return Done(office.desk.say(Phrase.DESK_AWAY_USAGE))
    back = then.date().isoformat() if then else ""
    await office.desk.change(away=True, back=back)
    shown = office.cards.day(then.date()) if then else ""
    return Done(office.desk.say(Phrase.DESK_AWAY_UNTIL if then else Phrase.DESK_AWAY, title=shown))


async def back(office: Office, order: Order) -> Done:
    """
    `/back`: the coach is there again, and sees who waits.
    """
    await office.desk.change(away=False, back="")
    return Done(f"{office.desk.say(Phrase.DESK_BACK)}\n\n{(await waiting(office, order)).html}")


async def office_hours(office: Office, order: Order) -> Done:
    """
    `/hours mon-fri 9-18`: when the coach usually answers; `/hours off` for always.
    """
    if order.words.strip().lower() in {"off", "non", "no"}:
        await office.desk.change(hours=None)
        return Done(office.desk.say(Phrase.DESK_HOURS_OFF))
    chosen = hours(order.words)
    if chosen is None:
        return Done(office.desk.say(Phrase.DESK_HOURS_USAGE))
    await office.desk.change(hours=chosen)
    days = ", ".join(office.cards.weekday(day) for day in chosen.days)
    return Done(office.desk.say(Phrase.DESK_HOURS, title=f"{days} {chosen.begin} h – {chosen.end} h"))


async def invite(office: Office, order: Order) -> Done:
    """
    `/invite`: a link by which somebody becomes a coach, once.
    """
    if order.coach.role is not Role.OWNER:
        return Done(office.desk.say(Phrase.DESK_OWNER_ONLY))
    role = Role.OWNER if order.words.strip().lower() in {"owner", "propriétaire"} else Role.COACH
    token = await office.team.coaches.invite(role)
    address = f"{office.api.link}?start={INVITATION}{token}"
    return Done(office.desk.say(Phrase.DESK_INVITATION, words=address, title=role, count=INVITATION_HOURS))


async def team(office: Office, order: Order) -> Done:
    """
    `/team`: who was invited; owners may dismiss them.
    """
    invited = office.team.invited
    if not invited:
        return Done(office.desk.say(Phrase.DESK_TEAM_EMPTY))
    lines = "\n".join(f"• {escape(name or '?', quote=False)} ({role})" for name, role in invited)
    rows = tuple(
        (office.desk.button(Phrase.DESK_BUTTON_DISMISS, "dismiss", str(number), first_name=name or "?"),)
        for number, (name, _) in enumerate(invited)
        if order.coach.role is Role.OWNER
    )
    return Done(f"{office.desk.say(Phrase.DESK_TEAM)}\n{lines}", rows)


async def dismiss(office: Office, order: Order) -> Done:
    """
    Take the role from somebody who was invited.
    """
    if order.coach.role is not Role.OWNER:
        return Done(notice=office.desk.plain(Phrase.DESK_OWNER_ONLY))
    name = await office.team.dismiss(int(order.arguments[0]))
    return Done(office.desk.say(Phrase.DESK_DISMISSED, first_name=name or "?"), replaces=True)


async def audit(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/audit`: what coaches did lately.
    """
    deeds = await office.team.coaches.deeds(_MOST_DEEDS)
    lines = [
        f"<i>{office.cards.moment(deed.at)}</i> {escape(deed.who, quote=False)} : "
        f"<code>{escape(deed.what, quote=False)}</code> {escape(deed.about, quote=False)}"
        for deed in deeds
    ]
    return Done("\n".join((office.desk.say(Phrase.DESK_AUDIT), *lines)))


async def help_(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/coach`: what coaches may say.
    """
    return Done(office.desk.say(Phrase.DESK_HELP))


async def lift(office: Office, order: Order) -> Done:
    """
    Answer somebody again who was muted for insults; the button names them by their tag.
    """
    await office.people.mute(order.arguments[0], 0)
    return Done(office.desk.say(Phrase.DESK_UNMUTED), replaces=True)


IN_TOPIC: dict[str, Does] = {
    "r": quick.offer,
    "note": note,
    "tag": tag,
    "urgent": urgent,
    "later": later,
    "mute": mute,
    "unmute": unmute,
    "ban": ban,
    "unban": unmute,
    "who": who,
    "close": close,
    "delete": erase,
    "faq": review.draft_from_answer,
}

ANYWHERE: dict[str, Does] = {
    "open": waiting,
    "away": away,
    "back": back,
    "hours": office_hours,
    "review": review.review,
    "stats": review.stats,
    "team": team,
    "invite": invite,
    "audit": audit,
    "desk": setup.show,
    "coach": help_,
}

BUTTONS: dict[str, Does] = {
    "show": quick.show,
    "send": quick.send,
    "dismiss": dismiss,
    "lift": lift,
    "check": setup.check_again,
    "here": setup.here,
    "files": setup.files,
    "leave": setup.leave,
    "example": review.example,
    "intents": review.intents,
    "entry": review.entry,
    "publish": review.publish,
    "ignore": review.ignore,
    "next": review.following,
    "undo": review.undo,
}
"""
What the desk's own buttons do.
"""


def about(office: Office, thread: Thread | None) -> str:
    """
    The eight digits that stand for the person of a thread in the log; empty if there is none.
    """
    return "" if thread is None else tag_of(office.threads.database.vault.lookup(thread.person.key))


def _thread(order: Order) -> Thread:
    if order.thread is None:
        raise LookupError("this is said in no topic")
    return order.thread


def _erased_order(order: Order) -> Errand:
    return messages.erased(order.message.message_id, at_desk=True, both=False)
