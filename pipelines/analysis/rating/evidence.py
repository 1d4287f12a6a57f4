"""What is known of the rated before any point is given: one datum a criterion, entered items and vetoes, service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Absence = Literal["not_submitted", "too_few", "not_applicable", "force_majeure"]
"""Why there is no value: nothing was sent; too little to judge; it can't exist here; all of it fell in a window."""

Nature = Literal["share", "estimate", "scores", "exact"]
"""What makes a value uncertain: answers (binomial), an interval of its own, scorers who differ, or nothing."""


@dataclass(frozen=True)
class Score:
    """All that one scorer gave a subject on one criterion: the sum of scores, and of their maxima."""

    scorer: str
    given: float
    most: float


@dataclass(frozen=True)
class Datum:
    """What a criterion is judged on. Rates are fractions. `value` None: `absence` says why.

    `n`: answers, tickets, scores or months behind it. `sample`: the effective binomial sample of a share (infinite for
    a census). `spread`: the standard error of an estimate. `reached`: the share (0 to 1) of the subject, by size, that
    reported. `scores`: by scorer. `source`: what it is, in short, such as ``satisfaction_rate standard 3/4``.
    """

    value: float | None
    n: float | None = None
    absence: Absence | None = None
    nature: Nature = "exact"
    sample: float | None = None
    spread: float | None = None
    reached: float = 1.0
    scores: tuple[Score, ...] = ()
    source: str = ""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A bonus, deduction, veto or fact entered by hand: what (`id`), how often, on what evidence, by whose decision.

    It counts for periods that it was decided in or before, until `expires` (a day, that day included).
    """

    subject: str
    id: str
    on: date
    evidence: str
    decider: str
    times: float = 1.0
    expires: date | None = None

    def in_force(self, start: date, end: date) -> bool:
        """Whether it counts for a period."""
        return self.on <= end and (self.expires is None or self.expires >= start)


@dataclass(frozen=True)
class Evidence:
    """All evidence on one subject. `data` by criterion. `state`: managed, unmanaged (nobody ran it: nobody is rated).

    `service_days`: how long its company had served at the end of the period, None where that is unknown.
    """

    subject: str
    by: str
    data: Mapping[str, Datum]
    peer_group: str | None = None
    entries: tuple[Entry, ...] = ()
    state: str = "managed"
    service_days: int | None = None
    size: float | None = None
    estates: tuple[str, ...] = field(default=())
