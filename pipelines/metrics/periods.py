"""Reads the periods that people ask for, and counts the weeks, months and quarters that a series is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Step = Literal["week", "month", "quarter", "wave"]
_DAY: Final = timedelta(days=1)
_FORMS: Final = re.compile(
    r"(?P<year>\d{4})(?:-?(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|W(?P<week>\d{1,2})|(?P<month>\d{2})))?", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Period:
    """A closed range of days."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end


class PeriodError(ValueError):
    """A text that is no period. `text` is what was given."""

    def __init__(self, text: str) -> None:
        """See the class."""
        super().__init__(f"not a period: {text}")
        self.text = text


def read_period(text: str) -> Period:
    """`2025`, `2025H1`, `2025Q1`, `2025-03`, `2025-W10` or `2025-01-01..2025-03-31`. Raises PeriodError."""
    given = text.strip()
    try:
        if ".." in given:
            first, _, last = given.partition("..")
            period = Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
            if period.start > period.end:
                raise PeriodError(text)
            return period
        found = _FORMS.fullmatch(given)
        if found is None:
            raise PeriodError(text)
        return _named(int(found["year"]), found)
    except ValueError as fault:
        raise PeriodError(text) from fault


def _named(year: int, found: re.Match[str]) -> Period:
    if week := found["week"]:
        start = date.fromisocalendar(year, int(week), 1)
        return Period(start, start + 6 * _DAY)
    if month := found["month"]:
        return _months(year, int(month), 1)
    if quarter := found["quarter"]:
        return _months(year, 3 * int(quarter) - 2, 3)
    if half := found["half"]:
        return _months(year, 6 * int(half) - 5, 6)
    return _months(year, 1, 12)


def _months(year: int, first: int, count: int) -> Period:
    after = year * 12 + first - 1 + count
    return Period(date(year, first, 1), date(after // 12, after % 12 + 1, 1) - _DAY)


def months_in(period: Period) -> int:
    """How many calendar months a period touches."""
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def steps(step: Step, first: date, last: date) -> list[Period]:
    """The whole weeks (Monday to Sunday), months or quarters from the one that holds `first`, ending by `last`."""
    found: list[Period] = []
    start = _begin(step, first)
    while True:
        end = _end(step, start)
        if end > last:
            return found
        found.append(Period(start, end))
        start = end + _DAY


def _begin(step: Step, day: date) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return date(day.year, day.month if step == "month" else 3 * ((day.month - 1) // 3) + 1, 1)


def _end(step: Step, start: date) -> date:
    if step == "week":
        return start + 6 * _DAY
    return _months(start.year, start.month, 1 if step == "month" else 3).end
