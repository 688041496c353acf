"""
What stands behind a button: a verb, the language of the message it hangs on, and ids of the pack or the blog.

A payload never holds anything a person wrote. It is plain ids, so it works after a restart; one that was altered, or
whose ids are gone from the pack, is answered kindly and does nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

LONGEST = 64
"""
Bytes of callback data that Telegram takes (https://core.telegram.org/bots/api#inlinekeyboardbutton).
"""

_SEPARATOR = ":"


class Verb(StrEnum):
    """
    What pressing a button does.
    """

    INTENT = "i"
    THEME = "m"
    MENU = "n"
    FAQ_ENTRY = "f"
    FAQ_CATEGORY = "q"
    FAQ = "k"
    ANOTHER_ARTICLE = "a"
    READ = "r"
    RESULTS = "p"
    USEFUL = "y"
    NOT_USEFUL = "z"
    SETTINGS = "s"
    FORGET = "g"
    ALERTS = "l"
    END = "e"
    HELPED = "h"
    HIRED = "j"
    UNSUBSCRIBE = "u"


class PayloadError(ValueError):
    """
    A payload was not made by this bot, or by a pack that has changed since.
    """


@dataclass(frozen=True, slots=True)
class Payload:
    """
    A button's meaning.

    Parameters:
        verb: What pressing does.
        language: The language of the message the button hangs on, which the answer keeps.
        arguments: Ids and page numbers; none may hold a colon.
    """

    verb: Verb
    language: str
    arguments: tuple[str, ...] = ()

    def encode(self) -> str:
        """
        The payload as Telegram carries it.

        Raises:
            PayloadError: It is longer than `LONGEST` bytes.
        """
        text = _SEPARATOR.join((self.verb, self.language, *self.arguments))
        if len(text.encode()) > LONGEST:
            raise PayloadError(f"a button's payload is over {LONGEST} bytes: {text}")
        return text


def decode(text: str) -> Payload:
    """
    Read what a button carried.

    Raises:
        PayloadError: It is no payload of this bot.
    """
    verb, _, rest = text.partition(_SEPARATOR)
    language, *arguments = rest.split(_SEPARATOR)
    if verb not in list(Verb) or not language:
        raise PayloadError(f"no button carries {verb!r}")
    return Payload(Verb(verb), language, tuple(arguments))
