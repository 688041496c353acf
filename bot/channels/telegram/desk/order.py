"""
What a coach wants done, what is done, and the parts it takes.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from telegram import Message

from bot.channels.telegram.api import Api
from bot.channels.telegram.calls import Call
from bot.channels.telegram.desk.card import Cards
from bot.channels.telegram.desk.place import Desk
from bot.channels.telegram.desk.team import Coach, Team
from bot.content.drafts import FaqDraft
from bot.content.lesson import Lesson
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.conversation.voice import Voice
from bot.model import Broadcast, Button, Document, Incoming
from bot.storage.broadcasts import Broadcasts
from bot.storage.errands import Change
from bot.storage.facts import Facts
from bot.storage.people import People
from bot.storage.questions import Drafts, Questions
from bot.storage.takeovers import Takeovers
from bot.storage.threads import Thread, Threads

Figures = Callable[[int], Awaitable[tuple[str, bytes]]]
"""
What happened in some days, as the caption of a picture, and the picture (PNG).
"""


class Send(Protocol):
    """
    Says something where an order was given.
    """

    async def __call__(
        self,
        message: Message,
        html: str,
        document: Document | None = None,
        buttons: tuple[tuple[Button, ...], ...] = (),
    ) -> None:
        """
        Send it.

        Parameters:
            message: The order, or the message whose button was pressed.
            html: What to say, or the caption of a picture.
            document: A picture (PNG), or None.
            buttons: Rows of buttons below.
        """


class Shows(Protocol):
    """
    Shows broadcasts to coaches.
    """

    async def text(self, broadcast: Broadcast, rate: float = 0.0) -> tuple[str, tuple[tuple[Button, ...], ...]]:
        """
        The figures of a broadcast as Telegram HTML, and what can be done about it.
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
        later: Does something that takes long, and sends what comes of it.
        send: Sends what came of something that took long.
        facts: What the bot waits for from coaches.
        broadcasts: Messages to many.
        progress: Shows how far they have come.
        show: Makes a call at once, where an order was given.
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
    later: Callable[[Coroutine[Any, Any, None]], None]
    send: Send
    facts: Facts
    broadcasts: Broadcasts
    progress: Shows
    show: Callable[[Message, Call], Awaitable[None]]
    figures: Figures | None = None
    teaching: Teaching | None = None

    def voice(self, thread: Thread) -> Voice:
        """
        The pack speaking to the person of a thread.
        """
        return self.router.voice_for(Incoming(thread.person), Memory(thread.profile))


@dataclass(frozen=True, slots=True)
class Order:
    """
    Something a coach wants done.

    Parameters:
        coach: Who.
        message: The command, or the message whose button was pressed.
        words: What stands behind the command.
        thread: The thread of the topic it was said in, or None.
        arguments: What stands behind the verb of a button.
    """

    coach: Coach
    message: Message
    words: str = ""
    thread: Thread | None = None
    arguments: tuple[str, ...] = ()

    @property
    def replied(self) -> Message | None:
        """
        The message that the command replies to; not the notice that the topic was made.
        """
        original = self.message.reply_to_message
        return None if original is None or original.forum_topic_created is not None else original


@dataclass(frozen=True, slots=True)
class Done:
    """
    What is done.

    Parameters:
        html: What to say to the coach; nothing if empty.
        buttons: Rows of buttons below.
        changes: What is kept.
        reaction: An emoji to react with to the order.
        replaces: Whether it takes the place of the message whose button was pressed.
        notice: What to show for a moment where a button was pressed; plain text.
        prompts: Whether the coach is to write an answer to it.
    """

    html: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    changes: tuple[Change, ...] = field(default=())
    reaction: str = ""
    replaces: bool = False
    notice: str = ""
    prompts: bool = False


Does = Callable[[Office, Order], Awaitable[Done]]
"""
Carries out an order.
"""
