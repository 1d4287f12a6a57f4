"""What a rubric (评星细则) is: dimensions, criteria on fixed ladders, items, vetoes, thresholds, and its own rules.

A rubric's points are absolute: a criterion that is worth 30 has a ladder from 0 to 30, and the dimensions add up to
`total`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.analysis.rating.ladders import Ladder

SourceKind = Literal["metric", "inspection", "fact"]
Missing = Literal["zero", "cap"]
Partial = Literal["worst", "noted"]
By = Literal["company", "estate"]


@dataclass(frozen=True)
class Source:
    """What feeds a criterion. `name` is a metric (on `basis`, or its first), a fact, or "" for inspections, whose
    criteria are `criteria` (as the sheets name them; empty: all)."""

    kind: SourceKind
    name: str = ""
    basis: str | None = None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric. `points`: the most it can give, which is its weight too.

    `ladders` holds other ladders by peer group. Below `least` cases a sample is too small to judge: the criterion is
    left out and its weight goes to the others. What was not submitted gives 0 (`missing` zero), or besides caps the
    star at `cap_at`. `partial`: where some of a company's estates did not report, they count as worst, or are only
    noted (where it is not for the company to submit). Shown, but not counted, in periods that begin before
    `counts_from`.
    """

    id: str
    zh: str
    en: str
    dimension: str
    points: float
    source: Source
    ladder: Ladder
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    least: float = 0.0
    missing: Missing = "zero"
    cap_at: int | None = None
    partial: Partial = "worst"
    counts_from: date | None = None
    unit: str = "percent"

    def ladder_for(self, peer_group: str | None) -> Ladder:
        """The ladder of a peer group."""
        return self.ladders.get(peer_group or "", self.ladder)


@dataclass(frozen=True)
class Dimension:
    """A group of criteria worth `weight` points. `accepted`: the range of weights that the panel accepts."""

    id: str
    zh: str
    en: str
    weight: float
    accepted: tuple[float, float]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Item:
    """A bonus (加分) or deduction (扣分): `points` each time, positive in both, at most `cap` in all."""

    id: str
    zh: str
    en: str
    kind: Literal["bonus", "deduction"]
    points: float
    cap: float


@dataclass(frozen=True)
class Veto:
    """A veto item (一票否决): caps the star at `cap_at` (0: no star). Entered by hand with its evidence, or,
    with a `criterion`, found where that criterion's value is below `floor`, or was not submitted."""

    id: str
    zh: str
    en: str
    cap_at: int
    criterion: str | None = None
    floor: float | None = None


@dataclass(frozen=True)
class Threshold:
    """A star (or a grade of that rank) from this score on."""

    stars: int
    at: float
    zh: str
    en: str


@dataclass(frozen=True)
class Window:
    """Days that don't count (不可抗力), for the named criteria or for all."""

    start: date
    end: date
    zh: str
    en: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guard:
    """By how many points a threshold may move from one version to the next; `previous`: stars → where it was."""

    largest_move: float | None = None
    previous: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Rubric:
    """A rubric as it was published. `source_*`: where it comes from; `unknown_*`: what of it could not be known.

    score = `base` + the criteria's points (re-weighted to `total`) + bonus (at most `bonus_cap`) − deductions (at most
    `deduction_cap`), rounded once to `decimals`. `minimum`: the least share of `total` that must be judged on
    submitted evidence; below it there is no star. `least_service_days`: how long the company must have
    served by the end of the period. `least_if_clean`: whoever has no deduction gets this star at least (as in Shandong,
    where who has no bad record is not below B).
    """

    id: str
    version: str
    zh: str
    en: str
    source_zh: str
    source_en: str
    unknown_zh: str
    unknown_en: str
    total: float
    dimensions: tuple[Dimension, ...]
    thresholds: tuple[Threshold, ...]
    base: float = 0.0
    items: tuple[Item, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    bonus_cap: float | None = None
    deduction_cap: float | None = None
    minimum: float = 0.0
    decimals: int = 1
    windows: tuple[Window, ...] = ()
    guard: Guard = field(default_factory=Guard)
    least_service_days: int = 0
    least_if_clean: int = 0

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in the order of the file."""
        return tuple(one for dimension in self.dimensions for one in dimension.criteria)

    def named(self, stars: int | None) -> tuple[str, str]:
        """What a star is called, in Chinese and English: its threshold's words, or that there is none."""
        for one in self.thresholds:
            if one.stars == stars:
                return one.zh, one.en
        return "不定星", "no star"
