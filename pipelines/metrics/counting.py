"""Counts a metric for many periods at once, estate by estate, and pools upwards: added, then divided once."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.analysis.intervals import poisson_rate, ratio_oe, score_interval
from pipelines.analysis.survival import expected_closures, grouped_medians
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period

PERIOD: Final = ("period_start", "period_end")
GROUP: Final = (*PERIOD, "subject")
CAVEAT: Final = "caveat_"
MONEY_DECIMALS: Final = 4
EXACT: Final = 1e-12
"""Amounts cut into days and added again are, up to this share, what was written: 1000 yuan, not 999.9999999999999."""
_PARAMETER: Final = re.compile(r"\$([a-z_]+)")
_ADDED: Final = ("numerator", "denominator", "cases", "spread", "of_all", "mixed")
_ROUTES: Final = {("collection_rate", "households"): "collection_rate_households"}
COUNTED_SCHEMA: Final = pl.Schema(
    [
        *((name, pl.Date()) for name in PERIOD),
        ("subject", pl.String()),
        *((name, pl.Float64()) for name in (*_ADDED, "value", "low", "high")),
        ("reporting", pl.Int64()),
        ("age", pl.Int64()),
        ("caveats", pl.List(pl.String())),
    ]
)
"""What `pooled` gives: one row a period and subject with data."""


def counted(
    desk: Desk, metric: Metric, asked: Sequence[tuple[Period, date]], basis: str, *, with_excluded: bool
) -> pl.DataFrame:
    """The rows of the metric's SQL for these periods and as-of dates: per estate and who ran it, or per ticket."""
    text = desk.metrics[_ROUTES.get((metric.id, basis), metric.id)].sql
    known = {
        "starts": [period.start for period, _ in asked],
        "ends": [period.end for period, _ in asked],
        "moments": [moment for _, moment in asked],
        "basis": basis,
        "with_excluded": with_excluded,
    }
    named = set(_PARAMETER.findall(text))
    return fetched(desk.connection, text, {name: known[name] for name in named})


def with_subject(desk: Desk, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """The rows with a column `subject`; rows that belong to no subject of that level are left out.

    A month in which the company changed is a case of both companies (`again` of the later), but one of the estate.
    """
    if by not in ("company", "governance_mode") and "again" in rows.columns:
        rows = rows.with_columns(cases=pl.col("cases") - pl.col("again"))
    if by in ("estate", "company", "governance_mode"):
        found = rows.lazy().with_columns(subject=pl.col(by))
    else:
        found = rows.lazy().join(desk.places.lazy().select("estate", subject=by), on="estate", how="left")
    return found.filter(pl.col("subject").is_not_null()).collect()


def pooled(metric: Metric, rows: pl.DataFrame) -> pl.DataFrame:
    """One row a period and subject as COUNTED_SCHEMA, from rows of `counted` with a `subject`."""
    if metric.kind == "median":
        return _medians(rows)
    if metric.kind == "expected":
        raise ValueError("observed ÷ expected needs the whole street: see against_street")
    return _divided(metric, rows)


def against_street(rows: pl.DataFrame, street: pl.DataFrame) -> pl.DataFrame:
    """Observed ÷ expected closings of the subjects in `rows`, expected from all tickets of the period in `street`."""
    if rows.is_empty():
        return COUNTED_SCHEMA.to_frame()
    found = expected_closures(rows, street, GROUP, "hours", "closed", strata=[*PERIOD, "category"])
    low, high = ratio_oe(found["observed"].to_numpy(), found["expected"].to_numpy())
    named = found.select(
        *GROUP, numerator=pl.col("observed"), denominator=pl.col("expected"), cases=pl.col("n"),
        low=pl.lit(pl.Series(low)), high=pl.lit(pl.Series(high)),
    )  # fmt: skip
    return _shaped(_ratio(named.lazy().join(_told(rows), on=GROUP, how="left")))


def _divided(metric: Metric, rows: pl.DataFrame) -> pl.DataFrame:
    found = _grouped(
        rows,
        *(pl.col(name).cast(pl.Float64).sum() for name in _ADDED if name in rows.columns),
        *([pl.col("youngest_days").min().alias("age")] if "youngest_days" in rows.columns else []),
        *(_reported() if "reported" in rows.columns else ()),
    )
    if metric.kind == "stock":
        return _shaped(found.with_columns(value=pl.col("numerator")))
    if metric.kind == "money":
        found = found.with_columns(_as_written(pl.col(one)).alias(one) for one in ("numerator", "denominator"))
    whole = _ratio(found).collect()
    if metric.interval == "wilson":
        size = whole["denominator"].to_numpy()
        if "spread" in whole.columns:
            spread = whole["spread"].to_numpy()
            with np.errstate(divide="ignore", invalid="ignore"):
                size = np.where(spread > 0, size * size / spread, math.inf * size)
        share = whole["value"].to_numpy()
        low, high = score_interval(share, np.where(np.isnan(share), 0.0, size))
        whole = whole.with_columns(low=low, high=high)
    elif metric.interval == "poisson":
        low, high = poisson_rate(whole["numerator"].to_numpy(), whole["denominator"].to_numpy())
        whole = whole.with_columns(low=low, high=high)
    if "reported" in whole.columns:
        answered = pl.when(pl.col("answered") > 0).then("answered").otherwise("reporting")
        whole = whole.with_columns(value=pl.coalesce("value", "reported"), reporting=answered)
    return _shaped(whole.lazy())


def _reported() -> tuple[pl.Expr, pl.Expr]:
    """A rate that was reported without answers, and how many estates gave answers: a rate alone is in no pooled one."""
    answered = pl.col("estate").filter(pl.col("denominator") > 0).n_unique().alias("answered")
    return pl.col("reported").drop_nulls().last(), answered


def _as_written(amount: pl.Expr) -> pl.Expr:
    written = amount.round(MONEY_DECIMALS)
    return pl.when((amount - written).abs() <= EXACT * amount.abs()).then(written).otherwise(amount)


def _ratio(found: pl.LazyFrame) -> pl.LazyFrame:
    divided = pl.when(pl.col("denominator") > 0).then(pl.col("numerator") / pl.col("denominator"))
    return found.with_columns(value=divided)


def _medians(rows: pl.DataFrame) -> pl.DataFrame:
    if rows.is_empty():
        return COUNTED_SCHEMA.to_frame()
    names = {"median": "value", "n": "cases", "events": "numerator"}
    medians = grouped_medians(rows, GROUP, "hours", "closed").rename(names).lazy()
    return _shaped(medians.with_columns(denominator=pl.col("cases")).join(_told(rows), on=GROUP, how="left"))


def _told(rows: pl.DataFrame) -> pl.LazyFrame:
    return _grouped(rows)


def _grouped(rows: pl.DataFrame, *sums: pl.Expr) -> pl.LazyFrame:
    """One row a group: the sums, how many estates, and the codes of the caveats that hold for any row of it."""
    codes = [name for name in rows.columns if name.startswith(CAVEAT)]
    anywhere = [pl.col(name).fill_null(value=False).any() for name in codes]
    told = [pl.when(pl.col(name)).then(pl.lit(name.removeprefix(CAVEAT))) for name in codes]
    listed = pl.concat_list(told).list.drop_nulls() if told else pl.lit([], dtype=pl.List(pl.String))
    found = (
        rows.lazy()
        .group_by(GROUP, maintain_order=True)
        .agg(*sums, *anywhere, pl.col("estate").n_unique().alias("reporting"))
    )
    return found.with_columns(caveats=listed).drop(codes)


def _shaped(found: pl.LazyFrame) -> pl.DataFrame:
    there = set(found.collect_schema().names())
    whole = [
        (pl.col(name) if name in there else pl.lit(None)).cast(kind).alias(name)
        for name, kind in COUNTED_SCHEMA.items()
    ]
    return found.select(whole).with_columns(pl.col("low", "high").fill_nan(None)).collect()
