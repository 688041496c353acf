"""
Methods about the accounts that the bot is connected to.
"""

from __future__ import annotations

from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json
from tests.telegram_server.query import Query


def get_connection(query: Query) -> Json:
    """`getBusinessConnection`; one that was ended is still described."""
    if query.connection is None:
        raise bad_request("business connection not found")
    return query.connection.to_json()
