"""The ranked dot plot with intervals, and the strip of all peers on one line."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import Mark


@dataclass(frozen=True)
class Beside:
    """Another metric's figure beside the dot: its text, and its length (0 to 1) among all rows; None: no data."""

    text: str
    value: float | None
    share: float | None


@dataclass(frozen=True)
class DotRow:
    """One estate: values as people read them. `value` None has a `reason`; `high` None beside a
    `low` is an interval open above. `peer_median` is its own peers'.
    `cautioned` puts △ behind the sample and dashes the line. `subject` is what a click leads to. `group` is the heading
    of the rows that it is ranked with (empty: of all), `word` its mark in words, `hint` what a hover tells."""

    subject: str
    name: str
    households: str
    value: float | None
    text: str
    low: float | None
    high: float | None
    sample: str
    peer_median: float | None
    mark: Mark
    cautioned: bool
    reason: str
    beside: tuple[Beside, ...] = ()
    group: str = ""
    word: str = ""
    hint: str = ""


@dataclass(frozen=True)
class DotPlot:
    """Rows in their order (those without a value last). `low`/`high` are the ends of the axis, `ticks` its numbers.
    `street` and `target` are lines with their words. `headings`: name, households, sample, then those of `beside`
    (name and unit). `legend`: words of the marks better, same, worse, caution."""

    name: str
    unit: str
    rows: tuple[DotRow, ...]
    low: float
    high: float
    ticks: tuple[float, ...]
    street: float | None
    street_word: str
    target: float | None
    target_word: str
    headings: tuple[str, str, str]
    beside: tuple[tuple[str, str], ...]
    legend: tuple[str, str, str, str]
    order_word: str
    value_heading: tuple[str, str] = ("", "")
    median_word: str = ""


@dataclass(frozen=True)
class StripDot:
    """One peer on the strip."""

    subject: str
    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Strip:
    """All peers as pale dots, the median's tick with its word, and this estate's mark."""

    dots: tuple[StripDot, ...]
    median: float | None
    median_word: str
    own: float | None
    own_text: str
    mark: Mark
    low_word: str
    high_word: str
