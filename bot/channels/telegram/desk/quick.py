"""
Fast answers: the pack's own texts, found by a word, looked at, and sent with one tap.
"""

from dataclasses import replace
from html import escape

from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.channels.telegram.desk.place import desk_button
from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.cards import open_rows, summary_card
from bot.conversation.voice import Voice
from bot.model import Button, ThreadState
from bot.storage.threads import Thread

_INTENT, _ENTRY, _ARTICLE = "i", "f", "a"
_MOST_INTENTS, _MOST_ENTRIES, _MOST_ARTICLES = 2, 3, 3
_LABEL_LENGTH = 50
_SLACK = 200
"""
Characters that the heading of a preview may take.
"""


async def offer(office: Office, order: Order) -> Done:
    """
    `/r WORDS`: the advice, FAQ entries and articles that fit, with the first one to look at.
    """
    if order.thread is None or not order.words.strip():
        return Done(office.desk.say(Phrase.DESK_R_USAGE))
    found = _found(office, order.thread, order.words)
    if not found:
        return Done(office.desk.say(Phrase.DESK_R_NONE, words=order.words))
    first, *others = found
    return _preview(office, order.thread, first, others)


async def show(office: Office, order: Order) -> Done:
    """
    Look at another one of those that were offered.
    """
    if order.thread is None:
        return Done()
    pressed = ":".join(order.arguments)
    markup_below = order.message.reply_markup
    rows = markup_below.inline_keyboard if markup_below else ()
    offered = [button.callback_data for row in rows for button in row if isinstance(button.callback_data, str)]
    ids = [":".join(data.split(":")[1:]) for data in offered]
    others = [one for one in dict.fromkeys(ids) if one and one != pressed]
    return replace(_preview(office, order.thread, pressed, others), replaces=True)


async def send(office: Office, order: Order) -> Done:
    """
    Send it: the person reads it as the coach's choice, and the bot falls silent.
    """
    thread = order.thread
    if thread is None:
        return Done()
    kind, name = order.arguments
    voice = office.voice(thread)
    html, buttons = _text(office, voice, kind, name), _open_buttons(office, voice, kind, name)
    arrived = () if thread.state is ThreadState.TAKEN else (messages.told(voice.phrase(Phrase.HUMAN_ARRIVED)),)
    errands = [*arrived, *(messages.told(part) for part in markup.split(html)[:-1])]
    errands += [messages.told(markup.split(html)[-1], buttons), messages.SHOWN]
    told = office.desk.say(Phrase.DESK_R_SENT, title=_title(office, voice, kind, name))
    return Done(told, changes=(office.takeovers.taking(thread.id, errands),), replaces=True)


def _found(office: Office, thread: Thread, words: str) -> list[str]:
    """
    What fits, best first, each as its kind and id.
    """
    reader, language = office.router.reader, office.voice(thread).language
    content = office.router.pack.languages[language]
    if words.strip() in content.answers:
        return [f"{_INTENT}:{words.strip()}"]
    candidates = [one.intent for one in reader.read(words, language).verdict.candidates]
    intents = [f"{_INTENT}:{name}" for name in candidates if name in content.answers][:_MOST_INTENTS]
    entries = [f"{_ENTRY}:{match.entry}" for match in reader.find_faq(words, language, _MOST_ENTRIES)]
    matches = reader.search(words, language, _MOST_ARTICLES)
    articles = [f"{_ARTICLE}:{match.article.id}" for match in matches if match.article.language == language]
    return [*intents, *entries, *articles]


def _preview(office: Office, thread: Thread, shown: str, others: list[str]) -> Done:
    voice = office.voice(thread)
    kind, _, name = shown.partition(":")
    head = office.desk.say(Phrase.DESK_R_PREVIEW, title=_title(office, voice, kind, name))
    body = markup.split(_text(office, voice, kind, name), markup.MESSAGE_LENGTH - _SLACK)[0]
    rows: list[tuple[Button, ...]] = [(office.desk.button(Phrase.DESK_BUTTON_SEND, "send", kind, name),)]
    for other in others:
        other_kind, _, other_name = other.partition(":")
        label = _title(office, voice, other_kind, other_name)[:_LABEL_LENGTH]
        rows.append((desk_button(f"{_SIGNS[other_kind]} {label}", "show", other_kind, other_name),))
    return Done(f"{head}\n\n{body}", tuple(rows))


_SIGNS = {_INTENT: "💡", _ENTRY: "❓", _ARTICLE: "📖"}


def _title(office: Office, voice: Voice, kind: str, name: str) -> str:
    if kind == _INTENT:
        return voice.title(name)
    if kind == _ENTRY:
        return voice.content.faq[name].header.question
    article = office.router.library.article(name)
    return article.title if article else "?"


def _text(office: Office, voice: Voice, kind: str, name: str) -> str:
    """
    What the person will read.

    Raises:
        LookupError: It is gone from the pack or the blog.
    """
    if kind == _INTENT:
        return voice.advice(name)
    if kind == _ENTRY:
        return voice.faq(name)
    article = office.router.library.article(name)
    if article is None:
        raise KeyError(name)
    card = summary_card(article)
    summary = f"\n{escape(card.why, quote=False)}" if card.why else ""
    details = escape(voice.details(article), quote=False)
    return f"<b>{escape(article.title, quote=False)}</b> <i>({details})</i>{summary}"


def _open_buttons(office: Office, voice: Voice, kind: str, name: str) -> tuple[tuple[Button, ...], ...]:
    article = office.router.library.article(name) if kind == _ARTICLE else None
    return open_rows(voice, (summary_card(article),)) if article else ()
