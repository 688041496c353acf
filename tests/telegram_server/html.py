"""
Telegram's HTML parse mode, read byte by byte with the same errors at the same byte offsets.

It is not HTML: unknown tags are errors, `<br>` does not exist, and a bare `&` is allowed. The grammar follows the
documented behaviour of the Bot API server, because a lenient parser would let a bot pass that Telegram refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.telegram_server.errors import ApiError, bad_request
from tests.telegram_server.model import Entity, FormattedText

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPACES = b" \t\r\n\v\f\0"
_TOKEN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
_LETTERS = _TOKEN[:52]
_MAX_CODE_POINT = 0x10FFFF
_LONGEST_REFERENCE = 10


def parse_html(source: str) -> FormattedText:
    """The plain text and entities of a message written for `parse_mode=HTML`."""
    return _Parser(source).parse()


@dataclass
class _OpenTag:
    """A start tag that waits for its end tag."""

    name: str
    argument: str
    offset: int
    position: int


@dataclass
class _Parser:
    """One pass over the source; `at` is the byte under the cursor."""

    source: str
    at: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    stack: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A zero byte ends the text, so that reading one byte too far is harmless.
        self.bytes = self.source.encode("utf-8", "surrogatepass").replace(b"\0", b" ") + b"\0"

    def parse(self) -> FormattedText:
        """Read everything and give the result."""
        end = len(self.bytes) - 1
        while self.at < end:
            byte = self.bytes[self.at : self.at + 1]
            if byte == b"<":
                self._end_tag() if self.bytes[self.at + 1] == ord("/") else self._start_tag()
            elif byte == b"&" and (character := self._reference()):
                self._emit(character)
            else:
                self._plain()
        if self.stack:
            raise _error(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"')
        # A language says something only inside <pre>; Telegram drops it from a lone <code>.
        cleaned = (replace(entity, extra={}) if entity.type == "code" else entity for entity in self.entities)
        ordered = sorted(cleaned, key=lambda entity: (entity.offset, -entity.length))
        return FormattedText("".join(self.out), tuple(ordered), self.source)

    def _plain(self) -> None:
        """Take everything up to the next character that may mean something."""
        start = self.at
        self.at += 1
        while self.bytes[self.at] not in b"<&\0":
            self.at += 1
        self._emit(self.bytes[start : self.at].decode("utf-8", "surrogatepass"))

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.offset += len(text.encode("utf-16-le", "surrogatepass")) // 2

    def _skip(self, characters: bytes, *, inside: bool) -> bytes:
        """Move on while the byte is (or is not) one of the characters; give what was passed."""
        start = self.at
        while self.at < len(self.bytes) - 1 and (self.bytes[self.at] in characters) == inside:
            self.at += 1
        return self.bytes[start : self.at]

    def _reference(self) -> str:
        """The character of `&lt;` or `&#233;` under the cursor; empty, and nothing read, if it is none."""
        begin = self.at
        self.at += 1
        if self.bytes[self.at] == ord("#"):
            self.at += 1
            base = 16 if self.bytes[self.at] == ord("x") else 10
            self.at += base == 16
            digits = self._skip(b"0123456789abcdefABCDEF" if base == 16 else b"0123456789", inside=True)
            number = int(digits or b"0", base)
            in_range = 0 < number < _MAX_CODE_POINT and self.at - begin < _LONGEST_REFERENCE
            character = chr(number) if in_range else ""
        else:
            character = _NAMED.get(self._skip(_LETTERS, inside=True), "")
        if not character:
            self.at = begin
        elif self.bytes[self.at] == ord(";"):
            self.at += 1
        return character

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._skip(_SPACES + b">", inside=False).decode("utf-8", "replace").lower()
        self._refuse_end(f"Unclosed start tag at byte offset {begin}")
        if name not in _ENTITY_OF_TAG:
            raise _error(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = ""
        while True:
            self._skip(_SPACES, inside=True)
            if self.bytes[self.at] == ord(">"):
                break
            attribute, value = self._attribute(name, begin)
            argument = _argument(name, attribute, value) or argument
        self.at += 1
        if name == "span" and argument != "spoiler":
            raise _error(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.stack.append(_OpenTag(name, argument, self.offset, len(self.out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str | None]:
        """One `name="value"`; the value is None where there is none."""
        self._refuse_end(f"Unclosed start tag at byte offset {begin}")
        name = self._skip(_SPACES + b"=>", inside=False).decode("utf-8", "replace")
        if not name:
            raise _error(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip(_SPACES, inside=True)
        self._refuse_end(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if self.bytes[self.at] != ord("="):
            return name, None
        self.at += 1
        self._skip(_SPACES, inside=True)
        self._refuse_end(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = self._quoted() if self.bytes[self.at] in b"'\"" else self._token()
        self._refuse_end(f"Unclosed start tag at byte offset {begin}")
        return name, value

    def _token(self) -> str:
        """An unquoted attribute value."""
        begin = self.at
        value = self._skip(_TOKEN, inside=True).decode("ascii").lower()
        if self.bytes[self.at] not in _SPACES + b">":
            raise _error(f"Unexpected end of name token at byte offset {begin}")
        return value

    def _quoted(self) -> str:
        """A quoted attribute value, its character references resolved."""
        quote = self.bytes[self.at]
        self.at += 1
        parts: list[bytes] = []
        while self.bytes[self.at] not in (quote, 0):
            if self.bytes[self.at] == ord("&") and (character := self._reference()):
                parts.append(character.encode("utf-8", "surrogatepass"))
                continue
            parts.append(self.bytes[self.at : self.at + 1])
            self.at += 1
        if self.bytes[self.at] == quote:
            self.at += 1
        return b"".join(parts).decode("utf-8", "replace")

    def _refuse_end(self, message: str) -> None:
        if self.bytes[self.at] == 0:
            raise _error(message)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise _error(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        name = self._skip(_SPACES + b">", inside=False).decode("utf-8", "replace").lower()
        self._skip(_SPACES, inside=True)
        if self.bytes[self.at] != ord(">"):
            raise _error(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        tag = self.stack.pop()
        if name and name != tag.name:
            raise _error(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        """Turn a finished tag into an entity, if Telegram makes one of it."""
        length = self.offset - tag.offset
        kind = _ENTITY_OF_TAG[tag.name]
        extra: dict[str, Any] = {}
        if tag.name == "a":
            kind, extra = _link(tag.argument or "".join(self.out[tag.position :]))
        elif tag.name == "tg-emoji":
            if not tag.argument.isdigit() or int(tag.argument) == 0:
                raise _error("Invalid custom emoji identifier specified")
            extra = {"custom_emoji_id": tag.argument}
        elif tag.name == "blockquote" and tag.argument:
            kind = "expandable_blockquote"
        elif tag.name in {"code", "pre"} and self._joins_code_block(tag, length):
            return
        elif tag.name == "code" and tag.argument:
            extra = {"language": tag.argument}
        if kind:
            self.entities.append(Entity(kind, tag.offset, length, extra))

    def _joins_code_block(self, tag: _OpenTag, length: int) -> bool:
        """Whether `<pre>` around exactly one `<code class="language-…">` became one entity."""
        last = self.entities[-1] if self.entities else None
        if last is None or (last.offset, last.length) != (tag.offset, length):
            return False
        if {tag.name, last.type} != {"code", "pre"}:
            return False
        language = last.extra.get("language") or tag.argument
        if language:
            self.entities[-1] = Entity("pre", tag.offset, length, {"language": language})
        return bool(language)


def _argument(tag: str, attribute: str, value: str | None) -> str:
    """What an attribute means for its tag; empty for those that Telegram ignores."""
    if value is None:
        return "1" if (tag, attribute) == ("blockquote", "expandable") else ""
    prefix = {
        ("a", "href"): "",
        ("tg-emoji", "emoji-id"): "",
        ("code", "class"): "language-",
        ("span", "class"): "tg-",
        ("blockquote", "expandable"): "",
    }.get((tag, attribute))
    if prefix is None or not value.startswith(prefix):
        return "1" if (tag, attribute) == ("blockquote", "expandable") else ""
    return value[len(prefix) :] or ("1" if tag == "blockquote" else "")


def _link(target: str) -> tuple[str, dict[str, Any]]:
    """The entity of a link; an address that Telegram does not accept silently makes none."""
    user = target.removeprefix("tg://user?id=")
    if user != target and user.isdigit():
        return "text_mention", {"user": {"id": int(user), "is_bot": False, "first_name": ""}}
    url = normal_url(target)
    return ("text_link", {"url": url}) if url else ("", {})


def normal_url(target: str) -> str:
    """A link as Telegram stores it: scheme added, slash after a bare host; empty if it is not one."""
    target = target.strip()
    scheme, separator, rest = target.partition("://")
    if not separator:
        scheme, rest = "http", target
    scheme = scheme.lower()
    host = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    if scheme in {"tg", "ton"}:
        return f"{scheme}://{rest}" if rest else ""
    if scheme not in {"http", "https"} or not _is_host(host):
        return ""
    tail = rest[len(host) :]
    return f"{scheme}://{host}{tail if tail.startswith('/') else '/' + tail}"


def _is_host(host: str) -> bool:
    name = host.rpartition("@")[2].partition(":")[0]
    labels = name.split(".")
    return len(labels) > 1 and all(labels) and not any(character in name for character in " \"'<>&%")


def _error(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
