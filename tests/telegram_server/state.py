"""
Everything the server remembers, in one place: people, chats, files, queries, the queue of updates.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.telegram_server.chats import Chat
from tests.telegram_server.connections import Connection
from tests.telegram_server.files import Files
from tests.telegram_server.limits import Throttle
from tests.telegram_server.model import Json, Message, User
from tests.telegram_server.profile import Profile
from tests.telegram_server.recording import Call, Changes
from tests.telegram_server.updates import UpdateQueue
from tests.telegram_server.webhook import Webhook

# Ids spread as in reality: old accounts fit into 32 bits, new ones do not, supergroups start with -100.
_NEW_ACCOUNT = 7_012_345_679
_OLD_ACCOUNT = 412_345_679
_GROUP = 4_123_456_789
_SUPERGROUP = 1_002_123_456_789
_STEP = 7_919


@dataclass
class OpenQuery:
    """A callback or inline query that waits for its one answer."""

    id: str
    answer: Json | None = None
    expired: bool = False


@dataclass
class World:
    """The state behind one token."""

    clock: Callable[[], float]
    bot: User
    privacy_mode: bool
    topics_in_private: bool
    business_mode: bool
    webhook_retry_delay: float
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, OpenQuery] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    files: Files = field(default_factory=Files)
    profile: Profile = field(default_factory=Profile)
    throttle: Throttle = field(default_factory=Throttle)
    changes: Changes = field(default_factory=Changes)
    logged_out: bool = False

    def __post_init__(self) -> None:
        """Wire the parts that need the clock."""
        self.updates = UpdateQueue(self.clock, self.changes.notify)
        self.webhook = Webhook(self.updates, self.clock, self.webhook_retry_delay)
        self._numbers = itertools.count()
        self._private_message_ids = itertools.count(1201)
        self._supergroup_message_ids: dict[int, itertools.count[int]] = {}
        self._query_ids = itertools.count(4_871_234_567_890_123_456)

    def now(self) -> int:
        """The server clock in whole seconds, as messages carry it."""
        return int(self.clock())

    def new_user_id(self) -> int:
        """An id for a person: every second one does not fit into 32 bits."""
        number = next(self._numbers)
        return (_OLD_ACCOUNT if number % 2 else _NEW_ACCOUNT) + number * _STEP

    def new_group_id(self, *, supergroup: bool) -> int:
        """An id for a group, negative as groups have it."""
        return -((_SUPERGROUP if supergroup else _GROUP) + next(self._numbers) * _STEP)

    def new_message_id(self, chat: Chat) -> int:
        """The next message id: one sequence per supergroup, one for all other chats together."""
        if chat.type != "supergroup":
            return next(self._private_message_ids)
        return next(self._supergroup_message_ids.setdefault(chat.id, itertools.count(2)))

    def new_query(self) -> OpenQuery:
        """A query with a fresh id."""
        query = OpenQuery(str(next(self._query_ids)))
        self.queries[query.id] = query
        return query

    def new_connection(self, owner: User, rights: frozenset[str]) -> Connection:
        """A connection of the bot to someone's account."""
        connection = Connection(f"AbC-{next(self._query_ids)}", owner, self.now(), rights)
        self.connections[connection.id] = connection
        return connection

    def show(self, chat: Chat, message: Message) -> Message:
        """Put a message on the screen and wake whoever waits for it."""
        chat.put(message)
        self.changes.notify()
        return message
