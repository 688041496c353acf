"""
The desk as the rest of the channel sees it: it takes what concerns it, and is asked what a message changes there.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Chat, ChatMember, ChatMemberUpdated, Message, Update

from bot.broadcast.pacing import Pacer
from bot.broadcast.run import Run
from bot.channels.telegram.account import LANE, OwnInbox
from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk.carrier import TelegramCarrier
from bot.channels.telegram.bulk.progress import Progress
from bot.channels.telegram.calls import Call, body, text_message
from bot.channels.telegram.desk import handover, messages
from bot.channels.telegram.desk.background import Background
from bot.channels.telegram.desk.card import Cards
from bot.channels.telegram.desk.carriage import Carriage
from bot.channels.telegram.desk.courier import Courier
from bot.channels.telegram.desk.door import Door
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.options import StationOptions
from bot.channels.telegram.desk.pace import Pace
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.rounds import Rounds
from bot.channels.telegram.desk.team import Team
from bot.channels.telegram.desk.topics import Topics
from bot.channels.telegram.sender import Sender
from bot.content.phrases import Phrase
from bot.conversation.router import Router
from bot.model import Effect, Incoming, Reply, ThreadState
from bot.storage.accounts import Accounts
from bot.storage.broadcasts import Broadcasts
from bot.storage.deliveries import Deliveries
from bot.storage.engine import Database, StorageError
from bot.storage.errands import Change, Errands
from bot.storage.facts import Facts
from bot.storage.inbox import Outcome
from bot.storage.people import People
from bot.storage.questions import Drafts, Questions
from bot.storage.takeovers import Takeovers
from bot.storage.threads import Thread, Threads

_log = structlog.get_logger(__name__)


class Station:
    """
    The desk, ready to be run.

    Parameters:
        options: How it runs.
        api: Asks Telegram.
        sender: Sends.
        router: The bot's own way of answering; it learns from here whether there is a desk.
        database: Where everything is kept.
    """

    def __init__(self, options: StationOptions, api: Api, sender: Sender, router: Router, database: Database) -> None:
        clock = options.clock
        desk = Desk(database, router, options.rules, clock)
        cards = Cards(desk, router)
        broadcasts = Broadcasts(database, clock)
        progress = Progress(broadcasts, desk, sender)
        self.office = Office(
            api=api,
            desk=desk,
            team=Team(database, options.coaches),
            threads=Threads(database, clock),
            takeovers=Takeovers(database, clock),
            people=People(database),
            questions=Questions(database),
            drafts=Drafts(database),
            cards=cards,
            router=router,
            background=Background(desk, sender),
            facts=Facts(database),
            broadcasts=broadcasts,
            progress=progress,
            figures=options.figures,
            teaching=options.teaching,
        )
        office, pace = self.office, Pace()
        topics = Topics(desk, sender, office.threads, office.takeovers, cards, pace)
        carriage = Carriage(desk, sender, office.threads, office.people, topics, cards)
        self.courier = Courier(Errands(database), office.threads, desk, carriage, pace, clock)
        self._door = Door(self.office)
        self._own_inbox = OwnInbox(Accounts(database), self.office, options.account, clock)
        self._rounds = Rounds(self.office, self.courier)
        router.desk = desk
        bulk = options.bulk
        carrier = TelegramCarrier(api, sender, router, self.office.people, progress.show, paid=bulk.paid)
        self._run = Run(broadcasts, Deliveries(database, clock), carrier, Pacer(bulk.rate), is_night=bulk.is_night)

    async def load(self) -> None:
        """
        Learn where the desk is and who may use it, and take up what was left to be carried.
        """
        await self.office.desk.load()
        await self.office.team.load()
        await self.courier.wake()

    async def run(self) -> None:
        """
        Look after the desk until cancelled.

        Raises:
            telegram.error.InvalidToken: The token was revoked.
        """
        beside = [asyncio.create_task(self._rounds.run()), asyncio.create_task(self._run.run())]
        try:
            failed = asyncio.shield(self.courier.failure)
            done, _ = await asyncio.wait([failed, *beside], return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def close(self, seconds: float) -> None:
        """
        Finish what is in hand.
        """
        await self.office.background.close()
        await self.courier.close(seconds)

    async def wake(self) -> None:
        """
        Carry what was kept since the last time. If the database does not answer, the next round does it.
        """
        try:
            await self.courier.wake()
        except StorageError as error:
            _log.error("errands_delayed", reason=str(error))

    async def take(self, update: Update, update_ids: list[int]) -> Outcome | None:
        """
        Deal with an update that concerns the desk; None if it does not.
        """
        change = update.my_chat_member
        if change is not None and change.chat.id == self.office.desk.place.chat and change.chat.type != Chat.PRIVATE:
            return Outcome(update_ids, [call.to_json() for call in self._moved(change)])
        return await self._own_inbox.take(update, update_ids) or await self._door.take(update, update_ids)

    def trouble(self, message: dict[str, Any]) -> list[Call]:
        """
        What to say at the desk where something failed that was ordered or answered there; nothing elsewhere.

        Parameters:
            message: The order, the coach's answer, or the message whose button was pressed, as Telegram gave it.
        """
        chat = message.get("chat", {}).get("id")
        if not self.office.desk.is_open or chat != self.office.desk.place.chat:
            return []
        topic = {"message_thread_id": message["message_thread_id"]} if message.get("is_topic_message") else {}
        said = body(self.office.desk.say(Phrase.DESK_TROUBLE))
        return [Call("sendMessage", {"chat_id": chat, **topic, **said})]

    def _moved(self, change: ChatMemberUpdated) -> list[Call]:
        """
        What to say to the owners when the bot was thrown out of the group where the desk is; when it is back, what
        waited goes on.
        """
        if change.new_chat_member.status not in {ChatMember.LEFT, ChatMember.BANNED}:
            self.courier.back()
            return []
        chats = [int(key.partition(":")[2]) for key in self.office.team.owners]
        return [text_message(chat, self.office.desk.say(Phrase.DESK_LOST)) for chat in chats]

    async def thread(self, key: str) -> Thread | None:
        """
        The thread of a person; None if they have none, or there is no desk.
        """
        return await self.office.threads.of_person(key) if self.office.desk.is_open else None

    async def changes_of(
        self, update: Update, incoming: Incoming, reply: Reply, thread: Thread | None, earlier: Sequence[Message]
    ) -> list[Change]:
        """
        What a person's message changes at the desk, and in what is known of them from elsewhere; see
        `handover.changes_of`.
        """
        if Effect.FORGET in reply.effects:
            return [self.office.people.forgetting(key) for key in await self._own_inbox.keys_of(incoming.person)]
        if not self.office.desk.is_open:
            return []
        changes = handover.changes_of(self.office, update, incoming, reply, thread, earlier)
        muted = [handover.told_of_muted(self.office, incoming.person)] if Effect.MUTE in reply.effects else []
        return [*changes, *muted]

    def unless_taken(self, call: Call, incoming: Incoming, reply: Reply, thread: Thread | None) -> Call:
        """
        A call that is not made if a coach takes over before; see `handover.unless_taken`.
        """
        return handover.unless_taken(call, incoming, reply, thread) if self.office.desk.is_open else call

    async def is_taken(self, key: str) -> bool:
        """
        Whether a coach answers a person just now.

        Parameters:
            key: The person's key, or their lane in a coach's own account.
        """
        if key.startswith(LANE):
            return await self._own_inbox.is_silent(key)
        thread = await self.thread(key)
        return thread is not None and thread.state is ThreadState.TAKEN

    async def carry(self, key: str, message: Message) -> None:
        """
        Bring a message to the coach who took over before it was answered.
        """
        await self.office.threads.keep(self.office.takeovers.carrying(key, [messages.mirrored(message)]))
        await self.wake()
