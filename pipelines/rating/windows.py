"""Cuts the days of force majeure (不可抗力) out of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from pipelines.analysis.rating.rubric import Window
from pipelines.metrics.periods import Period

_DAY: Final = timedelta(days=1)


def pieces(period: Period, windows: Sequence[Window]) -> tuple[Period, ...]:
    """What is left of a period, in time; nothing where it lies in the windows altogether."""
    left: list[Period] = []
    start = period.start
    for window in sorted(windows, key=lambda one: one.start):
        if window.end < start or window.start > period.end:
            continue
        if window.start > start:
            left.append(Period(start, window.start - _DAY))
        start = window.end + _DAY
    if start <= period.end:
        left.append(Period(start, period.end))
    return tuple(left)
