"""
Who may use the desk: those in the settings, and those who were invited.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Person
from bot.storage.coaches import Coaches, Role
from bot.storage.engine import Database


@dataclass(frozen=True, slots=True)
class Coach:
    """
    Somebody who may use the desk.
    """

    person: Person
    role: Role

    @property
    def name(self) -> str:
        """
        Their first name.
        """
        return self.person.first_name or "?"


class Team:
    """
    The coaches.

    Parameters:
        database: Keeps those who were invited.
        settled: Those in the settings, by their keys; they cannot be dismissed.
    """

    def __init__(self, database: Database, settled: Mapping[str, Role]) -> None:
        self.coaches = Coaches(database)
        self._settled = dict(settled)
        self._invited: dict[str, tuple[Role, str]] = {}

    async def load(self) -> None:
        """
        Learn who was invited.
        """
        self._invited = await self.coaches.everyone()

    def coach(self, person: Person) -> Coach | None:
        """
        Somebody as a coach; None if they are none.
        """
        role = self._settled.get(person.key) or self._invited.get(person.key, (None, ""))[0]
        return None if role is None else Coach(person, role)

    async def join(self, token: str, person: Person) -> Role | None:
        """
        Use an invitation; None if it is none any more.
        """
        role = await self.coaches.join(token, person)
        await self.load()
        return role

    async def dismiss(self, number: int) -> str:
        """
        Take the role from somebody, by their place in `invited`; returns their first name, or nothing if there is none.
        """
        if not 0 <= number < len(self._invited):
            return ""
        key = list(self._invited)[number]
        name = self._invited[key][1]
        await self.coaches.dismiss(key)
        await self.load()
        return name

    @property
    def invited(self) -> list[tuple[str, Role]]:
        """
        The first names and roles of those who were invited.
        """
        return [(name, role) for role, name in self._invited.values()]

    @property
    def keys(self) -> list[str]:
        """
        The keys of all coaches.
        """
        return [*{**self._settled, **self._invited}]

    @property
    def owners(self) -> list[str]:
        """
        The keys of the owners.
        """
        invited = {key: role for key, (role, _) in self._invited.items()}
        return [key for key, role in {**invited, **self._settled}.items() if role is Role.OWNER]
