"""Gathers the evidence of a rating from a published street: of estates, or of companies over what they ran.

A company's evidence is pooled from what its estates did while it ran them, by the metrics themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipelines.analysis.rating.evidence import Datum, Entry, Evidence
from pipelines.analysis.rating.rubric import By, Criterion, Rubric
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period
from pipelines.rating.facts import fact_data
from pipelines.rating.inspected import Sheet, inspected
from pipelines.rating.measured import measured
from pipelines.rating.tenure import Tenure, tenures
from pipelines.rating.windows import pieces

_NOBODY: Final[Mapping[str, Collection[str]]] = {}


@dataclass(frozen=True)
class Given:
    """What people add to the warehouse: `entries` (vetoes, bonuses, deductions, entered facts), `sheets` scored in the
    round, and by subject the scorers who may not score it (`recused`), or by "*" those who may score nobody.

    `sheets_only`: the warehouse's own inspections don't count.
    """

    entries: tuple[Entry, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    recused: Mapping[str, Collection[str]] = field(default_factory=dict)
    sheets_only: bool = False


NOTHING_GIVEN: Final = Given()


def gather(
    desk: Desk,
    rubric: Rubric,
    period: Period,
    by: By,
    *,
    given: Given = NOTHING_GIVEN,
    subjects: Sequence[str] = (),
    as_of: date | None = None,
) -> tuple[Evidence, ...]:
    """The evidence of every subject that there was in the period, by name; or of the named `subjects` only."""
    until = as_of or desk.as_of
    found = tenures(desk, period, by)
    wanted = [one for one in found if not subjects or one.subject in subjects]
    data = {one.id: _data(desk, rubric, one, period, by, wanted, given, until) for one in rubric.criteria}
    return tuple(
        Evidence(
            subject=one.subject,
            by=by,
            data={name: each[one.subject] for name, each in data.items() if one.subject in each},
            peer_group=one.peer_group,
            entries=tuple(entry for entry in given.entries if entry.subject == one.subject),
            state=one.state,
            service_days=one.service_days,
            size=one.households,
            estates=tuple(sorted(one.estates)),
        )
        for one in wanted
    )


def _data(
    desk: Desk,
    rubric: Rubric,
    criterion: Criterion,
    period: Period,
    by: By,
    found: Sequence[Tenure],
    given: Given,
    as_of: date,
) -> dict[str, Datum]:
    left = pieces(period, [one for one in rubric.windows if not one.criteria or criterion.id in one.criteria])
    if not left:
        return {one.subject: Datum(None, absence="force_majeure") for one in found}
    if criterion.source.kind == "metric":
        return measured(desk, criterion.source, left, by, found, as_of)
    if criterion.source.kind == "inspection":
        sheets = () if given.sheets_only else None
        return inspected(desk, criterion.source.criteria, left, by, found, given.sheets, given.recused, sheets)
    return fact_data(desk, criterion.source.name, left, by, found, given.entries, period, as_of)
