"""
The coach's own inbox (Telegram Business, https://core.telegram.org/bots/features#bots-for-business): the bot answers in
the private chats of a coach's account, and stops the moment the coach writes there.

Friends and family write there, too. So it answers only what it surely understands as a question about work (or a cry
for help), keeps nothing of the rest, and says that the answer came by itself.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog
from telegram import BusinessConnection, BusinessMessagesDeleted, Message, Update
from telegram.error import TelegramError

from bot.channels.telegram.calls import SILENCE, text_message, to_calls
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.updates import from_message, to_person
from bot.content.phrases import Phrase
from bot.content.rules import SAFETY_INTENT
from bot.conversation.handlers import HANDLERS
from bot.conversation.memory import Memory
from bot.events import Answered, Event
from bot.model import AccountRule, Incoming, Person, Profile, Reply
from bot.storage.accounts import Account, Accounts
from bot.storage.inbox import Outcome

LANE = "account:"
"""
What the lanes and the keys of people who write to an account begin with.
"""
_SURE = "sure"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AccountRules:
    """
    When the bot answers in an account.

    Parameters:
        rule: The rule.
        silence: Seconds that it is silent in a chat after the coach wrote there.
    """

    rule: AccountRule = AccountRule.ALWAYS
    silence: float = 86_400.0


class OwnInbox:
    """
    Deals with what happens in coaches' own accounts.

    Parameters:
        accounts: The connections.
        office: Knows the coaches, the hours and the people.
        rules: When to answer.
        clock: Seconds since 1970.
    """

    def __init__(
        self, accounts: Accounts, office: Office, rules: AccountRules, clock: Callable[[], float] = time.time
    ) -> None:
        self._accounts, self._office, self._rules, self._clock = accounts, office, rules, clock

    async def take(self, update: Update, update_ids: Sequence[int]) -> Outcome | None:
        """
        Deal with an update; None if it is not about an account.
        """
        if update.business_connection is not None:
            return await self._connected(update.business_connection, update_ids)
        if update.deleted_business_messages is not None:
            return await self._deleted(update.deleted_business_messages, update_ids)
        if update.business_message is not None:
            return await self._written(update.business_message, update_ids)
        # What was answered is not answered again because it was corrected.
        return Outcome(update_ids, []) if update.edited_business_message is not None else None

    async def is_silent(self, lane: str) -> bool:
        """
        Whether the coach wrote in a chat of late, or the bot may not answer there any more.

        Parameters:
            lane: The lane of the chat: the connection and the chat.
        """
        connection, _, chat = lane.removeprefix(LANE).rpartition(":")
        account = await self._accounts.get(connection)
        if account is None or not account.enabled:
            return True
        profile = await self._office.people.profile(key_of(account, int(chat)))
        return profile is not None and profile.muted_until > self._clock()

    async def keys_of(self, person: Person) -> list[str]:
        """
        Under which keys a person is known from the accounts of coaches.
        """
        chat = person.key.partition(":")[2]
        return [key_of(account, int(chat)) for account in await self._accounts.everyone() if chat.isdecimal()]

    async def _connected(self, connection: BusinessConnection, update_ids: Sequence[int]) -> Outcome:
        """
        Take note of a connection, and say to the coach what it means. Somebody who is no coach cannot use it.
        """
        if self._office.team.coach(to_person(connection.user)) is None:
            _log.warning("account_refused", advice="only coaches can connect the bot: python -m bot invite")
            return Outcome(update_ids, [])
        before = await self._accounts.get(connection.id)
        account = _account(connection)
        await self._accounts.put(account)
        could = before is not None and before.enabled and before.can_reply
        if not account.enabled:
            phrase = Phrase.ACCOUNT_GONE
        elif account.can_reply:
            phrase = Phrase.ACCOUNT_CONNECTED
        else:
            phrase = Phrase.ACCOUNT_RIGHTS_LOST if could else Phrase.ACCOUNT_WITHOUT_RIGHTS
        if could and account.enabled and account.can_reply:
            return Outcome(update_ids, [])
        told = self._office.desk.say(phrase, title=self._office.desk.say(_RULES[self._rules.rule]))
        return Outcome(update_ids, [text_message(account.chat, told).to_json()])

    async def _deleted(self, deleted: BusinessMessagesDeleted, update_ids: Sequence[int]) -> Outcome:
        """
        What is deleted in the account is not kept here either.
        """
        account = await self._accounts.get(deleted.business_connection_id)
        if account is None:
            return Outcome(update_ids, [])
        key = key_of(account, deleted.chat.id)
        changes = [self._office.takeovers.deleting(key, number) for number in deleted.message_ids]
        return Outcome(update_ids, [], changes=changes)

    async def _written(self, message: Message, update_ids: Sequence[int]) -> Outcome:
        account = await self._account_of(message.business_connection_id or "")
        user = message.from_user
        # The bot's own words come back as the owner's; those of other bots are nobody's question.
        if account is None or user is None or user.is_bot or message.sender_business_bot is not None:
            return Outcome(update_ids, [])
        key = key_of(account, message.chat.id)
        profile = await self._office.people.profile(key)
        if user.id == account.owner:
            silent = replace(profile or Profile(), muted_until=int(self._clock() + self._rules.silence))
            return Outcome(update_ids, [], Person(key), silent)
        if not self._may_answer(account, profile):
            return Outcome(update_ids, [])
        person = replace(to_person(user), key=key)
        return await self._answered(message, replace(from_message(message), person=person), profile, update_ids)

    def _may_answer(self, account: Account, profile: Profile | None) -> bool:
        if not (account.enabled and account.can_reply) or self._rules.rule is AccountRule.NEVER:
            return False
        if profile is not None and profile.muted_until > self._clock():
            return False
        if self._rules.rule is AccountRule.FIRST_CONTACT:
            return profile is None
        return self._rules.rule is not AccountRule.OUTSIDE_HOURS or self._office.desk.is_away

    async def _answered(
        self, message: Message, incoming: Incoming, profile: Profile | None, update_ids: Sequence[int]
    ) -> Outcome:
        """
        Answer what is surely a question about work; anything else is left to the coach, and not kept.
        """
        router, memory = self._office.router, Memory(profile)
        events: list[Event] = []
        reply = await router.respond(incoming, memory, events.append)
        if not any(_is_advice(event) for event in events):
            return Outcome(update_ids, [])
        voice = replace(router.voice_for(incoming, memory), language=reply.language)
        signed = replace(_without_buttons(reply), blocks=(*reply.blocks, voice.phrase(Phrase.ACCOUNT_SIGNATURE)))
        where = {"business_connection_id": message.business_connection_id}
        calls = [
            replace(call, parameters={**call.parameters, **where}, unless_taken=SILENCE)
            for call in to_calls(signed, voice, message.chat.id)
        ]
        made = [call.to_json() for call in calls]
        return Outcome(
            update_ids, made, incoming.person, memory.profile, incoming.text, events, message=message.message_id
        )

    async def _account_of(self, connection_id: str) -> Account | None:
        """
        A connection; one that is not known is asked for, for its own update may have been missed.
        """
        account = await self._accounts.get(connection_id)
        if account is not None or not connection_id:
            return account
        try:
            connection = await self._office.api.get_business_connection(connection_id)
        except TelegramError as error:
            _log.warning("account_unknown", reason=type(error).__name__)
            return None
        if self._office.team.coach(to_person(connection.user)) is None:
            return None
        await self._accounts.put(account := _account(connection))
        return account


def key_of(account: Account, chat: int) -> str:
    """
    The key of whoever writes to an account: it stays when the coach connects the bot anew.
    """
    return f"{LANE}{account.owner}:{chat}"


_RULES = {
    AccountRule.ALWAYS: Phrase.ACCOUNT_ALWAYS,
    AccountRule.OUTSIDE_HOURS: Phrase.ACCOUNT_OUTSIDE_HOURS,
    AccountRule.FIRST_CONTACT: Phrase.ACCOUNT_FIRST_CONTACT,
    AccountRule.NEVER: Phrase.ACCOUNT_NEVER,
}


def _account(connection: BusinessConnection) -> Account:
    can_reply = connection.rights is not None and bool(connection.rights.can_reply)
    return Account(connection.id, connection.user.id, connection.user_chat_id, connection.is_enabled, can_reply)


def _is_advice(event: Event) -> bool:
    """
    Whether something was surely understood, and is about work or a danger.
    """
    if not isinstance(event, Answered) or event.outcome != _SURE:
        return False
    return event.intent == SAFETY_INTENT or event.intent not in HANDLERS


def _without_buttons(reply: Reply) -> Reply:
    """
    A reply with those buttons only that open a page: the others would talk to the bot in the coach's name.
    """
    rows = (tuple(button for button in row if button.url) for row in reply.buttons)
    return replace(reply, buttons=tuple(row for row in rows if row))
