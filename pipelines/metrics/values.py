"""One figure with all that must be said beside it: sample, interval, coverage, basis, caveats, verdict, reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Value:
    """A metric of a subject in a period. Rates are fractions; `value` is None with a `reason` where there are no data.

    `basis` tells what is counted; values of different bases are never compared. `reporting` of `estates` estates have
    data. `known_share`: for what share of the tickets it is known, where that matters. `tiers`: service tiers in it.
    `age_days`: how old the youngest bill was when it was reported.
    """

    subject: str
    by: str
    metric: str
    basis: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: float | None
    low: float | None
    high: float | None
    reporting: int
    estates: int
    caveats: tuple[str, ...]
    verdict: str | None
    reason: str | None
    period_start: date
    period_end: date
    as_of: date
    known_share: float | None = None
    tiers: tuple[str, ...] = ()
    age_days: int | None = None

    @property
    def coverage(self) -> str:
        """Estates reporting of estates, such as 31/36."""
        return f"{self.reporting}/{self.estates}"
