"""Small rubrics and evidence written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.evidence import Datum, Entry, Evidence, Score
from pipelines.analysis.rating.ladders import Ladder, linear
from pipelines.analysis.rating.rubric import Criterion, Dimension, Item, Rubric, Source, Threshold, Veto
from pipelines.analysis.rating.scoring import score

START, END = date(2025, 1, 1), date(2025, 6, 30)
SIXTY_TO_NINETY = ((0.6, 0.0), (0.9, 1.0))


def criterion(
    name: str, points: float, *, dimension: str = "", ladder: Ladder | None = None, **other: object
) -> Criterion:
    """A criterion of a metric; its ladder rises from 60 % to 90 % unless told otherwise."""
    made = ladder or linear([(at, share * points) for at, share in SIXTY_TO_NINETY])
    one = Criterion(name, name, name, dimension or name, points, Source("metric", name), made)
    return replace(one, **other)  # type: ignore[arg-type]


def rubric(criteria: Sequence[Criterion], **other: object) -> Rubric:
    """A rubric with a dimension for each that the criteria name, and stars at 50, 60, 70, 80 and 90 % of the total."""
    names = list(dict.fromkeys(one.dimension for one in criteria))
    dimensions = tuple(
        Dimension(
            name, name, name, weight := sum(one.points for one in criteria if one.dimension == name),
            (weight, weight), tuple(one for one in criteria if one.dimension == name),
        )
        for name in names
    )  # fmt: skip
    total = sum(one.weight for one in dimensions)
    stars = tuple(Threshold(star, total * (40 + 10 * star) / 100, f"{star}星", f"{star} stars") for star in range(1, 6))
    one = Rubric("made", "1", "自拟", "made", "自拟", "made", "无", "none", total, dimensions, stars)
    return replace(one, **other)  # type: ignore[arg-type]


def share(value: float, n: float = 100, **other: object) -> Datum:
    """A share of n answers."""
    return replace(Datum(value, n, None, "share", sample=float(n)), **other)  # type: ignore[arg-type]


def exact(value: float) -> Datum:
    """A count of all cases."""
    return Datum(value)


def scored(*by_scorer: tuple[str, float]) -> Datum:
    """A criterion scored out of 100 by some."""
    scores = tuple(Score(name, given, 100.0) for name, given in by_scorer)
    return Datum(
        sum(one.given for one in scores) / sum(one.most for one in scores),
        float(len(scores)),
        nature="scores",
        scores=scores,
    )


def evidence(data: Mapping[str, Datum], subject: str = "甲", **other: object) -> Evidence:
    """The evidence of a company."""
    return replace(Evidence(subject, "company", data), **other)  # type: ignore[arg-type]


def veto_entry(veto: str, subject: str = "甲", **other: object) -> Entry:
    """A veto decided in the period."""
    return replace(Entry(subject, veto, date(2025, 3, 1), "文号 1", "联盟常委会"), **other)  # type: ignore[arg-type]


def account(made: Rubric, one: Evidence) -> Account:
    """The account of the first half of 2025."""
    return score(made, one, START, END)


SATISFACTION = criterion("satisfaction", 60.0, least=30)
COLLECTION = criterion("collection", 40.0)
PLAIN = rubric(
    [SATISFACTION, COLLECTION],
    items=(
        Item("award", "表彰", "award", "bonus", 2.0, 3.0),
        Item("penalty", "处罚", "penalty", "deduction", 5.0, 10.0),
    ),
    vetoes=(
        Veto("accident", "安全事故", "accident", 0),
        Veto("hazard", "隐患", "hazard", 2),
        Veto("floor", "满意率低于 50%", "satisfaction below 50 %", 1, "satisfaction", 0.5),
    ),
    minimum=0.4,
)
