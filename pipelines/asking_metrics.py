"""Turns what was typed after `lianping metrics` into a question, a wrong word into the valid ones, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from pipelines.metrics.asking import ask
from pipelines.metrics.desk import Desk, OldWarehouseError, open_desk
from pipelines.metrics.offered import offered
from pipelines.metrics.periods import PeriodError, read_period
from pipelines.metrics.printing import printed
from pipelines.metrics.question import Question, UnknownError
from pipelines.words import Language, say

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

NEAR: Final = 60
SHOWN: Final = 40


@dataclass(frozen=True)
class Asked:
    """The options as they were typed."""

    period: str
    by: str
    subjects: tuple[str, ...]
    metrics: tuple[str, ...]
    as_of: str | None
    basis: str | None
    with_excluded: bool
    shrunk: bool = False
    funnel: bool = False
    known_share: bool = False


class NotAskedRightError(Exception):
    """The question can't be answered as typed. `reason` is a key of the words, `values` what to fill in."""

    def __init__(self, reason: str, **values: str) -> None:
        """See the class."""
        super().__init__(reason)
        self.reason = reason
        self.values = values


def answer(connection: Connection, asked: Asked, form: str, lang: Language) -> str:
    """The answer as it is printed. Raises NotAskedRightError. The connection is closed."""
    try:
        desk = open_desk(connection)
        question = Question(
            read_period(asked.period),
            asked.by,
            asked.subjects,
            asked.metrics,
            _day(asked.as_of),
            asked.basis,
            asked.with_excluded,
        )
        values = ask(desk, question)
        beside = offered(desk, question, values, shrunk=asked.shrunk, funnel=asked.funnel)
        return printed(values, desk.metrics, form, lang, beside, known_share=asked.known_share)
    except PeriodError as fault:
        raise NotAskedRightError("period_unknown", given=fault.text) from fault
    except OldWarehouseError as fault:
        raise NotAskedRightError("warehouse_old") from fault
    except UnknownError as fault:
        named = _names(desk) if fault.what == "metric" else {}
        valid, near = nearest(fault.given, fault.valid)
        near = next((one for one, names in named.items() if fault.given in names), near)
        told = [f"{one}（{named[one][0]}）" if lang == "zh" and one in named else one for one in valid[:SHOWN]]
        joined = ("、" if lang == "zh" else ", ").join(told) + (" …" if len(valid) > SHOWN else "")
        hint = say("perhaps", lang, near=near) if near else ""
        none = "（没有）" if lang == "zh" else "(none)"
        raise NotAskedRightError(f"{fault.what}_unknown", given=fault.given, valid=joined or none, near=hint) from fault
    finally:
        connection.close()


def nearest(given: str, valid: tuple[str, ...]) -> tuple[list[str], str | None]:
    """The valid words, nearest to the given one first, and the nearest where it is near indeed."""
    scored = process.extract(given, valid, scorer=fuzz.WRatio, limit=None)
    near = process.extractOne(given, valid, scorer=fuzz.ratio, score_cutoff=NEAR)
    return [word for word, _, _ in scored], near[0] if near else None


def _names(desk: Desk) -> dict[str, tuple[str, str]]:
    """What people call each metric, in Chinese and English."""
    return {one.id: (one.zh, one.en) for one in desk.metrics.values()}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise NotAskedRightError("date_unknown", given=text or "") from fault
