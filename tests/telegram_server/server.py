"""
The stand-in Bot API server: HTTP in front, the test's handle on everything behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.telegram_server.business import BusinessAccount, check_rights
from tests.telegram_server.chats import ADMIN_RIGHTS, Chat
from tests.telegram_server.dispatch import MAX_REQUEST, Dispatcher
from tests.telegram_server.errors import ApiError
from tests.telegram_server.faults import Faults
from tests.telegram_server.files import Upload
from tests.telegram_server.groups import Group
from tests.telegram_server.limits import Limits
from tests.telegram_server.model import Json, User
from tests.telegram_server.people import Person
from tests.telegram_server.profile import Profile
from tests.telegram_server.recording import Call
from tests.telegram_server.screen import PATIENCE
from tests.telegram_server.state import World

T = TypeVar("T")

TOKEN = "7123456789:AAHstandInServerForTests-0123456789ab"
BOT = User(7_123_456_789, "Tremplin", is_bot=True, username="tremplin_test_bot")
HOST = "127.0.0.1"
# Handlers that hang (long polls, held calls) are cut after this many seconds when the server goes away.
SHUTDOWN_TIMEOUT = 0.05

_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class TelegramServer:
    """A Bot API server on this machine, to be used with `async with`."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        token: str = TOKEN,
        bot: User = BOT,
        privacy_mode: bool = True,
        topics_in_private: bool = False,
        business_mode: bool = True,
        webhook_retry_delay: float = 0.02,
    ) -> None:
        """
        Prepare a server; it listens once entered.

        `clock` is the server's idea of the time, `privacy_mode` hides most group messages from the bot as BotFather's
        switch does, `business_mode` lets people connect it to their accounts as another of his switches does, and
        `webhook_retry_delay` is the pause in seconds before a refused delivery is repeated.
        """
        self.token = token
        self.bot = bot
        self.faults = Faults()
        self._world = World(clock, bot, privacy_mode, topics_in_private, business_mode, webhook_retry_delay)
        self._world.users[bot.id] = bot
        self._dispatcher = Dispatcher(self._world, token, self.faults)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        """Start to listen."""
        await self.come_back()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; if the stand-in itself made a mistake, say so now."""
        self.faults.clear()
        await self._world.webhook.stop()
        await self.go_offline()
        if error is None and self._dispatcher.crashes:
            raise ExceptionGroup("the stand-in server failed", self._dispatcher.crashes)

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url()`."""
        return f"http://{HOST}:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        """For `ApplicationBuilder.base_file_url()`."""
        return f"http://{HOST}:{self._port}/file/bot"

    @property
    def calls(self) -> list[Call]:
        """Every call that ended, in that order."""
        return self._world.calls

    @property
    def profile(self) -> Profile:
        """Names, descriptions, commands and menu buttons that the bot has set."""
        return self._world.profile

    @property
    def pending_updates(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self._world.updates.pending)

    @property
    def limits(self) -> Limits | None:
        """The sending limits in force; none unless a test sets them."""
        return self._world.throttle.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self._world.throttle.limits = limits

    def person(
        self,
        first_name: str = "Camille",
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "fr",
        is_premium: bool = False,
        started: bool = False,
    ) -> Person:
        """Someone with Telegram; `started` means that they wrote to the bot long ago."""
        user_id = self._world.new_user_id()
        user = User(user_id, first_name, False, last_name, username, language_code, is_premium)
        chat = Chat(user_id, "private", user=user, reachable="open" if started else "unknown")
        self._world.users[user_id] = user
        self._world.chats[user_id] = chat
        return Person(self._world, chat, user)

    def group(
        self,
        title: str,
        *,
        supergroup: bool = True,
        forum: bool = False,
        with_bot: bool = True,
        bot_is_admin: bool = False,
        bot_rights: AbstractSet[str] = ADMIN_RIGHTS,
        username: str | None = None,
    ) -> Group:
        """A group, public if it has a `username`; the bot is in it already unless told otherwise."""
        chat = Chat(
            id=self._world.new_group_id(supergroup=supergroup or forum),
            type="supergroup" if supergroup or forum else "group",
            title=title,
            username=username,
            is_forum=forum,
            reachable="open" if with_bot else "unknown",
            bot_is_admin=bot_is_admin,
            bot_rights=frozenset(bot_rights),
        )
        self._world.chats[chat.id] = chat
        return Group(self._world, chat)

    async def business(
        self, owner: Person, *, can_reply: bool = True, rights: AbstractSet[str] | None = None
    ) -> BusinessAccount:
        """Someone connects the bot to their account, with `rights` beyond that of replying."""
        if not self._world.business_mode:
            raise RuntimeError("this bot cannot be connected to accounts")
        given = check_rights(frozenset(rights or ()) | ({"can_reply"} if can_reply else set()))
        account = BusinessAccount(self._world, self._world.new_connection(owner.user, given))
        account.tell_bot()
        return account

    def calls_to(self, method: str, chat: object = None) -> list[Call]:
        """The calls of one method, optionally only those for one chat."""
        chat_id = getattr(chat, "id", chat)
        return [call for call in self.calls if call.method == method and chat_id in (None, call.chat_id)]

    def push_raw(self, update: Json | bytes) -> int:
        """Queue an update exactly as given, however broken; `UPDATE_ID` in bytes becomes the id, which is returned."""
        return self._world.updates.add_raw(update)

    def duplicate_next_update(self) -> None:
        """Deliver the next update that arises twice, with the same id."""
        self._world.updates.duplicate_next()

    async def wait_for(self, predicate: Callable[[], T | None], within: float = PATIENCE) -> T:
        """The first true answer of a predicate, asked again after every change on the server."""
        return await self._world.changes.wait_for(predicate, within, self._describe)

    async def updates_confirmed(self, within: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update (which does not mean that it handled them)."""
        await self.wait_for(lambda: not self._world.updates.pending, within)

    async def go_offline(self) -> None:
        """Refuse all connections and cut the open ones; what the server knows stays."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def come_back(self) -> None:
        """Listen again, at the same address as before."""
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_route("*", "/bot{token}/{method}", self._serve_call)
        app.router.add_route("*", "/{tail:.*}", _serve_nothing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port, reuse_address=True).start()
        self._port = int(self._runner.addresses[0][1])

    async def _serve_call(self, request: web.Request) -> web.StreamResponse:
        try:
            raw, uploads = await _read(request)
        except web.HTTPRequestEntityTooLarge:
            return _error(413, "Request Entity Too Large")
        except (ValueError, TypeError):
            return _error(400, "Bad Request: can't parse JSON object")
        reply = await self._dispatcher.call(request.match_info["token"], request.match_info["method"], raw, uploads)
        if reply.body is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        headers = {"Content-Type": reply.content_type}
        return web.Response(status=reply.outcome.status, body=reply.body, headers=headers)

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        stored = self._world.files.at(request.match_info["path"])
        if stored is None:
            return _error(404, "Not Found")
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def _describe(self) -> str:
        recent = [f"{call.method} {call.outcome.status} {call.outcome.description}".strip() for call in self.calls]
        return f"the last calls were {recent[-10:]}"


async def _read(request: web.Request) -> tuple[Mapping[str, Any], Mapping[str, Upload]]:
    """The parameters and files of a request, in whichever of Telegram's three encodings they came."""
    parameters: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        parameters |= await request.json() if request.can_read_body else {}
    elif request.content_type in _FORM_TYPES:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
            else:
                parameters[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return parameters, uploads


def _error(code: int, description: str) -> web.Response:
    return web.json_response(ApiError(code, description).to_json(), status=code)


async def _serve_nothing(_request: web.Request) -> web.StreamResponse:
    return _error(404, "Not Found")
