"""
Where what concerns the desk comes in: coaches' words and buttons, reactions on both sides, and invitations.
"""

import re
from collections.abc import Sequence

import structlog
from telegram import Chat, InaccessibleMessage, Message, Update

from bot.channels.telegram.bulk import compose
from bot.channels.telegram.calls import acknowledgement, text_message
from bot.channels.telegram.desk import messages, review, sides
from bot.channels.telegram.desk.commands import ANYWHERE, BUTTONS, IN_TOPIC
from bot.channels.telegram.desk.office import Does, Office
from bot.channels.telegram.desk.order import Done, Order
from bot.channels.telegram.desk.people_orders import closing
from bot.channels.telegram.desk.place import PREFIX
from bot.channels.telegram.desk.team import Coach
from bot.channels.telegram.desk.wording import answer_calls
from bot.channels.telegram.updates import command_of, is_service, to_person
from bot.content.phrases import Phrase
from bot.model import ThreadState
from bot.storage.coaches import INVITATION
from bot.storage.errands import Change
from bot.storage.inbox import Outcome
from bot.storage.threads import Thread

_ANSWERED_DRAFT = re.compile(r"\W*#(\d+)\b")
"""
The number of a draft, at the beginning of the message that asks for its answer.
"""

_log = structlog.get_logger(__name__)


class Door:
    """
    Takes what concerns the desk.

    Parameters:
        office: The parts that orders need.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    async def take(self, update: Update, update_ids: Sequence[int]) -> Outcome | None:
        """
        Deal with an update; None if it does not concern the desk.

        Parameters:
            update: What came.
            update_ids: Its number, and those that are answered along with it.
        """
        if update.message_reaction is not None:
            change = update.message_reaction
            return Outcome(
                update_ids,
                [],
                events=await sides.counted(self._office, change),
                changes=await sides.reacted(self._office, change),
            )
        if update.callback_query is not None:
            return await self._pressed(update, update_ids)
        message = update.message or update.edited_message
        if message is None or message.from_user is None:
            return None
        thread = await self._thread(message)
        if self._is_desk(message) and (thread is not None or not self._office.desk.place.private):
            return await self._at_desk(update, message, thread, update_ids)
        if update.edited_message is not None:
            return None
        return await self._outside(message, update_ids)

    async def _outside(self, message: Message, update_ids: Sequence[int]) -> Outcome | None:
        """
        What a coach does elsewhere than at the desk: a command, or an answer to the question for one.
        """
        command = command_of(message)
        if command is not None:
            return await self._commanded(message, *command, update_ids)
        coach = self._office.team.coach(to_person(message.from_user)) if message.from_user else None
        if coach is None or message.chat.type != Chat.PRIVATE:
            return None
        if done := await self._waited(coach, message):
            return self._outcome(*done, update_ids)
        draft = _draft_asked(message)
        if draft is None:
            return None
        order = Order(coach, message, message.text or "")
        return self._outcome(order, await review.answered(self._office, order, draft), update_ids)

    async def _waited(self, coach: Coach, message: Message) -> tuple[Order, Done] | None:
        """
        What the bot waits for from a coach who prepares a broadcast, if this is it.
        """
        order = Order(coach, message, message.text or "")
        waited = await compose.waits(self._office, order)
        done = await compose.take(self._office, order, waited) if waited else None
        return None if done is None else (order, done)

    def _is_desk(self, message: Message) -> bool:
        return self._office.desk.is_open and message.chat.id == self._office.desk.place.chat

    async def _thread(self, message: Message | InaccessibleMessage | None) -> Thread | None:
        """
        The thread whose topic a message stands in.
        """
        if not isinstance(message, Message) or not self._is_desk(message) or message.message_thread_id is None:
            return None
        return await self._office.threads.of_topic(message.message_thread_id)

    async def _at_desk(
        self, update: Update, message: Message, thread: Thread | None, update_ids: Sequence[int]
    ) -> Outcome:
        """
        What somebody wrote at the desk: an order, an answer to a person, or nothing that concerns the bot.
        """
        user = message.from_user
        coach = self._office.team.coach(to_person(user)) if user else None
        if user is None or user.id == self._office.api.id or is_service(message):
            closed = message.forum_topic_closed is not None and coach is not None and thread is not None
            changes = [self._closed(thread)] if closed and thread and _is_active(thread) else []
            return Outcome(update_ids, [], changes=changes)
        if coach is None:
            return self._not_a_coach(message, thread, update_ids)
        return await self._from_coach(coach, update, message, thread, update_ids)

    async def _from_coach(
        self, coach: Coach, update: Update, message: Message, thread: Thread | None, update_ids: Sequence[int]
    ) -> Outcome:
        command = command_of(message)
        if command is not None and update.edited_message is None:
            return await self._ordered(coach, message, *command, thread, update_ids)
        if thread is None and update.edited_message is None and (done := await self._waited(coach, message)):
            return self._outcome(*done, update_ids)
        if (draft := await self._draft(message, thread)) is not None:
            order = Order(coach, message, message.text or "", thread)
            return self._outcome(order, await review.answered(self._office, order, draft), update_ids)
        if thread is None:
            return Outcome(update_ids, [])
        if update.edited_message is not None:
            changed = messages.edited(update.edited_message, to_desk=False)
            return Outcome(update_ids, [], changes=[self._office.takeovers.carrying(thread.person.key, [changed])])
        return Outcome(update_ids, [], changes=self._relayed(coach, message, thread))

    async def _draft(self, message: Message, thread: Thread | None) -> int | None:
        """
        The draft whose answer a message is: it replies to the bot's question for it, not to what a person wrote.
        """
        original, found = message.reply_to_message, _draft_asked(message)
        if found is None or original is None or thread is None:
            return found
        return None if await self._office.threads.copy(thread, ours=original.message_id) else found

    def _relayed(self, coach: Coach, message: Message, thread: Thread) -> list[Change]:
        """
        Bring what a coach wrote to the person, who is told the first time that a human is there.
        """
        takeovers = self._office.takeovers
        errands = [messages.relayed(message)]
        changes: list[Change] = []
        if thread.state is not ThreadState.TAKEN:
            arrived = self._office.voice(thread).phrase(Phrase.HUMAN_ARRIVED)
            errands = [messages.told(arrived), *errands, messages.SHOWN]
            changes.append(self._office.team.coaches.noting(coach.name, "take", self._office.tag(thread.person)))
        if message.text:
            changes.append(self._office.questions.answering(thread.id, message.text))
        return [takeovers.taking(thread.id, errands), *changes]

    def _closed(self, thread: Thread) -> Change:
        """
        A coach closed the topic in the app, which says the same as `/close`.
        """
        return self._office.takeovers.ending(thread.id, closing(self._office, thread, Phrase.ENDED_BY_COACH))

    def _not_a_coach(self, message: Message, thread: Thread | None, update_ids: Sequence[int]) -> Outcome:
        """
        What somebody else wrote in a topic goes nowhere, and that is said; their commands do not exist.
        """
        if thread is None or command_of(message) is not None:
            return Outcome(update_ids, [])
        told = messages.noted(self._office.desk.say(Phrase.DESK_NOT_A_COACH), reply=message.message_id)
        return Outcome(update_ids, [], changes=[self._office.takeovers.carrying(thread.person.key, [told])])

    async def _commanded(self, message: Message, name: str, words: str, update_ids: Sequence[int]) -> Outcome | None:
        """
        A command outside the desk: an invitation, one's own message to be deleted, or what coaches may say anywhere.
        """
        if message.from_user is None:
            return None
        person, private = to_person(message.from_user), message.chat.type == Chat.PRIVATE
        if private and name == "start" and words.startswith(INVITATION):
            return await self._invited(message, words.removeprefix(INVITATION), update_ids)
        if private and name in {"delete", "supprimer"}:
            return await sides.deleted(self._office, message, person, update_ids)
        coach = self._office.team.coach(person)
        if coach is None or name not in ANYWHERE or not (private or name == "desk"):
            return None
        return await self._ordered(coach, message, name, words, None, update_ids)

    async def _invited(self, message: Message, token: str, update_ids: Sequence[int]) -> Outcome | None:
        if message.from_user is None:
            return None
        person = to_person(message.from_user)
        role = await self._office.team.join(token, person)
        if role is None:
            # Whoever was not invited is greeted like everybody else.
            return None
        _log.info("coach_joined", role=role)
        told = self._office.desk.say(Phrase.DESK_WELCOME, title=role, first_name=person.first_name)
        joined = self._office.team.coaches.noting(person.first_name, "join", role)
        return Outcome(update_ids, [text_message(message.chat.id, told).to_json()], changes=[joined])

    async def _ordered(  # noqa: PLR0913, PLR0917 (who, what and where)
        self,
        coach: Coach,
        message: Message,
        name: str,
        words: str,
        thread: Thread | None,
        update_ids: Sequence[int],
    ) -> Outcome:
        office = self._office
        order = Order(coach, message, words, thread)
        does: Does | None = ANYWHERE.get(name) or (IN_TOPIC.get(name) if thread is not None else None)
        if does is None:
            known = name in IN_TOPIC
            said = office.desk.say(Phrase.DESK_ONLY_IN_TOPIC if known else Phrase.DESK_HELP, words=f"/{name[:32]}")
            return self._outcome(order, Done(said), update_ids)
        done = await does(office, order)
        noted = office.team.coaches.noting(coach.name, f"/{name}", self._about(thread))
        return self._outcome(order, done, update_ids, noted)

    async def _pressed(self, update: Update, update_ids: Sequence[int]) -> Outcome | None:
        """
        A button of the desk; whoever is no coach finds that it leads nowhere, like any stale button.
        """
        query = update.callback_query
        if query is None or not (query.data or "").startswith(PREFIX) or not isinstance(query.message, Message):
            return None
        coach = self._office.team.coach(to_person(query.from_user))
        verb, *arguments = (query.data or "").removeprefix(PREFIX).split(":")
        if coach is None or verb not in BUTTONS:
            return None
        thread = await self._thread(query.message)
        order = Order(coach, query.message, "", thread, tuple(arguments))
        try:
            done = await BUTTONS[verb](self._office, order)
        except (LookupError, ValueError):
            done = Done(self._office.desk.say(Phrase.DESK_STALE))
        noted = self._office.team.coaches.noting(coach.name, verb, self._about(thread))
        outcome = self._outcome(order, done, update_ids, noted)
        outcome.calls.insert(0, acknowledgement(query.id, done.notice).to_json())
        return outcome

    def _about(self, thread: Thread | None) -> str:
        """
        Whom an order is about, as the list of what coaches did shows it; empty for nobody.
        """
        return self._office.tag(thread.person) if thread else ""

    def _outcome(self, order: Order, done: Done, update_ids: Sequence[int], *also: Change) -> Outcome:
        calls = [call.to_json() for call in answer_calls(order.message, done)]
        return Outcome(update_ids, calls, changes=[*done.changes, *also])


def _draft_asked(message: Message) -> int | None:
    """
    The draft whose answer a message is, if it replies to the question for one.
    """
    original = message.reply_to_message
    if not message.text or original is None or original.from_user is None or not original.text:
        return None
    found = _ANSWERED_DRAFT.match(original.text)
    asks = original.from_user.is_bot and original.reply_markup is None
    return int(found[1]) if found and asks else None


def _is_active(thread: Thread) -> bool:
    return thread.state is not ThreadState.CLOSED
