"""Finds the figures of a period: among those counted for the series where the period is a step of it, else counted now.

What was found is kept beside the connection, for the next question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.metrics import counting, stored
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.metrics.series import MIXED, charted, is_stored, pooled, stepped, walk_of


@dataclass(frozen=True)
class Figures:
    """By subject: the row of `pooled` (COUNTED_SCHEMA and `is_mixed`), and the service tiers where they matter."""

    own: Mapping[str, Mapping[str, object]]
    tiers: Mapping[str, tuple[str, ...]]


def figures(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> Figures:
    """The figures of all subjects of the question's level in its period."""
    # What is open at a date does not depend on the period.
    when = None if metric.kind == "stock" else question.period
    key = ("figures", metric.id, question.by, basis, question.with_excluded, as_of, when)
    # Asking for a verdict counts the series anyway; without one, only the period itself is counted, if it is not kept.
    at_hand = is_stored(desk, question, metric, basis, as_of)
    seen = at_hand or (question.verdicts and charted(metric, question.by, basis))
    walked = (
        seen
        and metric.kind != "stock"
        and question.period in {one for each in walk_of(desk, metric, as_of).values() for one in each}
    )
    return desk.remembered(key, lambda: (_from_series if walked else _counted)(desk, question, metric, basis, as_of))


def _from_series(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> Figures:
    steps = stepped(desk, question, metric, basis, as_of)
    period = question.period
    return _figures(desk, metric, _in(steps.pool, period), None if steps.owned is None else _in(steps.owned, period))


def _counted(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> Figures:
    if metric.kind == "stock" and is_stored(desk, question, metric, basis, as_of):
        return _figures(desk, metric, stored.steps(desk, metric.id, question.by, stored.AT_AS_OF), None)
    asked = (question.period, as_of)
    when = None if metric.kind == "stock" else question.period
    rows = desk.remembered(
        ("counted", metric.id, when, as_of, basis, question.with_excluded),
        lambda: counting.counted(desk, metric, [asked], basis, with_excluded=question.with_excluded),
    )
    owned = counting.with_subject(desk, rows, question.by)
    return _figures(desk, metric, pooled(metric, owned, rows), owned)


def _figures(desk: Desk, metric: Metric, pool: pl.DataFrame, owned: pl.DataFrame | None) -> Figures:
    own = {row["subject"]: row for row in pool.with_columns(MIXED).to_dicts()}
    return Figures(own, _tiers(desk, owned) if metric.tiered and owned is not None else {})


def _in(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    return rows.filter((pl.col("period_start") == period.start) & (pl.col("period_end") == period.end))


def _tiers(desk: Desk, owned: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    named = owned.select("subject", "estate").unique().join(desk.places.select("estate", "service_tier"), on="estate")
    listed = named.group_by("subject").agg(pl.col("service_tier").fill_null("").unique().sort())
    return {subject: tuple(tiers) for subject, tiers in listed.iter_rows()}
