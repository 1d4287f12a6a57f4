"""Says how often a verdict on a series is false though nothing changed, so that it can stand beside the verdict.

The figures are those of the simulations in docs/simulations (`make prove` writes them; a test compares).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

Shape: TypeAlias = Literal["normal", "skewed", "times", "share", "count"]

FALSE_RATES: Final[Mapping[Shape, Mapping[int, float]]] = {
    "normal": {12: 0.014, 18: 0.016, 24: 0.019, 36: 0.018, 78: 0.019},
    "skewed": {12: 0.014, 18: 0.016, 24: 0.013, 36: 0.017, 78: 0.019},
    "times": {12: 0.036, 18: 0.044, 24: 0.046, 36: 0.055, 78: 0.059},
    "share": {12: 0.029, 18: 0.029, 24: 0.031, 36: 0.033, 78: 0.045},
    "count": {12: 0.03, 18: 0.027, 24: 0.034, 36: 0.035, 78: 0.042},
}
"""Share of false verdicts by shape and points of the series (10,000 series each). normal: as they come; skewed:
lognormal amounts, judged by their logarithms; times: medians of 5 lognormal times; share, count: 2 of the rarer kind a
step, the fewest that are charted."""
SURVEYS: Final = 0.05
"""Two waves are compared by a 95 % interval of their difference."""


def false_rate(shape: Shape, points: int) -> float:
    """The stated rate for the next longer series simulated; beyond the longest that of the longest.

    ValueError for fewer points than are ever judged (12).
    """
    rates = FALSE_RATES[shape]
    lengths = sorted(rates)
    if points < lengths[0]:
        raise ValueError(f"a series of fewer than {lengths[0]} points gets no verdict")
    return rates[lengths[min(bisect_left(lengths, points), len(lengths) - 1)]]
