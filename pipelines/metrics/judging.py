"""Says whether a series has really changed: control charts by week, month or quarter, differences between survey waves.

A phase begins anew where the company, the mode or charging changed, and where the basis did. Months without a value are
no points. Bills are only compared at the same age: months whose bills were reported younger or older are left out.
No verdict is given on a stock (open tickets carry over from month to month, and a chart takes its points for
independent), on shares and counts of too rare cases, or on a last step that has not been told in full;
docs/STATISTICS.md says why, with figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from pipelines.analysis.control import Scale, Verdict, verdict
from pipelines.analysis.false_rates import Shape
from pipelines.analysis.intervals import difference_of_shares, pooled_effective_n
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period

AGES: Final = (31, 92, 183, 366)
"""Ages of bills in days that are alike: up to one month, three months, half a year, a year, and older."""
RARE: Final = 2.0
"""So many cases of the rarer kind (not in time, not solved; of a count: any) a typical step must have to be charted."""
SKEWED: Final = frozenset({"ratio", "yuan_per_m2_month"})
"""Units of amounts that are judged by their logarithms. Medians of 5 tickets or more are not: docs/STATISTICS.md."""


@dataclass(frozen=True)
class Point:
    """One step of a series. `age` is that of the youngest bill in days, `mixed` whether prepayments are in it;
    `of_all`: of how many cases a share could be known in the end, None where that is not counted.
    """

    period: Period
    value: float | None
    n: float
    age: int | None = None
    mixed: bool = False
    of_all: float | None = None


@dataclass(frozen=True)
class Wave:
    """One estate's answers in one wave. `effective` is infinite for a census; `way`: how and by whom it was asked."""

    estate: str
    period_end: date
    satisfied: float
    responses: float
    effective: float
    way: tuple[str | None, str | None]


@dataclass(frozen=True)
class Judgement:
    """A verdict's code, or None where none can be given, the caveats to it, and the chart's own verdict as proof.

    `moved`: for survey waves the change since the wave before, over the estates asked both times in the same way.
    `panel`: of how many estates the series is, those that reported in every step; None where they are all.
    """

    code: str | None
    caveats: tuple[str, ...] = ()
    chart: Verdict | None = None
    series: tuple[Point, ...] = ()
    moved: float | None = None
    panel: int | None = None


def age_class(days: int | None) -> int | None:
    """Which of the ages that are alike an age in days belongs to."""
    return None if days is None else sum(days > limit for limit in AGES)


def scale_of(metric: Metric) -> Scale:
    """On which scale the metric's series is judged."""
    return "log" if metric.unit in SKEWED else "plain"


def shape_of(metric: Metric) -> Shape | None:
    """Which row of the false rates of verdicts (pipelines.analysis.false_rates) holds for it; None: none is charted."""
    if metric.kind == "stock" or "wave" in metric.natural:
        return None
    by_kind: dict[str, Shape] = {"share": "share", "rate": "count", "median": "times"}
    return by_kind.get(metric.kind, "skewed" if scale_of(metric) == "log" else "normal")


def finest(metric: Metric, series: Sequence[Sequence[Point]], least: float) -> Sequence[Point]:
    """The finest of several series (finest first) whose typical step has at least so many cases, and of a share enough
    of the rarer kind; else the coarsest."""
    for points in series[:-1]:
        if _typical(points) >= least and not rare(metric, points):
            return points
    return series[-1]


def rare(metric: Metric, points: Sequence[Point]) -> bool:
    """Whether too few cases of the rarer kind fall into a typical step of a share or a count for a chart's rules.

    A share that never differs breaks no rule, and is not rare.
    """
    if metric.kind == "rate":
        return _typical(points) < RARE
    if metric.kind != "share" or len({one.value for one in points if one.value is not None}) < 2:
        return False
    cases = sum(one.n for one in points if one.value is not None)
    share = sum(one.n * one.value for one in points if one.value is not None) / cases
    return _typical(points) * min(share, 1 - share) < RARE


def _typical(points: Sequence[Point]) -> float:
    """The median of the cases a step, from the first step with any on."""
    begun = next((place for place, one in enumerate(points) if one.n), len(points))
    return median([one.n for one in points[begun:]] or [0.0])


def judge(metric: Metric, points: Sequence[Point], changes: Sequence[date], period: Period) -> Judgement:
    """The verdict on the last step that ends in the period, judged within its phase.

    `changes` are days on which a new phase begins. No verdict (None) where the period holds no step with a value.
    """
    known = [one for one in points if one.value is not None]
    if not known or known[-1].period.end < period.start:
        return Judgement(None)
    if metric.kind == "stock":
        return Judgement(None, ("carried_over",), series=tuple(known))
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
    chart = verdict(
        [one.value for one in known],
        direction=metric.direction,
        breaks=breaks,
        target=metric.target,
        scale=scale_of(metric),
    )
    phase = known[max(breaks, default=0) :]
    if chart.code == "too_short":
        return Judgement(None if "unequal_age" in caveats else "too_short", tuple(caveats), chart, tuple(known))
    if rare(metric, phase):
        return Judgement("too_short", (*caveats, "rare"), series=tuple(known))
    if immature(phase):
        return Judgement(None, (*caveats, "provisional"), series=tuple(known))
    return Judgement(chart.code, tuple(caveats), chart, tuple(known))


def immature(points: Sequence[Point]) -> bool:
    """Whether of the last step less is known than of those before, by more than chance (Newcombe's 95 % interval).

    Tickets still open are not rated yet, and those closed first are not like the rest.
    """
    counted = [(one.n, one.of_all) for one in points if one.of_all]
    if len(counted) < 2:
        return False
    known, of_all = counted[-1]
    known_before, before = (sum(each) for each in zip(*counted[:-1], strict=True))
    _, high = difference_of_shares(known / of_all, of_all, known_before / before, before)
    return bool(high < 0)


def judge_waves(waves: Sequence[Wave], period: Period, direction: str) -> Judgement:
    """The last wave in the period against the one before it, over the estates asked both times, in the same way.

    Improving or worsening where the 95 % interval of the difference (Newcombe) leaves out zero. Estates asked in
    another way, or by others, than before are left out (caveat `mode_changed`); where none remain, no verdict.
    """
    ends = [one.period_end for one in waves if period.holds(one.period_end)]
    if not ends:
        return Judgement(None)
    earlier = [one.period_end for one in waves if one.period_end < max(ends)]
    if not earlier:
        return Judgement("too_short")
    now = {one.estate: one for one in waves if one.period_end == max(ends)}
    before = {one.estate: one for one in waves if one.period_end == max(earlier)}
    both = [(now[estate], before[estate]) for estate in now if estate in before]
    if not both:
        return Judgement(None, ("membership_changed",))
    alike = [pair for pair in both if pair[0].way == pair[1].way]
    caveats = ("mode_changed",) if len(alike) < len(both) else ()
    if not alike:
        return Judgement(None, caveats)
    share, earlier_share = (_share(list(each)) for each in zip(*alike, strict=True))
    low, high = difference_of_shares(*share, *earlier_share)
    moved = share[0] - earlier_share[0]
    if low <= 0 <= high:
        return Judgement("no_change", caveats, moved=moved)
    if direction == "neither":
        return Judgement("changed", caveats, moved=moved)
    return Judgement("improving" if bool(low > 0) == (direction == "up") else "worsening", caveats, moved=moved)


def _share(waves: Sequence[Wave]) -> tuple[float, float]:
    """The pooled share of several estates' waves, and what its sample is worth."""
    size = [one.responses for one in waves]
    return sum(one.satisfied for one in waves) / sum(size), pooled_effective_n(size, [one.effective for one in waves])
