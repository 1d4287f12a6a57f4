"""Counts the series of every metric when the street is loaded, so that a first question finds them counted.

Two tables, for the usual basis and the warehouse's own as-of date. `metric_steps`: the figures of each level, metric,
subject and step in time, as `counting.pooled` gives them. `metric_rows`: what figures of money were added up from,
estate by estate. Both copy what counting gives: a warehouse without them answers the same, more slowly.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.metrics import counting
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import BYS, Desk
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question, basis_of
from pipelines.metrics.series import BETWEEN, by_estate, pooled, rows_of, walk_of
from pipelines.metrics.stored import AT_AS_OF, ROWS, STEPS

MOST: Final = 1000
"""A place of more estates than this is no street: there a series is counted when somebody asks."""
COMMON: Final = frozenset(
    (*counting.PERIOD, "estate", "company", "governance_mode", "numerator", "denominator", "cases", "mixed",
     "youngest_days")
)  # fmt: skip
"""The columns that rows of several metrics have, or may lack without another result; so with caveats."""


def tables(desk: Desk) -> dict[str, pl.DataFrame]:
    """The tables by name; none for a place that is larger than a street."""
    steps: list[pl.DataFrame] = []
    rows: list[pl.DataFrame] = []
    for metric in desk.metrics.values() if desk.places.height <= MOST else ():
        levels: dict[str, list[str]] = {}
        for by in BYS:
            basis = basis_of(desk, metric, _question(desk, by))
            if walk_of(desk, metric, desk.as_of) and basis != "year_to_date":
                levels.setdefault(basis, []).append(by)
        for basis, bys in levels.items():
            counted = rows_of(desk, _question(desk, bys[0]), metric, basis, desk.as_of)
            told = pl.lit(metric.id).alias("metric"), pl.lit(basis).alias("basis")
            steps.append(_pooled(desk, metric, counted, bys).select(*told, pl.all()))
            if metric.kind == "stock":
                today = (Period(desk.as_of, desk.as_of), desk.as_of)
                stock = counting.counted(desk, metric, [today], basis, with_excluded=False)
                steps.append(
                    _pooled(desk, metric, stock, bys).select(told[0], pl.lit(AT_AS_OF).alias("basis"), pl.all())
                )
            alike = all(one in COMMON or one.startswith(counting.CAVEAT) for one in counted.columns)
            if by_estate(metric) and alike:
                rows.append(counted.select(*told, pl.all()))
    kept = {STEPS: steps, ROWS: rows} if steps and rows else {}
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in kept.items()}


def _question(desk: Desk, by: str) -> Question:
    return Question(Period(desk.as_of, desk.as_of), by=by)


def _pooled(desk: Desk, metric: Metric, rows: pl.DataFrame, bys: list[str]) -> pl.DataFrame:
    """The figures of these rows at these levels, with the column `level`."""
    owned = pl.concat(
        counting.with_subject(desk, rows, by).with_columns(subject=pl.lit(by + BETWEEN) + pl.col("subject"))
        for by in bys
    )
    named = pl.col("subject").str.splitn(BETWEEN, 2).struct
    told = named[0].alias("level"), named[1].alias("subject"), pl.col("caveats").list.join(",")
    return pooled(metric, owned, rows).select(*told, pl.exclude("subject", "caveats"))
