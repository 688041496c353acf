"""
Updates are pushed as Telegram pushes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Conflict,
)

from tests.telegram_server import (
    TelegramServer,
)

Receiver = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """A web server that takes updates; gives its address."""
    app = web.Application()
    app.router.add_post("/hook", receiver)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_each_update_until_it_says_ok(server: TelegramServer, bot: Bot) -> None:
    """Refused deliveries are repeated, in order, with the secret token."""
    arrived: list[tuple[str, str]] = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.json()
        arrived.append((body["message"]["text"], request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        return web.Response(status=500 if len(arrived) < 3 else 200)

    async with listening(receive) as url:
        await bot.set_webhook(url, secret_token="s3cret")
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        camille = server.person()
        await camille.send_text("one")
        await camille.send_text("two")
        await server.updates_confirmed()
        assert arrived == [("one", "s3cret")] * 3 + [("two", "s3cret")]
        described = await bot.get_webhook_info()
        assert described.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        await bot.delete_webhook()


async def test_webhook_deliveries_wait_for_each_other_only_within_a_chat(server: TelegramServer, bot: Bot) -> None:
    """A slow answer to one person does not hold up another."""
    finish, order = asyncio.Event(), list[str]()

    async def receive(request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        order.append(text)
        if text == "slow":
            await finish.wait()
        return web.Response()

    async with listening(receive) as url:
        await bot.set_webhook(url)
        camille, sacha = server.person("Camille"), server.person("Sacha")
        await camille.send_text("slow")
        await camille.send_text("after slow")
        await sacha.send_text("other chat")
        await server.wait_for(lambda: server.pending_updates == 2)
        assert sorted(order) == ["other chat", "slow"]
        finish.set()
        await server.updates_confirmed()
        assert order[-1] == "after slow"


async def test_a_webhook_needs_a_secure_address_and_a_clean_secret(bot: Bot) -> None:
    """Telegram refuses plain HTTP and secrets with other characters."""
    with pytest.raises(BadRequest, match=r"(?i)an HTTPS URL must be provided for webhook"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match=r"(?i)secret token contains unallowed characters"):
        await bot.set_webhook("https://example.org/hook", secret_token="no spaces")
