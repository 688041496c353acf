"""
Answers to what people pressed or typed inline; each query takes one answer.
"""

from __future__ import annotations

from tests.telegram_server.errors import bad_request
from tests.telegram_server.query import Query
from tests.telegram_server.state import OpenQuery
from tests.telegram_server.text import utf16_length

MAX_CALLBACK_ANSWER = 200
MAX_INLINE_RESULTS = 50
MAX_INLINE_OFFSET = 64
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(query: Query) -> bool:
    """`answerCallbackQuery`."""
    if utf16_length(query.text("text")) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    _answer(query, "callback_query_id").answer = {
        "text": query.text("text"),
        "show_alert": query.flag("show_alert"),
        "url": query.text("url"),
    }
    query.world.changes.notify()
    return True


def answer_inline_query(query: Query) -> bool:
    """`answerInlineQuery`."""
    results = query.value("results") or []
    if len(results) > MAX_INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result.get("id") for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(query.text("next_offset").encode()) > MAX_INLINE_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    _answer(query, "inline_query_id").answer = {"results": results, "next_offset": query.text("next_offset")}
    query.world.changes.notify()
    return True


def _answer(query: Query, name: str) -> OpenQuery:
    """The query to be answered, provided that it still waits."""
    waiting = query.world.queries.get(query.text(name))
    if waiting is None or waiting.expired or waiting.answer is not None:
        raise bad_request(TOO_OLD)
    return waiting
