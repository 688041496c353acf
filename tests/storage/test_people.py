"""
What is remembered of people, shown to them, and forgotten.
"""

from dataclasses import replace

from sqlalchemy import Connection, Table, func, select

from bot.model import Person, Profile
from bot.storage.crypto import tag_of
from bot.storage.engine import Database
from bot.storage.inbox import Inbox, Outcome
from bot.storage.people import People
from bot.storage.purge import purge
from bot.storage.tables import inbox, messages, people

NOOR, LOU = Person("telegram:7", "Noor"), Person("telegram:8", "<b>Lou</b>")
DAY = 86_400


async def write(
    store: Database, number: int, person: Person, said: str, at: float = 1e6, *, forget: bool = False
) -> None:
    """
    Let a person write something.
    """
    box = Inbox(store, clock=lambda: at)
    await box.accept([({"update_id": number}, person.key)])
    await box.answer(Outcome([number], [], person, Profile(language="fr"), said, forget=forget))


async def fail(store: Database, number: int, person: Person) -> None:
    """
    Let something a person wrote be set aside.
    """
    box = Inbox(store, clock=lambda: 0)
    await box.accept([({"update_id": number, "message": "?"}, person.key)])
    await box.answer(Outcome([number], [], failure="KeyError"))


async def rows(store: Database) -> tuple[int, int, int]:
    """
    How many people, messages and updates there are.
    """

    def count(connection: Connection, table: Table) -> int:
        return connection.scalar(select(func.count()).select_from(table)) or 0

    return await store.read(
        lambda connection: (count(connection, people), count(connection, messages), count(connection, inbox))
    )


async def test_nobody_is_known_at_first(store: Database) -> None:
    """
    Asking makes nobody known.
    """
    assert await People(store).profile(NOOR.key) is None
    assert await People(store).holdings(NOOR.key) is None
    assert await People(store).count() == 0


async def test_holdings_are_of_one_person_alone(store: Database) -> None:
    """
    Nobody reads what is not theirs.
    """
    await write(store, 1, NOOR, "à moi")
    await write(store, 2, LOU, "à Lou", at=2e6)
    await write(store, 3, NOOR, "encore à moi", at=3e6)
    holdings = await People(store).holdings(NOOR.key)
    assert holdings is not None
    assert holdings.first_name == "Noor"
    assert [text for _, text in holdings.messages] == ["à moi", "encore à moi"]
    assert (holdings.first_seen.timestamp(), holdings.last_seen.timestamp()) == (1e6, 3e6)


async def test_forgetting_leaves_nothing_of_a_person(store: Database) -> None:
    """
    Not even what was set aside; the others stay.
    """
    await write(store, 1, NOOR, "à moi")
    await write(store, 2, LOU, "à Lou")
    await fail(store, 3, NOOR)
    await write(store, 4, NOOR, "", forget=True)
    assert await People(store).holdings(NOOR.key) is None
    # The numbers of the three updates that were answered stay, or they would be answered again.
    assert await rows(store) == (1, 1, 3)


async def test_a_person_may_come_back_after_being_forgotten(store: Database) -> None:
    """
    As somebody new.
    """
    await write(store, 1, NOOR, "avant")
    await write(store, 2, NOOR, "", forget=True)
    await write(store, 3, NOOR, "après")
    holdings = await People(store).holdings(NOOR.key)
    assert holdings is not None
    assert [text for _, text in holdings.messages] == ["après"]


async def test_who_blocked_the_bot_is_marked_until_they_return(store: Database) -> None:
    """
    `my_chat_member` marks and revives; writing revives too.
    """

    async def reachable() -> bool | None:
        return await store.read(lambda connection: connection.scalar(select(people.c.reachable)))

    known = People(store)
    await known.set_reachable(NOOR.key, reachable=False)
    assert await known.count() == 0
    await write(store, 1, NOOR, "bonjour")
    await known.set_reachable(NOOR.key, reachable=False)
    assert not await reachable()
    await known.set_reachable(NOOR.key, reachable=True)
    assert await reachable()
    await known.set_reachable(NOOR.key, reachable=False)
    await write(store, 2, NOOR, "me revoilà")
    assert await reachable()


async def test_somebody_is_muted_by_their_tag(store: Database) -> None:
    """
    And nobody else; what is kept of them stays.
    """
    await write(store, 1, NOOR, "insulte")
    await write(store, 2, LOU, "bonjour")
    known = People(store)
    assert await known.mute("00000000", 5) == 0
    assert await known.mute(tag_of(store.vault.lookup(NOOR.key)), 5) == 1
    assert await known.profile(NOOR.key) == Profile(language="fr", muted_until=5)
    assert await known.profile(LOU.key) == Profile(language="fr")


NOTHING = {"alerts": 0, "questions": 0, "broadcasts": 0, "threads": 0}


async def test_the_purge_removes_what_is_past_its_time(store: Database) -> None:
    """
    Messages after 30 days, people a year after their last one, numbers of updates after three days.
    """
    await write(store, 1, NOOR, "ancien", at=0)
    await write(store, 2, NOOR, "récent", at=40 * DAY)
    await write(store, 3, LOU, "parti", at=1)
    await fail(store, 4, LOU)
    assert await purge(store, 41 * DAY) == {"messages": 2, "profile": 0, "updates": 2, "aside": 1, **NOTHING}
    holdings = await People(store).holdings(NOOR.key)
    assert holdings is not None
    assert [text for _, text in holdings.messages] == ["récent"]
    assert await purge(store, 366 * DAY) == {"messages": 1, "profile": 1, "updates": 1, "aside": 0, **NOTHING}
    assert await People(store).profile(LOU.key) is None
    assert await People(store).profile(NOOR.key) is not None


async def test_the_purge_leaves_what_waits(store: Database) -> None:
    """
    An update that was never answered is owed an answer, however old.
    """
    await Inbox(store, clock=lambda: 0).accept([({"update_id": 1}, NOOR.key)])
    await purge(store, 400 * DAY)
    assert len(await Inbox(store).backlog()) == 1


async def test_a_name_that_changed_is_kept_anew(store: Database) -> None:
    """
    What is held is what is true.
    """
    await write(store, 1, NOOR, "")
    await write(store, 2, replace(NOOR, first_name="Nora"), "")
    holdings = await People(store).holdings(NOOR.key)
    assert holdings is not None
    assert holdings.first_name == "Nora"
