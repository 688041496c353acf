"""
`bot check` names every fault of a pack, where it is, and all at once.
"""

from pathlib import Path

import pytest

from bot.settings import shipped_pack
from tests.builders import faults_of, write_answer, write_faq


def test_the_shipped_pack_has_no_fault() -> None:
    """
    What a stranger clones can be used as it is.
    """
    assert faults_of(shipped_pack()) == []


def test_the_small_pack_has_no_fault(small_pack: Path) -> None:
    """
    The faults in the tests below are the only ones.
    """
    assert faults_of(small_pack) == []


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    """
    A wrong folder is named instead of failing somewhere inside.
    """
    assert "there is no content pack in" in faults_of(tmp_path)[0]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("a\n{% if %}", "fr/advice/cv.md:5: the template is broken"),
        ("a\n\n{{ nobody }}", "fr/advice/cv.md:6: the template cannot be rendered: 'nobody' is undefined"),
        ("{{ links.nowhere }}", "fr/advice/cv.md:4: the template cannot be rendered"),
        ("a\n<h1>b</h1>", "fr/advice/cv.md:5: Telegram does not know the tag <h1>"),
        ("<b>a", "fr/advice/cv.md:4: <b> is never closed"),
        ("a</b>", "fr/advice/cv.md:4: </b> closes nothing"),
        ("a & b", "fr/advice/cv.md:4: write & as &amp;"),
        ("a" * 4097, "fr/advice/cv.md:4: this is longer than the 4096 characters of a message"),
        ("", "fr/advice/cv.md:4: there is no text here"),
        ("[vous|<tt>tu</tt>]", "fr/advice/cv.md:4: Telegram does not know the tag <tt>"),
    ],
)
def test_a_faulty_text_is_reported_on_its_line(small_pack: Path, body: str, fault: str) -> None:
    """
    A blogger is led to the line to mend, in either form of address.
    """
    write_answer(small_pack, "fr", "cv", body)
    report = faults_of(small_pack)
    assert len(report) == 1
    assert report[0].startswith(fault)


@pytest.mark.parametrize(
    ("path", "content", "fault"),
    [
        ("fr/advice/cv.md", "no front matter", "fr/advice/cv.md:1: the file must begin with front matter"),
        ("fr/advice/cv.md", "---\ntitle: a\nrelated: [nowhere]\n---\nb\n", "related: nowhere is no intent"),
        ("fr/advice/cv.md", "---\ntitle: a\ncolour: red\n---\nb\n", "fr/advice/cv.md:3: colour: Extra inputs"),
        ("fr/advice/cv.md", "---\ntitle: [\n---\nb\n", "this is not YAML"),
        ("fr/faq/cv_photo.md", "---\nquestion: Photo ?\ncategory: zoo\n---\nb\n", "category: zoo is not among"),
        (
            "fr/faq/cv_photo.md",
            "---\nquestion: Photo ?\ncategory: cv\nintents: [zoo]\n---\nb\n",
            "intents: zoo is no intent",
        ),
        ("fr/examples/cv.txt", "bonjour\n" + "\n".join("abcdef"), "stands in fr/examples/cv.txt:1 already"),
        ("fr/examples/cv.txt", "un\ndeux\n", "fr/examples/cv.txt:1: an intent needs at least 5 examples"),
        ("fr/examples/zoo.txt", "a\nb\nc\nd\ne\n", "there is no fr/advice/zoo.md"),
        ("fr/concepts.yaml", "cv: [cv]\nboss: [chef]\n", "en/concepts.yaml:1: another language has the concept boss"),
        ("fr/concepts.yaml", "cv: [x]\na: [x]\nb: [x]\n", "“x” stands under cv, a, b"),
        ("fr/concepts.yaml", "cv: 3\n", "fr/concepts.yaml:1: cv: Input should be a valid list"),
        ("fr/phrases.yaml", "welcome: bonjour\n", "fr/phrases.yaml:1: the phrase menu is missing"),
        ("fr/advice/Grand Titre.md", "x", "a file's name is an id"),
        ("fr/advice/notes.txt", "x", "only .md files belong here"),
        ("fr/advice/cv.md", b"\xff\xfe", "cannot be read as UTF-8"),
    ],
)
def test_a_faulty_file_is_reported(small_pack: Path, path: str, content: str | bytes, fault: str) -> None:
    """
    Each rule says in words what is wrong with a file.
    """
    raw = content if isinstance(content, bytes) else content.encode()
    (small_pack / path).write_bytes(raw)
    assert any(fault in line for line in faults_of(small_pack)), faults_of(small_pack)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('en: [{number: "988"', 'de: [{number: "988"', "emergency: there is no number for en"),
        ("{fr: Tout, en: All}", "{fr: Tout}", "themes: all has no title in en"),
        ("cv: {fr: CV, en: CV}", "cv: {fr: CV}", "faq_categories: cv has no title in en"),
        ("[cv, talk_to_coach]", "[cv, nowhere]", "the theme all leads to nowhere"),
        ("languages: [fr, en]", "languages: [fr, en]\narticles: [{folder: posts}]", "there is no folder posts"),
        ("https://example.org}", "not an address}", "blog.url: a web address is needed"),
    ],
)
def test_a_faulty_manifest_is_reported(small_pack: Path, old: str, new: str, fault: str) -> None:
    """
    `pack.yaml` is held against the rest of the pack.
    """
    path = small_pack / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault in line for line in faults_of(small_pack)), faults_of(small_pack)


@pytest.mark.parametrize(
    "missing", ["fr/advice/greeting.md", "en/examples/greeting.txt", "fr/concepts.yaml", "en/phrases.yaml"]
)
def test_a_missing_file_is_reported(small_pack: Path, missing: str) -> None:
    """
    A language that lacks what another has is not shipped by mistake.
    """
    (small_pack / missing).unlink()
    assert any(line.startswith(f"{missing}:1:") for line in faults_of(small_pack))


def test_a_pack_must_answer_distress(small_pack: Path) -> None:
    """
    Nobody can remove the answer to people in danger without being told.
    """
    for language in ("fr", "en"):
        (small_pack / language / "advice" / "distress.md").unlink()
        (small_pack / language / "examples" / "distress.txt").unlink()
    assert any("distress is missing" in line for line in faults_of(small_pack))


def test_a_question_leads_to_one_entry(small_pack: Path) -> None:
    """
    Two FAQ entries do not fight over the same wording.
    """
    write_faq(small_pack, "fr", "other", "Autre question", ["Image !"])
    assert faults_of(small_pack) == ["fr/faq/other.md:1: “Image !” leads to cv_photo already"]


def test_every_fault_is_reported_at_once(small_pack: Path) -> None:
    """
    A blogger mends everything in one go.
    """
    write_answer(small_pack, "fr", "cv", "<h1>a</h1>")
    write_answer(small_pack, "en", "greeting", "{{ nobody }}")
    (small_pack / "fr/examples/cv.txt").write_text("un\n", encoding="utf-8")
    assert len(faults_of(small_pack)) == 3
