"""Pictures of estates in two dimensions: the funnel (sample and rate) and the quadrants (cost and satisfaction)."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import Mark


@dataclass(frozen=True)
class Spot:
    """One estate at x and y, as people read them. It carries its name where `is_named`."""

    subject: str
    name: str
    x: float
    y: float
    mark: Mark
    is_named: bool
    text: str


@dataclass(frozen=True)
class Limit:
    """Funnel limits at sample x: 95 % and 99.8 %, clipped."""

    x: float
    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True)
class FunnelChart:
    """Rates against samples (square-root scale) around the centre. `words`: of the 99.8 % and 95 % limits."""

    spots: tuple[Spot, ...]
    limits: tuple[Limit, ...]
    centre: float
    centre_word: str
    x_word: str
    y_word: str
    limit_words: tuple[str, str]
    y_low: float
    y_high: float
    unit: str
    decimals: int = 0


@dataclass(frozen=True)
class Quadrants:
    """Cost against satisfaction within one peer group. `corners`: top left, top right, bottom left, bottom right.
    `median_words` stand at the lines: of y and of x."""

    spots: tuple[Spot, ...]
    x_median: float
    y_median: float
    corners: tuple[str, str, str, str]
    x_word: str
    y_word: str
    x_decimals: int = 2
    median_words: tuple[str, str] = ("", "")
