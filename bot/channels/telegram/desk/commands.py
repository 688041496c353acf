"""
What coaches may say: `IN_TOPIC` about the person of a topic, `ANYWHERE` about everything else; and their buttons. Some
of it is for owners only.
"""

from functools import wraps

from bot.channels.telegram.bulk import compose, control
from bot.channels.telegram.bulk.buttons import VERB
from bot.channels.telegram.desk import desk_orders, people_orders, quick, review, setup
from bot.channels.telegram.desk.office import Does, Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content.phrases import Phrase
from bot.storage.coaches import Role


def _for_owners(does: Does) -> Does:
    """
    An order that is carried out for owners, and refused to other coaches.
    """

    @wraps(does)
    async def checked(office: Office, order: Order) -> Done:
        if order.coach.role is not Role.OWNER:
            return Done(office.desk.say(Phrase.DESK_OWNER_ONLY))
        return await does(office, order)

    return checked


IN_TOPIC: dict[str, Does] = {
    "r": quick.offer,
    "note": people_orders.note,
    "tag": people_orders.tag,
    "urgent": people_orders.urgent,
    "later": people_orders.later,
    "mute": people_orders.mute,
    "unmute": people_orders.unmute,
    "ban": people_orders.ban,
    "unban": people_orders.unmute,
    "who": people_orders.who,
    "close": people_orders.close,
    "delete": people_orders.erase,
    "faq": review.draft_from_answer,
}

ANYWHERE: dict[str, Does] = {
    "open": desk_orders.waiting,
    "away": desk_orders.away,
    "back": desk_orders.back,
    "hours": desk_orders.office_hours,
    "broadcast": compose.begin,
    "broadcasts": control.listed,
    "review": review.review,
    "stats": desk_orders.stats,
    "team": desk_orders.team,
    "invite": _for_owners(desk_orders.invite),
    "audit": desk_orders.audit,
    "desk": _for_owners(setup.show),
    "coach": desk_orders.help_,
}

BUTTONS: dict[str, Does] = {
    "show": quick.show,
    "send": quick.send,
    "dismiss": _for_owners(desk_orders.dismiss),
    "lift": people_orders.lift,
    "check": _for_owners(setup.check_again),
    "here": _for_owners(setup.here),
    "files": setup.files,
    "leave": _for_owners(setup.leave),
    "example": review.example,
    "intents": review.intents,
    "entry": review.entry,
    "publish": review.publish,
    "ignore": review.ignore,
    "next": review.following,
    "undo": review.undo,
    VERB: compose.button,
}
"""
What the desk's own buttons do.
"""
