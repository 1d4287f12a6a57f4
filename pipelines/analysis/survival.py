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
Truths: TypeAlias = NDArray[np.bool_]

HALF: Final = 0.5
STRATUM: Final = "__stratum"
DURATION: Final = "__duration"
OBSERVED: Final = "__observed"
PACKED: Final = "__packed"


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
    steps = _steps(*_one_group(durations, observed))
    low, high = _bounds(steps.log_survival, steps.variance, normal_quantile(level))
    return Curve(steps.time, np.exp(steps.log_survival), low, high, steps.at_risk, steps.events)


def median_with_interval(durations: ArrayLike, observed: ArrayLike, *, level: float = 0.95) -> Median:
    """The median of one group with its log-log interval (Brookmeyer and Crowley 1982)."""
    sizes, times, closed = _one_group(durations, observed)
    if not times.size:
        return Median(None, None, None, 0, 0)
    value, low, high = (_known(float(found[0])) for found in _medians(_steps(sizes, times, closed), level))
    return Median(value, low, high, times.size, int(np.sum(closed)))


def grouped_medians(
    frame: pl.DataFrame, by: Sequence[str], duration: str, observed: str, *, level: float = 0.95
) -> pl.DataFrame:
    """The medians of all groups at once: columns `by`…, n, events, median, low, high, in the order of `by`.

    `frame` has one row a ticket; `observed` is boolean. Null where the curve or its bound never reaches one half.
    """
    groups = _sorted_within(frame, by, duration, observed)
    sizes, times, closed = _flattened(groups)
    medians = _medians(_steps(sizes, times, closed), level)
    so_far, ends = np.concatenate([[0], np.cumsum(closed, dtype=np.int64)]), np.cumsum(sizes)
    return groups.select(
        *by,
        n=pl.Series(sizes),
        events=pl.Series(so_far[ends] - so_far[ends - sizes]),
        **{
            name: pl.Series(name, found, dtype=pl.Float64).replace(math.inf, None)
            for name, found in zip(("median", "low", "high"), medians, strict=True)
        },
    )


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
    base = _sorted_within(reference, strata, duration, observed)
    steps = _steps(*_flattened(base))
    names = base.select(*strata).with_row_index(STRATUM)
    stratum = pl.Series(STRATUM, np.repeat(np.arange(names.height), np.diff(steps.starts)), dtype=names[STRATUM].dtype)
    hazard = pl.DataFrame({STRATUM: stratum, DURATION: steps.time, "hazard": steps.events / steps.at_risk})
    hazard = hazard.with_columns(expected=pl.col("hazard").cum_sum().over(STRATUM)).drop("hazard").sort(DURATION)
    tickets = frame.join(names, on=list(strata), how="left", nulls_equal=True).select(
        *by, STRATUM, pl.col(duration).cast(pl.Float64).alias(DURATION), pl.col(observed).alias(OBSERVED)
    )
    _refuse_unknown(tickets[DURATION], tickets[OBSERVED])
    known = pl.col(STRATUM).is_not_null()
    return (
        tickets.sort(DURATION)
        .join_asof(hazard, on=DURATION, by=STRATUM, strategy="backward", check_sortedness=False)
        .group_by(by)
        .agg(
            n=pl.len().cast(pl.Int64),
            observed=(pl.col(OBSERVED) & known).sum().cast(pl.Int64),
            expected=pl.col("expected").filter(known).sum(),
            unmatched=(~known).sum().cast(pl.Int64),
        )
        .sort(by)
    )


def _one_group(durations: ArrayLike, observed: ArrayLike) -> tuple[Positions, FloatArray, Truths]:
    times, closed = np.asarray(durations, dtype=np.float64), np.asarray(observed)
    _refuse_unknown(pl.Series(times), pl.Series(closed.tolist(), dtype=pl.Boolean, strict=False))
    order = np.argsort(times, kind="stable")
    return np.array([times.size]), times[order], closed[order].astype(bool)


def _sorted_within(frame: pl.DataFrame, by: Sequence[str], duration: str, observed: str) -> pl.DataFrame:
    """One row a group with the list of its durations, in order, each packed with whether it ended in a closing.

    The bits of floats from 0 on are in the order of the floats and leave the highest one free, so that both fit into
    one whole number: sorting these takes half of sorting times and truths by time.
    """
    _refuse_unknown(frame[duration], frame[observed])
    # Adding 0 makes 0 of -0, the only number from 0 on that has its highest bit set.
    bits = (frame[duration].cast(pl.Float64).to_numpy() + 0.0).view(np.uint64)
    packed = pl.Series(PACKED, (bits << np.uint64(1)) | frame[observed].to_numpy().astype(np.uint64))
    return frame.select(*by).with_columns(packed).group_by(by).agg(pl.col(PACKED).sort()).sort(by)


def _flattened(groups: pl.DataFrame) -> tuple[Positions, FloatArray, Truths]:
    sizes = groups[PACKED].list.len().cast(pl.Int64).to_numpy()
    packed = groups[PACKED].explode().to_numpy()
    return sizes, (packed >> np.uint64(1)).view(np.float64), (packed & np.uint64(1)).astype(bool)


def _refuse_unknown(durations: pl.Series, observed: pl.Series) -> None:
    known = durations.cast(pl.Float64).is_finite() & (durations >= 0)
    if durations.null_count() or observed.null_count() or not known.all():
        raise ValueError("every ticket needs a duration of 0 or more, and whether it was closed")


def _steps(sizes: Positions, times: FloatArray, closed: Truths) -> _Steps:
    """Count closings per distinct time and accumulate within each group; times come in order, group after group.

    The sums run over logarithms in the order of time, one group after the other, as lifelines does it: whether a curve
    that touches one half counts as having reached it then depends on the same last digit.
    """
    first = np.ones(times.size, dtype=bool)
    first[1:] = times[1:] != times[:-1]
    ends = np.cumsum(sizes)
    first[(ends - sizes)[sizes > 0]] = True
    new = np.flatnonzero(first)
    so_far = np.concatenate([[0], np.cumsum(closed, dtype=np.int64)])
    events = so_far[np.append(new[1:], times.size)[: new.size]] - so_far[new]
    starts = np.searchsorted(new, np.append(ends - sizes, times.size))
    at_risk = np.repeat(ends, np.diff(starts)) - new
    # Every curve begins at time 0, whether something happened then or not.
    late = starts[:-1][sizes > 0]
    late = late[times[new[late]] > 0]
    begun = np.zeros(new.size + late.size, dtype=bool)
    begun[late + np.arange(late.size)] = True
    time, counts, left = (
        np.zeros(begun.size),
        np.zeros(begun.size, dtype=np.int64),
        np.empty(begun.size, dtype=np.int64),
    )
    time[~begun], counts[~begun], left[~begun] = times[new], events, at_risk
    left[begun] = at_risk[late]
    starts = starts + np.searchsorted(late, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        drop = np.log(left - counts) - np.log(left)
        doubt = counts / (left * (left - counts))
    doubt[np.isinf(doubt)] = 0.0
    group = pl.Series("group", np.repeat(np.arange(sizes.size), np.diff(starts))).set_sorted()
    one_by_one = pl.DataFrame({"group": group, "drop": drop, "doubt": doubt}).group_by("group", maintain_order=True)
    sums = one_by_one.agg(pl.col("drop", "doubt").cum_sum()).explode("drop", "doubt")
    return _Steps(starts, time, left, counts, sums["drop"].to_numpy(), sums["doubt"].to_numpy())


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
