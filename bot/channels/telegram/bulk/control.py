"""
What coaches do with broadcasts once there are some: see how far they are, pause, resume or cancel one, send the rest.
"""

from collections.abc import Mapping

from bot.channels.telegram.bulk.buttons import labelled_button
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.content.phrases import Phrase
from bot.model import Broadcast, BroadcastState

_LATEST = 10
_MOVES: Mapping[str, tuple[BroadcastState, tuple[BroadcastState, ...]]] = {
    "pause": (BroadcastState.PAUSED, (BroadcastState.SCHEDULED, BroadcastState.RUNNING)),
    "resume": (BroadcastState.SCHEDULED, (BroadcastState.PAUSED,)),
    "cancel": (BroadcastState.CANCELLED, (BroadcastState.SCHEDULED, BroadcastState.RUNNING, BroadcastState.PAUSED)),
}
"""
By button, the state it leads to and those it leads from.
"""
CONTROLS = frozenset({*_MOVES, "rest", "unknown", "show"})
"""
The buttons below the progress of a broadcast.
"""


async def listed(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/broadcasts`: the latest ones with their results.
    """
    latest = await office.broadcasts.latest(_LATEST)
    if not latest:
        return Done(office.desk.say(Phrase.BROADCAST_NONE))
    texts = [(await office.progress.text(one))[0] for one in latest]
    rows = tuple((labelled_button(f"#{one.id}", "show", one.id),) for one in latest)
    return Done("\n\n".join(texts), rows)


async def control(office: Office, broadcast: Broadcast, what: str) -> Done:
    """
    Do what one of `CONTROLS` says, and show the progress as it stands then in place of the message with the button.
    """
    if what in _MOVES:
        state, before = _MOVES[what]
        await office.broadcasts.move(broadcast.id, state, *before)
    elif what == "rest":
        await office.broadcasts.release(broadcast.id)
    elif what == "unknown":
        await office.broadcasts.send_unknown(broadcast.id)
    html, buttons = await office.progress.text(await office.broadcasts.get(broadcast.id) or broadcast)
    return Done(html, buttons, replaces=True)
