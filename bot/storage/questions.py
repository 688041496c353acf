"""
What the bot did not understand or answered badly, for coaches to look at; and what they are about to make of it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.events import Event, Lost, Voted
from bot.storage.crypto import Vault
from bot.storage.engine import Database
from bot.storage.errands import Change
from bot.storage.people import opened
from bot.storage.tables import drafts, messages, people, questions, threads


class QuestionState(IntEnum):
    """
    What became of a question.
    """

    OPEN = 0
    USED = 1
    IGNORED = 2


@dataclass(frozen=True, slots=True)
class Question:
    """
    A question to be looked at.

    Parameters:
        id: Its row.
        language: Two letters.
        text: What was written.
        intent: The intent whose answer was voted down, or None if the question was not understood.
        answer: What a coach answered, if one did; else empty.
        first_name: Of who wrote it, so that it can be taken out of the text.
    """

    id: int
    language: str
    text: str
    intent: str | None
    answer: str
    first_name: str


@dataclass(frozen=True, slots=True)
class Questions:
    """
    Finds questions, and keeps what became of them.

    Parameters:
        database: Where they are.
    """

    database: Database

    async def waiting(self, most: int) -> list[Question]:
        """
        Those that nobody has decided about, latest first.
        """
        statement = (
            select(questions, people.c.sealed.label("whose"))
            .join(people, people.c.id == questions.c.person)
            .where(questions.c.state == QuestionState.OPEN)
            .order_by(questions.c.id.desc())
            .limit(most)
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return [self._question(row) for row in rows]

    def deciding(self, ids: Sequence[int], state: QuestionState) -> Change:
        """
        Decide about questions.
        """
        statement = update(questions).where(questions.c.id.in_(ids)).values(state=state)
        return lambda connection: connection.execute(statement)

    def answering(self, thread: int, answer: str) -> Change:
        """
        Take note of what a coach answered to the last open question of the person in a thread, if it is the first.
        """
        vault = self.database.vault

        def change(connection: Connection) -> None:
            last = (
                select(questions)
                .join(threads, threads.c.person == questions.c.person)
                .where(threads.c.id == thread, questions.c.state == QuestionState.OPEN)
                .order_by(questions.c.id.desc())
                .limit(1)
            )
            row = connection.execute(last).first()
            if row is None or (kept := vault.open(row.sealed))["answer"]:
                return
            sealed = vault.seal({**kept, "answer": answer})
            connection.execute(update(questions).where(questions.c.id == row.id).values(sealed=sealed))

        return change

    def _question(self, row: Any) -> Question:
        kept = self.database.vault.open(row.sealed)
        person, _ = opened(self.database.vault, row.whose)
        return Question(row.id, row.language, kept["text"], row.intent, kept["answer"], person.first_name)


@dataclass(frozen=True, slots=True)
class Drafts:
    """
    Keeps what coaches are about to do.

    Parameters:
        database: Where.
        clock: Seconds since 1970.
    """

    database: Database
    clock: Callable[[], float] = time.time

    async def keep(self, value: Any) -> int:
        """
        Keep a JSON value; returns the number by which it is found again.
        """
        row = {"at": int(self.clock()), "sealed": self.database.vault.seal(value)}
        made = insert(drafts).values(row).returning(drafts.c.id)
        return int(await self.database.write(lambda connection: connection.scalar(made)) or 0)

    async def change(self, draft: int, value: Any) -> None:
        """
        Keep another value in its place.
        """
        statement = update(drafts).where(drafts.c.id == draft).values(sealed=self.database.vault.seal(value))
        await self.database.write(lambda connection: connection.execute(statement))

    async def get(self, draft: int) -> Any:
        """
        What was kept; None if it is gone.
        """
        sealed = await self.database.read(
            lambda connection: connection.scalar(select(drafts.c.sealed).where(drafts.c.id == draft))
        )
        return None if sealed is None else self.database.vault.open(sealed)


def note(connection: Connection, vault: Vault, about: Mapping[str, int], said: str, events: Sequence[Event]) -> None:
    """
    Keep what was not understood, or what an answer that was voted down had answered; within the caller's transaction.

    Parameters:
        connection: The transaction.
        vault: Seals the text.
        about: The row of the `person`, and the time it is (`at`).
        said: What they wrote just now; empty for a button.
        events: What happened.
    """
    for event in events:
        if isinstance(event, Lost) and said:
            text, intent = said, None
        elif isinstance(event, Voted) and not event.useful:
            text, intent = _asked(connection, vault, about["person"], event.subject), event.subject
        else:
            continue
        if text:
            row = {**about, "language": event.language, "intent": intent, "state": QuestionState.OPEN}
            connection.execute(insert(questions).values(**row, sealed=vault.seal({"text": text, "answer": ""})))


def _asked(connection: Connection, vault: Vault, person: int, intent: str) -> str:
    """
    What a person wrote last that was understood as an intent; empty if that is not kept any more.
    """
    theirs = select(messages.c.sealed).where(messages.c.person == person, messages.c.intent == intent)
    sealed = connection.scalar(theirs.order_by(messages.c.id.desc()).limit(1))
    return "" if sealed is None else str(vault.open(sealed))
