"""Turns inspections into evidence: what each scorer gave, from the warehouse and from the sheets of a round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pipelines.analysis.rating.evidence import Datum, Score
from pipelines.analysis.rating.rubric import By
from pipelines.analysis.rating.scoring import rescored
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.rating.tenure import Tenure

EVERYBODY: Final = "*"
_ROWS: Final = """
SELECT subject, subject_kind, company, criterion, coalesce(scorer, '') AS scorer, period_end, score, max_score
FROM mart_inspections
WHERE period_end BETWEEN $start::DATE AND $end::DATE AND max_score > 0
ORDER BY ALL
"""


@dataclass(frozen=True)
class Sheet:
    """One score on a sheet of a round: of a subject (at the level that is rated), on a criterion, by a scorer."""

    subject: str
    criterion: str
    scorer: str
    score: float
    most: float


def inspected(
    desk: Desk,
    criteria: Sequence[str],
    left: Sequence[Period],
    by: By,
    found: Sequence[Tenure],
    sheets: Sequence[Sheet],
    recused: Mapping[str, Collection[str]],
    instead: Sequence[Sheet] | None = None,
) -> dict[str, Datum]:
    """By subject what was scored on the named criteria (none named: on all) in the days that are left.

    A company that was scored itself is judged on that; else on what its estates were given while it ran them.
    `instead` stands for the warehouse's own inspections.
    """
    own = _of_warehouse(desk, left, by) if instead is None else [(one, None) for one in instead]
    scored = [*own, *((one, None) for one in sheets)]
    kept = [
        (one, estate)
        for one, estate in scored
        if (not criteria or one.criterion in criteria)
        and one.scorer not in recused.get(one.subject, ())
        and one.scorer not in recused.get(EVERYBODY, ())
    ]
    return {one.subject: _datum(one, [row for row in kept if row[0].subject == one.subject]) for one in found}


def _of_warehouse(desk: Desk, left: Sequence[Period], by: By) -> list[tuple[Sheet, str | None]]:
    rows = [
        row
        for period in left
        for row in fetched(desk.connection, _ROWS, {"start": period.start, "end": period.end}).to_dicts()
    ]
    if by == "estate":
        return [(_sheet(row, str(row["subject"])), None) for row in rows if row["subject_kind"] == "estate"]
    reviewed = {str(row["subject"]) for row in rows if row["subject_kind"] == "company"}
    found: list[tuple[Sheet, str | None]] = []
    for row in rows:
        if row["subject_kind"] == "company":
            found.append((_sheet(row, str(row["subject"])), None))
        elif row["company"] is not None and row["company"] not in reviewed:
            found.append((_sheet(row, str(row["company"])), str(row["subject"])))
    return found


def _sheet(row: Mapping[str, object], subject: str) -> Sheet:
    return Sheet(
        subject, str(row["criterion"]), str(row["scorer"]), float(str(row["score"])), float(str(row["max_score"]))
    )


def _datum(one: Tenure, rows: Sequence[tuple[Sheet, str | None]]) -> Datum:
    if not rows:
        return Datum(None, absence="not_submitted", nature="scores", source="inspections")
    names = sorted({sheet.scorer for sheet, _ in rows})
    scores = tuple(
        Score(
            name,
            round(sum(sheet.score for sheet, _ in rows if sheet.scorer == name), 9),
            round(sum(sheet.most for sheet, _ in rows if sheet.scorer == name), 9),
        )
        for name in names
    )
    estates = {estate for _, estate in rows if estate is not None}
    whole = sum(one.estates.values())
    reached = sum(one.estates.get(estate, 0.0) for estate in estates) / whole if estates and whole else 1.0
    empty = Datum(None, nature="scores", source=f"inspections {len(rows)}", reached=min(1.0, reached))
    return replace(rescored(empty, scores), caveats=() if len(names) > 1 else ("one_scorer",))


def scorers(desk: Desk, start: date, end: date) -> tuple[str, ...]:
    """All who scored anything in a period."""
    rows = fetched(desk.connection, _ROWS, {"start": start, "end": end})
    return tuple(sorted({str(one) for one in rows["scorer"] if one}))
