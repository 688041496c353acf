"""
From a decoded HTTP request to an answer: token, faults, limits, the method, the record of the call.

HTTP itself is in `server.py`.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.errors import ApiError, not_found, unauthorized
from tests.telegram_server.faults import BadGateway, DropAfter, DropBefore, Fault, Faults, Hold, Refusal, Slow
from tests.telegram_server.files import MAX_UPLOAD, Upload
from tests.telegram_server.methods import METHODS, canonical_name
from tests.telegram_server.query import Query, decode
from tests.telegram_server.recording import Call, Outcome
from tests.telegram_server.state import World
from tests.telegram_server.updates import RawJson

MAX_REQUEST = MAX_UPLOAD + 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP; a body of None means that the connection is cut."""

    outcome: Outcome
    body: bytes | None
    content_type: str = "application/json"


class Dispatcher:
    """Performs calls on a world."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        """Serve one token."""
        self.crashes: list[Exception] = []
        self._world = world
        self._token = token
        self._faults = faults

    async def call(self, token: str, method: str, raw: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Reply:
        """Perform one call and record it."""
        world, arrived = self._world, self._world.clock()
        name = canonical_name(method) or method
        parameters: Mapping[str, Any] = raw
        try:
            self._admit(token, method)
            parameters = decode(raw)
            reply = await self._perform(_query(world, name, parameters, uploads))
        except ApiError as error:
            reply = _refusal(error)
        except Exception as crash:  # noqa: BLE001 - kept, and raised when the server stops
            # A mistake of the stand-in itself: the bot sees Telegram's 500, the test fails at the end.
            self.crashes.append(crash)
            reply = _refusal(ApiError(500, "Internal Server Error"))
        files = tuple(upload.name for upload in uploads.values())
        world.calls.append(Call(name, parameters, arrived, reply.outcome, files))
        world.changes.notify()
        return reply

    def _admit(self, token: str, method: str) -> None:
        if token != self._token:
            raise unauthorized()
        if self._world.logged_out:
            raise ApiError(400, "Logged out")
        if canonical_name(method) is None:
            raise not_found()

    async def _perform(self, query: Query) -> Reply:
        fault = self._faults.next_for(query.method, query.value("chat_id"))
        await _delay(fault)
        if isinstance(fault, Refusal):
            raise fault.error
        if isinstance(fault, BadGateway):
            outcome = Outcome(fault.status, "Bad Gateway", performed=False)
            return Reply(outcome, fault.body.encode(), "text/html")
        if isinstance(fault, DropBefore):
            return Reply(Outcome(0, "connection dropped before delivery", performed=False), None)
        result = await self._run(query)
        if isinstance(fault, DropAfter):
            return Reply(Outcome(0, "connection dropped after delivery", result=result), None)
        return Reply(Outcome(200, result=result), _success(result))

    async def _run(self, query: Query) -> Any:
        method, chat_id = METHODS[query.method], query.value("chat_id")
        if isinstance(chat_id, int):
            paid = query.flag("allow_paid_broadcast")
            self._world.throttle.admit(chat_id, self._world.clock(), cost=method.cost(query), paid=paid)
        result = method.handler(query)
        return await result if inspect.isawaitable(result) else result


def _query(world: World, method: str, parameters: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Query:
    """The call without a connection where its method takes none; Telegram passes over what it does not know."""
    if not METHODS[method].takes_connection:
        parameters = {name: value for name, value in parameters.items() if name != "business_connection_id"}
    return Query(world, method, parameters, uploads)


async def _delay(fault: Fault | None) -> None:
    if isinstance(fault, Slow):
        await asyncio.sleep(fault.seconds)
    elif isinstance(fault, Hold):
        fault.arrived.set()
        await fault.released.wait()


def _success(result: Any) -> bytes:
    text = result.text if isinstance(result, RawJson) else json.dumps(result).encode()
    return b'{"ok":true,"result":' + text + b"}"


def _refusal(error: ApiError) -> Reply:
    outcome = Outcome(error.code, error.description, performed=False)
    return Reply(outcome, json.dumps(error.to_json()).encode())
