"""Reads the columns of a table's body into typed values; a column that is not what its heading says is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

import polars as pl

from pipelines.reading import wording
from pipelines.reading.body import Body
from pipelines.reading.context import Context
from pipelines.reading.filling import filled_down
from pipelines.reading.periods import Part
from pipelines.reading.profiled import as_profiled
from pipelines.reading.roles import Role
from pipelines.reading.values import MISREAD, Values, read_values

_CHECKED: Final = frozenset({"flag", "time", "date", "count", "tally", "number", "year", "rate", "area", "fee"})


def read_columns(body: Body) -> None:
    """Reads every stored column of a body, with the year of its own dates where no title names one."""
    body.context = _with_year(body)
    for role in body.table.roles:
        if not role.stored or role.field is None:
            continue
        values = read_values(body.kind, role, _cells(body, role), body.context, _percents(body, role))
        values = _with_errors(body, role, values)
        if _misread(body, role, values):
            row = body.table.block.heading_rows[-1] + 1
            message = wording.misread_column(role.heading, body.kind, role.field)
            body.tell("unmapped_column", row, role, role.field, role.heading, message)
            continue
        body.columns[role.key] = values


def _cells(body: Body, role: Role) -> pl.Series:
    """The cells of a column as they are to be read: filled down, with their times of day, as a profile says."""
    cells = filled_down(body, role)
    if role.clock is not None:
        clock = body.cells(role.clock).str.replace(r"^1899-12-3[01] ", "")
        day = cells.str.replace(" 00:00:00", "", literal=True)
        cells = pl.select(
            pl.when(day.is_not_null()).then(pl.concat_str(day, clock, separator=" ", ignore_nulls=True))
        ).to_series()
    return as_profiled(cells, role, body.table.profile) if body.table.profile else cells


def _with_year(body: Body) -> Context:
    """The context, with the year that most of the table's own dates name where no title names one."""
    if body.context.year is not None:
        return body.context
    years: list[str] = []
    for role in body.table.roles:
        if role.stored and wording.field_words(body.kind, role.field or "")[2] in ("date", "time"):
            years += body.cells(role.column).str.extract(r"((?:19|20)\d\d)\D", 1).drop_nulls().to_list()
    if not years:
        return body.context
    year = int(Counter(years).most_common(1)[0][0])
    return replace(body.context, parts=(*body.context.parts, Part(year=year)))


def _percents(body: Body, role: Role) -> pl.Series | None:
    shown = body.grid.sheet.percents
    if role.field != "reported_rate" or not shown:
        return None
    return pl.Series([(row, role.column) in shown for row in body.index], dtype=pl.Boolean)


def _with_errors(body: Body, role: Role, values: Values) -> Values:
    """Marks error cells and formulas without a result as unreadable."""
    errors, uncached = body.grid.sheet.errors, body.grid.sheet.uncached
    spots = [(row, role.column) for row in body.index] if errors or uncached else []
    hit = [spot in errors or spot in uncached for spot in spots]
    if not any(hit):
        return values
    raw = [errors.get(spot, "=") if bad else text for spot, bad, text in zip(spots, hit, values.raw, strict=True)]
    return replace(values, raw=pl.Series(raw, dtype=pl.String), bad=values.bad | pl.Series(hit, dtype=pl.Boolean))


def _misread(body: Body, role: Role, values: Values) -> bool:
    """Whether a column is not what its heading says: not required, and most of its cells can't be read as such."""
    field_name = role.field or ""
    if role.wide or field_name in (*body.spec.required, "answer", "period", "score", "amount_yuan"):
        return False
    if wording.field_words(body.kind, field_name)[2] not in _CHECKED:
        return False
    held = len(values.raw) - values.raw.null_count()
    return held >= 3 and int(values.bad.sum()) > MISREAD * held
