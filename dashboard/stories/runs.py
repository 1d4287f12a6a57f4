"""Turns the series that a verdict was read from into a run chart: steps, limits, breaks and the verdict in words."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from dashboard import numbers
from dashboard.charts.run import Break, RunChart, Step, Stretch
from dashboard.published import Published
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.judging import Judgement, Point
from pipelines.metrics.values import Value
from pipelines.words import Language

MARKS: dict[str | None, Mark] = {"improving": "better", "worsening": "worse", "no_change": "same", "changed": "same"}
LEAST: int = 12
"""Fewer points than this since the last change are not judged."""


def run_chart_of(
    published: Published, metric: Metric, judgement: Judgement, lang: Language, *, subject: str = "", name: str = ""
) -> RunChart | None:
    """The run chart of a judged series, None where it has no points. `subject`: an estate, whose changes are marked."""
    points = [one for one in judgement.series if one.value is not None]
    if not points:
        return None
    chart = judgement.chart
    proof = set(chart.points) if chart else set()
    mark = MARKS.get(judgement.code, "caution")
    steps: list[Step] = []
    places: list[int] = []
    for place, one in enumerate(points):
        if place and one.period.start - points[place - 1].period.end > timedelta(days=1):
            gap = points[place - 1].period.end + timedelta(days=1)
            steps.append(Step("", gap, one.period.start - timedelta(days=1), None))
        is_last = place == len(points) - 1
        places.append(len(steps))
        steps.append(
            _step(metric, one, lang, mark if is_last or (place in proof and mark in {"better", "worse"}) else None)
        )
    breaks = _breaks(published, points, places, subject, lang)
    stretches: tuple[Stretch, ...] = ()
    if chart and chart.limits:
        first = max((one.place for one in breaks), default=0)
        stretches = (
            Stretch(
                first,
                len(steps) - 1,
                numbers.scaled(metric, chart.limits.mean),
                _floor(metric, chart.limits.lower),
                _ceiling(metric, chart.limits.upper),
            ),
        )
    last = numbers.scaled(metric, points[-1].value or 0.0)
    decimals = _decimals(metric.decimals, last, stretches)
    return RunChart(
        name=name or _name(metric, lang),
        unit=numbers.unit(metric, lang),
        decimals=metric.decimals,
        steps=tuple(steps),
        stretches=stretches,
        breaks=tuple(breaks),
        target=None if metric.target is None else numbers.scaled(metric, metric.target),
        target_word=""
        if metric.target is None
        else say("runs.target", lang, value=numbers.figure(metric, metric.target)),
        upper_word=say("runs.upper", lang, value=numbers.number(stretches[0].upper, decimals)) if stretches else "",
        lower_word=say("runs.lower", lang, value=numbers.number(stretches[0].lower, decimals)) if stretches else "",
        mark=mark,
        verdict=verdict_words(metric, judgement, lang),
        last_word=numbers.brief(metric, points[-1].value, lang),
    )


def _decimals(usual: int, last: float, stretches: tuple[Stretch, ...]) -> int:
    """One decimal more where the last value is beyond a limit and would read like it."""
    edges = [edge for one in stretches for edge in (one.lower, one.upper) if not one.lower <= last <= one.upper]
    is_alike = any(numbers.number(edge, usual) == numbers.number(last, usual) for edge in edges)
    return usual + 1 if is_alike else usual


def waves_chart(
    metric: Metric, values: list[Value], judgement: Judgement, lang: Language, *, name: str = ""
) -> RunChart | None:
    """The chart of survey waves, each with its interval; judged by the difference of the last two, not by limits."""
    known = [one for one in values if one.value is not None]
    if not known:
        return None
    mark = MARKS.get(judgement.code, "caution")
    steps = tuple(
        Step(
            numbers.period_of(one, lang),
            one.period_start,
            one.period_end,
            numbers.scaled(metric, one.value or 0.0),
            None if one.low is None else numbers.scaled(metric, one.low),
            None if one.high is None else numbers.scaled(metric, one.high),
            mark if one is known[-1] else None,
        )
        for one in known
    )
    return RunChart(
        name=name or _name(metric, lang), unit=numbers.unit(metric, lang), decimals=metric.decimals, steps=steps,
        stretches=(), breaks=(), target=None,
        target_word="",
        upper_word="", lower_word="", mark=mark, verdict=verdict_words(metric, judgement, lang),
        last_word=numbers.brief(metric, known[-1].value, lang),
    )  # fmt: skip


def verdict_words(metric: Metric, judgement: Judgement, lang: Language) -> str:
    """The verdict and its reason in a line: 改善：连续8个月高于均值; 期数不足 12，暂不判定."""
    code, chart = judgement.code, judgement.chart
    if code is None:
        for caveat in ("mode_changed", "membership_changed", "unequal_age", "basis_changed"):
            if caveat in judgement.caveats:
                return say(f"runs.not_judged_{caveat}", lang)
        return say("runs.not_judged", lang)
    if code == "too_short":
        return say("runs.too_short_wave" if "wave" in metric.natural else "runs.too_short", lang, least=LEAST)
    if chart is None:
        return say(f"runs.wave_{code}", lang)
    told = say("runs.no_change", lang)
    if code != "no_change":
        told = say("runs.verdict", lang, verdict=say(f"runs.{code}", lang), reason=proof_words(judgement, lang))
    return say("runs.of_panel", lang, verdict=told, count=judgement.panel) if judgement.panel else told


def proof_words(judgement: Judgement, lang: Language) -> str:
    """What a run chart's verdict rests on: 连续8个月高于均值; above the upper limit. ValueError without chart."""
    if judgement.chart is None:
        raise ValueError("no chart, no proof")
    side = "up" if judgement.chart.movement == "up" else "down"
    key = f"runs.{judgement.chart.reason}_{side}"
    return say(key, lang, count=len(judgement.chart.points), step=_step_word(judgement.series, lang))


def short_verdict(judgement: Judgement, lang: Language) -> str:
    """The verdict without its reason: 改善; 无明显变化; 暂不判定."""
    known = judgement.code if judgement.code not in {None, "too_short"} else "not_judged"
    return say("runs.no_change_short" if known == "no_change" else f"runs.{known}", lang)


def _step(metric: Metric, one: Point, lang: Language, mark: Mark | None) -> Step:
    value = None if one.value is None else numbers.scaled(metric, one.value)
    return Step(numbers.period(one.period, lang), one.period.start, one.period.end, value, mark=mark)


def _breaks(published: Published, points: list[Point], places: list[int], subject: str, lang: Language) -> list[Break]:
    found = []
    changes = published.rows("estate_changes", estate=subject).rows() if subject else []
    for (before, one), place in zip(pairwise(points), places[1:], strict=True):
        kinds = [what for day, what in changes if before.period.start < day <= one.period.start]
        if kinds:
            found.append(Break(place, say(f"runs.break_{kinds[-1]}", lang)))
        elif before.mixed != one.mixed:
            found.append(Break(place, say("runs.break_basis", lang)))
    return found


def _step_word(series: tuple[Point, ...], lang: Language) -> str:
    days = (series[-1].period.end - series[-1].period.start).days + 1
    return say("runs.weeks" if days < 8 else "runs.months" if days < 32 else "runs.quarters", lang)


def _name(metric: Metric, lang: Language) -> str:
    return metric.zh if lang == "zh" else metric.en


def _floor(metric: Metric, value: float) -> float:
    """No rate, time or cost is below nothing."""
    return max(numbers.scaled(metric, value), 0.0)


def _ceiling(metric: Metric, value: float) -> float:
    return min(numbers.scaled(metric, value), 100.0) if metric.kind == "share" else numbers.scaled(metric, value)
