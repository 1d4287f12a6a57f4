"""Turns metrics into evidence: the value as the metrics give it, its sample, and how much of the subject reported."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from pipelines.analysis.intervals import normal_quantile
from pipelines.analysis.rating.evidence import Absence, Datum
from pipelines.analysis.rating.rubric import By, Source
from pipelines.analysis.shrinkage import variance_of_interval
from pipelines.metrics import counting
from pipelines.metrics.asking import ask
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question, basis_of
from pipelines.metrics.values import Value
from pipelines.rating.tenure import Tenure

_MONTHS_DUE: Final = """
SELECT estate, company, count(DISTINCT month) AS due
FROM mart_estate_months
WHERE state IN ('managed', 'unknown') AND from_day <= least($end::DATE, $as_of::DATE) AND to_day >= $start::DATE
GROUP BY ALL
"""
_COMMUNITIES_HEARD: Final = """
SELECT DISTINCT coalesce(community, estate) AS sender
FROM mart_tickets LEFT JOIN estates USING (estate)
WHERE opened_at >= $start::DATE AND opened_at < $end::DATE + INTERVAL 1 DAY
"""
_CAN_T_BE: Final = ("no_tickets", "no_limit", "no_area", "unmanaged", "free_service", "ran_none", "not_begun")
_BY_MONTHS: Final = frozenset({"fees", "costs", "income"})


def measured(
    desk: Desk, source: Source, left: Sequence[Period], by: By, found: Sequence[Tenure], as_of: date
) -> dict[str, Datum]:
    """By subject what a metric says of the days that are left of the period."""
    metric = desk.metrics[source.name]
    # What can't be added up is told of the longest piece alone.
    asked = left if metric.additive else (max(left, key=lambda one: one.end - one.start),)
    names = tuple(one.subject for one in found)
    pieces: dict[str, list[Datum]] = {name: [] for name in names}
    for period in asked:
        question = Question(period, by, names, (source.name,), as_of, source.basis, verdicts=False)
        reached = _reached(desk, metric, question, found, as_of)
        for value in ask(desk, question):
            pieces[value.subject].append(_datum(value, metric, reached.get(value.subject, 1.0)))
    return {name: _pooled(each, cut=len(left) > 1) for name, each in pieces.items() if each}


def _datum(value: Value, metric: Metric, reached: float) -> Datum:
    told = f"{metric.id} {value.basis} {value.coverage}"
    caveats = value.caveats
    if value.value is None and value.reason == "median_not_reached":
        # More than half are still open: slower than any ladder goes.
        return Datum(
            math.inf, value.n, None, "exact", reached=reached, source=told, caveats=(*caveats, "median_not_reached")
        )
    if value.value is None:
        return Datum(None, value.n, _absence(value), reached=reached, source=told, caveats=caveats)
    if metric.interval == "wilson" and not value.n:
        # A rate without the number of answers is shown by the metrics, and never ranked.
        return Datum(None, None, "not_submitted", reached=reached, source=told, caveats=caveats)
    datum = Datum(value.value, value.n, None, "exact", reached=reached, source=told, caveats=caveats)
    if value.low is None or value.high is None or value.high <= value.low:
        return datum
    if metric.interval == "wilson":
        return replace(datum, nature="share", sample=effective_sample(value.value, value.low, value.high))
    spread = math.sqrt(float(variance_of_interval(value.low, value.high)))
    return replace(datum, nature="estimate", spread=spread) if math.isfinite(spread) and spread > 0 else datum


def _absence(value: Value) -> Absence:
    if value.reason == "too_few":
        return "too_few"
    return "not_applicable" if value.reason in _CAN_T_BE else "not_submitted"


def effective_sample(share: float, low: float, high: float) -> float:
    """How many answers a Wilson interval (1927) of 95 % stands for.

    With t = z² ÷ n its half width is √(p(1−p)t + t²/4) ÷ (1 + t): a quadratic in t.
    """
    z2 = normal_quantile(0.95) ** 2
    half = (high - low) / 2
    a, b, c = half * half - 0.25, 2 * half * half - share * (1 - share), half * half
    if abs(a) < 1e-15:
        return z2 * -b / c
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    t = max((-b - root) / (2 * a), (-b + root) / (2 * a))
    return z2 / t


def _pooled(each: Sequence[Datum], *, cut: bool) -> Datum:
    if not cut:
        return each[0]
    known = [one for one in each if one.value is not None and one.n]
    if not known:
        return each[0]
    n = sum(one.n or 0.0 for one in known)
    value = sum((one.value or 0.0) * (one.n or 0.0) for one in known) / n
    sample = sum(one.sample for one in known if one.sample is not None) or None
    caveats = tuple(sorted({code for one in known for code in one.caveats} | {"force_majeure"}))
    reached = sum(one.reached for one in each) / len(each)
    return replace(known[0], value=value, n=n, sample=sample, reached=reached, caveats=caveats)


def _reached(
    desk: Desk, metric: Metric, question: Question, found: Sequence[Tenure], as_of: date
) -> Mapping[str, float]:
    """By subject the share of it, by households, that reported: months of money, else estates with any data."""
    if "tickets" in metric.sources:
        return _heard(desk, question, found)
    days = {"start": question.period.start, "end": question.period.end, "as_of": as_of}
    basis = basis_of(desk, metric, question)
    if metric.kind in {"stock", "expected", "median"}:
        return {}
    rows = counting.counted(desk, metric, [(question.period, as_of)], basis, with_excluded=False)
    owned = counting.with_subject(desk, rows, question.by)
    if "estate" not in owned.columns or "cases" not in owned.columns:
        return {}
    given = {
        (subject, estate): float(cases)
        for subject, estate, cases in owned.group_by("subject", "estate").agg(pl.col("cases").sum()).iter_rows()
        if cases
    }
    if _BY_MONTHS & set(metric.sources):
        due = _due(desk, question.by, days)
    else:
        due = {(one.subject, estate): 1.0 for one in found for estate in one.estates}
        given = dict.fromkeys(given, 1.0)
    return {one.subject: _share(one, given, due) for one in found}


def _due(desk: Desk, by: str, days: Mapping[str, object]) -> dict[tuple[str, str], float]:
    rows = fetched(desk.connection, _MONTHS_DUE, days)
    if by == "estate":
        rows = rows.group_by("estate").agg(pl.col("due").max(), subject=pl.col("estate").first())
    else:
        rows = rows.filter(pl.col("company").is_not_null()).with_columns(subject=pl.col("company"))
    return {(row["subject"], row["estate"]): float(row["due"]) for row in rows.to_dicts()}


def _heard(desk: Desk, question: Question, found: Sequence[Tenure]) -> dict[str, float]:
    days = {"start": question.period.start, "end": question.period.end}
    senders = set(fetched(desk.connection, _COMMUNITIES_HEARD, days)["sender"])
    homes = dict(desk.places.select("estate", "community").iter_rows())
    heard = {estate for one in found for estate in one.estates if (homes.get(estate) or estate) in senders}
    pairs = {(one.subject, estate): 1.0 for one in found for estate in one.estates}
    return {one.subject: _share(one, {pair: 1.0 for pair in pairs if pair[1] in heard}, pairs) for one in found}


def _share(one: Tenure, given: Mapping[tuple[str, str], float], due: Mapping[tuple[str, str], float]) -> float:
    """Reported ÷ due, estates weighed by their households; whole where nothing was due."""
    weights = {estate: weight for estate, weight in one.estates.items() if due.get((one.subject, estate))}
    total = sum(weights.values())
    if not total:
        return 1.0
    parts = (
        weight * min(1.0, given.get((one.subject, estate), 0.0) / due[one.subject, estate])
        for estate, weight in weights.items()
    )
    return min(1.0, sum(parts) / total)
