"""An accountant with plain Python and the published tables finds every figure of the demo street again."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from plain import Row, Street, Sums, expected, kaplan_meier, poisson, wilson
from typer.testing import CliRunner

from pipelines.cli import commands
from pipelines.metrics.asking import ask
from pipelines.metrics.desk import BYS, Desk
from pipelines.metrics.periods import Period, steps
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value

DEMO = Path(__file__).resolve().parents[2] / "data/raw/demo"
TABLES = ("estates", "episodes", "fees", "costs", "income", "tickets", "surveys", "inspections", "events", "actions")
FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)
MONTHS, QUARTERS = steps("month", FIRST, LAST), steps("quarter", FIRST, LAST)
WEEKS = steps("week", FIRST, LAST)
WHOLE = [
    Period(FIRST, LAST),
    Period(date(2024, 1, 1), date(2024, 12, 31)),
    Period(date(2025, 2, 10), date(2025, 4, 20)),
]
ALL = bool(os.environ.get("LIANPING_PROVE"))
SOME_MONTHS, SOME_WEEKS = (MONTHS, WEEKS) if ALL else (MONTHS[2::6], WEEKS[5::16])
SOME_QUARTERS = QUARTERS if ALL else QUARTERS[1::4]
"""Every period with LIANPING_PROVE=1 (make prove), else every sixth month and sixteenth week."""

pytestmark = pytest.mark.prove


@pytest.fixture(scope="session")
def street(demo_warehouse: Path) -> Street:
    tables = {}
    for table in TABLES:
        asked = ["sql", f"SELECT * FROM {table}", "--format", "json", "--warehouse", str(demo_warehouse)]
        tables[table] = json.loads(CliRunner().invoke(commands, asked).stdout)
    return Street(tables, DEMO / "street.toml")


def close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def found_again(values: list[Value], mine: dict[str, Sums], finish: object) -> list[str]:
    """Where the program's values differ from these; an empty list is what is wanted."""
    faults = []
    for value in values:
        sums = mine.get(value.subject)
        wanted = finish(sums) if sums is not None else None  # type: ignore[operator]
        got = (value.value, value.low, value.high)
        if wanted is None or value.reason == "too_few":
            few = value.reason == "too_few" and sums is not None and sums.denominator < 5
            if value.value is not None or (wanted is not None and not few):
                faults.append(
                    f"{value.metric} {value.subject} {value.period_start}: {got} {value.reason}, not {wanted}"
                )
            continue
        if not all(map(close, got, wanted)):
            faults.append(f"{value.metric} {value.subject} {value.period_start}: {got}, not {wanted}")
    return faults


def ratio(sums: Sums) -> tuple[float, None, None] | None:
    return (sums.numerator / sums.denominator, None, None) if sums.denominator else None


def share(sums: Sums) -> tuple[float, float, float] | None:
    worth = sums.denominator**2 / sums.doubt if sums.doubt else sums.denominator
    return (
        (sums.numerator / sums.denominator, *wilson(sums.numerator, sums.denominator, worth))
        if sums.denominator
        else None
    )


def count(sums: Sums) -> tuple[float, None, None]:
    return sums.numerator, None, None


def rate(sums: Sums) -> tuple[float, float, float] | None:
    return (sums.numerator / sums.denominator, *poisson(sums.numerator, sums.denominator)) if sums.denominator else None


def median(sums: Sums) -> tuple[float | None, float | None, float | None] | None:
    found = kaplan_meier([(hours, closed) for hours, closed, _ in sums.times])
    return None if found[0] is None else found


def asked(desk: Desk, metric: str, by: str, period: Period, basis: str | None = None) -> list[Value]:
    return ask(desk, Question(period, by=by, metrics=(metric,), basis=basis, verdicts=False))


def test_the_as_of_date_is_the_latest_date_that_the_submissions_know_of(demo_desk: Desk, street: Street) -> None:
    assert demo_desk.as_of == street.as_of


@pytest.mark.parametrize("by", BYS)
def test_every_figure_of_money_is_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for period in [*SOME_MONTHS, *SOME_QUARTERS, *WHOLE]:
        span = (by, period.start, period.end)
        for metric, mine in (
            ("collection_rate", street.collection(*span)),
            ("collection_rate_households", street.collection_households(*span)),
            ("fee_income_per_m2_month", street.fee_income(*span)),
            ("cost_per_m2_month", street.cost(*span)),
            ("labour_share", street.labour(*span)),
            ("break_even_ratio", street.break_even(*span)),
            ("inspection_score", street.inspected(*span)),
        ):
            faults += found_again(asked(demo_desk, metric, by, period), mine, ratio)
    assert faults == []


@pytest.mark.parametrize("basis", ["current_net", "year_to_date"])
def test_collection_on_other_bases_is_found_again(demo_desk: Desk, street: Street, basis: str) -> None:
    faults = []
    for by in BYS:
        for period in QUARTERS:
            mine = street.collection(by, period.start, period.end, basis)
            faults += found_again(asked(demo_desk, "collection_rate", by, period, basis), mine, ratio)
    assert faults == []


@pytest.mark.parametrize("by", BYS)
def test_satisfaction_with_its_interval_is_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for period in [*QUARTERS, *WHOLE]:
        mine = street.satisfaction(by, period.start, period.end)
        faults += found_again(asked(demo_desk, "satisfaction_rate", by, period), mine, share)
    assert faults == []


def rates_of(street: Street) -> dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]]:
    """Of which tickets it is known, and which of them count, by metric."""
    done = street.closed_by_then

    def answered(one: Row) -> bool:
        return one["responded_at"] is not None and datetime.fromisoformat(one["responded_at"]) < street.after

    def at_once(one: Row) -> bool:
        return (datetime.fromisoformat(one["responded_at"]) - one["opened"]).total_seconds() <= 24 * 3600

    return {
        "closure_on_time_rate": (
            lambda one: one["due"] <= street.after,
            lambda one: done(one) and one["closed"] <= one["due"],
        ),
        "response_rate": (answered, at_once),
        "resolution_rate": (lambda one: done(one) and one["resolved"] is not None, lambda one: one["resolved"]),
        "ticket_satisfaction_rate": (
            lambda one: done(one) and one["satisfied"] is not None,
            lambda one: one["satisfied"],
        ),
    }


@pytest.mark.parametrize("by", BYS)
def test_every_rate_of_tickets_with_its_interval_is_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for period in [*SOME_MONTHS, *SOME_QUARTERS, *WHOLE, *SOME_WEEKS]:
        span = (by, period.start, period.end)
        for metric, (known, good) in rates_of(street).items():
            faults += found_again(asked(demo_desk, metric, by, period), street.share_of(*span, known, good), share)
    assert faults == []


@pytest.mark.parametrize("by", BYS)
def test_every_median_with_its_interval_is_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for period in [*SOME_MONTHS, *SOME_QUARTERS, *SOME_WEEKS, *WHOLE]:
        mine = street.times(by, period.start, period.end)
        faults += found_again(asked(demo_desk, "closure_median_hours", by, period), mine, median)
    assert faults == []


@pytest.mark.parametrize("by", BYS)
def test_closings_observed_and_expected_are_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for period in SOME_MONTHS:
        all_times = [(*street.time(one), one["category"]) for one in street.opened(period.start, period.end)]

        def finish(
            sums: Sums, all_times: list[tuple[float, bool, str]] = all_times
        ) -> tuple[float, float, float] | None:
            closed, wanted = sum(one[1] for one in sums.times), expected(sums.times, all_times)
            return (closed / wanted, *poisson(closed, wanted)) if wanted else None

        mine = street.times(by, period.start, period.end)
        faults += found_again(asked(demo_desk, "closure_ratio", by, period), mine, finish)
    assert faults == []


@pytest.mark.parametrize("by", BYS)
def test_counts_of_tickets_are_found_again(demo_desk: Desk, street: Street, by: str) -> None:
    faults = []
    for metric, overdue in (("open_tickets", False), ("overdue_tickets", True)):
        faults += found_again(asked(demo_desk, metric, by, QUARTERS[-1]), street.stock(by, overdue=overdue), count)
    for period in [*SOME_MONTHS, *SOME_QUARTERS]:
        mine = street.frequency(by, period.start, period.end)
        faults += found_again(asked(demo_desk, "tickets_per_100_households", by, period), mine, rate)
    assert faults == []


def test_the_command_prints_what_is_asked_in_the_program(demo_desk: Desk, demo_warehouse: Path) -> None:
    line = ["metrics", "--period", "2025Q1", "--by", "company", "--format", "json", "--warehouse", str(demo_warehouse)]
    printed = json.loads(CliRunner().invoke(commands, line).stdout)
    values = ask(demo_desk, Question(Period(date(2025, 1, 1), date(2025, 3, 31)), by="company"))
    assert [(one["metric"], one["subject"], one["coverage"], one["verdict"]) for one in printed] == [
        (one.metric, one.subject, one.coverage, one.verdict) for one in values
    ]
    assert all(close(one["value"], other.value) for one, other in zip(printed, values, strict=True))
