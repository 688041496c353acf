"""
The bot on Telegram: every handler registered, in order, in one function.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from telegram import Chat, ChatMember, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.channels.telegram.profile import set_profile
from bot.channels.telegram.replies import Bubble, to_bubbles
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sender import send
from bot.channels.telegram.updates import to_incoming
from bot.content.phrases import Phrase
from bot.conversation.router import Router
from bot.model import Incoming, Person, Reply

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""
The kinds of updates the bot asks for.
"""

_OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = structlog.get_logger(__name__)

_Application: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """
    Takes updates, asks the router, sends what it says.

    Parameters:
        router: Answers.
    """

    router: Router

    def register(self, application: _Application) -> None:
        """
        Register every handler, in the order in which they are asked.
        """
        private = filters.ChatType.PRIVATE & (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE)
        application.add_handler(MessageHandler(private, self.message))
        application.add_handler(CallbackQueryHandler(self.button))
        application.add_handler(ChatMemberHandler(self.membership, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_error_handler(self.error)

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Answer a message, showing that the bot is typing until it does.
        """
        incoming, chat = to_incoming(update), update.effective_chat
        if incoming is None or chat is None:
            return
        reply, _ = await asyncio.gather(self.router.respond(incoming), _show_typing(context, chat))
        await self._deliver(context, chat, incoming, reply)

    async def button(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Answer a pressed button, in place of its message where the reply says so.
        """
        incoming, query, chat = to_incoming(update), update.callback_query, update.effective_chat
        if incoming is None or query is None:
            return
        reply = await self.router.respond(incoming)
        try:
            await send(lambda: query.answer(text=reply.notice or None))
        except BadRequest:
            # The press is too old to be acknowledged; the answer below is still wanted.
            _log.info("press_too_old", update_id=update.update_id)
        if chat is not None:
            pressed = query.message if isinstance(query.message, Message) else None
            await self._deliver(context, chat, incoming, reply, pressed)

    async def membership(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Say once, on being added to a group, that questions are answered in private.
        """
        change = update.my_chat_member
        if change is None or change.chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
            return
        joined = change.old_chat_member.status in _OUTSIDE and change.new_chat_member.status not in _OUTSIDE
        if joined:
            host = Person(f"telegram:{change.chat.id}", language_hint=change.from_user.language_code)
            text = self.router.voice_for(Incoming(host)).phrase(Phrase.GROUP, bot=context.bot.link)
            await send(lambda: context.bot.send_message(change.chat.id, text, parse_mode=ParseMode.HTML))

    async def error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Log what went wrong, and apologise to the person whose message was not answered.
        """
        error = context.error
        update_id = update.update_id if isinstance(update, Update) else None
        if isinstance(error, Forbidden):
            _log.info("person_unreachable", update_id=update_id, reason=str(error))
            return
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            _log.warning("telegram_failed", update_id=update_id, reason=_reason(error))
            return
        _log.error("update_failed", update_id=update_id, reason=type(error).__name__, exc_info=error)
        if isinstance(update, Update) and update.effective_chat and (incoming := to_incoming(update)):
            chat, text = update.effective_chat, self.router.voice_for(incoming).phrase(Phrase.TROUBLE)
            await send(lambda: chat.send_message(text, parse_mode=ParseMode.HTML))

    async def _deliver(
        self,
        context: ContextTypes.DEFAULT_TYPE,
        chat: Chat,
        incoming: Incoming,
        reply: Reply,
        pressed: Message | None = None,
    ) -> None:
        bubbles = to_bubbles(reply, self.router.voice_for(incoming))
        if reply.replaces and pressed is not None and len(bubbles) == 1 and await _replace(pressed, bubbles[0]):
            return
        for bubble in bubbles:
            await send(
                lambda bubble=bubble: context.bot.send_message(  # type: ignore[misc]
                    chat.id,
                    bubble.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=bubble.keyboard,
                    link_preview_options=_NO_PREVIEW,
                )
            )


def build_application(router: Router, token: str, api_url: str) -> _Application:
    """
    The library's application with everything registered, not yet started.

    Parameters:
        router: Answers.
        token: The bot's token.
        api_url: The address of the Bot API, up to the token.
    """
    channel = TelegramChannel(router)

    async def introduce(application: _Application) -> None:
        try:
            await set_profile(application.bot, router.pack, router.renderer)
        except TelegramError as error:
            # People can be answered without it; it is set again at the next start.
            _log.warning("profile_not_set", reason=_reason(error))
        _log.info("bot_started", bot=application.bot.username)

    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(api_url)
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(connections=2))
        .post_init(introduce)
        .build()
    )
    channel.register(application)
    return application


def serve(router: Router, token: str, api_url: str, poll_timeout: int) -> int:
    """
    Run the bot by long polling until it is stopped.

    Parameters:
        router: Answers.
        token: The bot's token.
        api_url: The address of the Bot API, up to the token.
        poll_timeout: Seconds that one request for updates waits for something to happen.

    Returns:
        The exit code: 0 after a stop, 1 if the token is wrong.
    """
    application = build_application(router, token, api_url)
    try:
        application.run_polling(
            timeout=timedelta(seconds=poll_timeout), bootstrap_retries=-1, allowed_updates=list(ALLOWED_UPDATES)
        )
    except InvalidToken:
        # One line says it all; a traceback would not help whoever mistyped a token.
        _log.error("token_refused", advice="check TREMPLIN_TOKEN in .env, or ask @BotFather for a new one")
        return 1
    return 0


async def _show_typing(context: ContextTypes.DEFAULT_TYPE, chat: Chat) -> None:
    try:
        await context.bot.send_chat_action(chat.id, ChatAction.TYPING)
    except TelegramError as error:
        _log.debug("typing_not_shown", reason=_reason(error))


async def _replace(pressed: Message, bubble: Bubble) -> bool:
    """
    Put a bubble in the place of the pressed message; False if that message cannot be changed any more.
    """
    keyboard: InlineKeyboardMarkup | None = bubble.keyboard
    try:
        await send(
            lambda: pressed.edit_text(
                bubble.html, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
        )
    except BadRequest as error:
        # Pressing the same button twice asks for what is already there.
        return "not modified" in str(error)
    return True


def _reason(error: TelegramError) -> str:
    """
    What went wrong in one line, without what the server's page said.
    """
    return f"{type(error).__name__}: {str(error).split('. Parsing')[0]}"
