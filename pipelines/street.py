"""What a street decides for itself: names, limits, dates due, peers, targets, samples; with defaults that work."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from pipelines.mending.globs import glob_matches

_CATALOGUE: Final = tomllib.loads((Path(__file__).parent / "metrics/catalogue.toml").read_text(encoding="utf-8"))
METRICS: Final = tuple(_CATALOGUE)
"""The metrics that there are: those of the catalogue, in its order."""
RATES: Final = frozenset(name for name, stanza in _CATALOGUE.items() if stanza["unit"] == "percent")
"""The metrics that are fractions of 1, and may be written as percentages."""


@dataclass(frozen=True)
class Street:
    """Names, as they are printed. Empty: the registers' own street, and no alliance."""

    name: str = ""
    name_en: str = ""
    alliance: str = ""
    alliance_en: str = ""


@dataclass(frozen=True)
class Limit:
    """How long something may take: `amount` of `hours`, of natural `days`, or of `working_days`."""

    amount: float
    unit: Literal["hours", "days", "working_days"]


@dataclass(frozen=True)
class Tickets:
    """Limits of tickets. `limits`: category, or a pattern of it with `*`, → limit; else `default`."""

    default: Limit = Limit(5, "working_days")
    response: Limit = Limit(24, "hours")
    limits: Mapping[str, Limit] = field(default_factory=dict)

    def limit(self, category: str | None) -> Limit:
        """The limit of a category: its own entry first, then the first pattern that fits, else the default."""
        if category is None:
            return self.default
        if category in self.limits:
            return self.limits[category]
        fitting = (limit for pattern, limit in self.limits.items() if glob_matches(pattern, category.replace("/", "∕")))
        return next(fitting, self.default)


@dataclass(frozen=True)
class Notice:
    """The working-day notice of one year: days off on weekdays, and weekend days on which people work."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Due:
    """By when something is to be sent: `days` after the end of each week, month, quarter, half year or year."""

    every: Literal["week", "month", "quarter", "half_year", "year"]
    days: int

    def by(self, period_end: date) -> date:
        """The last day on which the figures of a period that ends on that day are in time."""
        return period_end + timedelta(days=self.days)


@dataclass(frozen=True)
class PeerGroup:
    """One group of estates that are compared with each other: all that is given must fit; the first counts.

    `from` bounds are inside the group, `below` bounds are not.
    """

    name: str
    name_en: str
    households_from: int | None = None
    households_below: int | None = None
    built_from: int | None = None
    built_before: int | None = None
    service_tier: tuple[str, ...] = ()
    housing_type: tuple[str, ...] = ()
    governance_mode: tuple[str, ...] = ()
    community: tuple[str, ...] = ()
    estates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Samples:
    """From how many cases on a figure is shown: `internal`, `public` (suppressed below); by metric where it is more."""

    internal: int = 5
    public: int = 10
    known_share: float = 0.8
    metrics: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Retention:
    """How many months files as sent are kept, how many versions of the warehouse. `raw_months` 0 means for ever."""

    raw_months: int = 36
    versions: int = 5


@dataclass(frozen=True)
class Settings:
    """All settings of a street. `expected`: community (`*`: every one) → kind → by when, or None where none is due.

    `targets`: metric → value, rates as fractions. `meeting_weekday`: 1 is Monday. `crs`: pattern of a file's name →
    datum or EPSG code. `rubric`: the name of a rubric that comes with the program, or a file beside `street.toml`.
    """

    street: Street = Street()
    tickets: Tickets = Tickets()
    calendar: Mapping[int, Notice] = field(default_factory=dict)
    expected: Mapping[str, Mapping[str, Due | None]] = field(default_factory=dict)
    peers_by: str = "service_tier"
    peer_groups: tuple[PeerGroup, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    meeting_weekday: int = 1
    samples: Samples = Samples()
    rubric: str = "default"
    retention: Retention = Retention()
    crs: Mapping[str, str] = field(default_factory=dict)

    def due(self, community: str, kind: str) -> Due | None:
        """By when a community is to send a kind, or None where nothing is expected of it."""
        own = self.expected.get(community, {})
        return own[kind] if kind in own else self.expected.get("*", {}).get(kind)

    def declared_crs(self, file: str) -> str | None:
        """The coordinate system declared for a file of boundaries or coordinates, or None."""
        return next((crs for pattern, crs in self.crs.items() if glob_matches(pattern, file)), None)

    def fingerprint(self) -> str:
        """A hash that changes when any setting does, not when only comments or the order of the file do."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{_canonical(value[key])}" for key in sorted(value, key=repr)) + "}"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(repr, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ",".join(map(_canonical, value)) + ")"
    if hasattr(value, "__dataclass_fields__"):
        inside = ",".join(_canonical(getattr(value, name)) for name in value.__dataclass_fields__)
        return f"{type(value).__name__}({inside})"
    return repr(value)
