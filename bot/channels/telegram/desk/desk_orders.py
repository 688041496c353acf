"""
What coaches say about the desk itself: who waits, when they are there, who may use it, what happened.
"""

from html import escape

from bot.channels.telegram.desk.moments import hours, moment
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content.phrases import Phrase
from bot.model import Document
from bot.storage.coaches import INVITATION, INVITATION_HOURS, Role
from bot.storage.threads import Thread

_MOST_DEEDS = 20
_MOST_LISTED = 40
_DAYS = {"7d": 7, "30d": 30, "7j": 7, "30j": 30}
_DAYS_SHOWN = 30


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


async def stats(office: Office, order: Order) -> Done:
    """
    `/stats 7d`: what happened, as a text and a picture.
    """
    days = _DAYS.get(order.words.strip().lower(), _DAYS_SHOWN)
    if office.figures is None:
        return Done(office.desk.say(Phrase.DESK_STALE))
    figures = office.figures

    async def count() -> None:
        caption, picture = await figures(days)
        await office.background.picture(order.message, caption, Document("stats.png", picture))

    office.background.begin(order.message, count())
    return Done(reaction="👀")


async def help_(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/coach`: what coaches may say.
    """
    return Done(office.desk.say(Phrase.DESK_HELP))
