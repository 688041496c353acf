"""
The only place that makes the parts and hands them to each other.
"""

from bot.app.blogging import access_of, check_blog, stored_articles, sync_blog
from bot.app.broadcasting import BroadcastError, Results, broadcasting
from bot.app.building import App, audit_examples, build, check
from bot.app.examining import examine
from bot.app.insight import FEWEST, Statistics, report_page, statistics
from bot.app.serving import serve
from bot.app.sharing import LinkError, bot_name, invitation, start_payload
from bot.app.teaching import Question, Teacher
from bot.storage.coaches import INVITATION_HOURS

__all__ = [
    "FEWEST",
    "INVITATION_HOURS",
    "App",
    "BroadcastError",
    "LinkError",
    "Question",
    "Results",
    "Statistics",
    "Teacher",
    "access_of",
    "audit_examples",
    "bot_name",
    "broadcasting",
    "build",
    "check",
    "check_blog",
    "examine",
    "invitation",
    "report_page",
    "serve",
    "start_payload",
    "statistics",
    "stored_articles",
    "sync_blog",
]
