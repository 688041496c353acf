"""
Sending a broadcast to one person, and what became of it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from jinja2 import TemplateError
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.broadcast.ports import Delivered, Outcome
from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk.letters import calls_of
from bot.channels.telegram.request import NotSentError
from bot.channels.telegram.sender import Delivery, Sender, delivery_of, in_seconds
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.conversation.voice import Voice
from bot.model import Broadcast, Incoming, Letter
from bot.storage.crypto import tag_of
from bot.storage.deliveries import Recipient
from bot.storage.engine import StorageError
from bot.storage.people import People

_CONTENT = (
    "can't parse",
    "is too long",
    "is empty",
    "must be non-empty",
    "wrong file",
    "wrong remote file",
    "wrong type",
    "button_url_invalid",
    "file must be",
    "media",
)
"""
What Telegram says of a message that it would take for nobody.
"""

_OUTCOMES = {
    Delivery.UNREACHABLE: Outcome.BLOCKED,
    Delivery.UNKNOWN: Outcome.UNKNOWN,
    Delivery.REFUSED: Outcome.FAILED,
}

_log = structlog.get_logger(__name__)

Shows = Callable[[Broadcast, float, bool], Awaitable[None]]
"""
Shows the progress of a broadcast: at which rate it goes, and whether it is over.
"""


class TelegramCarrier:
    """
    Sends letters.

    Parameters:
        api: Carries the calls.
        sender: Knows whether answers are on their way, which go first.
        router: Speaks to people.
        people: Takes note of who cannot be reached.
        paid: Whether to pay for going faster (https://core.telegram.org/bots/api#paid-broadcasts).
        shows: Shows the progress.
    """

    def __init__(  # noqa: PLR0913 (the parts of sending)
        self, api: Api, sender: Sender, router: Router, people: People, shows: Shows, *, paid: bool = False
    ) -> None:
        self._api, self._sender, self._router, self._people = api, sender, router, people
        self._shows, self._paid = shows, paid

    async def room(self) -> None:
        """
        Wait until no answer to somebody is on its way.
        """
        await self._sender.quiet()

    async def deliver(self, broadcast: Broadcast, recipient: Recipient) -> Delivered:
        """
        Make one attempt; see `ports.Carrier`.
        """
        voice = self._router.voice_for(Incoming(recipient.person), Memory(recipient.profile))
        _, _, chat = recipient.person.key.partition(":")
        letter = letter_for(broadcast, voice)
        try:
            calls = calls_of(letter, voice, int(chat))
        except TemplateError as error:
            return Delivered(Outcome.CONTENT, why=str(error).splitlines()[0])
        first, *more = calls
        delivered = await self._attempt(first.method, dict(first.parameters))
        if delivered.outcome is Outcome.SENT:
            for call in more:
                # What stands below an album is no message of its own: without it the album was sent all the same.
                await self._sender.bulk(call)
        elif delivered.outcome is Outcome.BLOCKED:
            # The next attempt finds it out again; what became of this one is known whether it can be kept or not.
            with suppress(StorageError):
                await self._people.set_reachable(recipient.person.key, reachable=False)
        elif delivered.outcome is Outcome.FAILED:
            person = tag_of(self._people.database.vault.lookup(recipient.person.key))
            _log.warning("broadcast_refused", broadcast=broadcast.id, person=person, reason=delivered.why)
        return delivered

    async def progressed(self, broadcast: Broadcast, *, rate: float, over: bool) -> None:
        """
        Show how far a broadcast has come; see `ports.Carrier`.
        """
        await self._shows(broadcast, rate, over)

    async def _attempt(self, method: str, parameters: dict[str, object]) -> Delivered:
        if self._paid:
            parameters["allow_paid_broadcast"] = True
        try:
            result = await self._api.call(method, parameters)
        except InvalidToken:
            # It was not sent; whatever polls or answers ends the program.
            _log.error("broadcast_without_token", advice="Telegram does not know the token any more")
            return Delivered(Outcome.AGAIN)
        except RetryAfter as error:
            return Delivered(Outcome.LATER, wait=in_seconds(error.retry_after))
        except NotSentError:
            return Delivered(Outcome.AGAIN)
        except TelegramError as error:
            return _refused(error)
        made = result[0] if isinstance(result, list) else result
        return Delivered(Outcome.SENT, int(made["message_id"]))


def letter_for(broadcast: Broadcast, voice: Voice) -> Letter:
    """
    The letter for somebody: in their language, or the first one.
    """
    return broadcast.letters.get(voice.language) or next(iter(broadcast.letters.values()))


def _refused(error: TelegramError) -> Delivered:
    why = str(error)
    outcome = _OUTCOMES[delivery_of(error)]
    content = outcome is Outcome.FAILED and any(sign in why.lower() for sign in _CONTENT)
    return Delivered(Outcome.CONTENT if content else outcome, why=why)
