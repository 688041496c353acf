"""
The only place that makes the parts and hands them to each other.
"""

from bot.app.blogging import access_of, check_blog, stored_articles, sync_blog
from bot.app.building import App, audit_examples, build, check
from bot.app.examining import examine
from bot.app.serving import serve

__all__ = [
    "App",
    "access_of",
    "audit_examples",
    "build",
    "check",
    "check_blog",
    "examine",
    "serve",
    "stored_articles",
    "sync_blog",
]
