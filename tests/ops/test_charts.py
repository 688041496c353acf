"""
The coach's picture.
"""

import datetime as dt
import struct
import threading
from dataclasses import replace

import pytest

from bot.ops.charts import WIDTH, Bars, Chart, picture

FIRST = dt.date(2026, 11, 1)


def chart(days: int = 7, much: int = 10, subjects: int = 6) -> Chart:
    """
    A chart of some days, with subjects whose titles try what can be drawn.
    """
    titles = ["Œuvrer à l’œil : où ça ?", "$E = mc^2$", "📄 CV ✨", "", "W" * 200, "مرحبا", "x", "y"]
    return Chart(
        "fr",
        "Le blog $1",
        "12 personnes",
        ("82 % compris", "12 % à préciser", "6 % pas compris"),
        "Messages par jour",
        [Bars(FIRST + dt.timedelta(days=day), (much * (day % 3), day % 2 * much, much // 3)) for day in range(days)],
        "Sujets",
        [(title, 10**place) for place, title in enumerate(titles[:subjects])][::-1],
        "Aucun sujet",
        "Une note",
    )


def size(image: bytes) -> tuple[int, int]:
    """
    The width and height that a PNG image says it has.
    """
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert image.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", image[16:24])
    return width, height


@pytest.mark.parametrize("days", [1, 2, 7, 8, 30, 63, 400])
@pytest.mark.parametrize("much", [0, 1, 123_456_789])
def test_a_picture_has_one_width_whatever_is_in_it(days: int, much: int) -> None:
    """
    Few or many days, small or large numbers: nothing makes it fail, and Telegram takes its shape.
    """
    width, height = size(picture(chart(days, much)))
    assert width == WIDTH
    assert 100 < height < 2 * WIDTH


def test_a_picture_grows_with_its_subjects_up_to_a_few() -> None:
    """
    Titles the font has no shapes for, or that look like formulas, or are too long, are drawn as well as can be.
    """
    heights = [size(picture(chart(subjects=count)))[1] for count in (0, 1, 6, 8)]
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_what_cannot_be_drawn_is_left_out() -> None:
    """
    An emoji in a title changes nothing.
    """
    plain = replace(chart(), title="Le blog")
    assert picture(replace(plain, title="📊 Le\u00a0blog")) == picture(plain)


def test_pictures_can_be_drawn_in_a_thread() -> None:
    """
    The bot goes on answering meanwhile.
    """
    images: list[bytes] = []
    threads = [threading.Thread(target=lambda: images.append(picture(chart()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(images) == 3
    assert len(set(images)) == 1
