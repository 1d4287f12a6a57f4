"""Counts the answers of questionnaires, one respondent a row, into records of a survey."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.reading.answers import question_text
from pipelines.reading.body import Body, Problem
from pipelines.reading.completing import survey_manner
from pipelines.reading.counting import count_answers
from pipelines.reading.faults import gaps_of, tell_faults
from pipelines.reading.periods_of import with_period
from pipelines.reading.record_frames import frame_of, layout_of, shaped
from pipelines.reading.roles import Role
from pipelines.reading.standing import standing, with_counted_cells
from pipelines.reading.table_reading import TableReading
from pipelines.source_columns import column_word


def read_questionnaires(
    body: Body, out: TableReading, attributes: Sequence[Role], answers: Sequence[Role]
) -> pl.Series:
    """One record per estate, period and question in `out`; returns which rows gave or lost an answer."""
    present = body.none()
    for role in answers:
        present = present | body.columns[role.key].raw.is_not_null()
    roles = [*attributes, *answers]
    layout = out.add_layout(layout_of(body, roles))
    frame = frame_of(body, attributes, None)
    if "estate" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias("estate"))
    frame, problems = with_period(body, frame, attributes, None)
    problems += [Problem(body.columns[role.key].bad, role, role.field or "") for role in roles]
    gaps = gaps_of(body, frame, attributes, problems, present)
    keep = present & ~tell_faults(body, roles, problems, gaps, present)
    kept = frame.filter(keep)
    for role in answers:
        question = question_text(role.question or role.heading)
        counted, trace = count_answers(kept, body.columns[role.key].values.filter(keep), question)
        counted = survey_manner(body, counted).with_columns(
            pl.lit(layout, dtype=pl.UInt32).alias("layout"), pl.lit(body.sheet).alias("source_sheet")
        )
        stands = f"{standing(body, attributes)} {column_word('answer', [role.column])}".lstrip()
        out.records.append(with_counted_cells(shaped(body, counted), trace, stands, ["answer"]))
        out.counted.append(trace.with_columns(pl.lit(body.sheet).alias("source_sheet")))
    return present
