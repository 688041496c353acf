"""
The wheel holds everything: code and pack.
"""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_carries_the_pack(tmp_path: Path) -> None:
    """
    Whoever installs the wheel has a bot that talks.
    """
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"bot/replies/{path.relative_to(ROOT / 'replies')}" for path in (ROOT / "replies").rglob("*") if path.is_file()
    }
    code = {str(path.relative_to(ROOT)) for kind in ("*.py", "*.html") for path in (ROOT / "bot").rglob(kind)}
    assert shipped | code <= names
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)
