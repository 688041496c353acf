"""
From a `Reply` to what Telegram shows: texts with article links below, and an inline keyboard.
"""

from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.voice import Voice
from bot.model import Article, Button, Reply

_LABEL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Bubble:
    """
    One message of a reply.

    Parameters:
        html: Its text.
        keyboard: The buttons below it, or None.
    """

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def to_bubbles(reply: Reply, voice: Voice) -> list[Bubble]:
    """
    The messages a reply becomes, in order; the buttons hang on the last one. No messages for a notice alone.
    """
    text = "\n\n".join((*reply.blocks, *_cards(reply.articles, voice)))
    parts = markup.split(text) if text else ()
    bubbles = [Bubble(part) for part in parts[:-1]]
    if parts:
        bubbles.append(Bubble(parts[-1], _keyboard(reply.buttons)))
    return bubbles


def _cards(articles: tuple[Article, ...], voice: Voice) -> tuple[str, ...]:
    if not articles:
        return ()
    lines = (_card(article, voice) for article in articles)
    return ("\n".join((f"<b>{voice.phrase(Phrase.ARTICLE_HEADING)}</b>", *lines)),)


def _card(article: Article, voice: Voice) -> str:
    title = escape(article.title, quote=False)
    if article.is_public:
        title = f'<a href="{escape(article.url)}">{title}</a>'
    return f"• {title} <i>({voice.phrase(Phrase.READING_TIME, count=article.reading_minutes)})</i>"


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    label = button.label if len(button.label) <= _LABEL_LENGTH else button.label[: _LABEL_LENGTH - 1] + "…"
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    return InlineKeyboardButton(label, callback_data=button.payload)
