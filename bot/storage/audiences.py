"""
To whom a broadcast goes: those who may be written to, of one kind or another.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select

from bot.model import Audience, RecipientState
from bot.storage.tables import messages, people, recipients

CAP_DAYS = 7
"""
Days within which nobody gets a second broadcast, unless a reason is given.
"""
_DAY_SECONDS = 86_400
_INTEREST_DAYS = 30


def chosen(audience: Audience, lookups: Sequence[bytes], now: int) -> Select[Any]:
    """
    The people of an audience as a statement.

    Parameters:
        audience: The audience.
        lookups: The look-up hashes of the coaches, for a test.
        now: Seconds since 1970.
    """
    if audience.test:
        return select(people.c.id).where(people.c.lookup.in_(lookups), people.c.reachable)
    may = (people.c.reachable, people.c.wants_messages, people.c.direct, people.c.hired.is_(False))
    chosen = select(people.c.id).where(*may)
    if audience.language:
        chosen = chosen.where(people.c.language == audience.language)
    if audience.alerts:
        chosen = chosen.where(people.c.alerts != 0)
    if audience.active_days:
        chosen = chosen.where(people.c.last_seen >= now - audience.active_days * _DAY_SECONDS)
    if audience.theme:
        since = now - _INTEREST_DAYS * _DAY_SECONDS
        asked = (messages.c.person == people.c.id) & messages.c.intent.in_(audience.intents)
        chosen = chosen.where(exists().where(asked & (messages.c.at >= since)))
    if not audience.anyway:
        got = recipients.c.person == people.c.id
        chosen = chosen.where(~exists().where(got & recent(now)))
    return chosen


def recent(now: int) -> Any:
    """
    The condition that a broadcast reached somebody, or is on its way to them, within the days of the cap.
    """
    reached = recipients.c.state.in_((RecipientState.SENDING, RecipientState.SENT, RecipientState.UNKNOWN))
    return reached & (recipients.c.at >= now - CAP_DAYS * _DAY_SECONDS)
