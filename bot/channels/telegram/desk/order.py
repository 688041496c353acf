"""
What a coach wants done, and what is done.
"""

from dataclasses import dataclass, field

from telegram import Message

from bot.channels.telegram.calls import Call
from bot.channels.telegram.desk.team import Coach
from bot.model import Button
from bot.storage.errands import Change
from bot.storage.threads import Thread


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
        shows: Calls that show something where the order was given, before anything is said.
    """

    html: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    changes: tuple[Change, ...] = field(default=())
    reaction: str = ""
    replaces: bool = False
    notice: str = ""
    prompts: bool = False
    shows: tuple[Call, ...] = ()
