"""Working days by the official notice, the street's own, or Monday to Friday where neither is known."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.calendar import calendar_days, is_working
from pipelines.street import Notice


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2024, 10, 1), (False, True)),  # National Day, a Tuesday
        (date(2024, 10, 12), (True, True)),  # a Saturday swapped for it
        (date(2024, 10, 14), (True, True)),
        (date(2031, 10, 1), (True, False)),  # a Wednesday of which nothing is known yet
        (date(2031, 10, 4), (False, False)),
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: date, wanted: tuple[bool, bool]) -> None:
    assert is_working(day, {}) == wanted


def test_the_streets_own_notice_goes_first() -> None:
    notices = {2031: Notice(frozenset({date(2031, 10, 1)}), frozenset({date(2031, 10, 4)}))}
    assert is_working(date(2031, 10, 1), notices) == (False, True)
    assert is_working(date(2031, 10, 4), notices) == (True, True)
    assert is_working(date(2031, 10, 2), notices) == (True, True)


def test_days_are_counted_on() -> None:
    found = calendar_days(date(2024, 10, 11), date(2024, 10, 14), {})
    assert found["working_days"].to_list() == [1, 2, 2, 3]
