"""
What comes in and what goes out.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.articles import Card
from bot.model.desk import Reason, ThreadState
from bot.model.people import Asked, Person


class AttachmentKind(StrEnum):
    """
    What came along with (or instead of) a text.
    """

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    OTHER = "other"


class Limit(StrEnum):
    """
    Whether more is written than can be answered: by this person (notice) or by everybody together (crowded), told once
    and met with silence from then on.
    """

    NONE = "none"
    NOTICE = "notice"
    CROWDED = "crowded"
    SILENT = "silent"


class Effect(StrEnum):
    """
    What has to happen together with a reply, besides its being sent.
    """

    FORGET = "forget"
    END = "end"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class Document:
    """
    A file that goes along with a reply.

    Parameters:
        name: Its file name.
        content: What is in it.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One thing a person did, whatever the channel: wrote, sent a command, pressed a button, sent a file.

    Parameters:
        person: Who did it.
        text: What was written, or the caption of an attachment; may be empty.
        command: The name of a command without its slash, or None.
        arguments: What followed the command.
        payload: The payload of the button that was pressed, or None.
        attachment: The kind of file that came along, or None.
        edited: Whether this corrects a message that came before.
        limit: Whether the person has used up what is answered in a while: told so once, then met with silence.
        late: How many messages are answered together with an apology for the delay; 0 if there is none.
        thread: Whether a coach takes part in the conversation.
    """

    person: Person
    text: str = ""
    command: str | None = None
    arguments: str = ""
    payload: str | None = None
    attachment: AttachmentKind | None = None
    edited: bool = False
    limit: Limit = Limit.NONE
    late: int = 0
    thread: ThreadState = ThreadState.CLOSED


@dataclass(frozen=True, slots=True)
class Button:
    """
    Something a person can press below a reply; it has either a payload or a url.

    Parameters:
        label: What is written on it; plain text.
        payload: What comes back when it is pressed, at most 64 bytes.
        url: The page it opens instead.
    """

    label: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What goes back to the person, before a channel has given it its looks.

    Parameters:
        language: The language it is written in.
        blocks: Paragraph groups of Telegram HTML, each at most 4096 characters long.
        cards: Articles to show below the text.
        buttons: Rows of buttons.
        replaces: Whether it takes the place of the message whose button was pressed.
        notice: A plain sentence of at most 200 characters shown for a moment when a button was pressed.
        document: A file to send along, or None.
        effects: What has to happen together with it.
        hand_over: Why the conversation is handed over to a coach, or None if it is not.
        urgent: Whether the coach should see it before others.
        asked: What it leaves open.
    """

    language: str
    blocks: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = field(default=())
    replaces: bool = False
    notice: str = ""
    document: Document | None = None
    effects: frozenset[Effect] = frozenset()
    hand_over: Reason | None = None
    urgent: bool = False
    asked: Asked = field(default_factory=Asked)
