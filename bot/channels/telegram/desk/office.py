"""
The parts that coaches' orders take.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk.progress import Progress
from bot.channels.telegram.desk.background import Background
from bot.channels.telegram.desk.card import Cards
from bot.channels.telegram.desk.order import Done, Order
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.team import Team
from bot.content.drafts import FaqDraft
from bot.content.lesson import Lesson
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.conversation.voice import Voice
from bot.model import Incoming, Person
from bot.storage.broadcasts import Broadcasts
from bot.storage.crypto import tag_of
from bot.storage.facts import Facts
from bot.storage.people import People
from bot.storage.questions import Drafts, Questions
from bot.storage.takeovers import Takeovers
from bot.storage.threads import Thread, Threads

Figures = Callable[[int], Awaitable[tuple[str, bytes]]]
"""
What happened in some days, as the caption of a picture, and the picture (PNG).
"""


class Teaching(Protocol):
    """
    Changes what the bot knows, while it runs.
    """

    async def groups(self, texts: Sequence[tuple[str, str]]) -> list[tuple[int, ...]]:
        """
        Which of some texts, each with its language, mean alike; the largest groups first.
        """

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> Lesson:
        """
        Teach that some texts mean an intent.
        """

    async def add_faq(self, language: str, draft: FaqDraft) -> Lesson:
        """
        Teach a FAQ entry; where it has no category, one is chosen.
        """

    async def undo(self) -> Lesson | None:
        """
        Take back the last change; None if there is none.
        """


@dataclass(frozen=True, slots=True)
class Office:
    """
    The parts that coaches' orders need.

    Parameters:
        api: Asks Telegram.
        desk: Where the desk is.
        team: Who the coaches are.
        threads: The conversations.
        takeovers: Changes them.
        people: Who writes.
        questions: What is to be reviewed.
        drafts: What is about to be done.
        cards: Shows people to coaches.
        router: The bot's own way of answering.
        background: Does what takes long.
        facts: What the bot waits for from coaches.
        broadcasts: Messages to many.
        progress: Shows how far they have come.
        figures: Counts what happened; None if nothing counts.
        teaching: Changes what the bot knows; None if it cannot be changed.
    """

    api: Api
    desk: Desk
    team: Team
    threads: Threads
    takeovers: Takeovers
    people: People
    questions: Questions
    drafts: Drafts
    cards: Cards
    router: Router
    background: Background
    facts: Facts
    broadcasts: Broadcasts
    progress: Progress
    figures: Figures | None = None
    teaching: Teaching | None = None

    def voice(self, thread: Thread) -> Voice:
        """
        The pack speaking to the person of a thread.
        """
        return self.router.voice_for(Incoming(thread.person), Memory(thread.profile))

    def tag(self, person: Person) -> str:
        """
        The eight digits that stand for somebody where nobody is to be named.
        """
        return tag_of(self.threads.database.vault.lookup(person.key))


Does = Callable[[Office, Order], Awaitable[Done]]
"""
Carries out an order.
"""
