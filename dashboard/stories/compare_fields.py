"""The funnel (is it only the size of the sample?) and the quadrants (what is paid, and are people content?)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import polars as pl

from dashboard import numbers
from dashboard.charts.fields import FunnelChart, Limit, Quadrants, Spot
from dashboard.published import Published
from dashboard.stories.compare_peers import Standing, standings
from dashboard.stories.compare_view import View, group_name, largest_group
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.analysis import funnel
from pipelines.analysis.intervals import normal_quantile

STEPS: Final = 40
FEWEST: Final = 4
NAMED: Final = 3
"""Beside the flagged ones the quadrants name the so many estates that lie furthest out."""


@dataclass(frozen=True)
class QuadrantField:
    """The quadrants with whom they are of: `group` in words, `count` estates."""

    chart: Quadrants
    group: str
    count: int


def funnel_chart(view: View, found: tuple[Standing, ...], centre_key: str) -> FunnelChart | None:
    """Rate against sample around the pooled value; None for a metric that has no funnel, or with fewer than 4 estates.

    A mark is given only beyond the 99.8 % limits (overdispersion allowed for)."""
    metric = view.metric
    known = [
        one for one in found
        if one.is_ranked and one.value.numerator is not None and one.value.denominator
    ]  # fmt: skip
    if metric.kind not in ("share", "rate") or len(known) < FEWEST:
        return None
    shares = metric.kind == "share"
    of = [one.value.denominator or 0.0 for one in known]
    cases = [one.value.numerator or 0.0 for one in known]
    frame = pl.DataFrame({"cases": [min(pair) for pair in zip(cases, of, strict=True)] if shares else cases, "of": of})
    made = (funnel.proportions if shares else funnel.rates)(frame, "cases", "of")
    largest = max(range(len(known)), key=lambda place: of[place])
    spots = []
    for place, (one, flag) in enumerate(zip(known, made.frame["flag"], strict=True)):
        mark = _funnel_mark(one, str(flag), up=metric.direction != "down")
        spots.append(
            Spot(
                subject=one.subject,
                name=one.subject,
                x=of[place],
                y=numbers.scaled(metric, one.value.value or 0.0),
                mark=mark,
                is_named=mark in ("better", "worse") or place == largest,
                text=f"{one.subject} {numbers.amount(metric, one.value.value, view.lang)}",
            )
        )
    limits = _limits(made, min(of), max(of), shares=shares, view=view)
    values = [one.y for one in spots]
    mean = numbers.scaled(metric, made.centre)
    spread = max(max(values) - mean, mean - min(values), 1e-9)
    high = max(*values, mean + spread * 1.25)
    low = min(*values, mean - spread * 1.25)
    return FunnelChart(
        spots=tuple(spots),
        limits=limits,
        centre=mean,
        centre_word=say(centre_key, view.lang, value=numbers.number(mean, metric.decimals)),
        x_word=say(f"compare.funnel_x_{'rate' if not shares else metric.sources[0]}", view.lang),
        y_word=view.name,
        limit_words=(say("compare.limit_998", view.lang), say("compare.limit_95", view.lang)),
        y_low=max(low, 0.0),
        y_high=min(high, 100.0) if metric.unit == "percent" else high,
        unit=numbers.unit(metric, view.lang),
        decimals=0 if metric.unit == "percent" else metric.decimals,
    )


def quadrants(published: Published, view: View) -> QuadrantField | None:
    """Cost against satisfaction in the chosen peer group, else the largest, at its commonest tier; None where fewer
    than 4 of its estates reported both."""
    group = view.peers or largest_group(published)
    if not group or view.is_week:
        return None
    sides = {}
    for name in ("cost_per_m2_month", "satisfaction_rate"):
        other = View(published.metric(name), None, view.period, group, view.lang)
        sides[name] = {one.subject: one for one in standings(published, other) if one.is_ranked and one.group}
    costs, contents = sides["cost_per_m2_month"], sides["satisfaction_rate"]
    both = [one for one in costs if one in contents]
    tiers = [found.group[1] for found in (costs[one] for one in both) if found.group]
    if not tiers:
        return None
    tier = max(sorted(set(tiers)), key=tiers.count)
    both = [one for one, of in zip(both, tiers, strict=True) if of == tier]
    if len(both) < FEWEST:
        return None
    cost, content = published.metric("cost_per_m2_month"), published.metric("satisfaction_rate")
    xs = [numbers.scaled(cost, costs[one].value.value or 0.0) for one in both]
    ys = [numbers.scaled(content, contents[one].value.value or 0.0) for one in both]
    named = _outermost(xs, ys)
    spots = tuple(
        Spot(
            subject=one,
            name=one,
            x=x,
            y=y,
            mark=contents[one].mark,
            is_named=place in named or contents[one].mark in ("better", "worse"),
            text=say("compare.spot", view.lang, estate=one,
                     cost=numbers.amount(cost, x, view.lang), rate=numbers.amount(content, y / 100, view.lang)),
        )
        for place, (one, x, y) in enumerate(zip(both, xs, ys, strict=True))
    )  # fmt: skip
    corners = tuple(say(f"compare.corner_{one}", view.lang) for one in ("tl", "tr", "bl", "br"))
    name = group_name(published, group, view.lang)
    chart = Quadrants(
        spots=spots,
        x_median=median(xs),
        y_median=median(ys),
        corners=(corners[0], corners[1], corners[2], corners[3]),
        x_word=numbers.unit(cost, view.lang),
        y_word=content.zh if view.lang == "zh" else content.en,
        x_decimals=cost.decimals,
        median_words=(
            say("compare.median_value", view.lang, value=f"{numbers.number(median(ys), content.decimals)}%"),
            say("compare.median_value", view.lang, value=numbers.number(median(xs), cost.decimals)),
        ),
    )
    whole = name if tier in ("", group) else say("compare.group_and_tier", view.lang, group=name, tier=tier)
    return QuadrantField(chart, whole, len(both))


def _funnel_mark(one: Standing, flag: str, *, up: bool) -> Mark:
    if one.is_cautioned:
        return "caution"
    if flag not in ("above_998", "below_998"):
        return "same"
    return "better" if (flag == "above_998") == up else "worse"


def _limits(made: funnel.Funnel, first: float, last: float, *, shares: bool, view: View) -> tuple[Limit, ...]:
    """The curves between the smallest and the largest sample, at even steps of the square root."""
    start, end = math.sqrt(first), math.sqrt(last)
    sizes = [(start + (end - start) * place / STEPS) ** 2 for place in range(STEPS + 1)]
    if made.tau2 > 0:
        unit = made.centre * (1 - made.centre) if shares else made.centre
        top = 1.0 if shares else math.inf

        def at(level: float, size: float, side: int) -> float:
            edge = made.centre + side * normal_quantile(level) * math.sqrt(unit / size + made.tau2)
            return min(max(edge, 0.0), top)

        rows = [(at(0.95, one, -1), at(0.95, one, 1), at(0.998, one, -1), at(0.998, one, 1)) for one in sizes]
    else:
        grid = pl.DataFrame({"cases": [0.0] * len(sizes), "of": sizes})
        count = funnel.proportions if shares else funnel.rates
        found = count(grid, "cases", "of", centre=made.centre, overdispersion=False).frame
        rows = list(found.select("low_95", "high_95", "low_998", "high_998").iter_rows())
    return tuple(
        Limit(size, *(numbers.scaled(view.metric, edge) for edge in row)) for size, row in zip(sizes, rows, strict=True)
    )


def _outermost(xs: Sequence[float], ys: Sequence[float]) -> frozenset[int]:
    wide, tall = (max(one) - min(one) or 1.0 for one in (xs, ys))
    middle = median(xs), median(ys)
    far = [abs(x - middle[0]) / wide + abs(y - middle[1]) / tall for x, y in zip(xs, ys, strict=True)]
    return frozenset(sorted(range(len(xs)), key=lambda place: -far[place])[:NAMED])
