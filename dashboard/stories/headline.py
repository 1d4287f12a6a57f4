"""A headline figure: a metric's latest complete natural period with everything that must be said beside it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard import numbers
from dashboard.charts.run import RunChart
from dashboard.published import Published
from dashboard.stories.runs import run_chart_of, short_verdict, verdict_words, waves_chart
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.comparing import RefusedError, change, difference
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period, steps
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.words import Language


@dataclass(frozen=True)
class Headline:
    """`digits` and `unit` are the figure; `sure` the lines beside it (interval or amounts; coverage and sample);
    `changes` against the last period and the last year, `moves` the same as pairs of step (week … wave, year) and
    signed digits. `verdict_short` is the verdict without its reason. Where there
    is no figure, `reason` says why. `cautions` are the caveats in words."""

    metric: str
    name: str
    when: str
    period: Period
    value: Value
    digits: str
    unit: str
    sure: tuple[str, ...]
    changes: tuple[str, ...]
    chart: RunChart | None
    mark: Mark
    verdict: str
    verdict_short: str
    reason: str
    is_provisional: bool
    cautions: tuple[str, ...]
    moves: tuple[tuple[str, str], ...] = ()


def headline(
    published: Published, metric_id: str, by: str, subject: str, lang: Language, until: date | None = None
) -> Headline:
    """The figure of a subject for the latest complete natural period that ends by `until` (the data's last day)."""
    metric = published.metric(metric_id)
    last = until or published.as_of
    known = _judged(published, metric, by, subject, last)
    period = latest_period(published, metric, by, subject, known, last)
    value = published.value(metric_id, period, by, subject)
    judgement = published.series(metric_id, Question(period, by, (subject,)))[subject]
    name = metric.zh if lang == "zh" else metric.en
    if "wave" in metric.natural:
        waves = wave_values(published, metric, by, last)
        chart = waves_chart(metric, waves.get(subject, []), judgement, lang, name=name)
    else:
        own = subject if by == "estate" else ""
        chart = run_chart_of(published, metric, judgement, lang, subject=own, name=name)
    is_provisional = "provisional" in value.caveats
    mark: Mark = "none" if value.value is None else "caution" if is_provisional else chart.mark if chart else "caution"
    if value.verdict is None and mark in {"better", "worse"}:
        mark = "caution"
    moves = _moves(published, metric, value, judgement) if value.value is not None else ()
    return Headline(
        metric=metric_id,
        name=name,
        when=numbers.period(period, lang),
        period=period,
        value=value,
        digits=numbers.figure(metric, value.value),
        unit=numbers.unit(metric, lang),
        sure=sure_words(metric, value, lang) if value.value is not None else (),
        changes=tuple(
            say(f"headline.since_{step}", lang, change=numbers.change(metric, by, lang)) for step, by in moves
        ),
        moves=tuple(
            (step, numbers.number(numbers.scaled(metric, by), metric.decimals, signed=True)) for step, by in moves
        ),
        chart=chart,
        mark=mark,
        verdict=_verdict(metric, judgement, lang, is_provisional=is_provisional, is_null=value.value is None),
        verdict_short=short_verdict(Judgement(None) if is_provisional or value.value is None else judgement, lang),
        reason="" if value.reason is None else reason_words(published, value, lang),
        is_provisional=is_provisional,
        cautions=tuple(published.words("caveat", one, lang) for one in value.caveats),
    )


def reason_words(published: Published, value: Value, lang: Language) -> str:
    """Why there is no figure, with the sample where it is too small: 样本 4 份，少于 5 份，不显示."""
    if value.reason == "too_few" and value.n is not None:
        kind = "survey" if published.metric(value.metric).sources == ("surveys",) else "ticket"
        least = numbers.number(published.desk.suppress_below)
        return say(f"headline.too_few_{kind}", lang, count=numbers.number(value.n), least=least)
    return published.words("reason", value.reason or "not_reported", lang)


def latest_period(
    published: Published, metric: Metric, by: str, subject: str, judgement: Judgement, until: date
) -> Period:
    """The latest whole step of the metric that half of the subject's estates have reported; where none has been
    reported, the latest one."""
    if "wave" in metric.natural:
        ends = _wave_quarters(published, until)
        held = wave_values(published, metric, by, until).get(subject, [])
        known = [Period(one.period_start, one.period_end) for one in held if one.value is not None]
        return (known or ends or [quarter_of(until)])[-1]
    points = [one.period for one in judgement.series if one.value is not None]
    for period in reversed(points[-3:]):
        value = published.value(metric.id, period, by, subject)
        if value.value is not None and value.reporting * 2 >= value.estates:
            return period
    if points:
        return points[-1]
    step = next(one for one in reversed(metric.natural) if one != "wave")
    whole = steps(step, published.desk.first_day, until)
    return whole[-1] if whole else Period(published.desk.first_day, until)


def wave_values(published: Published, metric: Metric, by: str, until: date) -> dict[str, list[Value]]:
    """By subject the values of all quarters in which a survey wave ended, in time; None values too."""

    def made() -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        for period in _wave_quarters(published, until):
            for one in published.values(Question(period, by, metrics=(metric.id,), verdicts=False)):
                found.setdefault(one.subject, []).append(one)
        return found

    return published.made(("waves", metric.id, by, until), made)


def quarter_of(day: date) -> Period:
    """The quarter that holds a day."""
    first = (day.month - 1) // 3 * 3 + 1
    return Period(date(day.year, first, 1), date(day.year, first + 2, monthrange(day.year, first + 2)[1]))


def before(period: Period) -> Period:
    """The period of the same kind that ends where this one begins."""
    end = period.start - timedelta(days=1)
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if period.start.day == 1 and period.end.day == monthrange(period.end.year, period.end.month)[1]:
        first = period.start.year * 12 + period.start.month - 1 - months
        return Period(date(first // 12, first % 12 + 1, 1), end)
    return Period(end - (period.end - period.start), end)


def year_before(period: Period) -> Period:
    """The same period a year ago: the same months, or the week of the same number."""
    if (period.end - period.start).days == 6 and period.start.weekday() == 0:
        start = period.start - timedelta(weeks=52)
        return Period(start, start + timedelta(days=6))
    year = period.start.year - 1
    return Period(
        date(year, period.start.month, period.start.day),
        date(year, period.end.month, min(period.end.day, monthrange(year, period.end.month)[1])),
    )


def change_of(published: Published, metric: Metric, now: Value, earlier: Period) -> float | None:
    """The change since an earlier period, over the estates that reported both times; None where it can't be had."""
    if now.value is None or any(one in now.caveats for one in ("provisional", "mode_changed")):
        return None
    period = Period(now.period_start, now.period_end)
    if earlier.start < published.desk.first_day:
        return None
    try:
        if metric.additive:
            with published.lock:
                return change(
                    published.desk, metric.id, Question(earlier, now.by), Question(period, now.by), now.subject
                ).change
        return difference(published.value(metric.id, earlier, now.by, now.subject), now)
    except RefusedError:
        return None


def _judged(published: Published, metric: Metric, by: str, subject: str, until: date) -> Judgement:
    period = Period(min(published.desk.first_day, until), until)
    return published.series(metric.id, Question(period, by, (subject,)))[subject]


def _wave_quarters(published: Published, until: date) -> list[Period]:
    ends = published.desk.waves.filter(pl.col("period_end") <= until)["period_end"].unique().to_list()
    return sorted({quarter_of(one) for one in ends})


def sure_words(metric: Metric, value: Value, lang: Language) -> tuple[str, ...]:
    """What a value rests on: its interval or amounts; its coverage and sample."""
    told = say("headline.coverage", lang, reporting=value.reporting, estates=value.estates)
    parts = [] if value.by == "estate" else [told]
    first = numbers.interval(metric, value.low, value.high, lang) if value.low != value.high else ""
    if metric.sources == ("surveys",):
        parts.append(say("headline.answers", lang, count=numbers.number(value.n)))
        first = say("headline.census", lang) if "census" in value.caveats and value.by == "estate" else first
    elif "tickets" in metric.sources:
        parts.append(say("headline.tickets", lang, count=numbers.number(value.n)))
    elif metric.id == "collection_rate":
        due, received = (numbers.money(one, lang) for one in (value.denominator, value.numerator))
        first = say("headline.money_of", lang, due=due, received=received)
        if value.age_days is not None and value.age_days >= 0:
            parts.append(say("headline.age", lang, days=value.age_days))
    elif metric.tiered:
        first = say("headline.no_sampling", lang)
        parts += [say("headline.tiers", lang)] if len(value.tiers) > 1 else []
    return tuple(one for one in (first, say("headline.between", lang).join(parts)) if one)


def _moves(published: Published, metric: Metric, value: Value, judgement: Judgement) -> tuple[tuple[str, float], ...]:
    """The changes since the period before and since a year ago, by the step's word, as far as they can be had."""
    period = Period(value.period_start, value.period_end)
    days = (period.end - period.start).days + 1
    word = "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "half"
    earlier = before(period)
    if "wave" in metric.natural:
        quarters = [one for one in _wave_quarters(published, period.end) if one.start < period.start]
        if quarters and quarters[-1] != earlier:
            earlier, word = quarters[-1], "wave"
    found = []
    for name, then in ((word, earlier), ("year", year_before(period))):
        if "wave" in metric.natural and then == earlier:
            moved = judgement.moved
        else:
            moved = None if "mode_changed" in judgement.caveats else change_of(published, metric, value, then)
        if moved is not None:
            found.append((name, moved))
    return tuple(found)


def _verdict(metric: Metric, judgement: Judgement, lang: Language, *, is_provisional: bool, is_null: bool) -> str:
    if is_null:
        return say("runs.not_judged", lang)
    if is_provisional:
        return say("runs.not_judged_provisional", lang)
    return verdict_words(metric, judgement, lang)
