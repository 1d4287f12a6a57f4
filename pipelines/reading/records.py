"""Turns the body of a recognised table into typed records, findings and the fate of its rows."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.reading.body import Body
from pipelines.reading.context import Context
from pipelines.reading.faults import tell_headings
from pipelines.reading.labelled import LABEL
from pipelines.reading.labelled_records import read_labelled
from pipelines.reading.periods import Part
from pipelines.reading.printed import printed_rates
from pipelines.reading.printed_totals import printed_totals
from pipelines.reading.profiled import without_left_out
from pipelines.reading.record_groups import read_rows
from pipelines.reading.roles import Table
from pipelines.reading.rows import body_frame, classify
from pipelines.reading.sheets import Grid
from pipelines.reading.table_reading import TableReading


def read_table(grid: Grid, table: Table, context: Context) -> TableReading:
    """Reads one table. Rows of the frames are numbered as the spreadsheet program does."""
    if table.profile and table.profile.year:
        context = replace(context, parts=(Part(year=table.profile.year), *context.parts))
    out = TableReading(table.kind)
    frame = classify(grid, table, body_frame(grid, table))
    if table.profile:
        frame, left_out = without_left_out(frame, table.profile)
        out.fates += [(row + 1, "skipped", "profile") for row in left_out]
    shown = frame.filter(~pl.col("fate").is_in(["blank", "data"]))
    out.fates += [(row + 1, fate, "") for row, fate in shown.select("row", "fate").iter_rows()]
    body = Body(grid, table, context, frame)
    out.findings, out.quarantine = body.findings, body.quarantine
    tell_headings(body)
    if any(role.field == LABEL for role in table.roles):
        return read_labelled(body, out)
    touched = read_rows(body, out)
    out.printed = printed_rates(body, out.layouts, out.records)
    out.printed_totals = printed_totals(body, dict(enumerate(out.layouts)), out.records, counted=bool(out.counted))
    out.fates += [(row + 1, "skipped", "no value") for row in body.index.filter(~touched).to_list()]
    out.fates += [(row + 1, "data", "") for row in body.index.filter(touched).to_list()]
    return out
