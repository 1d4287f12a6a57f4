"""What stands at the ticks of an axis: digits as fine as the steps are, and the percent sign where it is one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dashboard import numbers


def tick_text(value: float, ticks: Sequence[float], unit: str = "") -> str:
    """A tick's number with as many decimals as the steps between the ticks need."""
    steps = [abs(after - before) for before, after in pairwise(ticks)] or [abs(value)]
    decimals = next((one for one in range(4) if all(abs(round(step, one) - step) < 1e-9 for step in steps)), 3)
    return numbers.number(value, decimals) + ("%" if unit == "%" else "")
