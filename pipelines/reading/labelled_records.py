"""Reads a table whose rows name the measure: each measure as a table of its own, then those of one key as one."""

from __future__ import annotations

import polars as pl

from pipelines.reading.body import Body
from pipelines.reading.filling import filled_down
from pipelines.reading.labelled import joined, split_by_label
from pipelines.reading.printed_totals import labelled_totals, printed_totals
from pipelines.reading.record_groups import read_rows
from pipelines.reading.roles import KEYS
from pipelines.reading.standing import CELLS, with_cells_of_rows, without_measures
from pipelines.reading.table_reading import TableReading


def read_labelled(body: Body, out: TableReading) -> TableReading:
    """Reads the table into `out`: records, printed totals, and the fate of its data rows."""
    filled = {str(role.column): filled_down(body, role) for role in body.table.roles if role.field in KEYS}
    rows = body.rows.with_columns(pl.Series(name, cells, dtype=pl.String) for name, cells in filled.items())
    of_total = _of_total(body, rows)
    out.fates += [(row + 1, "total", "") for row in body.index.filter(of_total).to_list()]
    kept = rows.filter(~of_total)
    whole = body.frame.with_columns(
        pl.when(pl.col("row").is_in(body.index.filter(of_total).to_list()))
        .then(pl.lit("total"))
        .otherwise("fate")
        .alias("fate")
    )
    read = _read_measures(body, out, kept, whole)
    if out.records:
        keys = without_measures(out.layouts[0].stands, body.spec.measures)
        records = joined(out.records, ("estate", "building", "unit", "period_start", "period_end"))
        told = pl.concat_str(pl.lit(keys), CELLS, separator=" ").str.strip_chars(" ")
        out.records = [records.with_columns(told.alias(CELLS))]
    out.fates += [
        (row + 1, *(("data", "") if row in read else ("skipped", "no value"))) for row in kept["row"].to_list()
    ]
    return out


def _of_total(body: Body, rows: pl.DataFrame) -> pl.Series:
    """The data rows that go on with a total: they stand below one and name no estate."""
    estate = next((role for role in body.table.roles if role.field == "estate"), None)
    named = rows[str(estate.column)].is_not_null() if estate else ~body.none()
    totals_above = body.frame.select("fate", (pl.col("fate") == "total").cum_sum().alias("n"))
    return (totals_above.filter(pl.col("fate") == "data")["n"] > 0) & ~named


def _read_measures(body: Body, out: TableReading, kept: pl.DataFrame, whole: pl.DataFrame) -> set[int]:
    """Reads the rows of each measure; returns those that gave or lost a record. `whole` has the fates of all rows."""
    read = set[int]()
    for table, mask in split_by_label(body.table, kept):
        part = Body(body.grid, table, body.context, kept.filter(mask), partial=True)
        layouts, records = len(out.layouts), len(out.records)
        touched = read_rows(part, out)
        own = dict(list(enumerate(out.layouts))[layouts:])
        totals = labelled_totals(body.table, table, whole)
        out.printed_totals.vstack(printed_totals(part, own, out.records[records:], totals), in_place=True)
        out.records[records:] = [_each_in_its_row(body, out, frame) for frame in out.records[records:]]
        out.findings += part.findings
        out.quarantine += part.quarantine
        read.update(part.index.filter(touched).to_list())
    return read


def _each_in_its_row(body: Body, out: TableReading, frame: pl.DataFrame) -> pl.DataFrame:
    text = out.layouts[frame["layout"][0]].stands if frame.height else ""
    return with_cells_of_rows(frame, text, body.spec.measures)
