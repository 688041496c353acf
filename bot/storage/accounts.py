"""
The Telegram accounts of coaches in whose private chats the bot answers.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.storage.engine import Database, upsert
from bot.storage.tables import accounts


@dataclass(frozen=True, slots=True)
class Account:
    """
    A connection to an account.

    Parameters:
        id: Telegram's name for the connection.
        owner: The Telegram id of whose account it is.
        chat: Their chat with the bot.
        enabled: Whether it is connected.
        can_reply: Whether the bot may write there.
    """

    id: str
    owner: int
    chat: int
    enabled: bool
    can_reply: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """
    Keeps connections.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def get(self, connection_id: str) -> Account | None:
        """
        A connection, or None if it is not known.
        """
        known = accounts.c.lookup == self.database.vault.lookup(connection_id)
        row = await self.database.read(lambda connection: connection.execute(select(accounts).where(known)).first())
        return None if row is None else self._account(row)

    async def everyone(self) -> list[Account]:
        """
        Every connection there ever was.
        """
        rows = await self.database.read(lambda connection: connection.execute(select(accounts)).all())
        return [self._account(row) for row in rows]

    async def put(self, account: Account) -> None:
        """
        Keep a connection as it is now.
        """
        vault = self.database.vault
        kept = {"id": account.id, "owner": account.owner, "chat": account.chat, "can_reply": account.can_reply}
        row = {
            "lookup": vault.lookup(account.id),
            "enabled": account.enabled,
            "since": int(self.clock()),
            "sealed": vault.seal(kept),
        }

        def keep(connection: Connection) -> None:
            new = upsert(connection.dialect.name, accounts).values(row)
            changed = {name: new.excluded[name] for name in ("enabled", "since", "sealed")}
            connection.execute(new.on_conflict_do_update(index_elements=["lookup"], set_=changed))

        await self.database.write(keep)

    def _account(self, row: Any) -> Account:
        kept = self.database.vault.open(row.sealed)
        return Account(kept["id"], kept["owner"], kept["chat"], row.enabled, kept["can_reply"])
