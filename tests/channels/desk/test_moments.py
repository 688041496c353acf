"""
Times as coaches write them.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.channels.telegram.desk.moments import delay, hours, moment
from bot.channels.telegram.desk.place import Hours

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("3d", dt.timedelta(days=3)),
        ("3 jours", dt.timedelta(days=3)),
        ("2h", dt.timedelta(hours=2)),
        ("45 min", dt.timedelta(minutes=45)),
        ("1 semaine", dt.timedelta(weeks=1)),
        ("1 week", dt.timedelta(weeks=1)),
        ("bientôt", None),
        ("", None),
    ],
)
def test_a_stretch_of_time(words: str, wait: dt.timedelta | None) -> None:
    """
    In French and English, as short as one likes.
    """
    assert delay(words) == wait


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("until 24 August", (2027, 8, 24)),
        ("jusqu'au 24 août", (2027, 8, 24)),
        ("24/12", (2026, 12, 24)),
        ("lundi", (2026, 11, 23)),
        ("demain", (2026, 11, 22)),
        ("3d", (2026, 11, 24)),
    ],
)
def test_a_moment_to_come(words: str, then: tuple[int, int, int]) -> None:
    """
    A date without a year is the next one.
    """
    found = moment(words, NOW)
    assert found is not None
    assert (found.year, found.month, found.day) == then


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("demain 9h", (22, 9, 0)),
        ("lundi à 18h30", (23, 18, 30)),
        ("tomorrow 9am", (22, 9, 0)),
        ("2h", (21, 12, 0)),
        ("dans 2h", (21, 12, 0)),
    ],
)
def test_a_time_of_day(words: str, then: tuple[int, int, int]) -> None:
    """
    As it is written in either language.
    """
    found = moment(words, NOW)
    assert found is not None
    assert (found.day, found.hour, found.minute) == then


@pytest.mark.parametrize("words", ["hier", "n'importe quoi", "21/11/2020"])
def test_what_is_no_moment_to_come(words: str) -> None:
    """
    The past is none.
    """
    assert moment(words, NOW) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("9-18", Hours((0, 1, 2, 3, 4), 9, 18)),
        ("lun-ven 9h-18h", Hours((0, 1, 2, 3, 4), 9, 18)),
        ("mon-fri 9-18", Hours((0, 1, 2, 3, 4), 9, 18)),
        ("samedi 10-12", Hours((5,), 10, 12)),
        ("ven-lun 8-10", Hours((4, 5, 6, 0), 8, 10)),
        ("18-9", None),
        ("25-26", None),
        ("foo 9-18", None),
    ],
)
def test_office_hours(words: str, found: Hours | None) -> None:
    """
    Working days unless others are named.
    """
    assert hours(words) == found


def test_whether_a_moment_is_among_them() -> None:
    """
    From the first hour on, until the last one begins.
    """
    office = Hours((5,), 10, 12)
    assert office.include(NOW)
    assert not office.include(NOW.replace(hour=12))
    assert not office.include(NOW.replace(day=22))
