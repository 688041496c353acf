"""
The nouns that cross rooms: who wrote, what came in, what goes out.

Only the standard library is imported here. Behaviour lives in the rooms; these are frozen facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from functools import lru_cache


class Form(StrEnum):
    """
    How the bot addresses a person in languages that tell the two apart.
    """

    VOUS = "vous"
    TU = "tu"


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


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody who writes to the bot.

    Parameters:
        key: Opaque and stable within a channel; never shown and never logged in clear.
        first_name: As the channel gives it; may be empty and may hold anything at all.
        language_hint: The language of the person's device ("fr", "en-GB"), or None.
    """

    key: str
    first_name: str = ""
    language_hint: str | None = None


class Limit(StrEnum):
    """
    Whether more is written than can be answered: by this person (notice) or by everybody together (crowded), told once
    and met with silence from then on.
    """

    NONE = "none"
    NOTICE = "notice"
    CROWDED = "crowded"
    SILENT = "silent"


ALL_THEMES = "all"
"""
Stands for every theme of the menu where somebody chooses what to hear of.
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    What is remembered of a person from one message to the next.

    Parameters:
        language: The language they wrote in last or chose, or None.
        chosen_language: Whether they chose it, so that it no longer follows what they write.
        form: The form of address they chose, or None for the pack's own.
        wants_messages: Whether they may be written to without having asked something.
        muted_until: Until when their messages are not answered, in seconds since 1970; 0 if they are.
        visits: How often they were told about a subject, by subject.
        articles: The ids of the articles they were shown lately, oldest first.
        searched: What they looked for last on the blog, for the pages that follow.
        alerts: The themes of which they want to hear when there is a new article; `ALL_THEMES` for every one.
        alerts_at_once: Whether they want to hear at once rather than in the evening.
        asked_if_hired: Whether they were asked, after good news, if they found work.
        hired: Whether they said that they found work.
        failures: How many of their messages in a row were not understood.
        insults: How many insults they wrote.
    """

    language: str | None = None
    chosen_language: bool = False
    form: Form | None = None
    wants_messages: bool = True
    muted_until: int = 0
    visits: Mapping[str, int] = field(default_factory=dict)
    articles: tuple[str, ...] = ()
    searched: str = ""
    alerts: tuple[str, ...] = ()
    alerts_at_once: bool = False
    asked_if_hired: bool = False
    hired: bool = False
    failures: int = 0
    insults: int = 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """
    Everything that is kept of a person, for them to see.

    Parameters:
        profile: What is remembered.
        first_name: As the channel gave it.
        first_seen: When they wrote first.
        last_seen: When they wrote last.
        messages: What they wrote and when, oldest first, as long as it is kept.
    """

    profile: Profile
    first_name: str
    first_seen: datetime
    last_seen: datetime
    messages: tuple[tuple[datetime, str], ...] = ()


class Reason(StrEnum):
    """
    Why a conversation is handed over to a coach.
    """

    ASKED = "asked"
    DISTRESS = "distress"
    FAILURES = "failures"
    UNHELPFUL = "unhelpful"
    FILE = "file"


class AccountRule(StrEnum):
    """
    When the bot answers in the private chats of a coach's own account.
    """

    ALWAYS = "always"
    OUTSIDE_HOURS = "outside_hours"
    FIRST_CONTACT = "first_contact"
    NEVER = "never"


class ThreadState(IntEnum):
    """
    Whether a coach takes part in a conversation: not (closed), not yet (waiting), or instead of the bot (taken).
    """

    CLOSED = 0
    WAITING = 1
    TAKEN = 2


@dataclass(frozen=True, slots=True)
class Reception:
    """
    What people find when they want a human.

    Parameters:
        has_desk: Whether conversations can be handed over; otherwise people are told how to write to the coach.
        away: Whether an answer will take longer than usual.
        back: The day from which the coach is back, or None if it is not a matter of days.
        wants_files: Whether files that people send are handed over.
        insults: After how many insults somebody is muted; 0 for never.
        insult_hours: For how many hours.
    """

    has_desk: bool = False
    away: bool = False
    back: date | None = None
    wants_files: bool = False
    insults: int = 0
    insult_hours: int = 24


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
class Article:
    """
    A post of the blog.

    Parameters:
        id: Ten characters that stay the same as long as the address does; fits into a button.
        title: As the blogger wrote it.
        url: Where it can be read; a `file:` address for posts that are in no public place.
        language: Two letters.
        published: The day it was published, or None.
        tags: Lower-case words the blogger filed it under.
        summary: One or two sentences.
        text: The whole post as plain text, paragraphs separated by blank lines.
        outdated: Old names of things that it uses, from which a reader should know that it has aged.
    """

    id: str
    title: str
    url: str
    language: str
    published: date | None
    tags: tuple[str, ...]
    summary: str
    text: str
    outdated: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """
        Whether `url` opens in anybody's browser.
        """
        return self.url.startswith(("https://", "http://"))

    @property
    def reading_minutes(self) -> int:
        """
        Minutes it takes to read at 230 words a minute (Brysbaert 2019, silent reading of non-fiction), at least one.
        """
        return _reading_minutes(self.text)


@lru_cache(maxsize=1024)
def _reading_minutes(text: str) -> int:
    return max(1, round(len(text.split()) / 230))


@dataclass(frozen=True, slots=True)
class Card:
    """
    An article as it is shown.

    Parameters:
        article: The article.
        why: One sentence of it that tells why; plain text, may be empty.
    """

    article: Article
    why: str = ""


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
