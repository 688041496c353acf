"""
Who writes, and what is remembered of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Form(StrEnum):
    """
    How the bot addresses a person in languages that tell the two apart.
    """

    VOUS = "vous"
    TU = "tu"


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


ALL_THEMES = "all"
"""
Stands for every theme of the menu where somebody chooses what to hear of.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a reply leaves open, so that a short answer to it ("yes", "the second one") can be understood.

    Parameters:
        subject: The intent that the reply was about, or an empty string.
        options: What its closing question gave to choose from, in its own words.
        choices: The payloads of the buttons that it gave to choose from, instead of words.
        yes: The payload of the button that says yes, or an empty string.
        no: The payload of the button that says no, or an empty string.
    """

    subject: str = ""
    options: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    yes: str = ""
    no: str = ""


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
        zone: The time zone they chose, or an empty string for that of the settings.
        failures: How many of their messages in a row were not understood.
        insults: How many insults they wrote.
        asked: What the last reply to them left open.
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
    zone: str = ""
    failures: int = 0
    insults: int = 0
    asked: Asked = field(default_factory=Asked)


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
        notes: What coaches noted about them, and what they filed them under.
        broadcasts: How many messages to many they were sent, as long as that is kept.
    """

    profile: Profile
    first_name: str
    first_seen: datetime
    last_seen: datetime
    messages: tuple[tuple[datetime, str], ...] = ()
    notes: tuple[str, ...] = ()
    broadcasts: int = 0
