"""Tells a real change in a series of months from noise: XmR charts with the rules of the NHS's "Making data count".

Rules, constants and their order are those of the package NHSRplotthedots. A month without a value (None: no
company, free service, no report) is no point: the points around it are neighbours, and nothing is counted as zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

Values: TypeAlias = Sequence[float | None]
Direction: TypeAlias = Literal["up", "down", "neither"]
Code: TypeAlias = Literal["improving", "worsening", "no_change", "changed", "too_short"]
Reason: TypeAlias = Literal["outside", "trend", "near", "shift", "common_cause", "too_short"]
Reach: TypeAlias = Literal["reached_always", "sometimes", "never"]
Scale: TypeAlias = Literal["plain", "log"]

LIMIT: Final = 2.66
"""Three standard deviations in mean moving ranges: 3 ÷ 1.128 (d2 of two points)."""
RANGE_LIMIT: Final = 3.267
"""The upper limit of moving ranges in mean moving ranges (D4 of two points)."""
NEAR: Final = 2 / 3
RUN: Final = 7
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Limits:
    """Centre and natural process limits, in the unit of the values. `mr_screened` is what the limits are made of.

    Of a chart on the log scale the mean is the geometric one, and the ranges are factors between neighbours.
    """

    mean: float
    lower: float
    upper: float
    mr_mean: float
    mr_limit: float
    mr_screened: float


@dataclass(frozen=True)
class Flags:
    """What the rules say of one point: 1 high or rising, -1 low or falling, 0 nothing."""

    outside: int = 0
    trend: int = 0
    near: int = 0
    shift: int = 0


@dataclass(frozen=True)
class Verdict:
    """What a series says of its latest point, with the proof.

    `points` are positions in the values as given. `movement` is up, down or None; `code` weighs it by the metric's
    direction. `target` tells whether the target lies outside the limits: always reached or never, unless the process
    changes; None without a target or limits, or where neither direction is better. `scale` is the one judged on.
    """

    code: Code
    reason: Reason
    movement: Literal["up", "down"] | None
    points: tuple[int, ...]
    limits: Limits | None
    target: Reach | None
    scale: Scale = "plain"


def xmr(values: Values, *, baseline: int | None = None, screen: bool = True) -> Limits:
    """Limits from the points, or frozen on the first `baseline` of them: mean ± 2.66 × mean moving range.

    With `screen`, ranges above 3.267 × their mean are left out once before the mean is taken again. ValueError for
    fewer than two points.
    """
    points = [value for value in values if value is not None][:baseline]
    if len(points) < 2:
        raise ValueError("limits need at least two points")
    ranges = [abs(after - before) for before, after in pairwise(points)]
    mean, mr_mean = math.fsum(points) / len(points), math.fsum(ranges) / len(ranges)
    kept = [one for one in ranges if one <= RANGE_LIMIT * mr_mean] if screen else ranges
    screened = math.fsum(kept) / len(kept)
    return Limits(mean, mean - LIMIT * screened, mean + LIMIT * screened, mr_mean, RANGE_LIMIT * mr_mean, screened)


def signals(values: Values, limits: Limits) -> list[Flags | None]:
    """The flags of each point against `limits`, None where there is no point.

    outside: beyond a limit. shift: one of 7 or more in a row on one side of the mean. trend: one of 7 or more in a row
    each above (below) the one before. near: itself beyond two thirds of the way to a limit, with another such among
    three neighbours all on that side of the mean.
    """
    points = [value for value in values if value is not None]
    # A series of equal values must not differ from its own mean by the last digit of a division.
    slack = ROUNDING * max(map(abs, points), default=0.0)
    sides = [_sign(point - limits.mean, slack) for point in points]
    outside = [_sign(max(point - limits.upper, 0.0) + min(point - limits.lower, 0.0), slack) for point in points]
    reach = NEAR * (limits.upper - limits.mean)
    close = [
        side if not out and abs(point - limits.mean) > reach + slack else 0
        for point, side, out in zip(points, sides, outside, strict=True)
    ]
    moves = [_sign(after - before, slack) for before, after in pairwise(points)]
    flags = iter(
        Flags(*found) for found in zip(outside, _trends(moves), _near(close, sides), _shifts(sides), strict=True)
    )
    return [None if value is None else next(flags) for value in values]


def verdict(
    values: Values,
    *,
    direction: Direction,
    breaks: Sequence[int] = (),
    target: float | None = None,
    minimum: int = 12,
    scale: Scale = "plain",
) -> Verdict:
    """The verdict on the latest point, judged within the phase since the last of `breaks`.

    `breaks` are positions where a new phase begins (another company, mode, or charging). Fewer than `minimum` points
    since then: too_short. As on the NHS's icons the latest point decides, by the first rule that it breaks of
    outside, trend, near, shift. On the `log` scale the rules are held against the logarithms, which brings skewed
    amounts (hours, costs) near to the false rate of normal ones; a phase with a value of 0 or less stays plain.
    """
    begin = max((one for one in breaks if one < len(values)), default=0)
    positions = [place for place, value in enumerate(values) if place >= begin and value is not None]
    phase = [value for value in values[begin:] if value is not None]
    if len(phase) < max(minimum, 2):
        return Verdict("too_short", "too_short", None, (), None, None)
    used: Scale = "log" if scale == "log" and min(phase) > 0 else "plain"
    seen = [math.log(value) for value in phase] if used == "log" else phase
    judged_by = xmr(seen)
    flags = [one for one in signals(seen, judged_by) if one is not None]
    limits = Limits(*map(math.exp, astuple(judged_by))) if used == "log" else judged_by
    reached = _reach(limits, direction, target)
    rules: tuple[Literal["outside", "trend", "near", "shift"], ...] = ("outside", "trend", "near", "shift")
    for rule in rules:
        sign = getattr(flags[-1], rule)
        if sign:
            proof = _proof(rule, sign, flags, positions)
            return Verdict(_code(sign, direction), rule, "up" if sign > 0 else "down", proof, limits, reached, used)
    return Verdict("no_change", "common_cause", None, (), limits, reached, used)


def _sign(value: float, slack: float) -> int:
    return 0 if abs(value) <= slack else 1 if value > 0 else -1


def _runs(signs: Sequence[int]) -> list[tuple[int, int, int]]:
    """Start, end and sign of each unbroken run of one sign that is not 0."""
    runs: list[tuple[int, int, int]] = []
    for place, sign in enumerate(signs):
        if sign and runs and runs[-1][1] == place and runs[-1][2] == sign:
            runs[-1] = (runs[-1][0], place + 1, sign)
        elif sign:
            runs.append((place, place + 1, sign))
    return runs


def _shifts(sides: Sequence[int]) -> list[int]:
    found = [0] * len(sides)
    for start, end, sign in _runs(sides):
        if end - start >= RUN:
            found[start:end] = [sign] * (end - start)
    return found


def _trends(moves: Sequence[int]) -> list[int]:
    found = [0] * (len(moves) + 1)
    for start, end, sign in _runs(moves):
        if end - start >= RUN - 1:
            # The turning point belongs to both runs; it is shown with the one that it starts.
            found[start : end + 1] = [sign] * (end + 1 - start)
    return found


def _near(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    found = [0] * len(close)
    for start in range(len(close) - 2):
        here = slice(start, start + 3)
        if abs(sum(sides[here])) == 3 and sum(map(abs, close[here])) >= 2:
            for place in range(start, start + 3):
                found[place] = found[place] or close[place]
    return found


def _proof(rule: str, sign: int, flags: Sequence[Flags], positions: Sequence[int]) -> tuple[int, ...]:
    if rule == "outside":
        return (positions[-1],)
    reach = 3 if rule == "near" else len(flags)
    proof: list[int] = []
    for flag, position in zip(flags[: -reach - 1 : -1], positions[: -reach - 1 : -1], strict=True):
        if getattr(flag, rule) == sign:
            proof.append(position)
        elif rule != "near":
            break
    return tuple(reversed(proof))


def _code(sign: int, direction: Direction) -> Code:
    if direction == "neither":
        return "changed"
    return "improving" if (sign > 0) == (direction == "up") else "worsening"


def _reach(limits: Limits, direction: Direction, target: float | None) -> Reach | None:
    if target is None or direction == "neither":
        return None
    if limits.lower <= target <= limits.upper:
        return "sometimes"
    return "reached_always" if (target < limits.lower) == (direction == "up") else "never"
