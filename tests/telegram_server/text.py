"""
Text as Telegram measures and reads it: UTF-16 lengths, trimming, entities it finds by itself.

Parsing of the HTML parse mode lives in `html.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.telegram_server.errors import bad_request
from tests.telegram_server.html import parse_html
from tests.telegram_server.model import Entity, FormattedText

MAX_TEXT = 4096
MAX_CAPTION = 1024

# One alternation, so that an e-mail address is not also read as a mention.
_AUTOMATIC = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{3,31})(?!\w)"
    r"|(?<![\w/#])(?P<hashtag>\#\w*[^\W\d]\w*)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
)


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units, which is how Telegram counts characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def automatic_entities(text: str) -> tuple[Entity, ...]:
    """The links, mentions, hashtags, addresses and commands that Telegram marks in any text."""
    found = []
    for match in _AUTOMATIC.finditer(text):
        kind = str(match.lastgroup)
        offset = utf16_length(text[: match.start()])
        found.append(Entity(kind, offset, utf16_length(match.group())))
    return tuple(found)


def trimmed(formatted: FormattedText) -> FormattedText:
    """The text without surrounding white space, the entities moved and shortened to match."""
    kept = formatted.text.strip()
    lead = utf16_length(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    size = utf16_length(kept)
    entities = []
    for entity in formatted.entities:
        start = max(0, entity.offset - lead)
        end = min(size, entity.offset + entity.length - lead)
        if end > start:
            entities.append(replace(entity, offset=start, length=end - start))
    return replace(formatted, text=kept, entities=tuple(entities))


def with_automatic_entities(formatted: FormattedText) -> FormattedText:
    """The same text with the entities that Telegram adds where the bot marked none."""
    taken = [
        (entity.offset, entity.offset + entity.length)
        for entity in formatted.entities
        if entity.type in {"code", "pre", "text_link", "text_mention"}
    ]
    added = [
        entity
        for entity in automatic_entities(formatted.text)
        if not any(start < entity.offset + entity.length and entity.offset < end for start, end in taken)
    ]
    entities = sorted((*formatted.entities, *added), key=lambda entity: (entity.offset, -entity.length))
    return replace(formatted, entities=tuple(entities))


def bot_text(raw: str, parse_mode: str, entities: list[dict[str, Any]] | None) -> FormattedText:
    """What a bot's text or caption becomes on the screen, or the error Telegram has for it."""
    if parse_mode.lower() == "html":
        formatted = parse_html(raw)
    elif parse_mode:
        # Markdown modes exist at Telegram, but nothing here writes them; refusing shows a slip at once.
        raise bad_request("Unsupported parse_mode")
    else:
        formatted = FormattedText(raw, _explicit_entities(raw, entities or []))
    return with_automatic_entities(trimmed(formatted))


def _explicit_entities(text: str, entities: list[dict[str, Any]]) -> tuple[Entity, ...]:
    """The entities a caller passed instead of a parse mode; those outside the text are dropped."""
    size = utf16_length(text)
    parsed = []
    for raw in entities:
        rest = {name: value for name, value in raw.items() if name not in {"type", "offset", "length"}}
        entity = Entity(str(raw.get("type", "")), int(raw.get("offset", 0)), int(raw.get("length", 0)), rest)
        if 0 <= entity.offset < entity.offset + entity.length <= size:
            parsed.append(entity)
    return tuple(parsed)
