"""
Doing one errand: what it takes to bring a message, an edit, a reaction or a deletion to the other side.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.telegram.calls import Call, keyboard
from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.card import Cards
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.topics import Topics
from bot.channels.telegram.desk.wording import chat_of, copying, numbers_of, text, with_parameters
from bot.channels.telegram.sender import Delivery, Receipt, Sender
from bot.content.phrases import Phrase
from bot.storage.errands import Copied, Errand
from bot.storage.people import People
from bot.storage.threads import DROP, Thread, Threads

_REPLIES = "↩️"
"""
Stands before an album that replies to a message: an album itself cannot.
"""


class Carriage:
    """
    Does errands, one or several that go together.

    Parameters:
        desk: Where the desk is.
        sender: Makes the calls.
        threads: Knows which message is which.
        people: Takes note of who cannot be reached.
        topics: Speaks at the desk.
        cards: Names people.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (the parts of carrying)
        self, desk: Desk, sender: Sender, threads: Threads, people: People, topics: Topics, cards: Cards
    ) -> None:
        self._desk, self._sender, self._threads, self._people = desk, sender, threads, people
        self._topics, self._cards = topics, cards
        self._does: dict[str, Callable[[Thread, Errand], Awaitable[None]]] = {
            messages.CARD: self._card,
            messages.NOTE: self._note,
            messages.TELL: self._tell,
            messages.EDIT: self._edit,
            messages.REACT: self._react,
            messages.ERASE: self._erase,
            messages.STATE: self._state,
        }

    async def alone(self, errand: Errand) -> bool:
        """
        Do an errand that belongs to no thread; returns whether it is one.

        Raises:
            DeskGoneError: There is no way to the desk.
        """
        if errand.kind == DROP:
            await self._topics.drop(errand.details["topic"])
        elif errand.kind == messages.SAY:
            await self._say(errand)
        else:
            return False
        return True

    async def together(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Do errands of a thread; returns which messages are copies of each other then.

        Raises:
            DeskGoneError: There is no way to the desk.
        """
        first = errands[0]
        if len(errands) > 1 and not first.details.get("album"):
            return await self._bundle(thread, errands)
        if first.kind == messages.MIRROR:
            return await self._mirror(thread, errands)
        if first.kind == messages.RELAY:
            return await self._relay(thread, errands)
        await self._does[first.kind](thread, first)
        return []

    async def _mirror(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Show what a person wrote at the desk.
        """
        numbers = [number for one in errands for number in one.details["messages"]]
        reply = await self._answered(thread, errands[0], at_desk=True)
        if reply and len(numbers) > 1:
            await self._topics.say(thread, text(_REPLIES, reply=reply))
        source = {"from_chat_id": chat_of(thread), "disable_notification": self._desk.is_away}
        receipt = await self._topics.say(thread, copying(numbers, source, reply), len(numbers))
        shown = numbers_of(receipt)
        if receipt.delivery is not Delivery.SENT:
            await self._topics.say(thread, text(self._desk.say(Phrase.DESK_CANNOT_SHOW)))
        elif len(shown) < len(numbers):
            missing = self._desk.say(Phrase.DESK_SHOWN_IN_PART, count=len(numbers) - len(shown))
            await self._topics.say(thread, text(missing))
        if len(shown) != len(numbers):
            return []
        return [Copied(theirs, ours, from_person=True) for theirs, ours in zip(numbers, shown, strict=True)]

    async def _bundle(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Several texts as one message, so that a person who writes a lot does not use up what may go to the desk.
        """
        lines = [f"👤 {one.details['html']}" if one.kind == messages.MIRROR else one.details["html"] for one in errands]
        receipt = await self._topics.say(thread, text("\n\n".join(lines), silent=self._desk.is_away))
        numbers = [number for one in errands if one.kind == messages.MIRROR for number in one.details["messages"]]
        return [Copied(number, ours, from_person=True) for number in numbers for ours in numbers_of(receipt)]

    async def _relay(self, thread: Thread, errands: Sequence[Errand]) -> list[Copied]:
        """
        Bring what a coach wrote to the person; if it does not arrive, say so below it.
        """
        numbers = [number for one in errands for number in one.details["messages"]]
        reply = await self._answered(thread, errands[0], at_desk=False)
        if reply and len(numbers) > 1:
            await self._sender.answer(with_parameters(text(_REPLIES, reply=reply), chat_id=chat_of(thread)))
        call = copying(numbers, {"chat_id": chat_of(thread), "from_chat_id": self._desk.place.chat}, reply)
        receipt = await self._sender.answer(call)
        if receipt.delivery is not Delivery.SENT:
            await self._not_delivered(thread, receipt, numbers[0])
            return []
        shown = numbers_of(receipt)
        if len(shown) != len(numbers):
            told = self._desk.say(Phrase.DESK_RELAYED_IN_PART, count=len(numbers) - len(shown))
            await self._topics.say(thread, text(told, reply=numbers[0]))
            return []
        return [Copied(theirs, ours, from_person=False) for theirs, ours in zip(shown, numbers, strict=True)]

    async def _answered(self, thread: Thread, errand: Errand, *, at_desk: bool) -> int:
        """
        The message on the other side that an errand's message replies to; 0 if none does.
        """
        number = errand.details["reply"]
        if not number:
            return 0
        copied = await self._copy(thread, number, from_person=at_desk)
        return 0 if copied is None else copied.ours if at_desk else copied.theirs

    async def _not_delivered(self, thread: Thread, receipt: Receipt, about: int) -> None:
        if receipt.delivery is Delivery.UNREACHABLE:
            await self._people.set_reachable(thread.person.key, reachable=False)
        phrase = {
            Delivery.UNREACHABLE: Phrase.DESK_BLOCKED,
            Delivery.UNKNOWN: Phrase.DESK_DELIVERY_UNKNOWN,
        }.get(receipt.delivery, Phrase.DESK_REFUSED)
        told = self._desk.say(phrase, first_name=self._cards.name(thread), words=receipt.why[:200])
        await self._topics.say(thread, text(told, reply=about))

    async def _card(self, thread: Thread, errand: Errand) -> None:  # noqa: ARG002 (the signature is that of all)
        await self._topics.say(thread, await self._topics.summary(thread), is_card=True)

    async def _note(self, thread: Thread, errand: Errand) -> None:
        details = errand.details
        shown = keyboard(messages.buttons_of(details["buttons"]))
        silent = details["silent"] or self._desk.is_away
        await self._topics.say(thread, text(details["html"], reply=details["reply"], shown=shown, silent=silent))

    async def _tell(self, thread: Thread, errand: Errand) -> None:
        shown = keyboard(messages.buttons_of(errand.details["buttons"]))
        call = text(errand.details["html"], shown=shown)
        receipt = await self._sender.answer(with_parameters(call, chat_id=chat_of(thread)))
        if receipt.delivery is not Delivery.SENT:
            await self._not_delivered(thread, receipt, 0)

    async def _edit(self, thread: Thread, errand: Errand) -> None:
        """
        Show a change on the other side; where that is impossible, say at the desk what it is.
        """
        details = errand.details
        to_desk = details["to_desk"]
        copied = await self._copy(thread, details["source"], from_person=to_desk)
        alone = copied is not None and await self._threads.copies_of(thread, copied.ours) == 1
        if copied is not None and alone and "method" in details:
            where = self._where(thread, copied, to_desk=to_desk)
            receipt = await self._sender.carry(Call(details["method"], {**where, **details["body"]}))
            if receipt.delivery is Delivery.SENT:
                return
        phrase = Phrase.DESK_EDITED if to_desk else Phrase.DESK_EDIT_FAILED
        told = "\n".join(filter(None, (self._desk.say(phrase), details["html"] if to_desk else "")))
        await self._topics.say(
            thread, text(told, reply=(copied.ours if copied else 0) if to_desk else details["source"])
        )

    async def _react(self, thread: Thread, errand: Errand) -> None:
        details = errand.details
        to_desk = details["to_desk"]
        copied = await self._copy(thread, details["source"], from_person=to_desk)
        if copied is None:
            return
        if details["special"]:
            phrase = Phrase.DESK_SPECIAL_REACTION if to_desk else Phrase.DESK_REACTION_FAILED
            await self._topics.say(thread, text(self._desk.say(phrase), reply=copied.ours))
            return
        reaction = [{"type": "emoji", "emoji": emoji} for emoji in details["emoji"]]
        where = self._where(thread, copied, to_desk=to_desk)
        await self._sender.carry(Call("setMessageReaction", {**where, "reaction": reaction}, optional=True))

    async def _erase(self, thread: Thread, errand: Errand) -> None:
        """
        Delete a message, and its copy if wanted; say at the desk if Telegram does not let us.
        """
        details = errand.details
        source, at_desk = details["source"], details["at_desk"]
        copied = await self._copy(thread, source, from_person=not at_desk)
        here = {"chat_id": self._desk.place.chat if at_desk else chat_of(thread), "message_id": source}
        where = [here]
        if copied is not None and details["both"]:
            where.append(self._where(thread, copied, to_desk=not at_desk))
        receipts = [await self._sender.carry(Call("deleteMessage", one)) for one in where]
        refused = [one for one in receipts if one.delivery is not Delivery.SENT and "not found" not in one.why]
        if refused:
            told = self._desk.say(Phrase.DESK_ERASE_FAILED, words=refused[0].why[:200])
            await self._topics.say(thread, text(told, reply=copied.ours if copied else 0))

    async def _say(self, errand: Errand) -> None:
        """
        Say something at the desk that is about no thread.
        """
        details = errand.details
        call = text(details["html"], shown=keyboard(messages.buttons_of(details["buttons"])))
        await self._topics.at_desk(call)

    async def _state(self, thread: Thread, errand: Errand) -> None:  # noqa: ARG002 (the signature is that of all)
        await self._topics.show(thread)

    async def _copy(self, thread: Thread, number: int, *, from_person: bool) -> Copied | None:
        """
        What became of a message, named by its number in the person's chat or at the desk.
        """
        return await (
            self._threads.copy(thread, theirs=number) if from_person else self._threads.copy(thread, ours=number)
        )

    def _where(self, thread: Thread, copied: Copied, *, to_desk: bool) -> dict[str, Any]:
        if to_desk:
            return {"chat_id": self._desk.place.chat, "message_id": copied.ours}
        return {"chat_id": chat_of(thread), "message_id": copied.theirs}
