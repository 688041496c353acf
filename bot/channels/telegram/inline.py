"""
Inline mode: whoever types `@bot words` in any chat gets articles to send there
(https://core.telegram.org/bots/inline).
"""

from typing import Any

from telegram import InlineQuery

from bot.channels.telegram.calls import Call, card_html
from bot.channels.telegram.updates import to_person
from bot.content.phrases import Phrase
from bot.conversation.router import Router
from bot.conversation.voice import Voice
from bot.model import Card, Incoming

_PAGE = 10
_MOST = 50
_KEPT_SECONDS = 60
_SUMMARY_LENGTH = 300


def suggestions(router: Router, query: InlineQuery, bot_link: str, *, allowed: bool) -> Call:
    """
    The call that answers an inline query. It keeps nothing of whoever asked, and nobody misses it if it comes too late.

    Parameters:
        router: Finds the articles.
        query: What was typed.
        bot_link: The address of the bot.
        allowed: Whether there is anything to be shown; if not, the list stays empty.
    """
    start = int(query.offset) if query.offset.isdecimal() and len(query.offset) <= len(str(_MOST)) else 0
    incoming = Incoming(to_person(query.from_user))
    voice, cards = router.suggest(incoming, query.query, start, _PAGE) if allowed and start < _MOST else (None, [])
    results = [_result(card, voice, bot_link) for card in cards] if voice else []
    label = voice.plain(Phrase.BUTTON_ASK) if voice else ""
    parameters: dict[str, Any] = {
        "inline_query_id": query.id,
        "results": results,
        "cache_time": _KEPT_SECONDS,
        "is_personal": True,
        "next_offset": str(start + _PAGE) if len(results) == _PAGE else "",
    }
    if label:
        parameters["button"] = {"text": label, "start_parameter": "inline"}
    return Call("answerInlineQuery", parameters, optional=True)


def _result(card: Card, voice: Voice, bot_link: str) -> dict[str, Any]:
    """
    One article to choose: a card while choosing, and a message with its link once it is sent.
    """
    article = card.article
    asking = {"text": voice.plain(Phrase.BUTTON_ASK), "url": f"{bot_link}?start=article_{article.id}"}
    shown = {
        "type": "article",
        "id": article.id,
        "title": article.title,
        "description": f"{voice.details(article)}\n{card.why}".strip()[:_SUMMARY_LENGTH],
        "input_message_content": {"message_text": card_html(card, voice), "parse_mode": "HTML"},
        "reply_markup": {"inline_keyboard": [[asking]]},
    }
    return {**shown, "url": article.url} if article.is_public else shown
