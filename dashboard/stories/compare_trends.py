"""Six estates worth looking at in time: those that really moved, the widest first, then those with a new company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dashboard import numbers
from dashboard.charts.run import RunChart, Stretch, Trends
from dashboard.published import Published
from dashboard.stories.compare_peers import Standing
from dashboard.stories.compare_view import View
from dashboard.stories.headline import wave_values
from dashboard.stories.runs import run_chart_of, waves_chart
from dashboard.words import say
from pipelines.metrics.judging import Judgement

SHOWN: Final = 6
LAST_STEPS: Final = 30
"""Longer series are cut to their last steps: so many can be told apart in a small picture."""
REAL: Final = ("improving", "worsening", "changed")


def trends(
    published: Published, view: View, found: tuple[Standing, ...], judgements: Mapping[str, Judgement]
) -> Trends | None:
    """The small multiples on one scale, None where no estate has two steps."""
    ranked = {one.subject: one for one in _on_one_scale(view, found)}
    if not ranked:
        return None
    moves = {one: _move(published, view, one, judgements[one]) for one in ranked}
    drawn = {one: move for one, move in moves.items() if move is not None}
    if not drawn:
        return None
    changed = _with_new_company(published)

    def rule(one: str) -> tuple[bool, bool, float, str]:
        return judgements[one].code not in REAL, one not in changed, -drawn[one], one

    order = sorted(drawn, key=rule)[:SHOWN]
    made = [(one, _chart(published, view, one, judgements[one])) for one in order]
    picked = tuple(_cut(chart) for _, chart in made if chart is not None)
    medians = tuple(_median(view, ranked[one]) for one, chart in made if chart is not None)
    values = [step.value for one in picked for step in one.steps if step.value is not None]
    values += [one for one in medians if one is not None]
    same = len(set(medians)) == 1
    return Trends(
        charts=picked,
        low=min(values),
        high=max(values),
        median=medians[0] if same else None,
        median_word=say("compare.median_dashed", view.lang),
        medians=medians,
    )


def _on_one_scale(view: View, found: tuple[Standing, ...]) -> list[Standing]:
    """The ranked estates; of costs those of the largest group alone, since tiers don't share a scale."""
    ranked = [one for one in found if one.is_ranked]
    groups = Counter(one.group for one in ranked if one.group)
    if not view.metric.tiered or len(groups) < 2:
        return ranked
    largest = max(sorted(groups), key=lambda one: groups[one])
    return [one for one in ranked if one.group == largest]


def _chart(published: Published, view: View, subject: str, judgement: Judgement) -> RunChart | None:
    if "wave" not in view.metric.natural:
        return run_chart_of(published, view.metric, judgement, view.lang, subject=subject, name=subject)
    waves = wave_values(published, view.metric, "estate", view.period.end).get(subject, [])
    chart = waves_chart(view.metric, waves, judgement, view.lang, name=subject)
    return (
        None if chart is None else replace(chart, steps=tuple(replace(one, low=None, high=None) for one in chart.steps))
    )


def _move(published: Published, view: View, subject: str, judgement: Judgement) -> float | None:
    """How far the last value lies from the mean that its limits stand on; without limits, from the value before. None
    with fewer than two steps."""
    if "wave" in view.metric.natural:
        waves = wave_values(published, view.metric, "estate", view.period.end).get(subject, [])
        known = [one.value for one in waves if one.value is not None]
    else:
        known = [one.value for one in judgement.series if one.value is not None]
    if len(known) < 2:
        return None
    limits = judgement.chart.limits if judgement.chart else None
    return abs(known[-1] - (limits.mean if limits else known[-2]))


def _with_new_company(published: Published) -> frozenset[str]:
    return frozenset(published.rows("compare_new_companies")["estate"].to_list())


def _median(view: View, one: Standing) -> float | None:
    return None if one.median is None else numbers.scaled(view.metric, one.median)


def _cut(chart: RunChart) -> RunChart:
    gone = len(chart.steps) - LAST_STEPS
    if gone <= 0:
        return chart
    return replace(
        chart,
        steps=chart.steps[gone:],
        breaks=tuple(replace(one, place=one.place - gone) for one in chart.breaks if one.place > gone),
        stretches=tuple(
            Stretch(max(one.first - gone, 0), one.last - gone, one.mean, one.lower, one.upper)
            for one in chart.stretches
            if one.last >= gone
        ),
    )
