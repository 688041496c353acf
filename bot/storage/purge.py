"""
Removing what has been kept long enough, as `content.retention` has it.
"""

from sqlalchemy import Connection, delete, update

from bot.content.retention import Kept, days_of
from bot.storage import threads
from bot.storage.engine import Database
from bot.storage.inbox import State
from bot.storage.tables import alerts, audit, copies, drafts, inbox, messages, people, questions, recipients

_DAY_SECONDS = 86_400


async def purge(database: Database, now: float) -> dict[str, int]:
    """
    Remove what is past its time.

    Parameters:
        database: Where.
        now: Seconds since 1970.

    Returns:
        How many rows went, by kind.

    Raises:
        StorageError: The database cannot be written.
    """

    def before(kept: Kept) -> int:
        days = days_of(kept)
        return 0 if days is None else int(now) - days * _DAY_SECONDS

    conditions = {
        Kept.ALERTS: (alerts, alerts.c.at < before(Kept.ALERTS)),
        Kept.MESSAGES: (messages, messages.c.at < before(Kept.MESSAGES)),
        Kept.PROFILE: (people, people.c.last_seen < before(Kept.PROFILE)),
        Kept.UPDATES: (inbox, (inbox.c.state == State.DONE) & (inbox.c.received < before(Kept.UPDATES))),
        Kept.QUESTIONS: (questions, questions.c.at < before(Kept.QUESTIONS)),
        Kept.ASIDE: (inbox, (inbox.c.state == State.ASIDE) & (inbox.c.received < before(Kept.ASIDE))),
    }

    def remove(connection: Connection) -> dict[str, int]:
        # First, while it is still known whose threads they are.
        leaving = threads.of_people(people.c.last_seen < before(Kept.PROFILE))
        gone = threads.drop(connection, database.vault, threads.old(before(Kept.THREADS)) | leaving, int(now))
        removed: dict[str, int] = {
            kept: connection.execute(delete(table).where(condition)).rowcount
            for kept, (table, condition) in conditions.items()
        }
        for table in (copies, audit, drafts):
            connection.execute(delete(table).where(table.c.at < before(Kept.THREADS)))
        sent = (recipients.c.at < before(Kept.BROADCASTS)) & recipients.c.person.is_not(None)
        # The figures of a broadcast stay true without the people.
        removed[Kept.BROADCASTS] = connection.execute(update(recipients).where(sent).values(person=None)).rowcount
        return {**removed, Kept.THREADS: gone}

    return await database.write(remove)
