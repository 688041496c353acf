"""
What somebody wrote, without what tells who they are.
"""

import re

from bot.understanding.text import fold

_GONE = "…"
_TELLING = (
    re.compile(r"(?<!\w)(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE),
    re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<!\w)@\w{3,}"),
    re.compile(r"(?<![\w.-])(?:[\w-]+\.)+(?:com|org|net|fr|be|ch|ca|eu|io|me|info|uk|us)\b(?:/\S*)?", re.IGNORECASE),
    re.compile(r"(?!\d{4}\s?-\s?\d{4}(?!\d))(?<!\d)[+(]{0,2}\d(?:[\s./()-]{0,2}\d){5,}"),
)
"""
Links, addresses, handles, sites, and numbers of six digits and more however they are written; 2019-2023 is none.
"""
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 3
_RUN = re.compile(rf"{_GONE}(?:[\s'’-]*{_GONE})+")


def anonymous(text: str, first_name: str = "") -> str:
    """
    A text without e-mail addresses, phone numbers, links, handles, long numbers and the person's own first name.

    Parameters:
        text: What they wrote.
        first_name: Their first name, or an empty string.
    """
    for telling in _TELLING:
        text = telling.sub(_GONE, text)
    names = _WORD.findall(first_name)
    own = {fold(name) for name in names if len(name) >= _SHORTEST_PART or len(names) == 1}
    text = _WORD.sub(lambda match: _GONE if fold(match[0]) in own else match[0], text)
    return _RUN.sub(_GONE, text)
