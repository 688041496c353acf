"""
Things tests are made of: a small pack, articles, replies as text.
"""

import datetime as dt
import shutil
from pathlib import Path

from bot.content import markup
from bot.content.check import load_pack
from bot.content.problems import PackError
from bot.model import Article, Reply
from bot.settings import shipped_pack

_MANIFEST = """\
blog: {name: Petit blog, url: https://example.org}
coach: {name: Alix, contact: alix@example.org}
languages: [fr, en]
emergency:
  fr: [{number: "3114", about: "jour et nuit"}]
  en: [{number: "988", about: "day and night"}]
themes:
  - {id: all, title: {fr: Tout, en: All}, intents: [cv, talk_to_coach]}
faq_categories:
  cv: {fr: CV, en: CV}
"""

_EXAMPLES = {
    "fr": {
        "cv": [
            "refaire mon cv",
            "cv trop long",
            "photo sur le cv",
            "mon cv est moche",
            "aide pour un cv",
            "cv en une page",
        ],
        "distress": ["je veux mourir", "en finir", "plus envie de vivre", "me suicider", "disparaître", "me tuer"],
        "talk_to_coach": [
            "parler à Alix",
            "un humain",
            "vous appeler",
            "prendre rendez-vous",
            "coaching",
            "une vraie personne",
        ],
        "greeting": ["bonjour", "salut", "coucou", "bonsoir", "hello toi", "bien le bonjour"],
        "out_of_scope": [
            "quel temps demain",
            "recette de crêpes",
            "ma fiche de paie est fausse",
            "le loyer",
            "asdfgh",
            "visa",
        ],
    },
    "en": {
        "cv": [
            "redo my resume",
            "resume too long",
            "photo on a resume",
            "ugly resume",
            "help with a cv",
            "one page resume",
        ],
        "distress": ["i want to die", "end it all", "no wish to live", "suicide", "i want to disappear", "kill myself"],
        "talk_to_coach": [
            "talk to alix",
            "a human please",
            "call you",
            "an appointment",
            "your price",
            "a real person",
        ],
        "greeting": ["hi", "hey there", "good morning", "good evening", "hello you", "howdy"],
        "out_of_scope": ["weather tomorrow", "pancake recipe", "wrong payslip", "my rent", "qwerty", "a work visa"],
    },
}


def write_small_pack(folder: Path) -> Path:
    """
    Write a pack with four intents, one FAQ entry and the shipped short texts.

    Parameters:
        folder: Where; it must not exist yet.
    """
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(_MANIFEST, encoding="utf-8")
    for language, examples in _EXAMPLES.items():
        for kind in ("advice", "examples", "faq"):
            (folder / language / kind).mkdir(parents=True)
        shutil.copy(shipped_pack() / language / "phrases.yaml", folder / language / "phrases.yaml")
        (folder / language / "concepts.yaml").write_text("cv: [cv, resume]\n", encoding="utf-8")
        for intent, rows in examples.items():
            (folder / language / "examples" / f"{intent}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
            if intent != "out_of_scope":
                write_answer(folder, language, intent, f"{intent} {{{{ first_name }}}} {{{{ contact }}}}")
        write_faq(folder, language, "cv_photo", "Photo ?", ["image ?"] if language == "fr" else ["picture ?"])
    return folder


def write_answer(folder: Path, language: str, intent: str, body: str, header: str = "") -> Path:
    """
    Write `advice/<intent>.md` with a body and further lines of front matter.
    """
    path = folder / language / "advice" / f"{intent}.md"
    path.write_text(f"---\ntitle: Titre {intent}\n{header}---\n{body}\n", encoding="utf-8")
    return path


def write_faq(folder: Path, language: str, entry: str, question: str, also: list[str], category: str = "cv") -> Path:
    """
    Write `faq/<entry>.md`.
    """
    path = folder / language / "faq" / f"{entry}.md"
    wordings = "".join(f"  - {wording!r}\n" for wording in also)
    header = f"question: {question!r}\nalso:\n{wordings}category: {category}\nintents: [cv]\n"
    path.write_text(f"---\n{header}---\nRéponse de {{{{ coach }}}}.\n", encoding="utf-8")
    return path


def faults_of(folder: Path, overlay: Path | None = None) -> list[str]:
    """
    The report on a pack, and on what is laid over it, as lines; an empty list means it can be used.
    """
    try:
        load_pack(folder, overlay)
    except PackError as error:
        return [str(problem) for problem in error.problems]
    return []


def article(title: str = "Un titre", *, url: str = "https://example.org/un", **fields: object) -> Article:
    """
    An article with whatever a test does not care about filled in.
    """
    values: dict[str, object] = {
        "id": title.lower()[:10],
        "language": "fr",
        "published": dt.date(2025, 1, 2),
        "tags": (),
        "summary": "",
        "text": title,
    }
    return Article(title=title, url=url, **{**values, **fields})  # type: ignore[arg-type]


def text_of(reply: Reply) -> str:
    """
    What a person reads in a reply.
    """
    return "\n\n".join(markup.plain(block) for block in reply.blocks)


def labels_of(reply: Reply) -> list[str]:
    """
    What is written on a reply's buttons.
    """
    return [button.label for row in reply.buttons for button in row]


def payload_of(reply: Reply, label: str) -> str:
    """
    The payload of the button whose label contains some words.
    """
    return next(button.payload for row in reply.buttons for button in row if label in button.label)
