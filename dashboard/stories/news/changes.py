"""Estates whose figures really changed: beyond the limits of their own run, or since the survey before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from dashboard import numbers
from dashboard.stories.estate_peers import marks_in
from dashboard.stories.headline import headline, wave_values
from dashboard.stories.news.shape import Signal, Since
from dashboard.stories.runs import proof_words
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.analysis.control import RUN
from pipelines.analysis.intervals import difference_of_shares
from pipelines.expected import SPANS
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question

SURE: Final = 0.998
"""36 comparisons at 95 % cry wolf about twice: a sentence for the meeting needs 99.8 %, or a second test that says the
same (clearly below its peers as well as clearly lower than before)."""
CHARTED: Final = ("collection_rate", "closure_median_hours", "cost_per_m2_month")


def found(since: Since) -> Iterator[Signal]:
    """What really changed, for better or worse."""
    yield from _waves(since)
    for metric_id in CHARTED:
        yield from _runs(since, since.published.metric(metric_id))


def _runs(since: Since, metric: Metric) -> Iterator[Signal]:
    period = Period(since.published.desk.first_day, since.as_of)
    for estate, judgement in since.published.series(metric.id, Question(period, "estate")).items():
        if judgement.code not in {"improving", "worsening"} or not _is_new(since, metric, estate, judgement):
            continue
        told = headline(since.published, metric.id, "estate", estate, since.lang, since.as_of)
        if told.mark not in {"better", "worse"} or told.chart is None:
            continue
        sentence = say(
            "meeting.run_signal",
            since.lang,
            metric=told.name,
            value=numbers.amount(metric, told.value.value, since.lang),
            when=told.when,
            reason=proof_words(judgement, since.lang),
        )
        yield since.signal(
            "worse" if told.mark == "worse" else "better",
            told.mark,
            estate,
            sentence,
            told.chart,
            weight=_severity(judgement),
        )


def _is_new(since: Since, metric: Metric, estate: str, judgement: Judgement) -> bool:
    """Whether the meeting before could not have told it: a point outside the limits that it didn't have, or a shift of
    which it had too few points."""
    if judgement.chart is None or judgement.chart.reason not in {"outside", "shift"}:
        return False
    proof = [judgement.series[place].period for place in judgement.chart.points]
    came = _known_on(since, metric, estate, proof)
    had, have = (sum(day <= until for day in came) for until in (since.before, since.came_until))
    return had < (RUN if judgement.chart.reason == "shift" else len(proof)) <= have


def _known_on(since: Since, metric: Metric, estate: str, periods: Sequence[Period]) -> list[date]:
    """When each period was over and told: where rows cover periods, the day on which those of its last day came."""
    kinds = [one for one in metric.sources if one in SPANS]
    rows = since.published.rows("meeting_told", estate=estate, kinds=kinds).rows() if kinds else []
    return [
        max(
            period.end,
            min((came for first, last, came in rows if first <= period.end <= last), default=period.end),
        )
        for period in periods
    ]


def _waves(since: Since) -> Iterator[Signal]:
    metric = since.published.metric("satisfaction_rate")
    values = wave_values(since.published, metric, "estate", since.as_of)
    against: dict[date, dict[str, Mark]] = {}
    verdicts: dict[Period, dict[str, str | None]] = {}
    for estate, waves in values.items():
        known = [one for one in waves if one.value is not None]
        if len(known) < 2 or known[-1].period_end <= since.before:
            continue
        last, earlier = known[-1], known[-2]
        period = Period(last.period_start, last.period_end)
        if period not in verdicts:
            asked = Question(period, "estate", metrics=(metric.id,))
            verdicts[period] = {one.subject: one.verdict for one in since.published.values(asked)}
        if verdicts[period].get(estate) not in {"improving", "worsening"}:
            continue
        told = headline(since.published, metric.id, "estate", estate, since.lang, since.as_of)
        if told.value.verdict not in {"improving", "worsening"} or last.value is None or earlier.value is None:
            continue
        if last.period_end not in against:
            against[last.period_end] = marks_in(since.published, metric, period)
        mark: Mark = "worse" if told.value.verdict == "worsening" else "better"
        is_alike = against[last.period_end].get(estate) == mark
        low, high = difference_of_shares(last.value, last.n or 0, earlier.value, earlier.n or 0, level=SURE)
        if low <= 0 <= high and not is_alike:
            continue
        moved = abs(last.value - earlier.value)
        yield since.signal(
            "worse" if mark == "worse" else "better",
            mark,
            estate,
            say(
                "meeting.wave_down" if last.value < earlier.value else "meeting.wave_up",
                since.lang,
                metric=told.name,
                value=numbers.amount(metric, last.value, since.lang),
                change=numbers.change(metric, moved, since.lang).lstrip("+"),
                peers=say(f"meeting.peers_{mark}", since.lang) if is_alike else "",
            ),
            told.chart,
            weight=10 + moved * 100,
        )


def _severity(judgement: Judgement) -> float:
    """How far beyond its limits the last point is, in widths of the band."""
    chart, last = judgement.chart, judgement.series[-1].value
    if chart is None or chart.limits is None or last is None:
        return 0.0
    width = max(chart.limits.upper - chart.limits.lower, 1e-9)
    return abs(last - chart.limits.mean) / width
