"""Periods as people write them, and the steps of a series."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.metrics.periods import Period, PeriodError, months_in, read_period, steps


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025H1", "2025-01-01", "2025-06-30"),
        ("2025h2", "2025-07-01", "2025-12-31"),
        ("2025Q1", "2025-01-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-W10", "2025-03-03", "2025-03-09"),
        ("2025-W01", "2024-12-30", "2025-01-05"),
        ("2025-01-15..2025-02-03", "2025-01-15", "2025-02-03"),
    ],
)
def test_a_period_is_a_closed_range_of_days(text: str, start: str, end: str) -> None:
    assert read_period(text) == Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text", ["", "25", "2025Q5", "2025-13", "2025-W54", "2025-03-31..2025-01-01", "去年", "2025-3-1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        read_period(text)


def test_steps_are_whole_and_begin_with_the_one_that_holds_the_first_day() -> None:
    assert steps("month", date(2025, 1, 15), date(2025, 3, 30)) == [read_period("2025-01"), read_period("2025-02")]
    assert steps("quarter", date(2025, 2, 1), date(2025, 6, 30)) == [read_period("2025Q1"), read_period("2025Q2")]
    assert steps("week", date(2025, 1, 1), date(2025, 1, 12)) == [read_period("2025-W01"), read_period("2025-W02")]


def test_months_are_counted_by_the_calendar() -> None:
    assert months_in(read_period("2025-01-31..2025-02-01")) == 2
