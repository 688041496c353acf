"""
Carries what is to be carried between people and the desk: in order for each thread, and no faster than Telegram lets.

An errand is done once Telegram has taken it and the two message numbers are kept. After a crash in between it is done
again: a message may then stand twice, but never in the wrong place, and none is missing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import InvalidToken

from bot.channels.telegram.calls import Call, keyboard
from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.card import LINES, Cards
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.sender import Delivery, Receipt, Sender
from bot.content import markup
from bot.content.phrases import Phrase
from bot.model import ThreadState
from bot.storage.engine import Database, StorageError
from bot.storage.errands import Copied, Errand, Errands
from bot.storage.people import People
from bot.storage.threads import DROP, Thread, Threads

_ALBUM_SECONDS = 2
"""
How long the parts of an album may lie apart.
"""
_LANES = 10_000
_LOOK_SECONDS = 0.5
_DESK_SECONDS = 20.0
_REPLIES = "↩️"
"""
Stands before an album that replies to a message: an album itself cannot.
"""
_NO_PREVIEW = {"is_disabled": True}
_NO_TOPIC = ("message thread not found", "topic_id_invalid", "topic_deleted", "thread not found")
_ICONS = {ThreadState.WAITING: "❓", ThreadState.TAKEN: "💬", ThreadState.CLOSED: "✅"}
_URGENT_ICON = "❗"
_TEXTS = frozenset({messages.MIRROR, messages.NOTE})

_log = structlog.get_logger(__name__)


class Courier:
    """
    Does errands.

    Parameters:
        database: Where they are kept.
        sender: Makes the calls.
        desk: Where the desk is.
        cards: Writes the summaries.
        pace: How fast messages may go to the desk.
        clock: Seconds since 1970.
    """

    def __init__(  # noqa: PLR0913 (the parts of carrying)
        self,
        *,
        database: Database,
        sender: Sender,
        desk: Desk,
        cards: Cards,
        pace: Pace,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._errands, self._threads = Errands(database), Threads(database, clock)
        self._people = People(database)
        self._sender, self._desk, self._cards, self._pace, self._clock = sender, desk, cards, pace, clock
        # A lane that waits for its turn at the desk must not keep others from bringing answers to people.
        self._lanes: Lanes[Errand] = Lanes(self._work, at_once=_LANES)
        self._known: set[int] = set()
        self._waking = asyncio.Lock()
        self._is_back = asyncio.Event()
        self._does: dict[str, Callable[[Thread, Errand], Awaitable[None]]] = {
            messages.CARD: self._card,
            messages.NOTE: self._note,
            messages.TELL: self._tell,
            messages.EDIT: self._edit,
            messages.REACT: self._react,
            messages.ERASE: self._erase,
            messages.STATE: self._state,
        }

    @property
    def waiting(self) -> int:
        """
        How many errands are not done.
        """
        return self._lanes.waiting

    @property
    def failure(self) -> asyncio.Future[None]:
        """
        Set when an errand raised what it must not.
        """
        return self._lanes.failure

    async def wake(self) -> None:
        """
        Take up what was kept since the last time.

        Raises:
            StorageError: The database does not answer.
        """
        async with self._waking:
            for errand in await self._errands.waiting(self._known):
                if errand.attempted:
                    _log.warning("errand_done_again", errand=errand.id, kind=errand.kind)
                self._known.add(errand.id)
                self._lanes.put(str(errand.lane), errand)

    def back(self) -> None:
        """
        Try again at once what could not be brought to the desk: there is a way again.
        """
        self._is_back.set()

    async def _until_back(self) -> None:
        self._is_back.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_back.wait(), _DESK_SECONDS)

    async def close(self, seconds: float) -> bool:
        """
        Finish what is in hand; see `Lanes.close`.
        """
        return await self._lanes.close(seconds)

    async def _work(self, errands: Sequence[Errand]) -> int:
        """
        Do the first errand of a lane, with those that go together with it.
        """
        first = errands[0]
        try:
            if not self._desk.is_open or (_to_desk(first) and not self._pace.free()):
                # Meanwhile more may come that can go together.
                await (self._pace.room() if self._desk.is_open else asyncio.sleep(_LOOK_SECONDS))
                return 0
            together = self._together(errands)
            last = together[-1]
            if last is errands[-1] and last.details.get("album") and self._clock() < last.at + _ALBUM_SECONDS:
                await asyncio.sleep(_LOOK_SECONDS)
                return 0
            await self._carry(together)
        except StorageError as error:
            _log.error("errand_delayed", reason=str(error))
            await asyncio.sleep(_DESK_SECONDS)
            return 0
        except _DeskGoneError as error:
            _log.error("desk_unreachable", reason=str(error), advice="add the bot to the group again, or send /desk")
            await self._until_back()
            return 0
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 (one errand must not stop the others)
            # It stays where it is kept, and is tried again at the next start.
            _log.error("errand_failed", errand=first.id, kind=first.kind, reason=type(error).__name__)
            return 1
        self._known.difference_update(one.id for one in together)
        return len(together)

    def _together(self, errands: Sequence[Errand]) -> Sequence[Errand]:
        """
        An album whole; and texts for the desk as one message when there are more than may go.
        """
        first = errands[0]
        album = first.details.get("album")
        if album:
            return _leading(errands, lambda one: one.kind == first.kind and one.details.get("album") == album)
        return _texts(errands) if self._lanes.waiting > self._pace.free() and _is_text(first) else errands[:1]

    async def _carry(self, errands: Sequence[Errand]) -> None:
        first = errands[0]
        ids = [one.id for one in errands]
        if first.kind in {DROP, messages.SAY}:
            await (self._drop if first.kind == DROP else self._say)(first)
            await self._errands.done(ids)
            return
        thread = await self._threads.of_id(first.lane)
        if thread is None:
            await self._errands.done(ids)
            return
        await self._errands.begin(ids)
        copied: list[Copied] = []
        if len(errands) > 1 and _is_text(first) and not first.details.get("album"):
            copied = await self._bundle(thread, errands)
        elif first.kind == messages.MIRROR:
            copied = await self._mirror(thread, errands)
        elif first.kind == messages.RELAY:
            copied = await self._relay(thread, errands)
        else:
            await self._does[first.kind](thread, first)
        await self._errands.done(ids, [(thread.id, one) for one in copied], int(self._clock()))

    async def _mirror(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Show what a person wrote at the desk.
        """
        numbers = [number for one in errands for number in one.details["messages"]]
        reply = await self._answered(thread, errands[0], at_desk=True)
        if reply and len(numbers) > 1:
            await self._to_topic(thread, _text(_REPLIES, reply=reply))
        source = {"from_chat_id": chat_of(thread), "disable_notification": self._desk.is_away}
        receipt = await self._to_topic(thread, _copying(numbers, source, reply), len(numbers))
        shown = _numbers(receipt)
        if receipt.delivery is not Delivery.SENT:
            await self._to_topic(thread, _text(self._desk.say(Phrase.DESK_CANNOT_SHOW)))
        elif len(shown) < len(numbers):
            missing = self._desk.say(Phrase.DESK_SHOWN_IN_PART, count=len(numbers) - len(shown))
            await self._to_topic(thread, _text(missing))
        if len(shown) != len(numbers):
            return []
        return [Copied(theirs, ours, from_person=True) for theirs, ours in zip(numbers, shown, strict=True)]

    async def _bundle(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Several texts as one message, so that a person who writes a lot does not use up what may go to the desk.
        """
        lines = [f"👤 {one.details['html']}" if one.kind == messages.MIRROR else one.details["html"] for one in errands]
        receipt = await self._to_topic(thread, _text("\n\n".join(lines), silent=self._desk.is_away))
        numbers = [number for one in errands if one.kind == messages.MIRROR for number in one.details["messages"]]
        return [Copied(number, ours, from_person=True) for number in numbers for ours in _numbers(receipt)]

    async def _relay(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Bring what a coach wrote to the person; if it does not arrive, say so below it.
        """
        numbers = [number for one in errands for number in one.details["messages"]]
        reply = await self._answered(thread, errands[0], at_desk=False)
        if reply and len(numbers) > 1:
            await self._sender.carry(_with(_text(_REPLIES, reply=reply), chat_id=chat_of(thread)), _nothing)
        call = _copying(numbers, {"chat_id": chat_of(thread), "from_chat_id": self._desk.place.chat}, reply)
        receipt = await self._sender.carry(call, _nothing)
        if receipt.delivery is not Delivery.SENT:
            await self._not_delivered(thread, receipt, numbers[0])
            return []
        shown = _numbers(receipt)
        if len(shown) != len(numbers):
            told = self._desk.say(Phrase.DESK_RELAYED_IN_PART, count=len(numbers) - len(shown))
            await self._to_topic(thread, _text(told, reply=numbers[0]))
            return []
        return [Copied(theirs, ours, from_person=False) for theirs, ours in zip(shown, numbers, strict=True)]

    async def _answered(self, thread: Thread, errand: Errand, *, at_desk: bool) -> int:
        """
        The message on the other side that an errand's message replies to; 0 if none does.
        """
        number = errand.details["reply"]
        if not number:
            return 0
        copied = await self._threads.copy(thread, **({"theirs": number} if at_desk else {"ours": number}))
        return 0 if copied is None else copied.ours if at_desk else copied.theirs

    async def _not_delivered(self, thread: Thread, receipt: Receipt, about: int) -> None:
        if receipt.delivery is Delivery.UNREACHABLE:
            await self._people.set_reachable(thread.person.key, reachable=False)
        phrase = {
            Delivery.UNREACHABLE: Phrase.DESK_BLOCKED,
            Delivery.UNKNOWN: Phrase.DESK_DELIVERY_UNKNOWN,
        }.get(receipt.delivery, Phrase.DESK_REFUSED)
        told = self._desk.say(phrase, first_name=self._cards.name(thread), words=receipt.why[:200])
        await self._to_topic(thread, _text(told, reply=about))

    async def _card(self, thread: Thread, errand: Errand) -> None:  # noqa: ARG002 (the signature is that of all)
        await self._to_topic(thread, await self._summary(thread), is_card=True)

    async def _summary(self, thread: Thread) -> Call:
        lines = await self._threads.lines(thread, LINES)
        return _text(self._cards.summary(thread, lines), silent=self._desk.is_away and not thread.urgent)

    async def _note(self, thread: Thread, errand: Errand) -> None:
        details = errand.details
        shown = keyboard(messages.buttons_of(details["buttons"]))
        silent = details["silent"] or self._desk.is_away
        await self._to_topic(thread, _text(details["html"], reply=details["reply"], shown=shown, silent=silent))

    async def _tell(self, thread: Thread, errand: Errand) -> None:
        shown = keyboard(messages.buttons_of(errand.details["buttons"]))
        call = _text(errand.details["html"], shown=shown)
        receipt = await self._sender.carry(_with(call, chat_id=chat_of(thread)), _nothing)
        if receipt.delivery is not Delivery.SENT:
            await self._not_delivered(thread, receipt, 0)

    async def _edit(self, thread: Thread, errand: Errand) -> None:
        """
        Show a change on the other side; where that is impossible, say at the desk what it is.
        """
        details = errand.details
        to_desk = details["to_desk"]
        copied = await self._threads.copy(thread, **{"theirs" if to_desk else "ours": details["source"]})
        alone = copied is not None and await self._threads.copies_of(thread, copied.ours) == 1
        if copied is not None and alone and "method" in details:
            where = self._where(thread, copied, to_desk=to_desk)
            receipt = await self._sender.carry(Call(details["method"], {**where, **details["body"]}), _nothing)
            if receipt.delivery is Delivery.SENT:
                return
        phrase = Phrase.DESK_EDITED if to_desk else Phrase.DESK_EDIT_FAILED
        told = "\n".join(filter(None, (self._desk.say(phrase), details["html"] if to_desk else "")))
        await self._to_topic(
            thread, _text(told, reply=(copied.ours if copied else 0) if to_desk else details["source"])
        )

    async def _react(self, thread: Thread, errand: Errand) -> None:
        details = errand.details
        to_desk = details["to_desk"]
        copied = await self._threads.copy(thread, **{"theirs" if to_desk else "ours": details["source"]})
        if copied is None:
            return
        if details["special"]:
            phrase = Phrase.DESK_SPECIAL_REACTION if to_desk else Phrase.DESK_REACTION_FAILED
            await self._to_topic(thread, _text(self._desk.say(phrase), reply=copied.ours))
            return
        reaction = [{"type": "emoji", "emoji": emoji} for emoji in details["emoji"]]
        where = self._where(thread, copied, to_desk=to_desk)
        await self._sender.carry(Call("setMessageReaction", {**where, "reaction": reaction}, optional=True), _nothing)

    async def _erase(self, thread: Thread, errand: Errand) -> None:
        """
        Delete a message, and its copy if wanted; say at the desk if Telegram does not let us.
        """
        details = errand.details
        source, at_desk = details["source"], details["at_desk"]
        copied = await self._threads.copy(thread, **{"ours" if at_desk else "theirs": source})
        here = {"chat_id": self._desk.place.chat if at_desk else chat_of(thread), "message_id": source}
        where = [here]
        if copied is not None and details["both"]:
            where.append(self._where(thread, copied, to_desk=not at_desk))
        receipts = [await self._sender.carry(Call("deleteMessage", one), _nothing) for one in where]
        refused = [one for one in receipts if one.delivery is not Delivery.SENT and "not found" not in one.why]
        if refused:
            told = self._desk.say(Phrase.DESK_ERASE_FAILED, words=refused[0].why[:200])
            await self._to_topic(thread, _text(told, reply=copied.ours if copied else 0))

    async def _state(self, thread: Thread, errand: Errand) -> None:  # noqa: ARG002 (the signature is that of all)
        if thread.topic is None:
            return
        name = self._cards.topic(thread, await self._threads.lines(thread, LINES))
        shown = {"message_thread_id": thread.topic, "name": name, **self._icon(thread)}
        await self._sender.carry(
            Call("editForumTopic", {"chat_id": self._desk.place.chat, **shown}, optional=True), _nothing
        )

    async def _say(self, errand: Errand) -> None:
        """
        Say something at the desk that is about no thread.
        """
        details = errand.details
        call = _text(details["html"], shown=keyboard(messages.buttons_of(details["buttons"])))
        await self._at_desk(call, None, 1)

    async def _drop(self, errand: Errand) -> None:
        where = {"chat_id": self._desk.place.chat, "message_thread_id": errand.details["topic"]}
        await self._sender.carry(Call("deleteForumTopic", where, optional=True), _nothing)

    def _where(self, thread: Thread, copied: Copied, *, to_desk: bool) -> dict[str, Any]:
        if to_desk:
            return {"chat_id": self._desk.place.chat, "message_id": copied.ours}
        return {"chat_id": chat_of(thread), "message_id": copied.theirs}

    def _icon(self, thread: Thread) -> dict[str, str]:
        emoji = _URGENT_ICON if thread.urgent else _ICONS[thread.state]
        known = self._desk.place.icons
        return {"icon_custom_emoji_id": known[emoji]} if emoji in known else {}

    async def _to_topic(self, thread: Thread, call: Call, cost: int = 1, *, is_card: bool = False) -> Receipt:
        """
        Make a call in the topic of a thread; one that is missing, or was deleted, is made first.

        Raises:
            _DeskGoneError: There is no way to the desk.
        """
        topic = (await self._threads.of_id(thread.id) or thread).topic
        again = topic is not None
        if topic is None:
            topic = await self._open(thread)
        receipt = await self._at_desk(call, topic, cost)
        if again and receipt.delivery is Delivery.REFUSED and any(sign in receipt.why for sign in _NO_TOPIC):
            _log.warning("topic_made_again", thread=thread.id)
            topic = await self._open(thread)
            if not is_card:
                await self._at_desk(await self._summary(thread), topic, 1)
            receipt = await self._at_desk(_with(call, reply_parameters=None), topic, cost)
        return receipt

    async def _open(self, thread: Thread) -> int:
        """
        Make a topic for a thread.
        """
        name = self._cards.topic(thread, await self._threads.lines(thread, LINES))
        receipt = await self._at_desk(Call("createForumTopic", {"name": name, **self._icon(thread)}), None, 0)
        if receipt.delivery is not Delivery.SENT:
            raise _DeskGoneError(receipt.why or receipt.delivery)
        topic = int(receipt.result["message_thread_id"])
        current = await self._threads.of_id(thread.id) or thread
        await self._threads.keep(self._threads.changing(current, topic=topic))
        return topic

    async def _at_desk(self, call: Call, topic: int | None, cost: int) -> Receipt:
        where = {"chat_id": self._desk.place.chat, **({} if topic is None else {"message_thread_id": topic})}
        self._pace.take(cost)
        receipt = await self._sender.carry(_with(call, **where), _nothing)
        if receipt.moved is not None:
            await self._desk.change(chat=receipt.moved)
        if receipt.delivery is Delivery.UNREACHABLE:
            raise _DeskGoneError(receipt.why)
        return receipt


class _DeskGoneError(Exception):
    """
    The group cannot be written to.
    """


def chat_of(thread: Thread) -> int:
    """
    The chat of a thread's person with the bot.
    """
    return int(thread.person.key.partition(":")[2])


def _to_desk(errand: Errand) -> bool:
    return errand.kind in {messages.CARD, messages.MIRROR, messages.NOTE, messages.SAY}


def _is_text(errand: Errand) -> bool:
    """
    Whether an errand brings nothing but words to the desk.
    """
    details = errand.details
    return errand.kind in _TEXTS and bool(details["html"]) and not details["reply"] and not details.get("buttons")


def _texts(errands: Sequence[Errand]) -> Sequence[Errand]:
    """
    The words at the head of a lane that fit into one message.
    """
    together: list[Errand] = []
    length = 0
    for one in _leading(errands, _is_text):
        length += len(one.details["html"]) + 4
        if together and length > markup.MESSAGE_LENGTH:
            break
        together.append(one)
    return together


def _leading(errands: Sequence[Errand], fits: Callable[[Errand], bool]) -> Sequence[Errand]:
    count = 0
    while count < len(errands) and fits(errands[count]):
        count += 1
    return errands[:count]


def _copying(numbers: Sequence[int], where: dict[str, Any], reply: int) -> Call:
    """
    The call that copies messages: one, which may reply to another, or several as they belong together.
    """
    if len(numbers) > 1:
        return Call("copyMessages", {**where, "message_ids": sorted(numbers)})
    return Call("copyMessage", {**where, "message_id": numbers[0], **_replying(reply)})


def _text(html: str, *, reply: int = 0, shown: dict[str, Any] | None = None, silent: bool = False) -> Call:
    parameters: dict[str, Any] = {"text": html, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
    parameters |= {**_replying(reply), **({"reply_markup": shown} if shown else {})}
    return Call("sendMessage", parameters | ({"disable_notification": True} if silent else {}))


def _replying(number: int) -> dict[str, Any]:
    return {"reply_parameters": {"message_id": number, "allow_sending_without_reply": True}} if number else {}


def _with(call: Call, **parameters: Any) -> Call:
    merged = {**call.parameters, **parameters}
    return Call(
        call.method, {name: value for name, value in merged.items() if value is not None}, optional=call.optional
    )


def _numbers(receipt: Receipt) -> list[int]:
    """
    The numbers of the messages that a call made.
    """
    if receipt.delivery is not Delivery.SENT or receipt.result is None:
        return []
    made = receipt.result if isinstance(receipt.result, list) else [receipt.result]
    return [int(one["message_id"]) for one in made]


async def _nothing() -> None:
    """
    What certainly did not arrive is tried again by the sender itself.
    """
