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
SIZE: Final = "__size"
WHOLES: Final = (1, 3600, 3_600_000_000)
"""Parts of a unit that durations are whole numbers of: none, seconds or microseconds of hours."""
EXACT: Final = 2.0**53
SPREAD: Final = 1 << 20
MANY: Final = 64
"""Groups of up to so many steps are added up side by side; up to LONG those of like length, longer ones one by one."""
LONG: Final = 4096


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
    steps = _begun(_steps(*_one_group(durations, observed)))
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
    groups, times, closed = _in_order(frame, by, duration, observed)
    sizes = groups[SIZE].to_numpy()
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
    base, times, closed = _in_order(reference, strata, duration, observed)
    steps = _begun(_steps(base[SIZE].to_numpy(), times, closed))
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


def _in_order(
    frame: pl.DataFrame, by: Sequence[str], duration: str, observed: str
) -> tuple[pl.DataFrame, FloatArray, Truths]:
    """The groups in the order of `by` with their SIZE; durations in order, group after group, and which were closings.

    Where groups and durations fit into one whole number (durations that are whole units or whole seconds of hours, as
    clocks give them), numbers alone are sorted; else each group's.
    """
    _refuse_unknown(frame[duration], frame[observed])
    # Adding 0 makes 0 of -0.
    times = frame[duration].cast(pl.Float64).to_numpy() + 0.0
    closed = frame[observed].to_numpy().astype(np.uint64)
    coded = [_codes(frame[name]) for name in by]
    for whole in WHOLES:
        units = np.rint(times * whole)
        if not times.size or units.max() >= EXACT or not np.array_equal(units / whole, times):
            continue
        bits = int(units.max()).bit_length() + 1
        if None in coded or math.prod(len(one[1]) for one in coded if one) >= 1 << (64 - bits):
            break
        key = np.zeros(times.size, dtype=np.uint64)
        for codes, values in (one for one in coded if one):
            key = key * np.uint64(len(values)) + codes
        key <<= np.uint64(bits)
        key |= (units.astype(np.uint64) << np.uint64(1)) | closed
        key.sort()
        return (
            _named(key >> np.uint64(bits), by, [one[1] for one in coded if one]),
            ((key & np.uint64((1 << bits) - 1)) >> np.uint64(1)).astype(np.float64) / whole,
            (key & np.uint64(1)).astype(bool),
        )
    return _each_sorted(frame.select(*by), times, closed)


def _codes(column: pl.Series) -> tuple[NDArray[np.uint64], pl.Series] | None:
    """Each row's place among the values of a column in their order, null first, and these values; None for floats."""
    if column.dtype.is_float() or column.dtype.is_nested():
        return None
    values = column.unique().sort()
    known = values.drop_nulls()
    if column.dtype == pl.String:
        places = column.cast(pl.Enum(known)).to_physical().cast(pl.UInt64)
    else:
        numbers, kept = column.to_physical(), known.to_physical()
        spread = int(kept.max()) - int(kept.min()) + 1 if column.dtype.is_temporal() or column.dtype.is_integer() else 0  # type: ignore[arg-type]
        if not 0 < spread <= SPREAD:
            places = kept.search_sorted(numbers).cast(pl.UInt64)
        else:
            of_number = np.zeros(spread, dtype=np.uint64)
            lowest = int(kept.min())  # type: ignore[arg-type]
            of_number[kept.to_numpy().astype(np.int64) - lowest] = np.arange(len(kept), dtype=np.uint64)
            places = pl.Series(of_number[numbers.fill_null(lowest).to_numpy().astype(np.int64) - lowest])
    if column.null_count():
        places = (places + 1).set(column.is_null(), 0)
    return places.to_numpy(), values


def _named(codes: NDArray[np.uint64], by: Sequence[str], values: Sequence[pl.Series]) -> pl.DataFrame:
    """One row a group, from the codes of sorted rows."""
    first = np.ones(codes.size, dtype=bool)
    first[1:] = codes[1:] != codes[:-1]
    begins = np.flatnonzero(first)
    left, columns = codes[begins].astype(np.int64), []
    for name, one in zip(reversed(by), reversed(values), strict=True):
        left, place = np.divmod(left, len(one))
        columns.append(one.gather(place).alias(name))
    return pl.DataFrame([*reversed(columns), pl.Series(SIZE, np.diff(begins, append=codes.size))])


def _each_sorted(
    named: pl.DataFrame, times: FloatArray, closed: NDArray[np.uint64]
) -> tuple[pl.DataFrame, FloatArray, Truths]:
    """The same for any groups and durations, each duration packed with whether it ended in a closing.

    The bits of floats from 0 on are in the order of the floats and leave the highest one free, so that both fit into
    one whole number: sorting these takes half of sorting times and truths by time.
    """
    packed = pl.Series(PACKED, (times.view(np.uint64) << np.uint64(1)) | closed)
    groups = named.with_columns(packed).group_by(named.columns).agg(pl.col(PACKED).sort()).sort(named.columns)
    flat = groups[PACKED].explode().to_numpy()
    sizes = groups[PACKED].list.len().cast(pl.Int64).alias(SIZE)
    whole = groups.drop(PACKED).with_columns(sizes)
    return whole, (flat >> np.uint64(1)).view(np.float64), (flat & np.uint64(1)).astype(bool)


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
    events = np.add.reduceat(closed, new, dtype=np.int64) if new.size else new
    starts = np.searchsorted(new, np.append(ends - sizes, times.size))
    left = np.repeat(ends, np.diff(starts)) - new
    after = left - events
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.arange(int(left.max(initial=0)) + 1))
        drop = logs[after] - logs[left]
        doubt = events / (left * after)
    doubt[np.isinf(doubt)] = 0.0
    return _Steps(starts, times[new], left, events, _running(drop, starts), _running(doubt, starts))


def _running(summands: FloatArray, starts: Positions) -> FloatArray:
    """Running sums that begin anew at each start, added one by one: groups of like length side by side."""
    lengths = np.diff(starts)
    sums = np.empty(summands.size)
    classes = np.ceil(np.log2(np.maximum(lengths, MANY))).astype(np.int64)
    of_rows = np.repeat(classes, lengths)
    for one in np.unique(classes):
        chosen = np.flatnonzero(classes == one)
        if 1 << one > LONG:
            for start, end in zip(starts[chosen], starts[chosen + 1], strict=True):
                np.cumsum(summands[start:end], out=sums[start:end])
            continue
        rows = slice(None) if chosen.size == lengths.size else of_rows == one
        inside = np.arange(lengths[chosen].max()) < lengths[chosen][:, None]
        table = np.zeros(inside.shape)
        table[inside] = summands[rows]
        np.cumsum(table, axis=1, out=table)
        sums[rows] = table[inside]
    return sums


def _late(steps: _Steps) -> Truths:
    """Which groups have nothing at time 0: their curves begin there all the same."""
    late = np.diff(steps.starts) > 0
    late[late] = steps.time[steps.starts[:-1][late]] > 0
    return late


def _begun(steps: _Steps) -> _Steps:
    """The steps with time 0 at the head of every group."""
    late = _late(steps)
    heads = steps.starts[:-1][late]
    shifted = steps.starts + np.concatenate([[0], np.cumsum(late)])
    return _Steps(
        shifted,
        np.insert(steps.time, heads, 0.0),
        np.insert(steps.at_risk, heads, steps.at_risk[heads]),
        np.insert(steps.events, heads, 0),
        np.insert(steps.log_survival, heads, 0.0),
        np.insert(steps.variance, heads, 0.0),
    )


def _bounds(log_survival: FloatArray, variance: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    return _bound(log_survival, variance, -z), _bound(log_survival, variance, z)


def _bound(log_survival: FloatArray, variance: FloatArray, z: float) -> FloatArray:
    """The lower bound of survival for -z, the upper one for z."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log_survival = np.log(np.exp(log_survival))
        bound = np.exp(-np.exp(np.log(-log_survival) + z * np.sqrt(variance) / log_survival))
    return np.where(np.isnan(bound), 1.0, bound)


def _medians(steps: _Steps, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Median, lower and upper bound of every group, infinite where never reached."""
    z = normal_quantile(level)
    begins, late = steps.starts[:-1], _late(steps).astype(np.int64)

    def survival(at: Positions) -> FloatArray:
        return np.exp(steps.log_survival[at])

    def low(at: Positions) -> FloatArray:
        return _bound(steps.log_survival[at], steps.variance[at], -z)

    def high(at: Positions) -> FloatArray:
        return _bound(steps.log_survival[at], steps.variance[at], z)

    def first(curve: Callable[[Positions], FloatArray]) -> FloatArray:
        # A bisection, because a bound may rise again late; this finds the same crossing as lifelines does, which has a
        # step at time 0 at the head of every group: here it is place 0 of a group that is late, and stands nowhere.
        found = np.full(begins.size, np.inf)
        open_ = np.flatnonzero(curve(steps.starts[1:] - 1) <= HALF)
        left = np.zeros(open_.size, dtype=np.int64)
        right = np.diff(steps.starts)[open_] + late[open_]
        while open_.size:
            middle = left + (right - left) // 2
            at = middle - late[open_]
            above = (curve(begins[open_] + np.maximum(at, 0)) > HALF) | (at < 0)
            left, right = np.where(above, middle + 1, left), np.where(above, right, middle)
            done = left >= right
            last = begins[open_[done]] + left[done] - late[open_[done]]
            found[open_[done]] = steps.time[np.minimum(last, steps.time.size - 1)]
            open_, left, right = open_[~done], left[~done], right[~done]
        return found

    if steps.time.size == 0:
        return (np.array([]),) * 3
    return first(survival), first(low), first(high)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
