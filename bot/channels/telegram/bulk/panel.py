"""
The panel of a broadcast that is being prepared: its choices, and how many people it reaches.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels.telegram.desk.order import Done, Office
from bot.channels.telegram.desk.place import desk_button
from bot.content.phrases import Phrase
from bot.model import Audience, Broadcast, Button

_ACTIVE = (0, 30, 90)
_SPREADS = (0, 4, 12, 24)
_SAMPLE = 5


async def panel(office: Office, broadcast: Broadcast) -> Done:
    """
    Everything about a draft, with its choices and how many people it reaches.
    """
    audience = broadcast.audience
    keys = office.team.keys
    count = await office.broadcasts.count(audience, keys)
    capped = 0
    if not audience.anyway and not audience.test:
        capped = await office.broadcasts.count(replace(audience, anyway="?"), keys) - count
    say, number = office.desk.say, str(broadcast.id)
    spread = say(Phrase.BROADCAST_SPREAD, count=broadcast.hours) if broadcast.hours else ""
    when = office.cards.moment(broadcast.start) if broadcast.start > broadcast.created else ""
    lines = [
        say(
            Phrase.BROADCAST_PANEL,
            count=broadcast.id,
            title=", ".join(language_name(office, one) for one in broadcast.letters),
        ),
        say(Phrase.BROADCAST_REACHES, count=count),
        say(Phrase.BROADCAST_CAPPED, count=capped) if capped else "",
        say(Phrase.BROADCAST_SAMPLED, count=audience.sample) if audience.sample else "",
        say(Phrase.BROADCAST_ANYWAY, words=audience.anyway) if audience.anyway else "",
        say(Phrase.BROADCAST_WHEN, title=when) if when else "",
        spread,
    ]
    rows = _choices(office, broadcast, number)
    if capped:
        rows.append((bulk_button(office, Phrase.BROADCAST_BUTTON_ANYWAY, "anyway", number),))
    rows.append((bulk_button(office, Phrase.BROADCAST_BUTTON_SEND, "send", number, count=count),))
    rows.append((bulk_button(office, Phrase.BROADCAST_BUTTON_DROP, "drop", number),))
    return Done("\n".join(filter(None, lines)), tuple(rows))


def chosen(office: Office, broadcast: Broadcast, what: str, values: Sequence[str]) -> Broadcast:
    """
    A draft with one choice changed.

    Raises:
        LookupError: There is no such choice.
    """
    value, audience = values[0] if values else "", broadcast.audience
    themes = {theme.id: tuple(theme.intents) for theme in office.router.pack.manifest.themes}
    changes: Mapping[str, Callable[[], Audience]] = {
        "language": lambda: replace(audience, language=value),
        "theme": lambda: (
            replace(audience, theme="", intents=())
            if audience.theme == value
            else replace(audience, theme=value, intents=themes[value])
        ),
        "active": lambda: replace(audience, active_days=int(value)),
        "alerts": lambda: replace(audience, alerts=not audience.alerts),
        "sample": lambda: replace(audience, sample=0 if audience.sample else _SAMPLE),
        "test": lambda: replace(audience, test=not audience.test),
    }
    if what == "spread":
        return replace(broadcast, hours=int(value))
    return replace(broadcast, audience=changes[what]())


def language_name(office: Office, language: str) -> str:
    """
    A language by its own name.
    """
    return office.router.pack.languages[language].phrases[Phrase.LANGUAGE_NAME][0].source


def bulk_button(office: Office, name: Phrase, what: str, number: str, **values: Any) -> Button:
    """
    A button of a broadcast: what it does, and to which one.
    """
    return office.desk.button(name, "b", what, number, **values)


def _choices(office: Office, broadcast: Broadcast, number: str) -> list[tuple[Button, ...]]:
    """
    The choices of a draft; those that are made carry a tick.
    """
    audience, desk, pack = broadcast.audience, office.desk, office.router.pack

    def choice(label: str, what: str, value: str, *, chosen: bool) -> Button:
        return desk_button(f"✓ {label}" if chosen else label, "b", what, number, value)

    languages = [
        choice(desk.plain(Phrase.BROADCAST_ALL), "language", "", chosen=not audience.language),
        *(
            choice(language_name(office, one), "language", one, chosen=audience.language == one)
            for one in pack.languages
        ),
    ]
    themes = [
        choice(theme.title[desk.language], "theme", theme.id, chosen=audience.theme == theme.id)
        for theme in pack.manifest.themes
    ]
    active = [
        choice(
            desk.plain(Phrase.BROADCAST_ACTIVE, count=days) if days else desk.plain(Phrase.BROADCAST_ANY_TIME),
            "active",
            str(days),
            chosen=audience.active_days == days,
        )
        for days in _ACTIVE
    ]
    others = [
        choice(desk.plain(Phrase.BROADCAST_FOLLOWERS), "alerts", "", chosen=audience.alerts),
        choice(desk.plain(Phrase.BROADCAST_SAMPLE, count=_SAMPLE), "sample", "", chosen=audience.sample > 0),
        choice(desk.plain(Phrase.BROADCAST_TEST), "test", "", chosen=audience.test),
    ]
    spreads = [
        choice(
            desk.plain(Phrase.BROADCAST_OVER, count=hours) if hours else desk.plain(Phrase.BROADCAST_AT_ONCE),
            "spread",
            str(hours),
            chosen=broadcast.hours == hours,
        )
        for hours in _SPREADS
    ]
    missing = [language for language in pack.languages if language not in broadcast.letters]
    looks = [
        bulk_button(office, Phrase.BROADCAST_BUTTON_PREVIEW, "preview", number),
        bulk_button(office, Phrase.BROADCAST_BUTTON_TIME, "time", number),
    ]
    pairs = [tuple(themes[index : index + 2]) for index in range(0, len(themes), 2)]
    more = [
        (
            desk_button(
                desk.plain(Phrase.BROADCAST_BUTTON_LANGUAGE, title=language_name(office, one)), "b", "also", number, one
            ),
        )
        for one in missing
    ]
    return [tuple(languages), *pairs, tuple(active), tuple(others), tuple(spreads), *more, tuple(looks)]
