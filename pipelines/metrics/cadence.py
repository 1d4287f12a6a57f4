"""Keeps a chart to the sender's own cadence: a bill told by the quarter is one point, not three months alike.

Three equal months look like a steady series to the rules of a control chart, and a new quarter like three months in a
row on one side of it; a verdict from them would rest on a third of the points that it is said to rest on.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.metrics.judging import Point
from pipelines.metrics.periods import Period


def once_a_bill(points: Sequence[Point], cut: Collection[Period]) -> list[Point]:
    """The points, without a value where the next step tells the same bill again.

    `cut`: the steps with parts of longer bills in them. Parts of one bill, or of one quarter's costs, have the same
    value, or the same by day, and were reported at the same age; the last of them stays. Where monthly senders are
    among others in a subject its months differ, and all stay.
    """
    kept = list(points)
    for place, (one, after) in enumerate(pairwise(points)):
        if one.period in cut and after.period in cut and _same(one, after):
            kept[place] = replace(one, value=None, n=0.0)
    return kept


def _same(one: Point, other: Point) -> bool:
    if one.value is None or other.value is None or one.age != other.age:
        return False
    return math.isclose(one.value, other.value) or math.isclose(one.value * _days(other), other.value * _days(one))


def _days(point: Point) -> int:
    return (point.period.end - point.period.start).days + 1
