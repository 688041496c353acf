"""
Times as coaches write them: "3d", "until 24 August", "lun-ven 9-18".
"""

import datetime as dt
import re

from bot.channels.telegram.desk.place import Hours

_DELAY = re.compile(r"(\d{1,3})\s*(m|min|h|d|j|w|s)[a-z]*", re.IGNORECASE)
_UNITS = {
    "m": dt.timedelta(minutes=1),
    "min": dt.timedelta(minutes=1),
    "h": dt.timedelta(hours=1),
    "d": dt.timedelta(days=1),
    "j": dt.timedelta(days=1),
    "w": dt.timedelta(weeks=1),
    "s": dt.timedelta(weeks=1),
}
_CLOCK = re.compile(r"\b(\d{1,2})\s*h\s*(\d{2})?\b", re.IGNORECASE)
"""
A time of day as it is written in French: 9h, 18h30.
"""
_IN = re.compile(r"^(in|dans|d'ici|d’ici)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"^(until|till|to|jusqu'au|jusqu’au|jusqu'à|jusqu’à|jusque|au|le)\s+", re.IGNORECASE)
_DAYS = {
    name: number
    for number, names in enumerate(
        (("lun", "mon"), ("mar", "tue"), ("mer", "wed"), ("jeu", "thu"), ("ven", "fri"), ("sam", "sat"), ("dim", "sun"))
    )
    for name in names
}
_HOURS = re.compile(
    r"(?:(?P<first>[a-zé]{3})[a-zé]*(?:\s*[-–à]\s*(?P<last>[a-zé]{3})[a-zé]*)?\s+)?"
    r"(?P<begin>\d{1,2})\s*h?\s*[-–à]\s*(?P<end>\d{1,2})\s*h?",
    re.IGNORECASE,
)
_LATEST_HOUR = 24


def delay(words: str) -> dt.timedelta | None:
    """
    A stretch of time such as "3d", "3 j", "2h", "1 semaine"; None if it is none.
    """
    found = _DELAY.fullmatch(words.strip())
    if found is None:
        return None
    unit = found[2].lower()
    return int(found[1]) * _UNITS[unit]


def moment(words: str, now: dt.datetime) -> dt.datetime | None:
    """
    A moment to come, as a stretch of time or a date in French or English; None if it cannot be told, or is past.

    Parameters:
        words: Such as "until 24 August", "lundi", "3d".
        now: The moment it is, in the coach's time zone.
    """
    if (wait := delay(_IN.sub("", words.strip()))) is not None:
        return now + wait
    # It takes a moment to import, which only those who name a date need spend.
    import dateparser  # noqa: PLC0415

    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now.replace(tzinfo=None)}
    clear = _CLOCK.sub(lambda at: f"{at[1]}:{at[2] or '00'}", _UNTIL.sub("", words.strip()))
    found = dateparser.parse(clear, languages=["fr", "en"], settings=settings)
    if found is None:
        return None
    then = found.replace(tzinfo=now.tzinfo)
    return then if then > now else None


def hours(words: str) -> Hours | None:
    """
    Office hours such as "9-18" (every working day), "lun-ven 9h-18h" or "sat 10-12"; None if they cannot be told.
    """
    found = _HOURS.fullmatch(words.strip())
    if found is None:
        return None
    begin, end = int(found["begin"]), int(found["end"])
    if not 0 <= begin < end <= _LATEST_HOUR:
        return None
    if found["first"] is None:
        return Hours(tuple(range(5)), begin, end)
    first = _DAYS.get(found["first"].lower())
    last = _DAYS.get((found["last"] or found["first"]).lower())
    if first is None or last is None:
        return None
    span = (last - first) % 7
    return Hours(tuple((first + step) % 7 for step in range(span + 1)), begin, end)
