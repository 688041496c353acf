"""
Facts about this bot that are neither content nor settings, such as where its desk is. Sealed like all else.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.storage.engine import Database, upsert
from bot.storage.tables import facts


@dataclass(frozen=True, slots=True)
class Facts:
    """
    Keeps facts by name.

    Parameters:
        database: Where.
    """

    database: Database

    async def get(self, name: str) -> Any:
        """
        A fact; None if it is not known.
        """
        statement = select(facts.c.sealed).where(facts.c.name == name)
        sealed = await self.database.read(lambda connection: connection.scalar(statement))
        return None if sealed is None else self.database.vault.open(sealed)

    async def put(self, name: str, value: Any) -> None:
        """
        Keep a fact, in place of what was known before.

        Parameters:
            name: At most 40 characters.
            value: A JSON value.
        """
        row = {"name": name, "sealed": self.database.vault.seal(value)}

        def keep(connection: Connection) -> None:
            new = upsert(connection.dialect.name, facts).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"sealed": new.excluded.sealed}))

        await self.database.write(keep)
