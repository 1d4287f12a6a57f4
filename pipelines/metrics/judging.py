"""Says whether a series has really changed: control charts by week, month or quarter, differences between survey waves.

A phase begins anew where the company, the mode or charging changed, and where the basis did. Months without a value are
no points. Bills are only compared at the same age: months whose bills were reported younger or older are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

import polars as pl

from pipelines.analysis.control import Verdict, verdict
from pipelines.analysis.intervals import difference_of_shares, pooled_effective_n
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period

AGES: Final = (31, 92, 183, 366)
"""Ages of bills in days that are alike: up to one month, three months, half a year, a year, and older."""


@dataclass(frozen=True)
class Point:
    """One step of a series. `age` is that of the youngest bill in days, `mixed` whether prepayments are in it."""

    period: Period
    value: float | None
    n: float
    age: int | None = None
    mixed: bool = False


@dataclass(frozen=True)
class Judgement:
    """A verdict's code, or None where none can be given, the caveats to it, and the chart's own verdict as proof."""

    code: str | None
    caveats: tuple[str, ...] = ()
    chart: Verdict | None = None
    series: tuple[Point, ...] = ()


def age_class(days: int | None) -> int | None:
    """Which of the ages that are alike an age in days belongs to."""
    return None if days is None else sum(days > limit for limit in AGES)


def finest(series: Sequence[Sequence[Point]], least: float) -> Sequence[Point]:
    """The finest of several series (finest first) whose typical step has at least so many cases; else the coarsest."""
    for points in series[:-1]:
        begun = next((place for place, one in enumerate(points) if one.n), len(points))
        sizes = [one.n for one in points[begun:]]
        if sizes and median(sizes) >= least:
            return points
    return series[-1]


def judge(metric: Metric, points: Sequence[Point], changes: Sequence[date], period: Period) -> Judgement:
    """The verdict on the last step that ends in the period, judged within its phase.

    `changes` are days on which a new phase begins. No verdict (None) where the period holds no step with a value.
    """
    known = [one for one in points if one.value is not None]
    if not known or known[-1].period.end < period.start:
        return Judgement(None)
    caveats: list[str] = []
    last = known[-1]
    if metric.pays and any(age_class(one.age) != age_class(last.age) for one in known):
        known = [one for one in known if age_class(one.age) == age_class(last.age)]
        caveats.append("unequal_age")
    breaks = [
        place
        for place, one in enumerate(known)
        if place
        and (
            any(known[place - 1].period.start < day <= one.period.start for day in changes)
            or known[place - 1].mixed != one.mixed
        )
    ]
    if any(one.mixed != last.mixed for one in known):
        caveats.append("basis_changed")
    chart = verdict([one.value for one in known], direction=metric.direction, breaks=breaks, target=metric.target)
    code = None if "unequal_age" in caveats and chart.code == "too_short" else chart.code
    return Judgement(code, tuple(caveats), chart, tuple(known))


def judge_waves(waves: pl.DataFrame, period: Period, direction: str) -> Judgement:
    """The last wave in the period against the one before it, over the estates asked both times, in the same way.

    `waves` are rows of mart_surveys of one subject. Improving or worsening where the 95 % interval of the difference
    (Newcombe) leaves out zero. Estates asked in another way, or by others, than before are left out; where none
    remain there is no verdict, with the caveat `mode_changed`.
    """
    counted = waves.filter(pl.col("responses") > 0, pl.col("satisfied").is_not_null())
    ends = counted.filter(pl.col("period_end").is_between(period.start, period.end))["period_end"]
    if ends.is_empty():
        return Judgement(None)
    now = counted.filter(pl.col("period_end") == ends.max()).unique("estate", keep="last")
    earlier = counted.filter(pl.col("period_end") < ends.max())
    if earlier.is_empty():
        return Judgement("too_short")
    before = earlier.sort("period_end").unique("estate", keep="last")
    before = before.filter(pl.col("period_end") == before["period_end"].max())
    both = now.join(before, on="estate", suffix="_before")
    if both.is_empty():
        return Judgement(None, ("membership_changed",))
    alike = both.filter(
        pl.col("mode").eq_missing(pl.col("mode_before")),
        pl.col("conducted_by").eq_missing(pl.col("conducted_by_before")),
    )
    caveats = ("mode_changed",) if alike.height < both.height else ()
    if alike.is_empty():
        return Judgement(None, caveats)
    shares: list[tuple[float, float]] = []
    for suffix in ("", "_before"):
        size = alike["responses" + suffix].to_numpy()
        worth = alike["effective" + suffix].fill_null(float("inf")).to_numpy()
        shares.append((float(alike["satisfied" + suffix].sum()) / float(size.sum()), pooled_effective_n(size, worth)))
    low, high = difference_of_shares(*shares[0], *shares[1])
    if low <= 0 <= high:
        return Judgement("no_change", caveats)
    rising = bool(low > 0)
    if direction == "neither":
        return Judgement("changed", caveats)
    return Judgement("improving" if rising == (direction == "up") else "worsening", caveats)
