"""
The refusals of the Bot API: one exception and the constructors for its usual shapes.

The wording is Telegram's own; clients branch on these descriptions, so a paraphrase would hide faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """
    A call that the Bot API answers with `"ok": false`.

    Not a frozen dataclass as the other values here: Python writes the traceback into an exception.
    """

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Name the HTTP status, Telegram's words, and what it adds for programs to read."""
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def to_json(self) -> dict[str, Any]:
        """The body that Telegram sends with this error."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """A 400 with Telegram's prefix, which puts the first letter of a sentence in lower case."""
    # Upper-case codes such as BUTTON_DATA_INVALID keep their case; sentences do not.
    if len(reason) > 1 and reason[0].isupper() and not reason[1].isupper():
        reason = reason[0].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """A 403: the person or the chat does not want this bot."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """A 409: two ways of receiving updates at the same time."""
    return ApiError(409, f"Conflict: {reason}")


def unauthorized() -> ApiError:
    """A 401: the token is not one of this server's."""
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """A 404: the Bot API has no such method."""
    return ApiError(404, "Not Found")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 that says when to come back."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def migrated(new_chat_id: int) -> ApiError:
    """A 400 that carries the id of the supergroup which replaced a group."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
