"""
A small web server: `/telegram` for updates, `/health` for the state of the bot, `/go/…` to count clicks.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

WEBHOOK_PATH = "/telegram"
"""
Where updates are delivered.
"""

_LARGEST_UPDATE = 1024 * 1024
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """
    What is behind the addresses.

    Parameters:
        report: The state of the bot, and whether it is well.
        read: Makes an update of what was delivered.
        receive: Takes an update; returns once it is committed.
        secret: What a delivery must carry; an empty string if updates are not delivered here.
        open_article: Counts that an article is opened, by its id, and tells where it is; None if links pass elsewhere.
    """

    report: Callable[[], Awaitable[tuple[bool, dict[str, object]]]]
    read: Callable[[bytes], list[dict[str, Any]]]
    receive: Callable[[dict[str, Any]], Awaitable[None]]
    secret: str = ""
    open_article: Callable[[str], Awaitable[str]] | None = None


async def run(doors: Doors, host: str, port: int) -> None:
    """
    Serve until cancelled.

    Raises:
        OSError: The port is taken.
    """
    application = web.Application(client_max_size=_LARGEST_UPDATE)
    application.router.add_get("/health", partial(_health, doors))
    if doors.open_article is not None:
        application.router.add_get("/go/{article:[0-9a-f]+}", partial(_go, doors))
    if doors.secret:
        application.router.add_post(WEBHOOK_PATH, partial(_deliver, doors))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        _log.info("web_started", port=port, webhook=bool(doors.secret))
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def _health(doors: Doors, _: web.Request) -> web.Response:
    try:
        well, report = await doors.report()
    except RuntimeError as error:
        well, report = False, {"status": "database", "reason": str(error)}
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return web.Response(text=json.dumps(report), status=status, content_type="application/json")


async def _go(doors: Doors, request: web.Request) -> web.Response:
    """
    Lead on to an article. Only addresses of articles are led to, and nothing of the visitor is looked at.
    """
    if doors.open_article is None:
        raise web.HTTPNotFound
    target = await doors.open_article(request.match_info["article"])
    raise web.HTTPFound(target, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


async def _deliver(doors: Doors, request: web.Request) -> web.Response:
    if not hmac.compare_digest(request.headers.get(_SECRET_HEADER, "").encode(), doors.secret.encode()):
        _log.warning("delivery_refused", reason="wrong secret")
        return web.Response(status=HTTPStatus.FORBIDDEN)
    for update in doors.read(await request.read()):
        try:
            await doors.receive(update)
        except RuntimeError as error:
            # Telegram delivers it again.
            _log.error("updates_not_committed", reason=str(error))
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return web.Response()
