"""
The coach's figures as a picture that can be read on a phone. It draws what it is told; it counts nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 1280
"""
Pixels from left to right.
"""

_DPI = 100
_MARGIN = 64
_INNER = WIDTH - 2 * _MARGIN
_HEAD, _DAYS, _ROW, _FOOT = 190, 560, 92, 84
_MOST_SUBJECTS = 6
_SUBJECT_SPACE = 96
_BAR, _BAR_END = 30, 130
_WEEK = 7
_MOST_BARS = 62
_TICKS = 6
_STEPS = (1, 2, 5, 10)
_LOWEST_SCALE = 4
_DIGIT = 17

_BACKGROUND = "#ffffff"
_INK, _QUIET, _LINE = "#1c2733", "#5b6875", "#dfe4e8"
_COLOURS = ("#1f6f9f", "#f0b13c", "#b5432f")
"""
Blue, amber and brick: apart for colour-blind eyes too, since they differ in lightness.
"""


@dataclass(frozen=True, slots=True)
class Bars:
    """
    One day: how many messages were understood, how many asked back, how many not understood.
    """

    day: dt.date
    counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Chart:
    """
    What a picture shows; all texts are plain.

    Parameters:
        language: How dates and numbers are written.
        title: What it is about.
        headline: The key numbers in one line.
        outcomes: What the three parts of a bar are, from the bottom up.
        days_title: What the bars are about.
        days: The bars, oldest first.
        subjects_title: What the subjects are about.
        subjects: The subjects and how often they came up, most frequent first.
        no_subjects: What to say if there is none.
        footnote: What else should be known.
    """

    language: str
    title: str
    headline: str
    outcomes: tuple[str, str, str]
    days_title: str
    days: Sequence[Bars]
    subjects_title: str
    subjects: Sequence[tuple[str, int]]
    no_subjects: str
    footnote: str


def picture(chart: Chart) -> bytes:
    """
    Draw a chart; returns a PNG image. Without anything in the bars there are only the title and the headline.

    It takes a moment: in a running bot it belongs into a thread of its own.
    """
    # The library takes half a second to import, which only a picture needs.
    from matplotlib.figure import Figure  # noqa: PLC0415

    happened = any(any(bars.counts) for bars in chart.days)
    subjects = chart.subjects[:_MOST_SUBJECTS]
    lower = _SUBJECT_SPACE + max(1, len(subjects)) * _ROW + _FOOT
    height = _HEAD + (_DAYS + lower if happened else 0)
    canvas = _Canvas(Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=_BACKGROUND), height)
    canvas.text((_MARGIN, 84), chart.title, 42, bold=True)
    canvas.text((_MARGIN, 144), chart.headline, 32, colour=_QUIET)
    if happened:
        _draw_days(canvas, chart)
        _draw_subjects(canvas, chart, subjects)
        canvas.text((_MARGIN, height - 40), chart.footnote, 23, colour=_QUIET)
    return canvas.png()


class _Canvas:
    """
    A figure that is drawn on in pixels from the upper left corner.

    Parameters:
        figure: The figure.
        height: Its height in pixels.
    """

    def __init__(self, figure: "Figure", height: int) -> None:
        # As above.
        from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415

        self.figure = figure
        self.height = height
        self.known = get_font(findfont(FontProperties())).get_charmap().keys()

    def text(
        self, place: tuple[float, float], text: str, size: int, *, colour: str = _INK, bold: bool = False
    ) -> float:
        """
        Write one line, made smaller if it would not fit; returns where it ends.

        Parameters:
            place: Where it begins: pixels from the left, and from the top to the foot of its letters.
            text: What to write.
            size: The height of the letters in pixels.
            colour: Their colour.
            bold: Whether they are bold.
        """
        left, base = place
        where = (left / WIDTH, 1 - base / self.height)
        style: dict[str, Any] = {"color": colour, "weight": "bold" if bold else "normal", "parse_math": False}
        line = self.figure.text(*where, self.drawable(text), fontsize=points(size), **style)
        width = float(line.get_window_extent().width)
        room = WIDTH - _MARGIN - left
        if width > room:
            line.set_fontsize(points(size) * room / width)
        return left + min(width, room)

    def axes(self, left: float, top: float, width: float, height: float) -> "Axes":
        """
        A plain area to draw in.
        """
        bounds = (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height)
        axes = self.figure.add_axes(bounds, facecolor="none")
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0, labelsize=points(26), labelcolor=_QUIET, pad=points(10))
        return axes

    def drawable(self, text: str) -> str:
        """
        A text without what the font has no shape for, such as emoji.
        """
        spaced = (" " if character.isspace() else character for character in text)
        return " ".join("".join(character for character in spaced if ord(character) in self.known).split())

    def png(self) -> bytes:
        """
        The picture.
        """
        image = BytesIO()
        self.figure.savefig(image, format="png", dpi=_DPI)
        return image.getvalue()


def points(pixels: float) -> float:
    """
    A size of letters as the library wants it.
    """
    return pixels * 72 / _DPI


def _draw_days(canvas: _Canvas, chart: Chart) -> None:
    top = _HEAD + 40
    canvas.text((_MARGIN, top), chart.days_title, 32, bold=True)
    end: float = _MARGIN
    for outcome, colour in zip(chart.outcomes, _COLOURS, strict=True):
        end = 10 + canvas.text((end, top + 50), "■", 32, colour=colour)
        end = 32 + canvas.text((end, top + 48), outcome, 28)
    marks = _marks(max(sum(bars.counts) for bars in chart.days), chart.language)
    width = _INNER - _DIGIT * max(map(len, marks.values()))
    axes = canvas.axes(_MARGIN, top + 84, width, _DAYS - 84 - 110)
    places = range(len(chart.days))
    floor = [0] * len(chart.days)
    for part, colour in enumerate(_COLOURS):
        heights = [bars.counts[part] for bars in chart.days]
        ceiling = [low + height for low, height in zip(floor, heights, strict=True)]
        if len(chart.days) <= _MOST_BARS:
            edge = 2.0 if len(chart.days) <= _WEEK else 1.0
            axes.bar(places, heights, 0.82, floor, color=colour, edgecolor=_BACKGROUND, linewidth=edge)
        else:
            axes.fill_between(places, floor, ceiling, step="mid", color=colour, linewidth=0)
        floor = ceiling
    axes.set_xlim(-0.5, max(len(chart.days), _WEEK) - 0.5)
    _mark_heights(axes, max(*floor, *marks), marks)
    _mark_days(axes, chart)


def _marks(highest: int, language: str) -> dict[int, str]:
    """
    A few round numbers up to the height of the highest bar, and how they are written.
    """
    highest = max(highest, _LOWEST_SCALE)
    power = 10 ** max(0, len(str(highest // 4)) - 1)
    step = next(power * step for step in _STEPS if power * step * 4 >= highest)
    return {mark: format_decimal(mark, locale=language) for mark in range(step, highest + 1, step)}


def _mark_heights(axes: "Axes", highest: int, marks: Mapping[int, str]) -> None:
    """
    Thin lines at some heights, behind the bars, with their numbers beside the last bar.
    """
    axes.set_ylim(0, highest * 1.05)
    axes.set_yticks(list(marks), list(marks.values()))
    axes.yaxis.tick_right()
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_LINE, linewidth=1.5)
    axes.axhline(0, color=_QUIET, linewidth=1.5)


def _mark_days(axes: "Axes", chart: Chart) -> None:
    """
    As many dates as fit side by side, the last day always among them.
    """
    last = len(chart.days) - 1
    step = 1 if last < _WEEK else -(-len(chart.days) // _TICKS)
    skeleton = "EEEd" if last < _WEEK else "MMMd"
    marked = range(last, -1, -step)
    names = [format_skeleton(skeleton, chart.days[place].day, locale=chart.language) for place in marked]
    axes.set_xticks(list(marked), names)


def _draw_subjects(canvas: _Canvas, chart: Chart, subjects: Sequence[tuple[str, int]]) -> None:
    top = _HEAD + _DAYS + 40
    canvas.text((_MARGIN, top), chart.subjects_title, 32, bold=True)
    if not subjects:
        canvas.text((_MARGIN, top + 64), chart.no_subjects, 28, colour=_QUIET)
        return
    longest = max(count for _, count in subjects)
    axes = canvas.axes(_MARGIN, top + 10, _INNER, _ROW * len(subjects))
    axes.axis("off")
    axes.set_xlim(0, _INNER)
    axes.set_ylim(_ROW * len(subjects), 0)
    for row, (title, count) in enumerate(subjects):
        length = max(6.0, (_INNER - _BAR_END) * count / longest)
        bottom = (row + 1) * _ROW
        axes.barh(bottom - _BAR / 2, length, _BAR, color=_COLOURS[0])
        canvas.text((_MARGIN, top + 10 + bottom - _BAR - 12), title, 28)
        number = format_decimal(count, locale=chart.language)
        canvas.text((_MARGIN + length + 14, top + 10 + bottom - 5), number, 28, bold=True)
