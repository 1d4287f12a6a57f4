"""Builds the records of a table's data rows: those of each month, category, criterion or scorer across are a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.reading.body import Body, Problem
from pipelines.reading.column_values import read_columns
from pipelines.reading.completing import COMPLETE, lists_households
from pipelines.reading.counting import count_households
from pipelines.reading.faults import gaps_of, tell_categories, tell_faults
from pipelines.reading.periods_of import with_period
from pipelines.reading.questionnaires import read_questionnaires
from pipelines.reading.record_frames import frame_of, layout_of, shaped
from pipelines.reading.roles import Role
from pipelines.reading.standing import with_counted_cells
from pipelines.reading.table_reading import TableReading

_SHARED_MEASURES: Final = frozenset({"households_due", "max_score", "issued", "responses"})
"""Measures that may stand once beside columns of months, criteria or scorers and hold for each."""


def read_rows(body: Body, out: TableReading) -> pl.Series:
    """Reads the data rows of a body; returns which of them gave or lost a record."""
    if body.rows.height == 0:
        return body.none()
    read_columns(body)
    stored = [role for role in body.table.roles if role.stored and role.key in body.columns]
    attributes = [role for role in stored if not role.wide]
    wide = [role for role in stored if role.wide]
    answers = [role for role in wide if role.field == "answer"]
    if answers:
        return read_questionnaires(body, out, attributes, answers)
    return _wide(body, out, attributes, wide) if wide else _group(body, out, attributes, [])


def _wide(body: Body, out: TableReading, attributes: Sequence[Role], wide: Sequence[Role]) -> pl.Series:
    """One group of records for each set of coordinates that the headings give."""
    groups: dict[tuple[object, ...], list[Role]] = {}
    for role in wide:
        groups.setdefault(role.coordinates, []).append(role)
    own = {role.field for role in wide}
    measures = set(body.spec.measures) - _SHARED_MEASURES
    if len(groups) == 1:
        measures = set()
    shared = [role for role in attributes if role.field not in measures and role.field not in own]
    touched = body.none()
    for members in groups.values():
        touched = touched | _group(body, out, shared, members)
    return touched


def _group(body: Body, out: TableReading, attributes: Sequence[Role], members: Sequence[Role]) -> pl.Series:
    """Builds the records of one set of coordinates; returns which rows gave or lost a record."""
    roles = [*attributes, *members]
    sample = members[0] if members else None
    present = body.none()
    for role in members or _measures(body, attributes):
        present = present | body.columns[role.key].raw.is_not_null()
    if not present.any():
        return present
    frame = frame_of(body, roles, sample)
    layout = out.add_layout(layout_of(body, roles))
    frame = frame.with_columns(pl.lit(layout, dtype=pl.UInt32).alias("layout"))
    problems = [Problem(body.columns[role.key].bad, role, role.field or "") for role in roles]
    if body.spec.has_period:
        frame, more = with_period(body, frame, roles, sample.part if sample else None)
        problems += more
    if body.kind in COMPLETE:
        frame, more = COMPLETE[body.kind](body, frame, roles)
        problems += more
    frame = shaped(body, frame)
    gaps = gaps_of(body, frame, roles, problems, present)
    wrong = tell_faults(body, roles, problems, gaps, present)
    keep = present & ~wrong
    frame = frame.filter(keep)
    if lists_households(body):
        frame, counted = count_households(frame)
        out.counted.append(counted)
        frame = with_counted_cells(frame, counted, out.layouts[layout].stands, body.spec.measures)
    out.records.append(frame)
    tell_categories(body, roles, sample, keep)
    return present


def _measures(body: Body, attributes: Sequence[Role]) -> list[Role]:
    """The columns of which at least one must hold something for a row to be a record."""
    if body.kind == "estates":
        facts = [role for role in attributes if role.field not in ("estate", "community", "street")]
        return facts or list(attributes)
    wanted = (*body.spec.measures, "deduction")
    if any(role.field == "deduction" for role in attributes):
        wanted = (*wanted, "max_score")
    return [role for role in attributes if role.field in wanted]
