"""
What is stored, why, and for how long: the one list behind `/privacy`, `docs/privacy.md` and the daily purge.

The sentences stand in `phrases.yaml` as `kept_<id>`; they say what a thing is and what it is for.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.content import markup
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.model import Form


class Kept(StrEnum):
    """
    A kind of thing that is stored.
    """

    PROFILE = "profile"
    MESSAGES = "messages"
    UPDATES = "updates"
    ASIDE = "aside"
    ALERTS = "alerts"
    THREADS = "threads"
    QUESTIONS = "questions"
    BROADCASTS = "broadcasts"
    COUNTERS = "counters"


@dataclass(frozen=True, slots=True)
class Retention:
    """
    How long one kind of thing is stored.

    Parameters:
        kept: The kind.
        days: Days after the person's last message (profile) or after it came in; None for good.
    """

    kept: Kept
    days: int | None


RETENTION = (
    Retention(Kept.PROFILE, 365),
    Retention(Kept.MESSAGES, 30),
    Retention(Kept.UPDATES, 3),
    Retention(Kept.ASIDE, 30),
    Retention(Kept.ALERTS, 60),
    Retention(Kept.THREADS, 90),
    Retention(Kept.QUESTIONS, 90),
    Retention(Kept.BROADCASTS, 60),
    Retention(Kept.COUNTERS, None),
)


def days_of(kept: Kept) -> int | None:
    """
    How many days a kind of thing is stored; None for good.
    """
    return next(retention.days for retention in RETENTION if retention.kept is kept)


def statement(renderer: Renderer, language: str, form: Form) -> list[str]:
    """
    What is stored, why and for how long, as blocks of Telegram HTML.
    """
    rows = "\n".join(
        f"• {renderer.phrase(language, Phrase(f'kept_{one.kept}'), form, count=one.days or 0)}" for one in RETENTION
    )
    intro, rights = Phrase.PRIVACY, Phrase.PRIVACY_RIGHTS
    return [renderer.phrase(language, intro, form), rows, renderer.phrase(language, rights, form)]


def page(renderer: Renderer) -> str:
    """
    The same in every language of the pack, as a Markdown page (`docs/privacy.md`).
    """
    manifest = renderer.pack.manifest
    parts = ["<!-- Made by `python -m bot privacy` from bot/content/retention.py and phrases.yaml. -->"]
    for language in renderer.pack.languages:
        blocks = [markup.plain(block) for block in statement(renderer, language, manifest.address)]
        title, *rest = blocks[0].splitlines()
        body = "\n\n".join(["\n".join(rest).strip(), *blocks[1:]]).replace("• ", "- ")
        parts.append(f"# {title}\n\n{body}")
    return "\n\n".join(parts) + "\n"
