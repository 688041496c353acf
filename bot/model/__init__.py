"""
The nouns that cross rooms: who wrote, what came in, what goes out.

Only the standard library is imported here. Behaviour lives in the rooms; these are frozen facts.
"""

from bot.model.articles import Article, Card
from bot.model.broadcasts import Audience, Broadcast, BroadcastState, Letter, RecipientState
from bot.model.desk import AccountRule, Reason, Reception, ThreadState
from bot.model.messages import AttachmentKind, Button, Document, Effect, Incoming, Limit, Reply
from bot.model.people import ALL_THEMES, Asked, Form, Holdings, Person, Profile

__all__ = [
    "ALL_THEMES",
    "AccountRule",
    "Article",
    "Asked",
    "AttachmentKind",
    "Audience",
    "Broadcast",
    "BroadcastState",
    "Button",
    "Card",
    "Document",
    "Effect",
    "Form",
    "Holdings",
    "Incoming",
    "Letter",
    "Limit",
    "Person",
    "Profile",
    "Reason",
    "Reception",
    "RecipientState",
    "Reply",
    "ThreadState",
]
