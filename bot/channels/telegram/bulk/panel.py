"""
The panel of a broadcast that is being prepared: its choices, and how many people it reaches.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.channels.telegram.bulk.buttons import bulk_button, labelled_button
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done
from bot.channels.telegram.desk.place import Desk
from bot.content.phrases import Phrase
from bot.model import Audience, Broadcast, Button

_ACTIVE = (30, 90)
_SPREADS = (4, 12, 24)
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
    say = office.desk.say
    when = office.cards.moment(broadcast.start) if broadcast.start > broadcast.created else ""
    lines = [
        say(
            Phrase.BROADCAST_PANEL,
            count=broadcast.id,
            title=", ".join(office.router.pack.languages[one].name for one in broadcast.letters),
        ),
        say(Phrase.BROADCAST_REACHES, count=count),
        say(Phrase.BROADCAST_CAPPED, count=capped) if capped else "",
        say(Phrase.BROADCAST_SAMPLED, count=audience.sample) if audience.sample else "",
        say(Phrase.BROADCAST_ANYWAY, words=audience.anyway) if audience.anyway else "",
        say(Phrase.BROADCAST_WHEN, title=when) if when else "",
        say(Phrase.BROADCAST_SPREAD, count=broadcast.hours) if broadcast.hours else "",
    ]
    return Done("\n".join(filter(None, lines)), tuple(_rows(office, broadcast, count, capped)))


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


def _rows(office: Office, broadcast: Broadcast, count: int, capped: int) -> list[tuple[Button, ...]]:
    """
    All buttons of a draft.

    Parameters:
        office: The parts of the desk.
        broadcast: The draft.
        count: How many people it reaches.
        capped: How many more it would reach who had a message lately.
    """
    rows = [*_choices(office, broadcast), *_versions(office, broadcast)]
    rows.append(
        (
            bulk_button(office.desk, Phrase.BROADCAST_BUTTON_PREVIEW, "preview", broadcast.id),
            bulk_button(office.desk, Phrase.BROADCAST_BUTTON_TIME, "time", broadcast.id),
        )
    )
    if capped:
        rows.append((bulk_button(office.desk, Phrase.BROADCAST_BUTTON_ANYWAY, "anyway", broadcast.id),))
    rows.append((bulk_button(office.desk, Phrase.BROADCAST_BUTTON_SEND, "send", broadcast.id, count=count),))
    rows.append((bulk_button(office.desk, Phrase.BROADCAST_BUTTON_DROP, "drop", broadcast.id),))
    return rows


def _choices(office: Office, broadcast: Broadcast) -> list[tuple[Button, ...]]:
    """
    To whom a draft goes, and how fast.
    """
    return [
        _languages(office, broadcast),
        *_themes(office, broadcast),
        _active(office.desk, broadcast),
        _others(office.desk, broadcast),
        _spreads(office.desk, broadcast),
    ]


def _languages(office: Office, broadcast: Broadcast) -> tuple[Button, ...]:
    made = broadcast.audience.language
    names = {"": office.desk.plain(Phrase.BROADCAST_ALL)}
    names |= {one: content.name for one, content in office.router.pack.languages.items()}
    return tuple(_choice(broadcast, name, "language", one, made=one == made) for one, name in names.items())


def _themes(office: Office, broadcast: Broadcast) -> list[tuple[Button, ...]]:
    made, language = broadcast.audience.theme, office.desk.language
    themes = [
        _choice(broadcast, theme.title[language], "theme", theme.id, made=theme.id == made)
        for theme in office.router.pack.manifest.themes
    ]
    return [tuple(themes[index : index + 2]) for index in range(0, len(themes), 2)]


def _active(desk: Desk, broadcast: Broadcast) -> tuple[Button, ...]:
    names = {0: desk.plain(Phrase.BROADCAST_ANY_TIME)}
    names |= {days: desk.plain(Phrase.BROADCAST_ACTIVE, count=days) for days in _ACTIVE}
    made = broadcast.audience.active_days
    return tuple(_choice(broadcast, name, "active", str(days), made=days == made) for days, name in names.items())


def _others(desk: Desk, broadcast: Broadcast) -> tuple[Button, ...]:
    audience = broadcast.audience
    return (
        _choice(broadcast, desk.plain(Phrase.BROADCAST_FOLLOWERS), "alerts", made=audience.alerts),
        _choice(broadcast, desk.plain(Phrase.BROADCAST_SAMPLE, count=_SAMPLE), "sample", made=audience.sample > 0),
        _choice(broadcast, desk.plain(Phrase.BROADCAST_TEST), "test", made=audience.test),
    )


def _spreads(desk: Desk, broadcast: Broadcast) -> tuple[Button, ...]:
    names = {0: desk.plain(Phrase.BROADCAST_AT_ONCE)}
    names |= {hours: desk.plain(Phrase.BROADCAST_OVER, count=hours) for hours in _SPREADS}
    made = broadcast.hours
    return tuple(_choice(broadcast, name, "spread", str(hours), made=hours == made) for hours, name in names.items())


def _choice(broadcast: Broadcast, label: str, what: str, value: str = "", *, made: bool) -> Button:
    """
    A choice of a draft; it carries a tick if it is made.
    """
    return labelled_button(f"✓ {label}" if made else label, what, broadcast.id, value)


def _versions(office: Office, broadcast: Broadcast) -> list[tuple[Button, ...]]:
    """
    A button for each language that the message is not written in yet.
    """
    labels = {
        one: office.desk.plain(Phrase.BROADCAST_BUTTON_LANGUAGE, title=content.name)
        for one, content in office.router.pack.languages.items()
        if one not in broadcast.letters
    }
    return [(labelled_button(label, "also", broadcast.id, one),) for one, label in labels.items()]
