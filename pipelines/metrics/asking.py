"""Answers a question about metrics: which figures, of whom, when; each with its sample, caveats and verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk
from pipelines.metrics.figures import figures
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period, months_in
from pipelines.metrics.question import Question, basis_of, check, metrics_of, subjects_of
from pipelines.metrics.series import MONEY, judged
from pipelines.metrics.surroundings import Surroundings, surroundings
from pipelines.metrics.values import Value

PREPAID: Final = "+prepaid"
WITH_EXCLUDED: Final = "+with_excluded"
_NUMBERS: Final = ("value", "numerator", "denominator", "cases", "low", "high", "of_all")


def ask(desk: Desk, question: Question) -> list[Value]:
    """The values, metric by metric in the catalogue's order, subject by subject. Raises UnknownError."""
    check(desk, question)
    where = (question.period, question.by, question.as_of or desk.as_of)
    around = desk.remembered(("around", *where), lambda: surroundings(desk, *where))
    return [value for metric in metrics_of(desk, question) for value in _values(desk, question, around, metric)]


def series(desk: Desk, metric: str, question: Question) -> dict[str, Judgement]:
    """By subject the series that its verdict is read from, with the chart that says so. Raises UnknownError."""
    check(desk, question)
    one = desk.metrics[metric]
    return judged(desk, question, one, basis_of(desk, one, question), subjects_of(desk, question))


def _values(desk: Desk, question: Question, around: Surroundings, metric: Metric) -> list[Value]:
    basis = basis_of(desk, metric, question)
    found = figures(desk, question, metric, basis, around.as_of)
    subjects = subjects_of(desk, question)
    judgements = judged(desk, question, metric, basis, subjects) if question.verdicts else {}
    return [
        _value(
            desk,
            question,
            around,
            metric,
            basis,
            found.own.get(one),
            found.tiers.get(one, ()),
            one,
            judgements.get(one),
        )
        for one in subjects
    ]


def _value(
    desk: Desk,
    question: Question,
    around: Surroundings,
    metric: Metric,
    basis: str,
    row: Mapping[str, object] | None,
    tiers: tuple[str, ...],
    subject: str,
    judgement: Judgement | None,
) -> Value:
    number = {name: _number(row, name) for name in _NUMBERS}
    value, n = number["value"], number["cases"]
    caveats: list[str] = []
    reason, reporting, known_share = None, 0, None
    if row is None:
        reason = around.reason(metric, subject, basis)
    else:
        reporting = int(str(row["reporting"]))
        caveats += cast("list[str] | None", row["caveats"]) or []
        if value is None:
            reason = _why_null(metric, number)
        elif metric.suppress and n is not None and n < desk.suppress_below and n > 0:
            reason, value = "too_few", None
        if number["of_all"] and number["denominator"] is not None:
            known_share = number["denominator"] / number["of_all"]
            caveats += ["known_share_low"] if known_share < desk.known_share else []
        caveats += ["few"] if value is not None and n is not None and 0 < n < metric.least_sample else []
        caveats += ["cost_tier"] if len(tiers) > 1 else []
        caveats += _timing(_spanned(question, basis), around, metric, subject, n, reporting)
        basis += PREPAID if row["is_mixed"] else ""
    if "tickets" in metric.sources:
        basis += WITH_EXCLUDED if question.with_excluded else ""
        reporting = max(reporting, around.heard(subject))
        caveats += ["excluded_present"] if around.excluded(subject) else []
    if question.by == "estate" and subject in desk.unregistered:
        caveats.append("unregistered")
    verdict = None
    if judgement is not None and value is not None:
        verdict = judgement.code if "provisional" not in caveats else None
        caveats += judgement.caveats
    shown = value is not None
    return Value(
        subject=subject,
        by=question.by,
        metric=metric.id,
        basis=basis,
        value=value,
        numerator=None if reason == "too_few" else number["numerator"],
        denominator=number["denominator"],
        n=n,
        low=number["low"] if shown else None,
        high=number["high"] if shown else None,
        reporting=reporting,
        # Tickets outlive the months in which a company ran their estate.
        estates=max(around.estates(subject), reporting),
        caveats=tuple(sorted(set(caveats))),
        verdict=verdict,
        reason=reason,
        period_start=question.period.start,
        period_end=question.period.end,
        as_of=around.as_of,
        known_share=known_share,
        tiers=tiers,
        age_days=None if row is None or row["age"] is None else int(str(row["age"])),
    )


def _number(row: Mapping[str, object] | None, name: str) -> float | None:
    found = row[name] if row else None
    return float(str(found)) if found is not None else None


def _why_null(metric: Metric, number: Mapping[str, float | None]) -> str:
    if metric.kind == "median":
        return "median_not_reached"
    if number["of_all"]:
        return "not_known"
    return "no_denominator"


def _spanned(question: Question, basis: str) -> Period:
    """The days that are counted: a running total's begin with the year."""
    period = question.period
    return Period(date(period.end.year, 1, 1), period.end) if basis == "year_to_date" else period


def _timing(
    period: Period, around: Surroundings, metric: Metric, subject: str, n: float | None, reporting: int
) -> list[str]:
    caveats = []
    if around.as_of < period.end and metric.kind != "stock":
        caveats.append("provisional")
    months = months_in(Period(period.start, max(period.start, min(period.end, around.as_of))))
    short = bool(MONEY & set(metric.sources)) and n is not None and n < reporting * months
    if short or around.ran_in_part(subject):
        caveats.append("partial_period")
    return caveats
