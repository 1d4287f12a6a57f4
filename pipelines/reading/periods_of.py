"""The period of each record: from its row, else its heading, else the titles around the table."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.reading.body import Body, Problem
from pipelines.reading.periods import Part, Period, read_period, read_periods
from pipelines.reading.roles import Role


def with_period(
    body: Body, frame: pl.DataFrame, roles: Sequence[Role], part: Part | None
) -> tuple[pl.DataFrame, list[Problem]]:
    """Adds `period_start` and `period_end`; `part` is what the heading of the records' columns says."""
    by_field = {role.field: role for role in roles}
    profile = body.table.profile
    stated = read_period(profile.period.replace("..", "至")) if profile and profile.period else None
    given = stated or body.context.period([part] if part else [])
    start, end = _constant(given, frame.height)
    problems: list[Problem] = []
    if "period" in by_field:
        role = by_field["period"]
        raw = body.columns[role.key].raw
        if part is not None:
            start, end = _joined(body, raw, part)
        else:
            column = read_periods(raw, body.context.year)
            told = raw.is_not_null()
            start = column.start.zip_with(told, start)
            end = column.end.zip_with(told, end)
            problems.append(Problem(column.bad, role, "period"))
    elif "period_from" in by_field:
        first = body.columns[by_field["period_from"].key].values
        start = first.zip_with(first.is_not_null(), start)
        if "period_to" in by_field:
            last = body.columns[by_field["period_to"].key].values
            if profile and profile.open_end:
                last = last.dt.offset_by("-1d")
            end = last.zip_with(last.is_not_null(), end)
    elif "submitted_at" in by_field and given is None:
        moment = body.columns[by_field["submitted_at"].key].values.dt.date()
        start, end = moment.dt.month_start(), moment.dt.month_end()
    return frame.with_columns(start.alias("period_start"), end.alias("period_end")), problems


def _constant(period: Period | None, height: int) -> tuple[pl.Series, pl.Series]:
    start = pl.Series([period.start if period else None] * height, dtype=pl.Date)
    return start, pl.Series([period.end if period else None] * height, dtype=pl.Date)


def _joined(body: Body, raw: pl.Series, part: Part) -> tuple[pl.Series, pl.Series]:
    """The period of a month heading in a row that names its own year."""
    table: dict[str | None, Period | None] = {}
    for text in raw.unique().to_list():
        own = read_period(text, body.context.year) if text is not None else None
        table[text] = body.context.period([part, Part(year=own.start.year)] if own else [part])
    found = [table[text] for text in raw.to_list()]
    return (
        pl.Series([p.start if p else None for p in found], dtype=pl.Date),
        pl.Series([p.end if p else None for p in found], dtype=pl.Date),
    )
