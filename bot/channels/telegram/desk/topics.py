"""
The topics at the desk: each is made when it is needed, made again if it was deleted, and shows the state of its thread.
"""

import structlog

from bot.channels.telegram.calls import Call
from bot.channels.telegram.desk.card import LINES, Cards
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.wording import text, with_parameters
from bot.channels.telegram.sender import Delivery, Receipt, Sender
from bot.model import ThreadState
from bot.storage.takeovers import Takeovers
from bot.storage.threads import Thread, Threads

_NO_TOPIC = ("message thread not found", "topic_id_invalid", "topic_deleted", "thread not found")
_ICONS = {ThreadState.WAITING: "❓", ThreadState.TAKEN: "💬", ThreadState.CLOSED: "✅"}
_URGENT_ICON = "❗"

_log = structlog.get_logger(__name__)


class DeskGoneError(Exception):
    """
    There is no way to the desk just now.
    """


class Topics:
    """
    Speaks in the topics.

    Parameters:
        desk: Where the desk is.
        sender: Makes the calls.
        threads: Which topic is whose.
        takeovers: Keeps that.
        cards: Writes the summaries.
        pace: How fast messages may go to the desk.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the parts of speaking there)
        self, desk: Desk, sender: Sender, threads: Threads, takeovers: Takeovers, cards: Cards, pace: Pace
    ) -> None:
        self._desk, self._sender, self._threads, self._takeovers = desk, sender, threads, takeovers
        self._cards, self.pace = cards, pace

    async def say(self, thread: Thread, call: Call, cost: int = 1, *, is_card: bool = False) -> Receipt:
        """
        Make a call in the topic of a thread; one that is missing, or was deleted, is made first.

        Raises:
            DeskGoneError: There is no way to the desk.
        """
        topic = (await self._threads.of_id(thread.id) or thread).topic
        again = topic is not None
        if topic is None:
            topic = await self._open(thread)
        receipt = await self.at_desk(call, topic, cost)
        if again and receipt.delivery is Delivery.REFUSED and any(sign in receipt.why for sign in _NO_TOPIC):
            _log.warning("topic_made_again", thread=thread.id)
            topic = await self._open(thread)
            if not is_card:
                await self.at_desk(await self.summary(thread), topic, 1)
            receipt = await self.at_desk(with_parameters(call, reply_parameters=None), topic, cost)
        return receipt

    async def _open(self, thread: Thread) -> int:
        """
        Make a topic for a thread.
        """
        name = self._cards.topic(thread, await self._threads.lines(thread, LINES))
        receipt = await self.at_desk(Call("createForumTopic", {"name": name, **self._icon(thread)}), None, 0)
        if receipt.delivery is not Delivery.SENT:
            raise DeskGoneError(receipt.why or receipt.delivery)
        topic = int(receipt.result["message_thread_id"])
        await self._threads.keep(self._takeovers.settling(thread.id, topic))
        return topic

    async def at_desk(self, call: Call, topic: int | None = None, cost: int = 1) -> Receipt:
        """
        Make a call at the desk.

        Parameters:
            call: The call, without where.
            topic: The topic; None for none.
            cost: How many messages it sends.

        Raises:
            DeskGoneError: There is no way to the desk.
        """
        where = {"chat_id": self._desk.place.chat, **({} if topic is None else {"message_thread_id": topic})}
        self.pace.take(cost)
        receipt = await self._sender.carry(with_parameters(call, **where))
        if receipt.moved is not None:
            await self._desk.change(chat=receipt.moved)
        if receipt.delivery is Delivery.UNREACHABLE:
            raise DeskGoneError(receipt.why)
        return receipt

    async def summary(self, thread: Thread) -> Call:
        """
        The call that shows what there is to know of a person.
        """
        lines = await self._threads.lines(thread, LINES)
        return text(self._cards.summary(thread, lines), silent=self._desk.is_away and not thread.urgent)

    async def show(self, thread: Thread) -> None:
        """
        Show the state of a thread on its topic.
        """
        if thread.topic is None:
            return
        name = self._cards.topic(thread, await self._threads.lines(thread, LINES))
        shown = {"message_thread_id": thread.topic, "name": name, **self._icon(thread)}
        await self._sender.carry(Call("editForumTopic", {"chat_id": self._desk.place.chat, **shown}, optional=True))

    async def drop(self, topic: int) -> None:
        """
        Delete a topic.
        """
        where = {"chat_id": self._desk.place.chat, "message_thread_id": topic}
        await self._sender.carry(Call("deleteForumTopic", where, optional=True))

    def _icon(self, thread: Thread) -> dict[str, str]:
        emoji = _URGENT_ICON if thread.urgent else _ICONS[thread.state]
        known = self._desk.place.icons
        return {"icon_custom_emoji_id": known[emoji]} if emoji in known else {}
