"""
The commands, as scripts and people use them.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import __version__
from bot.cli import run
from bot.settings import shipped_pack
from tests.builders import write_answer
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("bot")

ROOT = Path(__file__).resolve().parent.parent


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """
    What a command prints on standard output.
    """
    assert run(arguments) == code
    return capsys.readouterr().out


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


def test_ask_explains(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A coach sees which words and concepts decided.
    """
    assert "concept" in output(capsys, "ask", "je dois refaire mon cv, par où commencer ?", "--explain")


@pytest.mark.parametrize("text", ["", "🙂", "x" * 100_000, "<b>{{ 7*7 }}", "\u202e\u200b"])
def test_ask_answers_anything(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """
    Bad input is answered, escaped, never executed.
    """
    answer = json.loads(output(capsys, "ask", text, "--json"))
    assert answer["text"]
    assert "49" not in answer["text"]


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


async def start_bot(server: TelegramServer, token: str | None = None) -> asyncio.subprocess.Process:
    """
    The bot as a process of its own, polling the stand-in server.
    """
    environment = {
        **os.environ,
        "TREMPLIN_TOKEN": token or server.token,
        "TREMPLIN_API_URL": server.base_url,
        "TREMPLIN_POLL_TIMEOUT": "1",
        "TREMPLIN_LOG_FORMAT": "json",
        "TREMPLIN_PACK": str(shipped_pack()),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )


async def log_lines(process: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    """
    What a process logged until it ended.
    """
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    return [json.loads(line) for line in errors.decode().splitlines() if line.startswith("{")]


async def test_the_process_answers_and_stops_when_asked() -> None:
    """
    `make run` with a token: people are answered, and SIGTERM ends it cleanly.
    """
    async with TelegramServer() as server:
        process = await start_bot(server)
        person = server.person("Noor")
        await person.send_text("je dois refaire mon cv, par où commencer ?")
        assert await person.next_message(30)
        process.send_signal(signal.SIGTERM)
        lines = await log_lines(process)
        assert process.returncode == 0
        logged = json.dumps(lines)
        assert "answered" in [line["event"] for line in lines]
        assert not any(secret in logged for secret in (server.token, "refaire", "Noor", str(person.id)))


async def test_a_wrong_token_ends_with_one_clear_line() -> None:
    """
    Retrying cannot help; saying what to check can.
    """
    async with TelegramServer() as server:
        process = await start_bot(server, "123456:wrong-token-wrong-token-wrong-token")
        lines = await log_lines(process)
        assert process.returncode == 1
        refused = [line for line in lines if line["event"] == "token_refused"]
        assert len(refused) == 1
        assert "@BotFather" in refused[0]["advice"]
        assert [line["event"] for line in lines] == ["token_refused"]
        assert "wrong-token" not in json.dumps(lines)


async def test_the_bot_waits_for_telegram_to_come_back() -> None:
    """
    A server that is down at start does not end the process.
    """
    async with TelegramServer() as server:
        await server.go_offline()
        process = await start_bot(server)
        assert process.stderr is not None
        # The bot says that it cannot reach Telegram before the server comes back.
        while b"telegram_unreachable" not in await asyncio.wait_for(process.stderr.readline(), 30):
            pass
        person = server.person("Noor")
        await server.come_back()
        await person.send_text("bonjour")
        assert await person.next_message(40)
        process.send_signal(signal.SIGTERM)
        lines = await log_lines(process)
        assert process.returncode == 0
        assert not any("Traceback" in json.dumps(line) for line in lines)
