"""
The commands, as scripts and people use them.
"""

import json
from pathlib import Path

import pytest

from bot import __version__
from bot.app import App
from bot.cli import run, talking
from tests.builders import write_answer

pytestmark = pytest.mark.usefixtures("bot")

ROOT = Path(__file__).resolve().parent.parent


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """
    What a command prints on standard output.
    """
    assert run(arguments) == code
    return capsys.readouterr().out


@pytest.fixture
def built(bot: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Commands find the bot built already.
    """
    monkeypatch.setattr(talking, "build_bot", lambda _: bot)


def test_ask_prints_the_fields_that_scripts_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The names are fixed once shipped.
    """
    answer = json.loads(output(capsys, "ask", "je dois refaire mon cv, par où commencer ?", "--json"))
    assert list(answer) == [
        "language", "outcome", "intent", "confidence", "candidates", "faq", "articles", "text", "buttons",
    ]  # fmt: skip
    assert (answer["language"], answer["outcome"], answer["intent"]) == ("fr", "sure", "cv_writing")
    assert set(answer["candidates"][0]) == {"intent", "confidence"}
    assert set(answer["articles"][0]) == {"title", "url"}
    assert set(answer["faq"][0]) == {"entry", "score"}


@pytest.mark.usefixtures("built")
def test_ask_explains(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A coach sees which words and concepts decided.
    """
    assert "concept" in output(capsys, "ask", "je dois refaire mon cv, par où commencer ?", "--explain")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("text", ["", "🙂", "x" * 100_000, "<b>{{ 7*7 }}", "\u202e\u200b"])
def test_ask_answers_anything(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """
    Bad input is answered, escaped, never executed.
    """
    answer = json.loads(output(capsys, "ask", text, "--json"))
    assert answer["text"]
    assert "49" not in answer["text"]


@pytest.mark.usefixtures("built")
def test_search_prints_titles_urls_and_scores(capsys: pytest.CaptureFixture[str]) -> None:
    """
    At most as many as asked for, best first.
    """
    found = json.loads(output(capsys, "search", "entretien", "--json", "-k", "2"))
    assert len(found) == 2
    assert list(found[0]) == ["title", "url", "score"]
    assert found[0]["score"] >= found[1]["score"]
    assert json.loads(output(capsys, "search", "zzzzqqq", "--json")) == []
    assert output(capsys, "search", "zzzzqqq") == "No article matches.\n"


def test_eval_prints_the_fields_that_scripts_rely_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    The names are fixed once shipped.
    """
    path = tmp_path / "rows.jsonl"
    rows = [
        {
            "id": "1",
            "text": "je dois refaire mon cv, par où commencer ?",
            "lang": "fr",
            "intents": ["cv_writing"],
            "style": "clean",
        },
        {"id": "2", "text": "recette de la quiche lorraine", "lang": "fr", "intents": [], "style": "clean"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    figures = json.loads(output(capsys, "eval", str(path), "--json"))
    assert list(figures) == ["rows", "in_scope", "out_of_scope", "by_style", "by_language", "by_intent", "latency_ms"]
    assert list(figures["in_scope"]) == ["rows", "top1", "top3", "answered", "answered_right", "helped"]
    assert list(figures["out_of_scope"]) == ["rows", "abstained", "lost"]
    assert list(figures["latency_ms"]) == ["p50", "p99"]
    assert figures["in_scope"]["top1"] == 1.0
    assert "2 messages" in output(capsys, "eval", str(path))


def test_eval_refuses_a_bad_file_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    Bad input ends with a non-zero code and a sentence.
    """
    assert run(["eval", str(tmp_path / "nowhere.jsonl")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_check_prints_every_fault_and_fails(capsys: pytest.CaptureFixture[str], small_pack: Path) -> None:
    """
    A blogger can run it before publishing.
    """
    assert "no problem" in output(capsys, "check", "--pack", str(small_pack))
    write_answer(small_pack, "fr", "cv", "<h1>")
    assert "fr/advice/cv.md:4: Telegram does not know" in output(capsys, "check", "--pack", str(small_pack), code=1)


@pytest.mark.parametrize("command", [["ask", "x"], ["search", "x"], ["chat"], ["check"]])
def test_a_pack_with_faults_is_refused_with_the_same_report(
    capsys: pytest.CaptureFixture[str], small_pack: Path, command: list[str]
) -> None:
    """
    No command starts on a broken pack.
    """
    write_answer(small_pack, "fr", "cv", "<h1>")
    assert run([*command, "--pack", str(small_pack)]) == 1
    captured = capsys.readouterr()
    assert "fr/advice/cv.md:4: Telegram does not know the tag <h1>" in captured.out + captured.err


def test_another_pack_is_learned_and_answers(capsys: pytest.CaptureFixture[str], small_pack: Path) -> None:
    """
    A blogger's own pack works with every command, as it is after a change, too.
    """
    assert "cv" in output(capsys, "ask", "refaire mon cv", "--pack", str(small_pack))
    write_answer(small_pack, "fr", "cv", "Tout neuf.")
    answer = json.loads(output(capsys, "ask", "refaire mon cv", "--pack", str(small_pack), "--json"))
    assert answer["intent"] == "cv"
    assert answer["articles"] == []


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["search", "x", "-k", "0"], ["search", "x", "-k", "many"], ["ask"]]
)
def test_wrong_words_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """
    A usage line and code 2.
    """
    assert run(arguments) == 2
    assert "usage:" in capsys.readouterr().err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Help shows examples.
    """
    assert "examples:" in output(capsys, "ask", "--help")
    assert __version__ in output(capsys, "--version")


def test_run_without_a_token_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    """
    No traceback, but the way to @BotFather and to .env.
    """
    assert run(["run"]) == 1
    message = capsys.readouterr().err
    assert "@BotFather" in message
    assert "TREMPLIN_TOKEN" in message
    assert "Traceback" not in message


@pytest.fixture
def kept_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """
    A folder that holds the data and the key.
    """
    monkeypatch.setenv("TREMPLIN_DATABASE", f"sqlite:///{tmp_path / 'data' / 'tremplin.db'}")
    monkeypatch.setenv("TREMPLIN_KEY_FILE", str(tmp_path / "secret" / "key"))
    return tmp_path


@pytest.mark.usefixtures("kept_here")
@pytest.mark.parametrize("person", ["00000000", "nobody"])
def test_muting_nobody_is_said(person: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    In one line, with where the eight digits are found.
    """
    assert run(["mute", person, "24"]) == 1
    assert person in capsys.readouterr().err


def test_the_data_is_looked_after(
    kept_here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    `db backup`, `db restore` and `db rotate-key`, each with one line of what it did.
    """
    copy = kept_here / "tremplin.backup"
    assert "1 rows copied" in output(capsys, "db", "backup", str(copy))
    assert run(["db", "backup", str(copy)]) == 1
    assert "there already" in capsys.readouterr().err
    assert "sealed with the new key" in output(capsys, "db", "rotate-key")
    monkeypatch.setenv("TREMPLIN_DATABASE", f"sqlite:///{kept_here / 'other' / 'tremplin.db'}")
    assert run(["db", "restore", str(kept_here / "none")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert run(["db", "restore", str(copy)]) == 1
    assert "another key" in capsys.readouterr().err


@pytest.mark.usefixtures("kept_here")
def test_the_doctor_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """
    One line a part, and an exit code for scripts.
    """
    lines = output(capsys, "doctor", code=1).splitlines()
    assert [line.split(":")[0].split() for line in lines] == [
        ["ok", "pack"], ["ok", "key"], ["ok", "database"], ["PROBLEM", "token"],
    ]  # fmt: skip


@pytest.mark.usefixtures("kept_here")
def test_a_webhook_needs_a_port(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Nothing is started that nobody could reach.
    """
    monkeypatch.setenv("TREMPLIN_TOKEN", "1:x")
    monkeypatch.setenv("TREMPLIN_WEBHOOK_URL", "https://example.org/telegram")
    assert run(["run"]) == 1
    assert "TREMPLIN_WEB_PORT" in capsys.readouterr().err


def test_settings_out_of_range_are_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With the name of the setting, and no traceback.
    """
    monkeypatch.setenv("TREMPLIN_WEB_PORT", "high")
    assert run(["doctor"]) == 1
    error = capsys.readouterr().err
    assert "TREMPLIN_WEB_PORT" in error
    assert "Traceback" not in error


def test_a_new_text_is_not_learned_anew(
    small_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Only what is learned from makes the next start slow: examples, concepts, titles, questions.
    """
    monkeypatch.setenv("TREMPLIN_CACHE", str(tmp_path / "cache"))
    output(capsys, "ask", "mon cv", "--pack", str(small_pack))
    write_answer(small_pack, "fr", "cv", "Un tout autre conseil.")
    assert "autre conseil" in output(capsys, "ask", "refaire mon cv", "--pack", str(small_pack))
    assert len(list((tmp_path / "cache").iterdir())) == 1
    with (small_pack / "fr" / "examples" / "cv.txt").open("a") as file:
        file.write("encore un exemple\n")
    output(capsys, "ask", "mon cv", "--pack", str(small_pack))
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize("name", ["WEBHOOK_URL", "CLICK_URL"])
def test_an_address_needs_the_port_behind_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """
    Whoever sets one without the other is told, rather than left with links that lead nowhere.
    """
    monkeypatch.setenv("TREMPLIN_TOKEN", "123456:abc")
    monkeypatch.setenv(f"TREMPLIN_{name}", "https://bot.example/x")
    assert run(["run"]) == 1
    assert f"TREMPLIN_{name} needs TREMPLIN_WEB_PORT" in capsys.readouterr().err


@pytest.mark.parametrize("zone", ["Paris", "", "../etc/passwd", "Europe/"])
def test_an_unknown_time_zone_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """
    In one line, with an example.
    """
    monkeypatch.setenv("TREMPLIN_TIMEZONE", zone)
    assert run(["check"]) == 1
    assert "such as Europe/Paris" in capsys.readouterr().err
