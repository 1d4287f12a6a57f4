"""The run chart: one metric step by step, between the limits of its own noise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.theme import Mark


@dataclass(frozen=True)
class Step:
    """One step of a series: `label` names it, `value` None is a gap. `low`/`high`: its interval, for survey waves.
    `mark` is set on the last point and on those that prove the verdict."""

    label: str
    start: date
    end: date
    value: float | None
    low: float | None = None
    high: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True)
class Break:
    """Where a new stretch begins: before the step at `place`, with its word (换物业)."""

    place: int
    word: str


@dataclass(frozen=True)
class Stretch:
    """Limits over the steps from `first` to `last` (places, both in): mean, lower and upper, as read by people."""

    first: int
    last: int
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class RunChart:
    """Values are as people read them (percent, hours). `words` are what stands at the limits (上限 86.7, 下限 82.4).

    `verdict` is the line under the chart with its `mark`; `target` a dotted line with its name; `last_word` the last
    value as the sentences beside the chart write it.
    """

    name: str
    unit: str
    decimals: int
    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]
    breaks: tuple[Break, ...]
    target: float | None
    target_word: str
    upper_word: str
    lower_word: str
    mark: Mark
    verdict: str
    last_word: str = ""


@dataclass(frozen=True)
class Trends:
    """Small multiples with the same scales: one run chart an estate, named by it; its peers' median dashed.

    `medians`: those of each chart, where they differ."""

    charts: tuple[RunChart, ...]
    low: float
    high: float
    median: float | None
    median_word: str
    medians: tuple[float | None, ...] = ()
