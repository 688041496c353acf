"""
A stand-in for Telegram: a Bot API server over real HTTP, and people who write to the bot.

Tests use what is exported here; the modules behind are the server's own rooms.
"""

from __future__ import annotations

from tests.telegram_server.business import BusinessAccount, BusinessChat
from tests.telegram_server.chats import ADMIN_RIGHTS, Topic
from tests.telegram_server.faults import (
    BadGateway,
    DropAfter,
    DropBefore,
    Hold,
    Slow,
    bad,
    flood,
    other_poller,
    refused,
    wrong_token,
)
from tests.telegram_server.groups import Group
from tests.telegram_server.html import parse_html
from tests.telegram_server.icons import TOPIC_ICONS
from tests.telegram_server.limits import Limits
from tests.telegram_server.model import Button, Entity, Message, User
from tests.telegram_server.participants import NoSuchButtonError, Participant, Press
from tests.telegram_server.people import Person
from tests.telegram_server.recording import Call, Outcome
from tests.telegram_server.server import TelegramServer

__all__ = [
    "ADMIN_RIGHTS",
    "TOPIC_ICONS",
    "BadGateway",
    "BusinessAccount",
    "BusinessChat",
    "Button",
    "Call",
    "DropAfter",
    "DropBefore",
    "Entity",
    "Group",
    "Hold",
    "Limits",
    "Message",
    "NoSuchButtonError",
    "Outcome",
    "Participant",
    "Person",
    "Press",
    "Slow",
    "TelegramServer",
    "Topic",
    "User",
    "bad",
    "flood",
    "other_poller",
    "parse_html",
    "refused",
    "wrong_token",
]
