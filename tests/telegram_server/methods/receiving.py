"""
Methods for receiving updates, by polling or by webhook, and for leaving the server.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.telegram_server.errors import bad_request, conflict
from tests.telegram_server.model import Json
from tests.telegram_server.query import Query
from tests.telegram_server.updates import RawJson
from tests.telegram_server.webhook import WebhookSettings

MAX_CONNECTIONS = 100
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
# A local Bot API server accepts plain HTTP; for the tests' own machine so does this one.
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_updates(query: Query) -> RawJson:
    """`getUpdates`."""
    if query.world.webhook.settings is not None:
        raise conflict(WEBHOOK_ACTIVE)
    query.world.updates.allow(query.value("allowed_updates"))
    return await query.world.updates.poll(
        query.integer("offset"), query.integer("limit", 100), query.integer("timeout")
    )


async def set_webhook(query: Query) -> bool:
    """`setWebhook`; an empty address removes it."""
    if not query.text("url"):
        return await delete_webhook(query)
    address = urlsplit(query.text("url"))
    if address.scheme != "https" and address.hostname not in _LOCAL_HOSTS:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(query.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    connections = query.integer("max_connections", 40)
    query.world.updates.allow(query.value("allowed_updates"))
    query.world.updates.interrupt("terminated by setWebhook request")
    if query.flag("drop_pending_updates"):
        query.world.updates.clear()
    await query.world.webhook.start(
        WebhookSettings(
            url=query.text("url"),
            secret_token=query.text("secret_token"),
            max_connections=max(1, min(connections, MAX_CONNECTIONS)),
            ip_address=query.text("ip_address"),
        )
    )
    query.world.changes.notify()
    return True


async def delete_webhook(query: Query) -> bool:
    """`deleteWebhook`."""
    await query.world.webhook.stop()
    if query.flag("drop_pending_updates"):
        query.world.updates.clear()
    query.world.changes.notify()
    return True


def get_webhook_info(query: Query) -> Json:
    """`getWebhookInfo`."""
    return query.world.webhook.describe()


def log_out(query: Query) -> bool:
    """`logOut`: from now on this server refuses the bot."""
    query.world.logged_out = True
    return True


def close(_: Query) -> bool:
    """`close`."""
    return True
