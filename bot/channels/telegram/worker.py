"""
What happens to an update once it is committed: it is answered, the answer is fixed, sent, and the update is done.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import structlog
from telegram import Chat, ChatMember, ChatMemberUpdated, InlineQuery, Message, Update

from bot.channels.telegram.api import Api
from bot.channels.telegram.calls import CARRY, Call, acknowledgement, from_json, text_message, to_calls
from bot.channels.telegram.desk.station import Station
from bot.channels.telegram.inline import suggestions
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.sender import Delivery, Sender
from bot.channels.telegram.updates import chat_id_of, is_private, pressed_message, to_incoming
from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.events import Event, Hook
from bot.model import Effect, Incoming, Limit, Person, ThreadState
from bot.storage.crypto import tag_of
from bot.storage.engine import StorageError
from bot.storage.inbox import UNKNOWN, Entry, Inbox, Outcome
from bot.storage.people import People

_MOST_TRIES = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_HOUR_SECONDS = 3600
_OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


class Worker:
    """
    Deals with the updates of a lane.

    Parameters:
        api: Reads updates.
        router: Answers.
        inbox: Where updates stand.
        people: What is known of those who write.
        sender: Sends.
        limits: How much people may ask.
        hook: Takes note of what happens.
        station: The coach's desk.
        late_after: Seconds after which an answer comes with an apology.
        clock: Seconds since 1970.
    """

    def __init__(  # noqa: PLR0913 (the parts of the way of a message)
        self,
        *,
        api: Api,
        router: Router,
        inbox: Inbox,
        people: People,
        sender: Sender,
        limits: Limits,
        hook: Hook,
        station: Station,
        late_after: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._api, self._router, self._inbox, self._people = api, router, inbox, people
        self._sender, self._limits, self._hook = sender, limits, hook
        self._station = station
        self._late_after, self._clock = late_after, clock
        self._fixing = asyncio.Lock()

    async def work(self, entries: Sequence[Entry]) -> int:
        """
        Deal with the first update of a lane, together with those that are answered along with it.

        Parameters:
            entries: All that waits in the lane, oldest first.

        Returns:
            How many were dealt with.
        """
        entry, *_ = together = self._together(entries)
        if entry.calls is not None:
            if entry.attempted > entry.sent:
                _log.warning("answer_sent_again", update_id=entry.update_id, person=self._tag(entry.lane))
            await self._send(entry, [from_json(kept) for kept in entry.calls], entry.sent)
            return 1
        if entry.found:
            await self._patiently(lambda: self._inbox.begin_anew([one.update_id for one in together]))
        # Finding answers is the processor's work: side by side it would only delay the answers that are on their way.
        async with self._fixing:
            outcome = await self._patiently(lambda: self._fix(together))
        for event in outcome.events:
            self._hook(event)
        if outcome.changes or outcome.forget:
            await self._station.wake()
        if outcome.calls:
            await self._send(together[-1], [from_json(kept) for kept in outcome.calls], 0)
        return len(together)

    def _together(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """
        The updates at the head of a lane that are answered at once: one, or all plain texts that came too late.
        """
        count = 0
        while count < len(entries) and entries[count].calls is None and self._lateness(entries[count]):
            count += 1
        return entries[: max(1, count)]

    def _lateness(self, entry: Entry) -> bool:
        match entry.raw:
            case {"message": {"text": str(text), "date": int(date)}} if not text.startswith("/"):
                return self._clock() - date > self._late_after
        return False

    async def _fix(self, entries: Sequence[Entry]) -> Outcome:
        """
        Find the answer and fix it. Whatever one update breaks must not stop the others.
        """
        try:
            if entries[0].tries >= _MOST_TRIES:
                # Not the bot's words are at fault then, but something that ends the program.
                raise RuntimeError("the program ended each time it was tried")  # noqa: TRY301
            outcome = await self._answer(entries)
            await self._inbox.answer(outcome)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001
            outcome = self._apology(entries, error)
            await self._inbox.answer(outcome)
        return outcome

    async def _answer(self, entries: Sequence[Entry]) -> Outcome:
        update_ids = [entry.update_id for entry in entries]
        update = Update.de_json(dict(entries[-1].raw), self._api)
        if (concern := await self._station.take(update, update_ids)) is not None:
            return concern
        if update.my_chat_member is not None:
            return Outcome(update_ids, await self._membership(update.my_chat_member))
        if update.inline_query is not None:
            return Outcome(update_ids, [self._suggestions(update.inline_query).to_json()])
        incoming = to_incoming(update)
        if incoming is None or not is_private(update):
            return Outcome(update_ids, [])
        if self._lateness(entries[-1]):
            incoming = replace(self._joined(incoming, entries), late=len(entries))
        key = incoming.person.key
        memory = Memory(await self._people.profile(key))
        thread = await self._station.thread(key)
        state = thread.state if thread else ThreadState.CLOSED
        incoming = replace(incoming, limit=self._limit(key, memory), thread=state)
        events: list[Event] = []
        reply = await self._router.respond(incoming, memory, events.append)
        voice = self._router.voice_for(incoming, memory)
        if Effect.MUTE in reply.effects:
            memory.mute(int(self._clock()) + self._router.desk.reception().insult_hours * _HOUR_SECONDS)
        made = to_calls(reply, replace(voice, language=reply.language), chat_id_of(update), pressed_message(update))
        calls = [self._station.unless_taken(call, incoming, reply, thread) for call in made]
        if update.callback_query is not None:
            calls.insert(0, acknowledgement(update.callback_query.id, reply.notice))
        forget = Effect.FORGET in reply.effects
        return Outcome(
            update_ids,
            [call.to_json() for call in calls],
            incoming.person,
            memory.profile,
            "" if incoming.command else incoming.text,
            events,
            forget=forget,
            message=update.effective_message.message_id if update.effective_message else None,
            changes=await self._station.changes_of(update, incoming, reply, thread, self._earlier(entries)),
        )

    def _limit(self, key: str, memory: Memory) -> Limit:
        """
        Whether a person may ask just now.
        """
        limit = self._limits.admit(key, muted_until=memory.profile.muted_until)
        if limit in {Limit.NOTICE, Limit.CROWDED}:
            _log.warning("limit_reached", limit=limit, person=self._tag(key))
        return limit

    def _earlier(self, entries: Sequence[Entry]) -> list[Message]:
        """
        The messages that are answered along with the last one.
        """
        updates = [Update.de_json(dict(entry.raw), self._api) for entry in entries[:-1]]
        return [update.message for update in updates if update.message is not None]

    def _suggestions(self, query: InlineQuery) -> Call:
        """
        What to show somebody who looks for an article from another chat; they are counted apart from those who write.
        """
        limit = self._limits.admit(f"inline:{query.from_user.id}")
        return suggestions(self._router, query, self._api.link, allowed=limit is Limit.NONE)

    def _joined(self, incoming: Incoming, entries: Sequence[Entry]) -> Incoming:
        """
        What a person wrote while the bot was away, as one text; a cry for help among it is not drowned in the rest.
        """
        texts = [str(entry.raw["message"]["text"]) for entry in entries]
        urgent = next((text for text in texts if self._router.reader.read(text).danger), None)
        return replace(incoming, text=urgent or "\n".join(texts))

    async def _membership(self, change: ChatMemberUpdated) -> list[dict[str, object]]:
        """
        Take note of who blocked the bot or let it in again; on joining a group, say once that it answers in private.
        """
        outside = change.new_chat_member.status in _OUTSIDE
        if change.chat.type == Chat.PRIVATE:
            await self._people.set_reachable(f"telegram:{change.chat.id}", reachable=not outside)
            return []
        if outside or change.old_chat_member.status not in _OUTSIDE:
            return []
        host = Incoming(Person(f"telegram:{change.chat.id}", language_hint=change.from_user.language_code))
        text = self._router.voice_for(host, Memory()).phrase(Phrase.GROUP, bot=self._api.link)
        return [text_message(change.chat.id, text).to_json()]

    def _apology(self, entries: Sequence[Entry], error: Exception) -> Outcome:
        """
        What to say to whoever waits, while what could not be answered is set aside.
        """
        entry = entries[-1]
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
        # Neither the error's words nor a traceback: they may hold what the person wrote.
        _log.error("update_failed", update_id=entry.update_id, reason=type(error).__name__, where=where)
        calls: list[Call] = []
        match entry.raw:
            case {"message": {"chat": {"id": int(chat), "type": Chat.PRIVATE}}} | {
                "callback_query": {"message": {"chat": {"id": int(chat), "type": Chat.PRIVATE}}}
            }:
                voice = self._router.voice_for(Incoming(Person(entry.lane)), Memory())
                calls = [text_message(chat, voice.phrase(Phrase.TROUBLE))]
            case {"message": dict(message)} | {"callback_query": {"message": dict(message)}}:
                calls = self._station.trouble(message)
        update_ids = [one.update_id for one in entries]
        return Outcome(update_ids, [call.to_json() for call in calls], failure=type(error).__name__)

    async def _send(self, entry: Entry, calls: Sequence[Call], done: int) -> None:
        """
        Make the calls that are left, noting each, and close the update.
        """
        doubt: str | None = None
        for number, call in enumerate(calls[done:], done + 1):
            async with self._sender.window() as window:
                if call.unless_taken and number == done + 1 and await self._is_taken(entry, call.unless_taken):
                    break
                answer = self._sender.answer(call, lambda: self._note_unsent(entry, number))  # noqa: B023
                delivery = (await window.during(answer)).delivery
                if delivery is Delivery.UNKNOWN and not call.optional:
                    doubt = UNKNOWN
                if delivery is Delivery.UNREACHABLE:
                    _log.info("person_unreachable", person=self._tag(entry.lane))
                    await self._patiently(lambda: self._people.set_reachable(entry.lane, reachable=False))
                    break
                if number < len(calls):
                    await self._patiently(lambda: self._inbox.sent(entry.update_id, number))  # noqa: B023
                else:
                    await self._patiently(lambda: self._inbox.done(entry.update_id, doubt))  # noqa: B023
                    return
        await self._patiently(lambda: self._inbox.done(entry.update_id, doubt))

    async def _is_taken(self, entry: Entry, unless: str) -> bool:
        """
        Whether a coach took over since the answer was found; then the coach gets the message, and the bot is silent.
        """
        if not await self._patiently(lambda: self._station.is_taken(entry.lane)):
            return False
        message = Update.de_json(dict(entry.raw), self._api).effective_message
        if unless == CARRY and message is not None:
            await self._patiently(lambda: self._station.carry(entry.lane, message))
        return True

    async def _note_unsent(self, entry: Entry, number: int) -> None:
        await self._patiently(lambda: self._inbox.unsent(entry.update_id, number))

    async def _patiently(self, operation: Callable[[], Awaitable[_Result]]) -> _Result:
        """
        Repeat an operation until the database takes it.
        """
        wait = _FIRST_WAIT
        while True:
            try:
                return await operation()
            except StorageError as error:
                _log.error("database_trouble", reason=str(error), advice="the bot goes on as soon as it can be written")
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)

    def _tag(self, lane: str) -> str:
        return tag_of(self._inbox.database.vault.lookup(lane))
