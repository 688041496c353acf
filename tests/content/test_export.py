"""
What coaches taught the bot goes into the pack, with nothing said otherwise than before.
"""

from pathlib import Path

import pytest

from bot.cli import run
from bot.content.check import load_pack
from bot.content.drafts import FaqDraft
from bot.content.overlay import Overlay
from bot.content.pack import Pack
from bot.understanding.examples import training_rows
from tests.builders import faults_of


@pytest.fixture
def overlay(tmp_path: Path, small_pack: Path) -> Overlay:
    """
    What was taught to the small pack: examples, an entry, and an example that does not fit.
    """
    overlay = Overlay(tmp_path / "overlay", load_pack(small_pack).manifest.blog.name)
    overlay.add_examples("fr", "cv", ["relis mon papier", "bonjour", "Refaire mon CV !"])
    overlay.add_examples("en", "out_of_scope", ["my dog is ill"])
    overlay.add_examples("fr", "zoo", ["un lion"])
    overlay.add_faq("fr", "a_relecture", FaqDraft("Relisez-vous ?", (), "cv", ("cv",), "Oui & [non|si]."))
    return overlay


def said(pack: Pack) -> object:
    """
    What a pack says and understands, wherever it stands.
    """
    faq = [(entry.id, entry.header, entry.body.source) for one in pack.languages.values() for entry in one.faq.values()]
    return training_rows(pack), faq


def export(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """
    What the command prints, on standard output or standard error.
    """
    assert run(["pack", "export", *arguments]) == code
    shown = capsys.readouterr()
    return shown.out if code == 0 else shown.err


def test_the_pack_takes_over_what_was_taught(
    small_pack: Path, overlay: Overlay, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    In the same order, so that nothing is learned anew; only what does not fit stays in the overlay.
    """
    (small_pack / "fr/examples/cv.txt").write_bytes((small_pack / "fr/examples/cv.txt").read_bytes().rstrip(b"\n"))
    before = said(load_pack(small_pack, overlay.folder))
    assert export(capsys, "--pack", str(small_pack)).splitlines() == [
        "en/examples/out_of_scope.txt: 1 examples",
        "fr/examples/cv.txt: 1 examples",
        "fr/faq/a_relecture.md: an entry",
        f"3 files merged into {small_pack}",
    ]
    assert faults_of(small_pack) == []
    assert said(load_pack(small_pack)) == before == said(load_pack(small_pack, overlay.folder))
    left = {str(path.relative_to(overlay.folder)) for path in overlay.folder.rglob("*") if path.is_file()}
    assert left == {"pack.txt", "fr/examples/cv.txt", "fr/examples/zoo.txt"}
    assert (overlay.folder / "fr/examples/cv.txt").read_text(encoding="utf-8") == "bonjour\n"
    assert overlay.undo() is None
    assert "nothing to merge" in export(capsys, "--pack", str(small_pack))


def test_a_copy_of_the_pack_takes_it_over(
    small_pack: Path, overlay: Overlay, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The pack and the overlay stay what they are; the copy under the same overlay says the same.
    """
    before, bare = said(load_pack(small_pack, overlay.folder)), said(load_pack(small_pack))
    (tmp_path / "new").mkdir()
    assert "3 files merged" in export(capsys, str(tmp_path / "new"), "--pack", str(small_pack))
    assert said(load_pack(tmp_path / "new")) == before == said(load_pack(tmp_path / "new", overlay.folder))
    assert said(load_pack(small_pack)) == bare
    assert len(overlay.changes()) == 4


def test_what_is_merged_already_leaves_the_overlay(
    small_pack: Path, overlay: Overlay, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A pack that came back from version control with what was taught needs no overlay.
    """
    export(capsys, str(tmp_path / "new"), "--pack", str(small_pack))
    assert "nothing to merge" in export(capsys, "--pack", str(tmp_path / "new"))
    assert not (overlay.folder / "fr/faq/a_relecture.md").exists()


@pytest.mark.usefixtures("overlay")
def test_a_folder_that_holds_something_is_refused(
    small_pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Nothing is overwritten, and no pack is copied into itself.
    """
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x", encoding="utf-8")
    for folder, reason in (
        ("full", "is there already"),
        ("full/x", "is there already"),
        ("pack/new", "inside the pack"),
    ):
        error = export(capsys, str(tmp_path / folder), "--pack", str(small_pack), code=1)
        assert reason in error
        assert error.count("\n") == 1


def test_a_pack_that_cannot_be_written_is_left_as_it_is(
    small_pack: Path, overlay: Overlay, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    All or nothing, in one line.
    """
    # A folder in the place of a draft is in the way of whoever may write anything.
    (small_pack / "merge.part").mkdir()
    (small_pack / "merge.part" / "x").write_text("x", encoding="utf-8")
    bare = said(load_pack(small_pack))
    error = export(capsys, "--pack", str(small_pack), code=1)
    assert "cannot be written" in error
    assert error.count("\n") == 1
    assert said(load_pack(small_pack)) == bare
    assert len(overlay.changes()) == 4


def test_faults_are_not_merged(small_pack: Path, overlay: Overlay, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The pack stays free of them.
    """
    overlay.add_faq("fr", "long", FaqDraft("Une question ?", (), "cv", (), "a" * 4097))
    error = export(capsys, "--pack", str(small_pack), code=1)
    assert "1 problems together; python -m bot check lists them" in error
    assert faults_of(small_pack) == []


def test_check_tells_what_is_left_out(small_pack: Path, overlay: Overlay, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Whoever looks for faults sees what was taught in vain, too.
    """
    assert run(["check", "--pack", str(small_pack)]) == 0
    shown = capsys.readouterr().out
    assert f"left out: {overlay.folder}/fr/examples/zoo.txt:1: zoo is no intent" in shown
    assert "no problem found" in shown
