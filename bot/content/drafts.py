"""
What a coach writes in a chat becomes a line or a file of a pack, and says exactly what was written.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from html import escape

import yaml

_ID_LENGTH = 40
_LIKE_CODE = str.maketrans({"{": "&#123;", "|": "&#124;"})
"""
What templates and `[vous form|tu form]` cannot do without, as Telegram reads it in HTML.
"""
_WIDE = 1_000_000
"""
Columns of a line of front matter: every text stays on one.
"""


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """
    A FAQ entry as a coach wrote it.

    Parameters:
        question: The question.
        also: Other wordings of it.
        category: One of the pack's categories; empty until one is chosen.
        intents: The intents it belongs to.
        answer: Plain text.
    """

    question: str
    also: tuple[str, ...]
    category: str
    intents: tuple[str, ...]
    answer: str


def as_line(text: str) -> str:
    """
    A text on one line, as files of examples want it; empty if nothing of it can be read.
    """
    return " ".join(_readable(text).split())


def as_answer(text: str) -> str:
    """
    A plain text as a person will read it: no blanks around it, no more than one blank line in a row.
    """
    lines = _readable(text).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def as_template(text: str) -> str:
    """
    The source of a template that renders to a plain text, whatever stands in it.
    """
    return escape(as_answer(text), quote=False).translate(_LIKE_CODE)


def faq_file(draft: FaqDraft) -> str:
    """
    A draft as `faq/<entry>.md`.
    """
    question = as_line(draft.question)
    wordings = dict.fromkeys(line for wording in draft.also if (line := as_line(wording)) and line != question)
    header = {
        "question": question,
        "also": list(wordings),
        "category": draft.category,
        "intents": list(dict.fromkeys(draft.intents)),
    }
    head = yaml.safe_dump(header, allow_unicode=True, sort_keys=False, width=_WIDE)
    return f"---\n{head}---\n{as_template(draft.answer)}\n"


def entry_id(question: str, taken: Container[str]) -> str:
    """
    An id for a question, made of its first words.

    Parameters:
        question: The question.
        taken: The ids there are.
    """
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = "_".join(re.findall(r"[a-z0-9]+", plain)) or "entry"
    whole = words if len(words) <= _ID_LENGTH else words[: _ID_LENGTH + 1].rpartition("_")[0] or words[:_ID_LENGTH]
    name, number = whole, 1
    while name in taken:
        number += 1
        name = f"{whole[: _ID_LENGTH - len(str(number)) - 1]}_{number}"
    return name


def _readable(text: str) -> str:
    """
    The text without what no file and no screen can hold: control characters, halves of characters, marks of byte order.
    """
    return "".join(
        character
        for character in text
        if character in "\n\r\t" or (unicodedata.category(character) not in {"Cc", "Cs"} and character != "\ufeff")
    )
