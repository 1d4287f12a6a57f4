"""What a rating says of one subject: its star, and every point that led to it (依据)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["scored", "missing", "left_out", "not_yet", "unjudged"]
"""Given points; not submitted, so 0; too small a sample, so left out; new, so only shown; nothing could be sent."""


@dataclass(frozen=True)
class Line:
    """One criterion: what was found and what it gave.

    `points` of `max_points` are those of the ladder; `weight` is what it counted for in the total after re-weighting
    (0 where it did not count), so it added `points / max_points * weight`. `scored_value`: the value after estates that
    did not report were counted as worst. `step`: where on the ladder. `missing_zh`, `missing_en`: what is missing.
    """

    id: str
    dimension: str
    zh: str
    en: str
    status: Status
    value: float | None
    scored_value: float | None
    unit: str
    n: float | None
    step: str | None
    points: float
    max_points: float
    weight: float
    source: str
    caveats: tuple[str, ...]
    missing_zh: str = ""
    missing_en: str = ""

    @property
    def counted(self) -> bool:
        """Whether it counts in the score."""
        return self.weight > 0

    @property
    def added(self) -> float:
        """What it added to the score."""
        return self.points / self.max_points * self.weight if self.max_points else 0.0


@dataclass(frozen=True)
class ItemLine:
    """A bonus or deduction that counted: `points` signed, after its cap."""

    id: str
    zh: str
    en: str
    times: float
    points: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Cap:
    """Why the star can't be higher than `at` (0: no star). A veto tells its evidence, date, decider and expiry."""

    id: str
    at: int
    zh: str
    en: str
    evidence: str = ""
    on: date | None = None
    decider: str = ""
    expires: date | None = None


@dataclass(frozen=True)
class Reason:
    """Why there is no star."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Account:
    """The whole account of one subject. `stars` None: `no_star_reason` says why. `score` None: there was none to give.

    `stars_by_score`: what the score alone would give. `to_next`: points lacking to the next star of the score, None at
    the highest; `to_previous`: points above the star below it (its own threshold), None below the lowest.
    `raw_score` is the score before its one rounding.
    """

    subject: str
    by: str
    peer_group: str | None
    stars: int | None
    stars_by_score: int | None
    score: float | None
    raw_score: float | None
    to_next: float | None
    to_previous: float | None
    caps: tuple[Cap, ...]
    no_star_reason: Reason | None
    lines: tuple[Line, ...]
    items: tuple[ItemLine, ...]
    judged: float
    """The share of the rubric's total that was judged on submitted evidence."""
