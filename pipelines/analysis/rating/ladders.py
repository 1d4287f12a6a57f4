"""Fixed, published ladders: what a raw value is worth in points, whoever else is rated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = Literal["steps", "linear"]


class LadderError(ValueError):
    """A ladder that can't be climbed: `zh` and `en` say why, `rung` (from 0) where."""

    def __init__(self, rung: int, zh: str, en: str) -> None:
        """See the class."""
        super().__init__(en)
        self.rung, self.zh, self.en = rung, zh, en


@dataclass(frozen=True)
class Ladder:
    """`linear`: straight lines between (`at`, `points`), flat outside. `steps`: the points of the best rung reached.

    `at` rises; `points` never fall (`rising`), or never rise. On a rising ladder of steps a value reaches a rung at or
    above it, on a falling one at or below it; a value that reaches none gets 0.
    """

    shape: Shape
    at: tuple[float, ...]
    points: tuple[float, ...]
    rising: bool

    @property
    def most(self) -> float:
        """The most that it gives."""
        return max(self.points)


def linear(pairs: Sequence[tuple[float, float]]) -> Ladder:
    """A ladder of straight lines through (raw value, points). Raises LadderError."""
    at, points = tuple(one[0] for one in pairs), tuple(one[1] for one in pairs)
    if len(pairs) < 2:
        raise LadderError(0, "折线分值表至少要有两个点", "a ladder of straight lines needs two points at least")
    for rung in range(1, len(pairs)):
        if at[rung] <= at[rung - 1]:
            zh = f"取值 {at[rung]:g} 不大于前一个 {at[rung - 1]:g}，分段重叠；请从小到大写"
            en = f"{at[rung]:g} is not above {at[rung - 1]:g} before it, so the pieces overlap; write them upwards"
            raise LadderError(rung, zh, en)
    _one_way(points)
    return Ladder("linear", at, points, points[-1] >= points[0])


def _one_way(points: Sequence[float]) -> None:
    moves = [after - before for before, after in pairwise(points)]
    rises = next((rung for rung, move in enumerate(moves, 1) if move > 0), None)
    falls = next((rung for rung, move in enumerate(moves, 1) if move < 0), None)
    if rises is not None and falls is not None:
        zh = "分值有升有降：更好的数据会得更低的分"
        en = "the points rise and fall, so that better data would score less"
        raise LadderError(max(rises, falls), zh, en)


def steps(bands: Sequence[tuple[float, float, float]]) -> Ladder:
    """A ladder of (from, to, points), given upwards; -inf and inf leave an end open. Raises LadderError.

    The bands may neither overlap nor leave a gap; a value on the border of two belongs to the better one.
    """
    for rung, (low, high, _) in enumerate(bands):
        if low >= high:
            zh = f"区间 {low:g}—{high:g} 上限不大于下限"
            en = f"the band {low:g} to {high:g} ends before it begins"
            raise LadderError(rung, zh, en)
        if rung and low != bands[rung - 1][1]:
            before = bands[rung - 1][1]
            overlaps = low < before
            zh = (
                f"区间 {low:g}—{high:g} 与前一个（到 {before:g}）{'重叠' if overlaps else '之间有空档'}，"
                f"请从 {before:g} 开始"
            )
            en = (
                f"the band {low:g} to {high:g} {'overlaps' if overlaps else 'leaves a gap after'} the one before it "
                f"(to {before:g}); begin at {before:g}"
            )
            raise LadderError(rung, zh, en)
    if not bands:
        raise LadderError(0, "分值表没有区间", "the ladder has no bands")
    points = [one[2] for one in bands]
    _one_way(points)
    if points[-1] >= points[0]:
        return Ladder("steps", tuple(one[0] for one in bands), tuple(points), rising=True)
    return Ladder("steps", tuple(one[1] for one in bands), tuple(points), rising=False)


def points_at(ladder: Ladder, values: ArrayLike) -> NDArray[np.float64]:
    """The points of raw values, in the same shape; nan for nan."""
    raw = np.asarray(values, dtype=np.float64)
    if ladder.shape == "linear":
        return np.where(np.isnan(raw), np.nan, np.interp(raw, ladder.at, ladder.points))
    at, points = np.asarray(ladder.at), np.asarray(ladder.points)
    if ladder.rising:
        found = np.append(0.0, points)[np.searchsorted(at, raw, side="right")]
    else:
        found = np.append(points, 0.0)[np.searchsorted(at, raw, side="left")]
    return np.where(np.isnan(raw), np.nan, found)


def rung_at(ladder: Ladder, value: float) -> str:
    """Where on the ladder a value stands, such as ``80–90`` in the raw unit: the rungs on either side of it."""
    at = [edge for edge in ladder.at if math.isfinite(edge)]
    below = [edge for edge in at if edge < value or (ladder.rising and edge == value)]
    above = [edge for edge in at if edge not in below]
    if not below:
        return f"..{above[0]:g}"
    return f"{below[-1]:g}..{above[0]:g}" if above else f"{below[-1]:g}.."
