"""Counts working days, so that a limit of five working days ends when the office says it does.

Public holidays and swapped workdays come from the library chinesecalendar. A year that it lacks comes from the notice
in `street.toml`, else from Monday to Friday; such days are marked, because a limit over them is only nearly right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from pipelines.street import Notice

CALENDAR_SCHEMA: Final = pl.Schema(
    {"day": pl.Date, "is_working": pl.Boolean, "working_days": pl.Int64, "is_official": pl.Boolean}
)
"""`working_days` counts the working days from the first day on, the day itself included."""


def calendar_days(first: date, last: date, notices: Mapping[int, Notice]) -> pl.DataFrame:
    """Every day from `first` to `last` as `CALENDAR_SCHEMA`; `is_official` is false where no notice is known."""
    rows: list[tuple[date, bool, int, bool]] = []
    count, day = 0, first
    while day <= last:
        working, official = is_working(day, notices)
        count += working
        rows.append((day, working, count, official))
        day += timedelta(days=1)
    return pl.DataFrame(rows, schema=CALENDAR_SCHEMA, orient="row")


def is_working(day: date, notices: Mapping[int, Notice]) -> tuple[bool, bool]:
    """Whether people work on a day, and whether that is known from a notice (else Monday to Friday is assumed)."""
    if notice := notices.get(day.year):
        return (day.weekday() < 5 and day not in notice.holidays) or day in notice.workdays, True
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False
