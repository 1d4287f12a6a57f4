"""How long closing takes, open tickets counted for the time that they have been open so far.

Kaplan and Meier's (1958) curve with the exponential Greenwood (log-log) interval, arithmetic and conventions those of
the package lifelines, so that anybody can check a figure with it: closings come before censorings at the same time,
and the median is the first time at which the curve is at or below one half. Durations may be in any unit; a duration
that is negative or unknown is an error (ValueError), for a ticket without one can't be counted here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from pipelines.analysis.intervals import FloatArray, normal_quantile

Positions: TypeAlias = NDArray[np.int64]

HALF: Final = 0.5
GROUP: Final = "__group"
DURATION: Final = "__duration"
OBSERVED: Final = "__observed"


@dataclass(frozen=True)
class Curve:
    """A survival curve: one element per distinct time, time 0 first. `low` and `high` bound `survival`."""

    time: FloatArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: Positions
    events: Positions


@dataclass(frozen=True)
class Median:
    """A median with its interval; None where the curve, or its bound, never reaches one half. `events` were closed."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    events: int


@dataclass(frozen=True)
class _Steps:
    """The distinct times of all groups, group by group: `starts[g]` to `starts[g + 1]` are those of group g."""

    starts: Positions
    time: FloatArray
    at_risk: Positions
    events: Positions
    log_survival: FloatArray
    variance: FloatArray


def kaplan_meier(durations: ArrayLike, observed: ArrayLike, *, level: float = 0.95) -> Curve:
    """The curve of one group: `observed` is true where a duration ended in a closing, false where it is open."""
    steps = _steps(_one_group(durations, observed), groups=1)
    low, high = _bounds(steps.log_survival, steps.variance, normal_quantile(level))
    return Curve(steps.time, np.exp(steps.log_survival), low, high, steps.at_risk, steps.events)


def median_with_interval(durations: ArrayLike, observed: ArrayLike, *, level: float = 0.95) -> Median:
    """The median of one group with its log-log interval (Brookmeyer and Crowley 1982)."""
    frame = _one_group(durations, observed)
    if frame.is_empty():
        return Median(None, None, None, 0, 0)
    value, low, high = (_known(float(found[0])) for found in _medians(_steps(frame, groups=1), level))
    return Median(value, low, high, frame.height, int(frame[OBSERVED].sum()))


def grouped_medians(
    frame: pl.DataFrame, by: Sequence[str], duration: str, observed: str, *, level: float = 0.95
) -> pl.DataFrame:
    """The medians of all groups at once: columns `by`…, n, events, median, low, high, in the order of `by`.

    `frame` has one row a ticket; `observed` is boolean. Null where the curve or its bound never reaches one half.
    """
    counted = frame.group_by(by).agg(n=pl.len().cast(pl.Int64), events=pl.col(observed).sum().cast(pl.Int64))
    counted = counted.sort(by, nulls_last=False).with_row_index(GROUP)
    rows = _checked(
        frame.join(counted.select(GROUP, *by), on=list(by), how="left", nulls_equal=True).select(
            pl.col(GROUP),
            pl.col(duration).cast(pl.Float64).alias(DURATION),
            pl.col(observed).cast(pl.Boolean).alias(OBSERVED),
        )
    )
    medians = _medians(_steps(rows, groups=counted.height), level)
    return counted.drop(GROUP).with_columns(
        pl.Series(name, found, dtype=pl.Float64).replace(math.inf, None)
        for name, found in zip(("median", "low", "high"), medians, strict=True)
    )


def _one_group(durations: ArrayLike, observed: ArrayLike) -> pl.DataFrame:
    times = np.asarray(durations, dtype=np.float64)
    rows = pl.DataFrame({DURATION: times, OBSERVED: np.asarray(observed).astype(bool)})
    return _checked(rows.with_columns(pl.lit(0, dtype=pl.UInt32).alias(GROUP)))


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    if (
        rows[OBSERVED].null_count()
        or not rows.select((pl.col(DURATION).is_finite() & (pl.col(DURATION) >= 0)).all()).item()
    ):
        raise ValueError("every ticket needs a duration of 0 or more, and whether it was closed")
    return rows


def _steps(rows: pl.DataFrame, groups: int) -> _Steps:
    """Sort once, count per distinct time, and accumulate within each group.

    The sums run over logarithms in the order of time, one group after the other, as lifelines does it: whether a curve
    that touches one half counts as having reached it then depends on the same last digit.
    """
    rows = rows.sort(GROUP, DURATION)
    group, time = rows[GROUP].to_numpy().astype(np.int64), rows[DURATION].to_numpy() + 0.0
    closed = np.concatenate([[0], np.cumsum(rows[OBSERVED].to_numpy(), dtype=np.int64)])
    new = (
        np.flatnonzero(np.concatenate([[True], (np.diff(group) != 0) | (np.diff(time) != 0)]))
        if time.size
        else np.array([], dtype=np.int64)
    )
    ends = np.append(new[1:], time.size)
    sizes = np.bincount(group, minlength=groups)
    lasts = np.cumsum(sizes)
    at_risk, events = lasts[group[new]] - new, closed[ends] - closed[new]
    step_group, step_time = group[new], time[new]
    # Every curve begins at time 0, whether something happened then or not.
    heads = np.flatnonzero(np.concatenate([[True], np.diff(step_group) != 0])) if new.size else new
    late = heads[step_time[heads] > 0]
    step_time, events = np.insert(step_time, late, 0.0), np.insert(events, late, 0)
    at_risk, step_group = np.insert(at_risk, late, at_risk[late]), np.insert(step_group, late, step_group[late])
    with np.errstate(divide="ignore", invalid="ignore"):
        drop = np.log(at_risk - events) - np.log(at_risk)
        doubt = events / (at_risk * (at_risk - events))
    doubt[np.isinf(doubt)] = 0.0
    sums = pl.DataFrame({GROUP: step_group, "drop": drop, "doubt": doubt}).select(
        pl.col("drop").cum_sum().over(GROUP), pl.col("doubt").cum_sum().over(GROUP)
    )
    starts = np.concatenate([[0], np.cumsum(np.bincount(step_group, minlength=groups))])
    return _Steps(starts, step_time, at_risk, events, sums["drop"].to_numpy(), sums["doubt"].to_numpy())


def _bounds(log_survival: FloatArray, variance: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        log_survival = np.log(np.exp(log_survival))
        centre, reach = np.log(-log_survival), z * np.sqrt(variance) / log_survival
        low, high = np.exp(-np.exp(centre - reach)), np.exp(-np.exp(centre + reach))
    return np.where(np.isnan(low), 1.0, low), np.where(np.isnan(high), 1.0, high)


def _medians(steps: _Steps, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Median, lower and upper bound of every group, infinite where never reached."""
    z = normal_quantile(level)

    def survival(at: Positions) -> FloatArray:
        return np.exp(steps.log_survival[at])

    def low(at: Positions) -> FloatArray:
        return _bounds(steps.log_survival[at], steps.variance[at], z)[0]

    def high(at: Positions) -> FloatArray:
        return _bounds(steps.log_survival[at], steps.variance[at], z)[1]

    def first(curve: Callable[[Positions], FloatArray]) -> FloatArray:
        # A bisection, because a bound may rise again late; this finds the same crossing as lifelines does.
        left, right = steps.starts[:-1].copy(), steps.starts[1:].copy()
        reached = curve(right - 1) <= HALF
        while np.any(left < right):
            middle = np.minimum(left + (right - left) // 2, steps.time.size - 1)
            searching = left < right
            above = (curve(middle) > HALF) & searching
            left, right = np.where(above, middle + 1, left), np.where(above | ~searching, right, middle)
        return np.where(reached, steps.time[np.minimum(left, steps.time.size - 1)], np.inf)

    if steps.time.size == 0:
        return (np.array([]),) * 3
    return first(survival), first(low), first(high)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def expected_closures(
    frame: pl.DataFrame,
    reference: pl.DataFrame,
    by: Sequence[str],
    duration: str,
    observed: str,
    *,
    strata: Sequence[str] = ("category",),
) -> pl.DataFrame:
    """Closings seen and closings to expect per group: columns `by`…, n, observed, expected, unmatched.

    A ticket is expected to have been closed as often as the reference's (the street's) Nelson–Aalen cumulative hazard
    of its stratum says at the ticket's own follow-up time, so that over the reference itself Σ expected = Σ observed.
    Tickets of a stratum that the reference lacks are counted as `unmatched` and are in neither sum.
    """
    columns = (
        pl.col(duration).cast(pl.Float64).alias(DURATION),
        pl.col(observed).cast(pl.Boolean).alias(OBSERVED),
    )
    names = reference.select(strata).unique(maintain_order=True).with_row_index(GROUP)
    base = reference.join(names, on=list(strata), how="left", nulls_equal=True).select(GROUP, *columns)
    tickets = frame.join(names, on=list(strata), how="left", nulls_equal=True).select(*by, GROUP, *columns)
    steps = _steps(_checked(base), groups=names.height)
    stratum = pl.Series(GROUP, np.repeat(np.arange(names.height), np.diff(steps.starts)), dtype=pl.UInt32)
    hazard = pl.DataFrame({GROUP: stratum, DURATION: steps.time, "hazard": steps.events / steps.at_risk})
    hazard = hazard.with_columns(expected=pl.col("hazard").cum_sum().over(GROUP)).drop("hazard").sort(DURATION)
    known = pl.col(GROUP).is_not_null()
    return (
        _checked(tickets)
        .sort(DURATION)
        .join_asof(hazard, on=DURATION, by=GROUP, strategy="backward", check_sortedness=False)
        .group_by(by)
        .agg(
            n=pl.len().cast(pl.Int64),
            observed=(pl.col(OBSERVED) & known).sum().cast(pl.Int64),
            expected=pl.col("expected").filter(known).sum(),
            unmatched=(~known).sum().cast(pl.Int64),
        )
        .sort(by)
    )
