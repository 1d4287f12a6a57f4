"""Reads what was counted of the metrics when the street was loaded (see storing.py), one level at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import polars as pl

from pipelines.metrics import counting
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched

STEPS: Final = "metric_steps"
ROWS: Final = "metric_rows"
AT_AS_OF: Final = "as_of"
"""Stands in place of the basis of a stock at the as-of date itself, which is no step of a series."""
Parts: TypeAlias = Mapping[tuple[object, ...], pl.DataFrame]


def has(desk: Desk, metric: str, by: str, basis: str, *, rows: bool) -> bool:
    """Whether a metric's steps, and its rows where they matter, were kept for a level."""
    one = (metric, basis)
    return desk.stored and one in _steps(desk, by) and (not rows or one in _rows(desk, by))


def steps(desk: Desk, metric: str, by: str, basis: str) -> pl.DataFrame:
    """The figures of all steps and subjects of a level, as COUNTED_SCHEMA, at the warehouse's as-of date."""
    return _steps(desk, by)[metric, basis]


def rows(desk: Desk, metric: str, by: str, basis: str) -> pl.DataFrame:
    """The rows that they were added up from, with the column `subject`."""
    return _rows(desk, by)[metric, basis]


def _steps(desk: Desk, by: str) -> Parts:
    def read() -> Parts:
        query = "SELECT * EXCLUDE (level) FROM metric_steps WHERE level = $level"
        found, codes = fetched(desk.connection, query, {"level": by}), pl.col("caveats")
        listed = pl.when(codes != "").then(codes.str.split(",")).otherwise(pl.lit([], dtype=pl.List(pl.String)))
        return _parts(found.with_columns(listed).cast(counting.COUNTED_SCHEMA))

    return desk.remembered(("stored steps", by), read)


def all_rows(desk: Desk, by: str) -> pl.DataFrame:
    """The rows of all metrics that have them, with the columns `metric`, `basis` and `subject`."""
    return desk.remembered(
        ("stored", by), lambda: counting.with_subject(desk, fetched(desk.connection, "FROM metric_rows"), by)
    )


def _rows(desk: Desk, by: str) -> Parts:
    return desk.remembered(("stored rows", by), lambda: _parts(all_rows(desk, by)))


def _parts(frame: pl.DataFrame) -> Parts:
    return frame.partition_by("metric", "basis", as_dict=True, include_key=False)
