"""Straight scales from values to px, and round numbers for an axis."""

from __future__ import annotations

import math
from collections.abc import Callable

Scale = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Values low…high onto px start…end; a single value stands in the middle."""
    if high <= low:
        return lambda _: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def root(low: float, high: float, start: float, end: float) -> Scale:
    """The same on a square-root scale; `low` is at least 0."""
    straight = linear(math.sqrt(low), math.sqrt(high), start, end)
    return lambda value: straight(math.sqrt(max(value, 0.0)))


def ticks(low: float, high: float, wanted: int = 5) -> tuple[float, ...]:
    """Round numbers (steps of 1, 2, 2.5 or 5 times a power of ten) within low…high, about so many."""
    if high <= low:
        return (low,)
    raw = (high - low) / max(wanted, 1)
    size = 10 ** math.floor(math.log10(raw))
    step = next(one * size for one in (1, 2, 2.5, 5, 10) if one * size >= raw - 1e-12)
    first = math.ceil(low / step - 1e-9)
    return tuple(round(place * step, 10) for place in range(first, math.floor(high / step + 1e-9) + 1))
