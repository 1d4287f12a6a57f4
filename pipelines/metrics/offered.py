"""Offers beside a raw rate what it would probably be with more cases, and whether size explains how far out it lies.

Both weigh a subject against all subjects of its level in the same answer, whichever of them were asked for. A value
that is not shown for its few cases is neither drawn nor held against anybody, and does not draw the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.metrics.asking import ask
from pipelines.metrics.desk import Desk
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value

if TYPE_CHECKING:
    from pipelines.analysis.funnel import Funnel

Key = tuple[str, str]


@dataclass(frozen=True)
class Shrunk:
    """A share drawn towards that of all subjects; `weight` (0 to 1) is what its own cases count for in it."""

    value: float
    weight: float


@dataclass(frozen=True)
class Within:
    """The funnel's limits for a subject of this size, and `flag`: inside, above_95, below_95, above_998, below_998."""

    low_95: float
    high_95: float
    low_998: float
    high_998: float
    flag: str


@dataclass(frozen=True)
class Offered:
    """What stands beside the values, by metric and subject; None where it was not asked for."""

    shrunk: Mapping[Key, Shrunk] | None = None
    funnel: Mapping[Key, Within] | None = None


def offered(desk: Desk, question: Question, values: Sequence[Value], *, shrunk: bool, funnel: bool) -> Offered:
    """What is offered beside the values of an answer: shares shrunk, and funnels of shares and of rates."""
    if not (shrunk or funnel):
        return Offered()
    pool = ask(desk, replace(question, subjects=(), verdicts=False)) if question.subjects else values
    by_metric: dict[str, list[Value]] = {}
    for one in pool:
        kind = desk.metrics[one.metric].kind
        if kind in ("share", "rate") and one.value is not None and one.numerator is not None and one.denominator:
            by_metric.setdefault(one.metric, []).append(one)
    drawn: dict[Key, Shrunk] = {}
    limits: dict[Key, Within] = {}
    for name, peers in by_metric.items():
        kind = desk.metrics[name].kind
        if shrunk and kind == "share":
            drawn |= _drawn(name, peers)
        if funnel:
            limits |= _limits(name, peers, shares=kind == "share")
    return Offered(drawn if shrunk else None, limits if funnel else None)


def _drawn(name: str, peers: Sequence[Value]) -> dict[Key, Shrunk]:
    """By shrink_proportions (docs/STATISTICS.md)."""
    from pipelines.analysis.shrinkage import shrink_proportions

    found = shrink_proportions(*_counts(peers, shares=True))
    return {
        (name, one.subject): Shrunk(float(value), float(weight))
        for one, value, weight in zip(peers, found.value, found.weight, strict=True)
    }


def _limits(name: str, peers: Sequence[Value], *, shares: bool) -> dict[Key, Within]:
    """By the funnel of Spiegelhalter (docs/STATISTICS.md), overdispersion allowed for."""
    import polars as pl

    from pipelines.analysis import funnel

    numerators, denominators = _counts(peers, shares=shares)
    frame = pl.DataFrame({"subject": [one.subject for one in peers], "cases": numerators, "of": denominators})
    found: Funnel = (funnel.proportions if shares else funnel.rates)(frame, "cases", "of")
    wanted = found.frame.select("subject", "low_95", "high_95", "low_998", "high_998", "flag")
    return {(name, str(subject)): Within(*rest) for subject, *rest in wanted.iter_rows()}


def _counts(peers: Sequence[Value], *, shares: bool) -> tuple[list[float], list[float]]:
    denominators = [one.denominator or 0.0 for one in peers]
    numerators = [one.numerator or 0.0 for one in peers]
    if shares:
        # Satisfied answers worked out from a printed rate may exceed the answers by rounding.
        numerators = [min(pair) for pair in zip(numerators, denominators, strict=True)]
    return numerators, denominators
