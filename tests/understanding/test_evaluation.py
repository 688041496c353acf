"""
`bot eval` counts what its format says.
"""

from pathlib import Path

import pytest

from bot.understanding.evaluation import EvaluationError, Judged, LabelledMessage, read_messages, report
from bot.understanding.verdict import Candidate, Outcome, Verdict


def judged(intents: list[str], outcome: Outcome, *candidates: str) -> Judged:
    """
    A message with these labels, read with this outcome and these candidates.
    """
    message = LabelledMessage(id="x", text="x", lang="fr", intents=intents, style="clean")
    return Judged(message, Verdict(outcome, 0.5, tuple(Candidate(name, 0.5) for name in candidates)), 1.0)


def test_each_share_is_counted_as_the_format_says() -> None:
    """
    Scripts can rely on what the figures mean.
    """
    figures = report(
        [
            judged(["a"], Outcome.SURE, "a", "b", "c"),
            judged(["a"], Outcome.SURE, "b", "a", "c"),
            judged(["c", "d"], Outcome.HESITATING, "a", "b", "c"),
            judged(["a"], Outcome.LOST, "a", "b", "c"),
            judged([], Outcome.SURE, "a", "b", "c"),
            judged([], Outcome.HESITATING, "a", "b", "c"),
            judged([], Outcome.LOST, "a", "b", "c"),
            judged([], Outcome.LOST, "a", "b", "c"),
        ]
    )
    assert figures["rows"] == 8
    assert figures["in_scope"] == {
        "rows": 4,
        "top1": 0.5,
        "top3": 1.0,
        "answered": 0.5,
        "answered_right": 0.5,
        "helped": 0.5,
    }
    assert figures["out_of_scope"] == {"rows": 4, "abstained": 0.75, "lost": 0.5}
    assert figures["latency_ms"] == {"p50": 1.0, "p99": 1.0}
    assert figures["by_style"]["clean"]["rows"] == 8
    assert figures["by_language"]["fr"]["rows"] == 8
    assert figures["by_intent"]["c"]["in_scope"]["helped"] == 1.0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "holds no messages"),
        ('{"id": "a"}', ":1: text: Field required"),
        ("not json", ":1: Invalid JSON"),
        ('\n{"id": "a", "text": "b", "lang": "fr", "intents": "c"}', ":2: intents: Input should be a valid array"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, content: str, fault: str) -> None:
    """
    Whoever wrote the file learns what to mend.
    """
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=fault):
        read_messages(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """
    A mistyped name is said to be one.
    """
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_messages(tmp_path / "nowhere.jsonl")
