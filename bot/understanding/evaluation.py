"""
Measuring understanding on labelled messages. What counts as right is said in the format's own README: the first
candidate is among the intents a fair coach would accept; out of scope, anything but a sure answer.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.understanding.reader import Reader
from bot.understanding.verdict import Outcome, Verdict


class LabelledMessage(BaseModel):
    """
    One row of an evaluation file; no intents means that the message is out of scope.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    lang: str
    intents: list[str]
    style: str = Field(default="")


@dataclass(frozen=True, slots=True)
class Judged:
    """
    A message, how it was understood, and how many milliseconds that took.
    """

    message: LabelledMessage
    verdict: Verdict
    milliseconds: float

    @property
    def top1(self) -> bool:
        """
        Whether the first candidate is right.
        """
        return self.verdict.intent in self.message.intents

    @property
    def top3(self) -> bool:
        """
        Whether one of the first three candidates is right.
        """
        return any(intent in self.message.intents for intent in self.verdict.choices)

    @property
    def sure(self) -> bool:
        """
        Whether the message is answered without asking back.
        """
        return self.verdict.outcome is Outcome.SURE

    @property
    def helped(self) -> bool:
        """
        Whether the person gets the right answer, or a button that leads to it.
        """
        return self.top1 if self.sure else self.verdict.outcome is Outcome.HESITATING and self.top3


@dataclass(frozen=True, slots=True)
class InScope:
    """
    Shares, from 0 to 1, over messages that have an intent; `answered_right` is the share among those answered.
    """

    rows: int
    top1: float
    top3: float
    answered: float
    answered_right: float
    helped: float


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """
    Shares, from 0 to 1, over messages that no intent should answer.
    """

    rows: int
    abstained: float
    lost: float


class EvaluationError(ValueError):
    """
    An evaluation file cannot be used; the message says which line and why.
    """


def read_messages(path: Path) -> list[LabelledMessage]:
    """
    Read a JSONL file of labelled messages.

    Raises:
        EvaluationError: The file is missing, empty, or one of its lines is no labelled message.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from None
    messages: list[LabelledMessage] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            messages.append(LabelledMessage.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise EvaluationError(f"{path}:{number}: {where + ': ' if where else ''}{fault['msg']}") from None
    if not messages:
        raise EvaluationError(f"{path} holds no messages")
    return messages


def judge(reader: Reader, messages: Iterable[LabelledMessage]) -> list[Judged]:
    """
    Read each message as if it were a person's first.
    """
    judged: list[Judged] = []
    for message in messages:
        start = time.perf_counter()
        verdict = reader.read(message.text).verdict
        judged.append(Judged(message, verdict, 1000 * (time.perf_counter() - start)))
    return judged


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """
    The figures, as `bot eval --json` prints them.
    """
    inside = [row for row in judged if row.message.intents]
    outside = [row for row in judged if not row.message.intents]
    times = [row.milliseconds for row in judged]
    return {
        "rows": len(judged),
        "in_scope": asdict(in_scope(inside)),
        "out_of_scope": asdict(out_of_scope(outside)),
        "by_style": _grouped(judged, lambda row: [row.message.style]),
        "by_language": _grouped(judged, lambda row: [row.message.lang]),
        "by_intent": _grouped(inside, lambda row: row.message.intents[:1]),
        "latency_ms": {
            "p50": round(float(np.quantile(times, 0.5)), 3),
            "p99": round(float(np.quantile(times, 0.99)), 3),
        },
    }


def in_scope(rows: Sequence[Judged]) -> InScope:
    """
    The figures over messages that have an intent.
    """
    answered = [row for row in rows if row.sure]
    return InScope(
        rows=len(rows),
        top1=_share(row.top1 for row in rows),
        top3=_share(row.top3 for row in rows),
        answered=_share(row.sure for row in rows),
        answered_right=_share(row.top1 for row in answered),
        helped=_share(row.helped for row in rows),
    )


def out_of_scope(rows: Sequence[Judged]) -> OutOfScope:
    """
    The figures over messages that no intent should answer.
    """
    return OutOfScope(
        rows=len(rows),
        abstained=_share(not row.sure for row in rows),
        lost=_share(row.verdict.outcome is Outcome.LOST for row in rows),
    )


def _grouped(rows: Sequence[Judged], keys: Any) -> dict[str, dict[str, Any]]:
    names = sorted({key for row in rows for key in keys(row)})
    table: dict[str, dict[str, Any]] = {}
    for name in names:
        group = [row for row in rows if name in keys(row)]
        inside = [row for row in group if row.message.intents]
        outside = [row for row in group if not row.message.intents]
        table[name] = {"rows": len(group)}
        if inside:
            table[name]["in_scope"] = asdict(in_scope(inside))
        if outside:
            table[name]["out_of_scope"] = asdict(out_of_scope(outside))
    return table


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return round(sum(values) / len(values), 4) if values else 0.0
