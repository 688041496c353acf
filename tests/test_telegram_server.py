"""
The stand-in Bot API server is only worth something if it behaves as Telegram does: these tests hold it to that.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from tests.telegram_server import (
    BadGateway,
    DropAfter,
    DropBefore,
    Hold,
    Limits,
    NoSuchButtonError,
    Slow,
    TelegramServer,
    bad,
    flood,
    other_poller,
    parse_html,
    refused,
    wrong_token,
)
from tests.telegram_server.errors import ApiError

Stock = Application[Any, Any, Any, Any, Any, Any]
Handlers = Sequence[Any]


@pytest.fixture(autouse=True)
def modern_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library give durations as it will in future; otherwise it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A running server."""
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    """A stock bot connected to the server."""
    async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as connected:
        yield connected


@asynccontextmanager
async def polling(server: TelegramServer, handlers: Handlers) -> AsyncIterator[Stock]:
    """A stock application that long-polls the server."""
    builder = Application.builder().token(server.token).base_url(server.base_url).base_file_url(server.base_file_url)
    application = builder.build()
    application.add_handlers(handlers)
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=10)
        yield application
        await application.updater.stop()
        await application.stop()


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a message with its own text."""
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"You said: {update.effective_message.text}")


ECHO = MessageHandler(filters.TEXT, echo)


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer /start with a button."""
    assert update.effective_message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Tell me more", callback_data="more")]])
    payload = " ".join(context.args or [])
    await update.effective_message.reply_html(f"<b>Hello</b> {payload}", reply_markup=keyboard)


async def tell_more(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the button by changing the message."""
    assert update.callback_query is not None
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("Much more")


# --- Conversations -----------------------------------------------------------------------------------------------


async def test_a_conversation_with_a_stock_application_reads_like_one(server: TelegramServer) -> None:
    """A command, a formatted answer with a button, a press, an edit: the whole path over HTTP."""
    camille = server.person("Camille", language_code="fr")
    async with polling(server, [CommandHandler("start", greet), CallbackQueryHandler(tell_more)]):
        await camille.send_command("/start blog")
        greeting = await camille.next_message()
        assert (greeting.text, greeting.html, greeting.labels) == ("Hello blog", "<b>Hello</b> blog", ["Tell me more"])
        assert [entity.type for entity in greeting.entities] == ["bold"]
        press = await camille.press(greeting, "Tell me more")
        assert (await press.answered())["text"] == "Here it is"
        assert (await camille.edited(greeting)).text == "Much more"
        with pytest.raises(NoSuchButtonError):
            await camille.press(greeting, "Tell me more")


async def test_every_kind_of_message_from_a_person_is_understood_by_the_library(server: TelegramServer) -> None:
    """What people send besides text arrives as the library's own objects."""
    seen: list[str] = []

    async def note(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        seen.append(type(update.effective_message.effective_attachment).__name__)
        await update.effective_message.reply_text("seen")

    camille = server.person()
    async with polling(server, [MessageHandler(filters.ALL, note)]):
        for send in (
            camille.send_photo,
            camille.send_document,
            camille.send_voice,
            camille.send_sticker,
            camille.send_video,
            camille.send_video_note,
            camille.send_location,
            camille.send_contact,
        ):
            await send()
            await camille.next_message()
        await camille.send_poll("Which?", ["A", "B"])
        await camille.next_message()
    assert seen == ["tuple", "Document", "Voice", "Sticker", "Video", "VideoNote", "Location", "Contact", "Poll"]


async def test_edits_reach_the_bot_and_deletions_do_not(server: TelegramServer, bot: Bot) -> None:
    """Telegram tells a bot that a person changed a message, but never that they deleted it."""
    camille = server.person()
    message = await camille.send_text("cv")
    await camille.edit(message, "cover letter")
    await camille.delete(message)
    updates = await bot.get_updates()
    assert [update.edited_message and update.edited_message.text for update in updates] == [None, "cover letter"]
    assert camille.messages == []


async def test_a_long_text_goes_out_in_pieces_as_the_apps_send_it(server: TelegramServer, bot: Bot) -> None:
    """No single message of a person is longer than Telegram allows."""
    camille = server.person()
    await camille.send_text("x" * 10_000)
    assert [len(message.text) for message in camille.messages] == [4096, 4096, 1808]
    assert len(await bot.get_updates()) == 3


async def test_ids_look_like_telegrams(server: TelegramServer) -> None:
    """Bots that keep ids in 32 bits, or take groups for people, are found out."""
    people = [server.person() for _ in range(4)]
    assert any(person.id > 2**32 for person in people)
    assert any(person.id < 2**32 for person in people)
    assert str(server.group("Coaches").id).startswith("-100")
    assert -(10**12) < server.group("Friends", supergroup=False).id < 0


async def test_a_reply_keyboard_can_be_tapped(server: TelegramServer, bot: Bot) -> None:
    """Keys of a reply keyboard send their label; other labels are not there."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "Choose", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]]))
    await camille.tap("Yes")
    assert camille.last.text == "Yes"
    with pytest.raises(NoSuchButtonError):
        await camille.tap("Maybe")


async def test_waiting_in_vain_says_what_was_seen_instead(server: TelegramServer) -> None:
    """A failed test tells what was on the screen."""
    camille = server.person()
    await camille.send_text("anyone there?")
    with pytest.raises(TimeoutError, match="anyone there"):
        await camille.next_message(0.01)


# --- Receiving updates -------------------------------------------------------------------------------------------


async def test_updates_come_again_until_an_offset_confirms_them(server: TelegramServer, bot: Bot) -> None:
    """An update that was fetched but not confirmed is not lost."""
    camille = server.person()
    for text in ("one", "two", "three"):
        await camille.send_text(text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    assert [update.update_id for update in first] == [update.update_id for update in again]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message and update.message.text for update in rest] == ["three"]
    assert server.pending_updates == 1


async def test_a_negative_offset_keeps_only_the_newest(server: TelegramServer, bot: Bot) -> None:
    """Offset -1 gives the last update and forgets the others."""
    camille = server.person()
    for text in ("one", "two", "three"):
        await camille.send_text(text)
    assert [update.message and update.message.text for update in await bot.get_updates(offset=-1)] == ["three"]
    assert server.pending_updates == 1


async def test_a_long_poll_ends_when_something_arrives(server: TelegramServer, bot: Bot) -> None:
    """A waiting getUpdates answers at once, not at its timeout."""
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    camille = server.person()
    await bot.get_me()
    await camille.send_text("hello")
    assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_updates_expire_after_a_day() -> None:
    """A bot that was off for longer than a day does not get what was written before."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        await server.person().send_text("too old tomorrow")
        now[0] += 24 * 3600 + 1
        assert await bot.get_updates() == ()


async def test_a_second_poller_ends_the_first_with_409(server: TelegramServer, bot: Bot) -> None:
    """Two processes with one token are told of each other, as soon as both poll."""
    async with Bot(server.token, base_url=server.base_url) as other:
        pollers = {asyncio.create_task(each.get_updates(timeout=30)) for each in (bot, other)}
        finished, waiting = await asyncio.wait(pollers, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await finished.pop()
        await server.person().send_text("for the one that stayed")
        assert len(await waiting.pop()) == 1


async def test_allowed_updates_are_remembered(server: TelegramServer, bot: Bot) -> None:
    """Reactions come only to a bot that asked for them, and it need not ask twice."""
    camille = server.person(started=True)
    message = await bot.send_message(camille.id, "Was this useful?")
    sent = camille.find(message.message_id)
    assert sent is not None
    await camille.react(sent, "👍")
    assert await bot.get_updates(allowed_updates=["message_reaction"]) == ()
    await camille.react(sent, "👎")
    await camille.send_text("not wanted now")
    updates = await bot.get_updates()
    assert [update.message_reaction is not None for update in updates] == [True]
    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=[])
    await camille.send_text("wanted again")
    assert len(await bot.get_updates()) == 1


async def test_an_update_can_come_twice_after_it_was_confirmed(server: TelegramServer, bot: Bot) -> None:
    """Handling has to be idempotent, so the server can deliver the same update again."""
    server.duplicate_next_update()
    await server.person().send_text("once")
    (first,) = await bot.get_updates()
    (second,) = await bot.get_updates(offset=first.update_id + 1)
    assert second.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_unparseable_updates_can_be_queued(server: TelegramServer) -> None:
    """A message without chat and date, or no JSON at all, goes out exactly as the test wrote it."""
    first = server.push_raw({"message": {"message_id": 1, "text": "no chat"}})
    second = server.push_raw(b'{"update_id": UPDATE_ID, "message": {"text": \xff}}')
    assert second == first + 1
    async with aiohttp.ClientSession() as session, session.get(f"{server.base_url}{server.token}/getUpdates") as answer:
        body = await answer.read()
    assert f'{{"update_id": {second}, "message": {{"text": '.encode() + b"\xff}}" in body
    assert b'"text": "no chat"' in body


# --- Webhook -----------------------------------------------------------------------------------------------------

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


# --- Telegram's HTML ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>bold</b> and <i>it</i>", "bold and it", [("bold", 0, 4), ("italic", 9, 2)]),
        ("👋🏽 <b>é</b>", "👋🏽 é", [("bold", 5, 1)]),
        ("a &lt;b&gt; &amp; &quot; &#233; &#x1F44D; &nbsp;", 'a <b> & " é 👍 &nbsp;', []),
        ("AT&T <u>R&D</u>", "AT&T R&D", [("underline", 5, 3)]),
        ("<b>1<i>2</i></b>", "12", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://a.org?x=1&amp;y=2">l</a>', "l", [("text_link", 0, 1)]),
        ('<a href="nonsense">l</a>', "l", []),
        ("<b></b>x", "x", []),
        ('<pre><code class="language-py">p</code></pre>', "p", [("pre", 0, 1)]),
        ("<B>big</B>", "big", [("bold", 0, 3)]),
        ("<b>short</>", "short", [("bold", 0, 5)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Markup disappears and entities count in UTF-16 units."""
    parsed = parse_html(source)
    assert parsed.text == text
    assert [(entity.type, entity.offset, entity.length) for entity in parsed.entities] == entities


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a!>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_faulty_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    """A bot's log shows the same error, at the same byte, as with Telegram."""
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_through_unchanged(text: str) -> None:
    """Whatever a person writes, `html.escape` is enough to quote it."""
    text = text.replace("\0", " ")
    assert parse_html(html.escape(text, quote=False)).text == text


@settings(max_examples=300)
@given(st.text(alphabet="<>/ab&;#=\"' x1é👍"))
def test_any_markup_is_parsed_or_refused(source: str) -> None:
    """The parser itself never fails, and its entities lie within the text."""
    with suppress(ApiError):
        parsed = parse_html(source)
        size = len(parsed.text.encode("utf-16-le")) // 2
        assert all(0 <= entity.offset < entity.offset + entity.length <= size for entity in parsed.entities)


# --- What is refused ---------------------------------------------------------------------------------------------


def keyboard(**button: Any) -> InlineKeyboardMarkup:
    """A keyboard of one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("label", **button)]])


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": ""}, "Message text is empty"),
        ({"text": "  \n "}, "Text must be non-empty"),
        ({"text": "x" * 4097}, "Message is too long"),
        ({"text": "👍" * 2049}, "Message is too long"),
        ({"text": "<x>", "parse_mode": "HTML"}, "Can't parse entities: unsupported start tag"),
        ({"text": "x", "reply_markup": keyboard(callback_data="x" * 65)}, "Button_data_invalid"),
        ({"text": "x", "reply_markup": keyboard(callback_data="é" * 33)}, "Button_data_invalid"),
        ({"text": "x", "reply_markup": keyboard(url="nonsense")}, "Inline keyboard button url 'nonsense' is invalid"),
        ({"text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_to_message_id": 999}, "Message to be replied not found"),
        ({"text": "x", "message_thread_id": 999}, "Message thread not found"),
    ],
)
async def test_a_faulty_message_is_refused_and_not_shown(
    server: TelegramServer, bot: Bot, message: dict[str, Any], error: str
) -> None:
    """Every limit of sendMessage is the real one."""
    camille = server.person(started=True)
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(camille.id, **message)
    assert error.lower() in str(caught.value).lower()
    assert camille.messages == []


async def test_the_limit_of_a_text_counts_without_its_markup(server: TelegramServer, bot: Bot) -> None:
    """4096 visible characters pass, however much markup they carry."""
    camille = server.person(started=True)
    source = "<b>" + "x" * 4096 + "</b>"
    await bot.send_message(camille.id, source, parse_mode="HTML")
    assert (await camille.next_message()).html == source
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(camille.id, b"jpeg", caption="x" * 1025)


async def test_strangers_blockers_and_the_departed_cannot_be_written_to(server: TelegramServer, bot: Bot) -> None:
    """Each reason not to reach someone has its own error."""
    stranger, blocker, gone = server.person(), server.person(started=True), server.person(started=True)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "hello")
    await server.group("Friends", bot_is_admin=True).member(stranger).send_text("hi all")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "hello")
    await blocker.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(blocker.id, "hello")
    await gone.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(gone.id, "hello")
    await blocker.unblock()
    await bot.send_message(blocker.id, "welcome back")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_edits_follow_telegrams_rules(server: TelegramServer, bot: Bot) -> None:
    """Unchanged, foreign and missing messages cannot be edited."""
    camille = server.person()
    theirs = await camille.send_text("mine")
    message = await bot.send_message(camille.id, "first", reply_markup=keyboard(callback_data="x"))
    await bot.edit_message_reply_markup(camille.id, message.message_id)
    assert camille.last.buttons == ()
    await bot.edit_message_text("second", camille.id, message.message_id)
    assert (camille.last.text, camille.last.edited_at is not None) == ("second", True)
    for message_id, text, error in (
        (message.message_id, "second", "Message is not modified"),
        (theirs.message_id, "yours", "Message can't be edited"),
        (999, "nothing", "Message to edit not found"),
    ):
        with pytest.raises(BadRequest, match=error):
            await bot.edit_message_text(text, camille.id, message_id)


async def test_old_messages_cannot_be_deleted() -> None:
    """After 48 hours a bot cannot take back what it wrote."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        camille = server.person(started=True)
        old = await bot.send_message(camille.id, "old")
        now[0] += 48 * 3600 + 1
        new = await bot.send_message(camille.id, "new")
        await new.delete()
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await new.delete()
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await old.delete()
        assert [message.text for message in camille.messages] == ["old"]


async def test_a_button_is_answered_once(server: TelegramServer, bot: Bot) -> None:
    """The second answer, a late one and a too long one are refused."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "?", reply_markup=keyboard(callback_data="x"))
    message = await camille.next_message()
    press = await camille.press(message, "x")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(press.id, "x" * 201)
    await bot.answer_callback_query(press.id)
    forged = await camille.forge_press(message, "not on any button")
    assert [update.callback_query and update.callback_query.data for update in await bot.get_updates()] == [
        "x",
        "not on any button",
    ]
    await bot.answer_callback_query(forged.id)
    late = await camille.press(message, "label")
    late.expire()
    for query_id in (press.id, late.id, "12345"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(query_id)


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(server: TelegramServer) -> None:
    """401 and 404 carry Telegram's bodies."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.base_url}1:wrong/getMe") as answer:
            assert (answer.status, await answer.json()) == (
                401,
                {"ok": False, "error_code": 401, "description": "Unauthorized"},
            )
        async with session.post(
            f"{server.base_url}{server.token}/SENDmessage", json={"chat_id": 1, "text": ""}
        ) as answer:
            assert (await answer.json())["description"] == "Bad Request: message text is empty"
        async with session.get(f"{server.base_url}{server.token}/getStarTransactions") as answer:
            assert (answer.status, await answer.json()) == (
                404,
                {"ok": False, "error_code": 404, "description": "Not Found"},
            )


# --- Media, copies, files ----------------------------------------------------------------------------------------


async def test_files_go_both_ways(server: TelegramServer, bot: Bot) -> None:
    """An upload is shown to the person, and what a person sends can be downloaded."""
    camille = server.person()
    await camille.send_voice(content=b"OggS my voice")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.voice is not None
    assert bytes(await (await update.message.voice.get_file()).download_as_bytearray()) == b"OggS my voice"
    sent = await bot.send_document(camille.id, b"<html>", filename="data.html", caption="<b>All</b>", parse_mode="HTML")
    assert sent.document is not None
    shown = await camille.next_message()
    assert (shown.kind, shown.text, shown.content["document"]["file_name"]) == ("document", "All", "data.html")
    assert server.calls_to("sendDocument")[0].files == ("data.html",)
    await bot.send_document(camille.id, sent.document.file_id)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(camille.id, b"")
    with pytest.raises(BadRequest, match=r"[Ww]rong file identifier"):
        await bot.send_photo(camille.id, "no-such-file")


async def test_albums_stay_albums_when_copied(server: TelegramServer, bot: Bot) -> None:
    """Copying keeps an album together and passes over what is gone."""
    camille, coach = server.person(started=True), server.person(started=True)
    album = await camille.send_album(["one", "", "three"])
    await camille.delete(album[1])
    ids = [message.message_id for message in album]
    copies = await bot.copy_messages(coach.id, camille.id, ids)
    assert [copy.message_id for copy in copies] == [message.message_id for message in coach.messages]
    assert [message.text for message in coach.messages] == ["one", "three"]
    assert len({message.album_id for message in coach.messages}) == 1
    assert coach.messages[0].album_id != album[0].album_id
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(coach.id, camille.id, ids[1])


async def test_a_forward_names_its_author_and_a_copy_does_not(server: TelegramServer, bot: Bot) -> None:
    """Only forwardMessage shows where a message comes from."""
    camille, coach = server.person("Camille"), server.person("Coach", started=True)
    question = await camille.send_text("How do I ask for a raise?")
    await bot.forward_message(coach.id, camille.id, question.message_id)
    await bot.copy_message(coach.id, camille.id, question.message_id)
    forwarded, copied = coach.messages
    assert forwarded.text == copied.text == question.text
    assert forwarded.origin is not None
    assert forwarded.origin["sender_user"]["first_name"] == "Camille"
    assert copied.origin is None


async def test_an_album_is_sent_whole_or_not_at_all(server: TelegramServer, bot: Bot) -> None:
    """A fault in one picture keeps the others from being shown."""
    camille = server.person(started=True)
    await bot.send_media_group(camille.id, [InputMediaPhoto(b"1", caption="first"), InputMediaPhoto(b"2")])
    assert [message.kind for message in camille.messages] == ["photo", "photo"]
    with pytest.raises(BadRequest):
        await bot.send_media_group(camille.id, [InputMediaPhoto(b"1"), InputMediaPhoto("no-such-file")])
    assert len(camille.messages) == 2


# --- The bot's profile -------------------------------------------------------------------------------------------


async def test_the_profile_is_kept_per_language_and_scope(server: TelegramServer, bot: Bot) -> None:
    """What the bot sets for French is what the French see."""
    await bot.set_my_description("Conseils", language_code="fr")
    await bot.set_my_description("Advice")
    await bot.set_my_commands([BotCommand("aide", "Aide")], BotCommandScopeAllPrivateChats(), "fr")
    assert (await bot.get_my_description("fr")).description == "Conseils"
    assert (await bot.get_my_description("de")).description == "Advice"
    assert server.profile.commands("fr", "all_private_chats") == [{"command": "aide", "description": "Aide"}]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(BotCommandScopeAllPrivateChats(), "fr")
    assert server.profile.commands("fr", "all_private_chats") == []


async def test_the_profile_has_telegrams_limits(bot: Bot) -> None:
    """Texts that are too long and commands with capitals are refused."""
    for refused_call in (
        bot.set_my_description("x" * 513),
        bot.set_my_short_description("x" * 121),
        bot.set_my_name("x" * 65),
        bot.set_my_commands([("Help", "Capital")]),
        bot.set_my_commands([("x" * 33, "Long")]),
        bot.set_my_description("x", language_code="french"),
    ):
        with pytest.raises(BadRequest):
            await refused_call


# --- Groups and topics -------------------------------------------------------------------------------------------


async def test_in_a_group_a_bot_hears_only_what_is_meant_for_it(server: TelegramServer, bot: Bot) -> None:
    """Privacy mode: commands and replies arrive, small talk and other bots' commands do not."""
    group = server.group("Job seekers")
    sacha = group.member(server.person("Sacha"))
    await sacha.send_text("good morning all")
    await sacha.send_command("/help")
    await sacha.send_command("/help@some_other_bot")
    await sacha.send_command(f"/menu@{server.bot.username}")
    mine = await bot.send_message(group.id, "Write to me in private")
    shown = group.find(mine.message_id)
    await sacha.send_text("ok", reply_to=shown)
    texts = [update.message and update.message.text for update in await bot.get_updates()]
    assert texts == ["/help", f"/menu@{server.bot.username}", "ok"]


async def test_a_bot_learns_that_it_was_added_and_removed(server: TelegramServer, bot: Bot) -> None:
    """my_chat_member tells, and afterwards writing is forbidden."""
    group, sacha = server.group("Coaches", with_bot=False), server.person()
    await group.add_bot(sacha, admin=True)
    await group.remove_bot(sacha)
    updates = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [update.new_chat_member.status for update in updates] == ["administrator", "kicked"]
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "hello")


async def test_a_migrated_group_names_its_successor(server: TelegramServer, bot: Bot) -> None:
    """The error carries the new chat id, where writing works."""
    group = server.group("Coaches", supergroup=False)
    successor = await group.migrate(server.person())
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "hello")
    assert caught.value.new_chat_id == successor.id
    await bot.send_message(successor.id, "hello")


async def test_topics_are_opened_closed_and_deleted(server: TelegramServer, bot: Bot) -> None:
    """A forum keeps its topics apart, and only an administrator manages them."""
    group = server.group("Coaches", forum=True, bot_is_admin=True)
    topic = await bot.create_forum_topic(group.id, "Camille")
    await bot.send_message(group.id, "A question", message_thread_id=topic.message_thread_id)
    assert (await group.next_message()).thread_id == topic.message_thread_id
    await bot.edit_forum_topic(group.id, topic.message_thread_id, name="Camille, done")
    await bot.close_forum_topic(group.id, topic.message_thread_id)
    assert [(each.name, each.closed) for each in group.topics] == [("Camille, done", True)]
    with pytest.raises(BadRequest, match=r"[Tt]opic_not_modified|TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(group.id, topic.message_thread_id)
    await bot.reopen_forum_topic(group.id, topic.message_thread_id)
    await bot.delete_forum_topic(group.id, topic.message_thread_id)
    assert (group.topics, group.messages) == ([], [])
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(server.group("Plain", bot_is_admin=True).id, "x")


async def test_chats_can_be_looked_up_and_left(server: TelegramServer, bot: Bot) -> None:
    """getChat, getChatMember and leaveChat give the library what it expects."""
    group, sacha = server.group("Coaches", bot_is_admin=True), server.person("Sacha")
    group.member(sacha)
    assert (await bot.get_chat(group.id)).title == "Coaches"
    assert (await bot.get_chat_member(group.id, sacha.id)).status == "member"
    assert (await bot.get_chat_member(group.id, server.bot.id)).status == "administrator"
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [server.bot.id]
    message = await bot.send_message(group.id, "Rules")
    await message.pin()
    await message.set_reaction("👍")
    shown = group.find(message.message_id)
    assert shown is not None
    assert (shown.pinned, shown.reactions) == (True, ("👍",))
    with pytest.raises(BadRequest, match=r"[Rr]eaction_invalid|REACTION_INVALID"):
        await message.set_reaction("nonsense")
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "hello")


async def test_an_inline_query_is_answered(server: TelegramServer, bot: Bot) -> None:
    """Inline results reach the person who typed."""
    query = await server.person().inline_query("cv")
    results = [InlineQueryResultArticle("1", "Your CV", InputTextMessageContent("…"))]
    await bot.answer_inline_query(query.id, results)
    assert (await query.answered())["results"][0]["title"] == "Your CV"


# --- Limits and faults -------------------------------------------------------------------------------------------


async def test_limits_hold_until_the_wait_is_over() -> None:
    """Who comes back before `retry_after` has passed is told to wait again."""
    now = [1_700_000_000.0]
    async with TelegramServer(clock=lambda: now[0]) as server, Bot(server.token, base_url=server.base_url) as bot:
        server.limits = Limits(private_burst=2)
        camille, group = server.person(started=True), server.group("Friends")
        for _ in range(2):
            await bot.send_message(camille.id, "burst")
        for elapsed in (0.0, 0.9):
            now[0] += elapsed
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(camille.id, "too fast")
            assert caught.value.retry_after == timedelta(seconds=1)
        now[0] += 0.2
        await bot.send_message(camille.id, "in time")
        for _ in range(20):
            await bot.send_message(group.id, "x")
            now[0] += 0.125
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "x")
        assert caught.value.retry_after == timedelta(seconds=58)


async def test_thirty_messages_a_second_pass_overall() -> None:
    """The thirty-first message within a second is refused, unless it is paid for."""
    async with (
        TelegramServer(clock=lambda: 1_700_000_000.0) as server,
        Bot(server.token, base_url=server.base_url) as bot,
    ):
        server.limits = Limits()
        people = [server.person(started=True) for _ in range(32)]
        for person in people[:30]:
            await bot.send_message(person.id, "x")
        await bot.send_message(people[30].id, "x", allow_paid_broadcast=True)
        with pytest.raises(RetryAfter):
            await bot.send_message(people[31].id, "x")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (flood(7), RetryAfter),
        (refused(), Forbidden),
        (bad("message is not modified"), BadRequest),
        (wrong_token(), InvalidToken),
        (other_poller(), Conflict),
        (BadGateway(), NetworkError),
        (DropBefore(), NetworkError),
    ],
)
async def test_a_fault_strikes_as_often_as_ordered(
    server: TelegramServer, bot: Bot, fault: Any, error: type[TelegramError]
) -> None:
    """The faulty calls have no effect, other chats and later calls are untouched."""
    camille, sacha = server.person(started=True), server.person(started=True)
    rule = server.faults.add(method="sendMessage", chat=camille, times=2, fault=fault)
    await bot.send_message(sacha.id, "other chat")
    for _ in range(2):
        with pytest.raises(error):
            await bot.send_message(camille.id, "lost")
    await bot.send_message(camille.id, "arrives")
    assert [message.text for message in camille.messages] == ["arrives"]
    assert rule.used == 2
    performed = [call.outcome.performed for call in server.calls_to("sendMessage", camille)]
    assert performed == [False, False, True]


async def test_a_connection_can_break_after_delivery(server: TelegramServer, bot: Bot) -> None:
    """The caller sees a network error although the message was delivered."""
    camille = server.person(started=True)
    server.faults.add(method="sendMessage", fault=DropAfter())
    with pytest.raises(NetworkError):
        await bot.send_message(camille.id, "ambiguous")
    assert (await camille.next_message()).text == "ambiguous"
    (call,) = server.calls_to("sendMessage")
    assert (call.outcome.status, call.outcome.performed, call.outcome.ok) == (0, True, False)


async def test_a_slow_call_takes_effect_although_the_caller_gave_up(server: TelegramServer, bot: Bot) -> None:
    """A read timeout says nothing about delivery."""
    camille = server.person(started=True)
    server.faults.add(method="sendMessage", fault=Slow(0.05))
    with pytest.raises(TimedOut):
        await bot.send_message(camille.id, "late", read_timeout=0.01)
    assert (await camille.next_message()).text == "late"


async def test_a_held_call_waits_for_the_test(server: TelegramServer, bot: Bot) -> None:
    """Slowness without a clock: the test decides when the call goes on."""
    camille, hold = server.person(started=True), Hold()
    server.faults.add(method="sendMessage", fault=hold)
    sending = asyncio.create_task(bot.send_message(camille.id, "held"))
    await hold.arrived.wait()
    assert camille.messages == []
    hold.release()
    await sending
    assert camille.last.text == "held"


async def test_a_stock_application_survives_a_server_that_goes_away(server: TelegramServer) -> None:
    """Polling goes on after the server came back at the same address, and nothing is lost."""
    camille = server.person()
    async with polling(server, [ECHO]):
        await camille.send_text("before")
        assert (await camille.next_message()).text == "You said: before"
        await server.go_offline()
        await camille.send_text("meanwhile")
        await server.come_back()
        assert (await camille.next_message()).text == "You said: meanwhile"


async def test_calls_are_recorded_with_typed_parameters(server: TelegramServer, bot: Bot) -> None:
    """A test can look at exactly what the bot asked for."""
    camille = server.person(started=True)
    await bot.send_message(camille.id, "5", reply_markup=keyboard(callback_data="x"), protect_content=True)
    await bot.send_chat_action(camille.id, "typing")
    (call,) = server.calls_to("sendMessage", camille)
    assert call.parameters["chat_id"] == camille.id
    assert call.parameters["text"] == "5"
    assert call.parameters["protect_content"] is True
    assert call.parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "x"
    assert camille.actions == ["typing"]


async def test_a_mistake_of_the_stand_in_fails_the_test() -> None:
    """A call that the server itself cannot handle is not passed over in silence."""
    with pytest.raises(ExceptionGroup, match="the stand-in server failed"):  # noqa: PT012 - it is raised on leaving
        async with TelegramServer() as server, aiohttp.ClientSession() as session:
            impossible = {"chat_id": server.person(started=True).id, "text": "x", "entities": 5}
            async with session.post(f"{server.base_url}{server.token}/sendMessage", json=impossible) as answer:
                assert answer.status == 500
