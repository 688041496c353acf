"""
What coaches taught the bot: written, laid over the pack, taken back.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import markup
from bot.content.check import load_pack
from bot.content.drafts import FaqDraft, as_answer, entry_id, faq_file
from bot.content.layers import OverlayReader
from bot.content.lesson import Change, ChangeKind
from bot.content.overlay import Overlay, OverlayError
from bot.content.pack import OUT_OF_SCOPE, Pack
from bot.content.render import Renderer
from bot.model import Form
from tests.builders import faults_of

DRAFT = FaqDraft("Relisez-vous les CV ?", ("relecture de cv",), "cv", ("cv",), "Oui, le mardi.")


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    """
    An overlay of the small pack in which nothing is yet; a second goes by from one change to the next.
    """
    seconds = iter(range(1000, 2000))
    return Overlay(tmp_path / "overlay", "Petit blog", lambda: float(next(seconds)))


def merged(small_pack: Path, overlay: Overlay) -> Pack:
    """
    The small pack with the overlay over it.
    """
    return load_pack(small_pack, overlay.folder)


def texts(pack: Pack, intent: str, language: str = "fr") -> list[str]:
    """
    The examples of an intent.
    """
    return [example.text for example in pack.languages[language].examples[intent]]


def files(folder: Path) -> dict[str, bytes]:
    """
    Everything in a folder.
    """
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_an_overlay_the_pack_is_what_it_was(small_pack: Path, tmp_path: Path) -> None:
    """
    Nobody needs to have taught anything.
    """
    pack = load_pack(small_pack, tmp_path / "nowhere")
    assert (pack.languages, pack.left_out) == (load_pack(small_pack).languages, ())


def test_examples_join_those_of_the_pack(small_pack: Path, overlay: Overlay) -> None:
    """
    A question that was not understood becomes an example, of an intent or of what is out of scope.
    """
    change = overlay.add_examples("fr", "cv", ["  relis\nmon papier ", "Relis mon papier !", "", "mon papier"])
    overlay.add_examples("fr", OUT_OF_SCOPE, ["mon chien est malade"])
    assert change == Change(ChangeKind.EXAMPLES, "fr", "cv", 2, 1000.0)
    pack = merged(small_pack, overlay)
    assert texts(pack, "cv")[-2:] == ["relis mon papier", "mon papier"]
    assert texts(pack, OUT_OF_SCOPE)[-1] == "mon chien est malade"
    assert (overlay.folder / "fr/examples/cv.txt").read_text(encoding="utf-8") == "relis mon papier\nmon papier\n"


def test_an_entry_joins_the_faq(small_pack: Path, overlay: Overlay) -> None:
    """
    A coach's answer is a FAQ entry like any other, with an id made of its question.
    """
    name = overlay.new_entry_id(DRAFT.question, load_pack(small_pack))
    change = overlay.add_faq("fr", name, DRAFT)
    assert change == Change(ChangeKind.FAQ, "fr", "relisez_vous_les_cv", 1, 1000.0)
    pack = merged(small_pack, overlay)
    assert list(pack.languages["fr"].faq) == ["cv_photo", "relisez_vous_les_cv"]
    assert pack.languages["fr"].faq[name].header.also == ["relecture de cv"]
    assert Renderer(pack).faq("fr", name, Form.VOUS) == "Oui, le mardi."


def test_an_entry_takes_the_place_of_the_one_with_its_id(small_pack: Path, overlay: Overlay) -> None:
    """
    A coach can answer a question of the pack better.
    """
    overlay.add_faq("fr", "cv_photo", FaqDraft("Photo ?", (), "cv", (), "Non."))
    assert Renderer(merged(small_pack, overlay)).faq("fr", "cv_photo", Form.VOUS) == "Non."


@pytest.mark.parametrize(
    ("question", "taken", "name"),
    [
        ("Où déjeuner à Noël ?", (), "ou_dejeuner_a_noel"),
        ("🙂 ???", (), "entry"),
        ("cv photo", ("cv_photo", "cv_photo_2"), "cv_photo_3"),
        ("un deux trois quatre cinq six sept huit neuf dix", (), "un_deux_trois_quatre_cinq_six_sept_huit"),
        ("a" * 50, ("a" * 40,), "a" * 38 + "_2"),
    ],
)
def test_an_entry_gets_an_id_of_its_own(question: str, taken: tuple[str, ...], name: str) -> None:
    """
    It fits a file's name and a button, and nothing is overwritten.
    """
    assert entry_id(question, taken) == name


def test_ids_are_unique_in_pack_and_overlay(small_pack: Path, overlay: Overlay) -> None:
    """
    An entry that is left out for the time being keeps its name, too.
    """
    overlay.add_faq("en", "cv_photo_2", FaqDraft("Any news?", (), "gone", (), "No."))
    assert overlay.new_entry_id("CV photo", load_pack(small_pack)) == "cv_photo_3"


HARD_TEXTS = [
    "{{ 7*7 }}",
    "{% raw %}",
    "{# no #}",
    "[oui|non]",
    "[a[b|c]|d]",
    "a & <b>c</b>",
    "---\nx\n---",
    "a\r\n\r\nb",
]


@given(answer=st.one_of(st.text(), st.lists(st.sampled_from([*HARD_TEXTS, " ", "\n", "{", "|", "é🙂"])).map("".join)))
def test_an_answer_is_shown_as_it_was_written(
    answer: str, pack: Pack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """
    Nothing a coach writes is a template, markup, or a choice of forms; only blanks around it and empty lines go.
    """
    if not (expected := as_answer(answer)):
        return
    overlay = Overlay(tmp_path_factory.mktemp("taught"))
    overlay.add_faq("fr", "entry", FaqDraft("Une question ?", (answer,), "cv", (), answer))
    entry = OverlayReader(overlay.folder)._faq_entry(overlay.folder / "fr/faq/entry.md")
    assert entry is not None
    renderer = Renderer(pack)
    for form in Form:
        assert markup.plain(renderer.render(entry.body, form, renderer.faq_context())) == expected


@pytest.mark.parametrize("text", [*HARD_TEXTS, "yes: [no] # 'x' \"y\"", "- a", "null", "2024-01-01", "~ ? !"])
def test_a_question_is_read_as_it_was_written(small_pack: Path, overlay: Overlay, text: str) -> None:
    """
    Nothing in it is taken for front matter.
    """
    overlay.add_faq("fr", "entry", FaqDraft(f"{text} pourquoi", (text, f"ah {text}"), "cv", (), "Parce que."))
    header = merged(small_pack, overlay).languages["fr"].faq["entry"].header
    line = " ".join(text.split())
    assert (header.question, header.also) == (f"{line} pourquoi", [line, f"ah {line}"])


def test_what_the_pack_has_meanwhile_is_no_fault(small_pack: Path, overlay: Overlay) -> None:
    """
    An example that was merged by hand counts once.
    """
    overlay.add_examples("fr", "cv", ["Refaire mon CV !", "relis mon papier"])
    pack = merged(small_pack, overlay)
    assert texts(pack, "cv")[6:] == ["relis mon papier"]
    assert pack.left_out == ()


def test_what_does_not_fit_is_left_out_and_said(small_pack: Path, overlay: Overlay) -> None:
    """
    A pack that has changed since goes on working, and what was taught stays in its files.
    """
    overlay.add_examples("fr", "zoo", ["un lion"])
    overlay.add_examples("de", "cv", ["lebenslauf"])
    overlay.add_examples("fr", "cv", ["bonjour", "relis mon papier"])
    overlay.add_faq("fr", "zoo", FaqDraft("Un lion ?", (), "zoo", (), "Oui."))
    overlay.add_faq("fr", "zebra", FaqDraft("Un zèbre ?", (), "cv", ("zoo",), "Oui."))
    overlay.add_faq("fr", "image", FaqDraft("Une image ?", ("Image ?",), "cv", (), "Oui."))
    pack = merged(small_pack, overlay)
    assert [(str(fault.path.relative_to(overlay.folder)), fault.line, fault.text) for fault in pack.left_out] == [
        ("de", 1, "de is none of the languages of the pack"),
        ("fr/examples/cv.txt", 1, "this message stands in fr/examples/greeting.txt:1 already"),
        ("fr/examples/zoo.txt", 1, "zoo is no intent of the pack"),
        ("fr/faq/image.md", 1, "“Image ?” leads to cv_photo already"),
        ("fr/faq/zebra.md", 1, "intents: zoo is no intent"),
        ("fr/faq/zoo.md", 1, "category: zoo is not among the faq_categories of pack.yaml"),
    ]
    assert texts(pack, "cv")[6:] == ["relis mon papier"]
    assert list(pack.languages["fr"].faq) == ["cv_photo"]


def test_every_rule_holds_for_what_was_taught(small_pack: Path, overlay: Overlay) -> None:
    """
    A fault is reported with the whole path of the overlay's file, so that it can be mended.
    """
    overlay.add_faq("fr", "long", FaqDraft("Une question ?", (), "cv", (), "a" * 4097))
    path = overlay.folder / "fr/faq/broken.md"
    path.write_text("---\nquestion: Autre ?\ncategory: cv\n---\na\n{% if %}\n", encoding="utf-8")
    (overlay.folder / "fr/faq/notes.txt").write_text("x", encoding="utf-8")
    assert faults_of(small_pack) == []
    assert faults_of(small_pack, overlay.folder) == [
        f"{path}:6: the template is broken: Expected an expression, got 'end of statement block'",
        f"{overlay.folder}/fr/faq/long.md:7: this is longer than the 4096 characters of a message",
        f"{overlay.folder}/fr/faq/notes.txt:1: only .md files belong here",
    ]


def test_another_packs_overlay_is_left_alone(small_pack: Path, overlay: Overlay) -> None:
    """
    What was taught to one blog is neither laid over another's pack nor mixed with what is taught there.
    """
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    manifest = small_pack / "pack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("Petit blog", "Autre blog"), encoding="utf-8")
    pack = merged(small_pack, overlay)
    assert texts(pack, "cv")[6:] == []
    assert "this was taught to Petit blog, not to Autre blog" in pack.left_out[0].text
    with pytest.raises(OverlayError, match="set TREMPLIN_OVERLAY to another"):
        Overlay(overlay.folder, "Autre blog").add_examples("fr", "cv", ["encore"])


def test_changes_are_undone_byte_for_byte(overlay: Overlay) -> None:
    """
    Whatever stood in the files before, an older process or another hand may have written it.
    """
    path = overlay.folder / "fr/examples/cv.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe sans fin de ligne\r\n\xe9")
    states = [files(overlay.folder)]
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    states.append(files(overlay.folder))
    overlay.add_faq("fr", "entry", DRAFT)
    states.append(files(overlay.folder))
    overlay.add_faq("fr", "entry", FaqDraft("Autre ?", (), "cv", (), "Autre."))
    again = Overlay(overlay.folder)
    assert [(change.kind, change.when) for change in again.changes()] == [
        (ChangeKind.FAQ, 1002.0),
        (ChangeKind.FAQ, 1001.0),
        (ChangeKind.EXAMPLES, 1000.0),
    ]
    for state in reversed(states[1:]):
        assert again.undo() is not None
        assert files(overlay.folder) == state
    assert again.undo() == Change(ChangeKind.EXAMPLES, "fr", "cv", 1, 1000.0)
    assert {**states[0], "pack.txt": b"Petit blog\n"} == files(overlay.folder)
    assert again.undo() is None


def test_a_change_that_was_cut_short_can_be_undone(overlay: Overlay) -> None:
    """
    The journal is written before the file.
    """
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    (overlay.folder / "fr/examples/cv.txt").unlink()
    assert overlay.undo() is not None
    assert overlay.changes() == []


def test_what_other_hands_wrote_is_not_undone(overlay: Overlay) -> None:
    """
    Nothing is lost to a tap on a button.
    """
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    path = overlay.folder / "fr/examples/cv.txt"
    path.write_text("tout autre chose\n", encoding="utf-8")
    with pytest.raises(OverlayError, match="changed by other hands"):
        overlay.undo()
    assert path.read_text(encoding="utf-8") == "tout autre chose\n"


def test_nothing_new_is_no_change(overlay: Overlay) -> None:
    """
    Teaching the same twice is said rather than done.
    """
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    for nothing in (["Relis mon papier."], ["", " \n"], []):
        with pytest.raises(OverlayError, match="nothing new"):
            overlay.add_examples("fr", "cv", nothing)
    assert len(overlay.changes()) == 1


def test_a_broken_journal_is_told_in_one_line(overlay: Overlay) -> None:
    """
    Rather than with a traceback at the coach's desk.
    """
    overlay.add_examples("fr", "cv", ["relis mon papier"])
    (overlay.folder / "changes.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(OverlayError, match=r"changes\.jsonl cannot be read"):
        overlay.changes()


@pytest.mark.parametrize(("language", "name"), [("../x", "cv"), ("fr", "../../etc"), ("fr", ""), ("fr", "Grand")])
def test_no_name_leads_out_of_the_folder(overlay: Overlay, language: str, name: str) -> None:
    """
    Whatever a button carries.
    """
    with pytest.raises(ValueError, match="is no language and id"):
        overlay.add_examples(language, name, ["a"])


def test_the_file_of_an_entry_can_be_read_aloud() -> None:
    """
    It looks like those a blogger writes.
    """
    assert faq_file(FaqDraft("Où ?  là", ("ici", "ici"), "cv", ("cv", "cv"), "Ici & là.\n\n\n\nOui.")) == (
        "---\nquestion: Où ? là\nalso:\n- ici\ncategory: cv\nintents:\n- cv\n---\nIci &amp; là.\n\nOui.\n"
    )
