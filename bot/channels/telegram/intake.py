"""
Taking updates in: committed to the inbox first, acknowledged then, and handed to the lane of whoever they come from.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.api import UNREADABLE, Api
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.sender import in_seconds, reason
from bot.ops.health import Health
from bot.storage.engine import StorageError
from bot.storage.inbox import Entry, Inbox

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "message_reaction",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
)
"""
The kinds of updates the bot asks for.
"""

_LARGEST_ID = 2**63 - 1
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_POLL_SLACK_SECONDS = 10.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """
    Commits updates and hands them on.

    Parameters:
        inbox: Where they are committed.
        lanes: Where they are handled.
    """

    inbox: Inbox
    lanes: Lanes[Entry]

    async def resume(self) -> None:
        """
        Hand on what was open when the program ended.
        """
        backlog = await self.inbox.backlog()
        if backlog:
            _log.info("backlog_found", updates=len(backlog))
        for entry in backlog:
            self.lanes.put(entry.lane, entry)

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """
        Commit updates, then hand on those that are new.

        Raises:
            StorageError: They could not be committed; they must not be acknowledged.
        """
        readable: list[tuple[dict[str, Any], str]] = []
        for update in updates:
            if not isinstance(update.get("update_id"), int) or not 0 <= update["update_id"] <= _LARGEST_ID:
                _log.error("update_without_number")
            elif UNREADABLE in update:
                _log.error("update_unreadable", update_id=update["update_id"])
                await self.inbox.set_aside(update, UNREADABLE)
            else:
                readable.append((update, lane_of(update)))
        if readable:
            for entry in await self.inbox.accept(readable):
                self.lanes.put(entry.lane, entry)


@dataclass(frozen=True, slots=True)
class Poller:
    """
    Asks Telegram for updates, again and again.

    Parameters:
        api: Carries the calls.
        intake: Takes what comes.
        health: Told of every poll that worked.
        timeout: Seconds that one request waits for something to happen.
    """

    api: Api
    intake: Intake
    health: Health
    timeout: int

    async def run(self) -> None:
        """
        Poll until cancelled. Whatever fails is tried again; nothing is acknowledged before it is committed.

        Raises:
            telegram.error.InvalidToken: Telegram does not know the token.
        """
        offset, wait = 0, _FIRST_WAIT
        while True:
            await self.intake.lanes.wait_for_room()
            try:
                updates = await self._poll(offset)
                self.health.polled()
                await self.intake.take(updates)
            except RetryAfter as error:
                await asyncio.sleep(in_seconds(error.retry_after))
            except InvalidToken:
                raise
            except (TelegramError, StorageError, TimeoutError) as error:
                _tell(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                wait = _FIRST_WAIT
                offset = max([offset, *(update["update_id"] + 1 for update in updates if _numbered(update))])

    async def _poll(self, offset: int) -> list[dict[str, Any]]:
        patience = self.timeout + _POLL_SLACK_SECONDS
        parameters = {"offset": offset, "timeout": self.timeout, "allowed_updates": list(ALLOWED_UPDATES)}
        # A connection that says nothing and does not break would mute the bot for good.
        async with asyncio.timeout(patience + _POLL_SLACK_SECONDS):
            return list(await self.api.call("getUpdates", parameters, read_timeout=patience))


def lane_of(update: dict[str, Any]) -> str:
    """
    Whose an update is: the same text as `Person.key`, or a lane of its own where that cannot be told.
    """
    for kind in ("message", "edited_message"):
        match update.get(kind):
            case {"chat": {"id": int(chat)}}:
                return f"telegram:{chat}"
    for kind in ("business_message", "edited_business_message", "deleted_business_messages"):
        if (lane := _account_lane(update.get(kind))) is not None:
            return lane
    match update:
        case {"business_connection": {"id": str(account)}}:
            return f"owner:{account}"
        case {"callback_query": {"from": {"id": int(person)}}} | {"inline_query": {"from": {"id": int(person)}}}:
            return f"telegram:{person}"
        case {"my_chat_member": {"chat": {"id": int(chat)}}} | {"message_reaction": {"chat": {"id": int(chat)}}}:
            return f"telegram:{chat}"
    return f"update:{update['update_id']}"


def _account_lane(message: object) -> str | None:
    """
    The lane of what happens in a coach's own account; None if it is nothing there.
    """
    match message:
        case {"business_connection_id": str(account), "chat": {"id": int(chat)}, "from": {"id": int(sender)}}:
            # What the owner writes must not wait behind an answer that it is to stop.
            return f"{'account' if sender == chat else 'owner'}:{account}:{chat}"
        case {"business_connection_id": str(account), "chat": {"id": int(chat)}}:
            return f"account:{account}:{chat}"
    return None


def _numbered(update: dict[str, Any]) -> bool:
    return isinstance(update.get("update_id"), int)


def _tell(error: Exception) -> None:
    if isinstance(error, Conflict):
        _log.error("other_poller", advice="another program polls with this token; stop one of the two")
    elif isinstance(error, StorageError):
        _log.error("updates_not_committed", reason=str(error), advice="nothing is lost: Telegram keeps them a day")
    elif isinstance(error, TelegramError) and not isinstance(error, NetworkError):
        _log.error("poll_failed", reason=reason(error))
