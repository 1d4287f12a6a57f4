"""Keeps the rates that a sheet of fees prints beside its figures: no record takes them, but they can be recomputed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.findings import column_letter
from pipelines.reading.body import Body
from pipelines.reading.headings import IGNORED, TOTAL
from pipelines.reading.rates import read_rates
from pipelines.reading.roles import Role
from pipelines.staged import PRINTED_SCHEMA, Layout

_RATE: Final = re.compile(r"(收缴|收费|收取|缴费|缴纳)率")


def printed_rates(body: Body, layouts: Sequence[Layout], records: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The printed rates of a table in the data rows that became records, as PRINTED_SCHEMA.

    A rate belongs to the group of columns whose amounts stand nearest before it, or after it where none stands before.
    """
    dropped = [role for role in body.table.roles if is_rate(role)]
    if body.kind != "fees" or not dropped or not layouts or not records:
        return PRINTED_SCHEMA.to_frame()
    return pl.concat([_of_column(body, role, layouts, records) for role in dropped])


def is_rate(role: Role) -> bool:
    """Whether a column that no record takes prints collection rates."""
    return role.field in (IGNORED, TOTAL) and bool(_RATE.search(role.heading))


def amounts_before(rate: Role, layouts: Mapping[int, Layout]) -> int | None:
    """The number of the layout whose amounts a rate stands after, else before; None where no layout has amounts."""
    places = {number: columns for number, layout in layouts.items() if (columns := _amounts(layout))}
    if not places:
        return None
    before = {number: max(columns) for number, columns in places.items() if max(columns) < rate.column}
    return max(before, key=before.__getitem__) if before else min(places, key=lambda number: min(places[number]))


def _of_column(body: Body, role: Role, layouts: Sequence[Layout], records: Sequence[pl.DataFrame]) -> pl.DataFrame:
    group = amounts_before(role, dict(enumerate(layouts)))
    if group is None:
        return PRINTED_SCHEMA.to_frame()
    cells = body.cells(role.column)
    shown = pl.Series([(row, role.column) in body.grid.sheet.percents for row in body.index], dtype=pl.Boolean)
    rates = read_rates(cells, shown, role.unit)
    told = pl.DataFrame({"source_row": body.index + 1, "text": cells, "rate": rates.values}).filter(
        pl.col("rate").is_not_null()
    )
    periods = [frame.filter(pl.col("layout") == group).select("source_row", *_OF_RECORD) for frame in records]
    found = told.join(
        pl.concat(periods).with_columns(pl.col("source_row").cast(told["source_row"].dtype)), on="source_row"
    )
    return found.select(
        pl.lit(body.kind).alias("kind"),
        pl.lit(body.sheet).alias("source_sheet"),
        pl.col("source_row").cast(pl.Int64),
        pl.format("{}{}", pl.lit(column_letter(role.column)), "source_row").alias("source_cell"),
        pl.lit(role.heading).alias("heading"),
        "text",
        "rate",
        *_OF_RECORD,
    ).cast(PRINTED_SCHEMA)


_OF_RECORD: Final = ("period_start", "period_end", "receivable_yuan", "received_yuan")
"""What tells which record a rate belongs to: tables side by side share their rows."""


def _amounts(layout: Layout) -> list[int]:
    names = ("receivable_yuan", "received_yuan")
    return [layout.columns[name] for name in names if name in layout.columns]
