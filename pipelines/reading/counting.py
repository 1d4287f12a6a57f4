"""Counts rows together: questionnaires into a survey, households into a building."""

from __future__ import annotations

import polars as pl

from pipelines.mending.names import canonical
from pipelines.reading.levels import LEVELS

_KEY = ("estate", "period_start", "period_end")


def count_answers(rows: pl.DataFrame, answers: pl.Series, question: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts of one question by estate and period, and which rows they come from.

    `rows` has estate, period_start, period_end and source_row; `answers` are levels or null (no response).
    """
    told = [name for name in ("mode", "conducted_by") if name in rows.columns]
    frame = rows.select(*_KEY, *told, "source_row").with_columns(answers.alias("answer"))
    held = frame.filter(pl.col("answer").is_not_null())
    counts = [(pl.col("answer") == level).sum().cast(pl.Float64).alias(level) for level in LEVELS]
    held = _one_spelling(held)
    counted = (
        held.group_by(*_KEY, maintain_order=True)
        .agg(
            pl.len().cast(pl.Float64).alias("responses"),
            *counts,
            *(pl.col(name).drop_nulls().first() for name in told),
            pl.col("source_row").min(),
        )
        .with_columns(
            (pl.col("very_satisfied") + pl.col("satisfied")).alias("satisfied_total"),
            pl.lit(question).alias("question"),
        )
    )
    firsts = counted.select(*_KEY, pl.col("source_row").alias("first"))
    trace = held.join(firsts, on=list(_KEY), how="left", nulls_equal=True)
    return counted, trace.select(
        pl.lit("surveys").alias("kind"), pl.col("first").alias("source_row"), pl.col("source_row").alias("counted_row")
    )


def _one_spelling(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of one estate under the first of its spellings, so that they are counted together."""
    first: dict[str, str] = {}
    names = frame["estate"].drop_nulls().unique(maintain_order=True).to_list()
    table = {name: first.setdefault(canonical(name), name) for name in names}
    return frame.with_columns(pl.col("estate").replace(table)) if len(first) < len(table) else frame


def count_households(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fees of single households added up by estate, building, unit and period; a household has paid when nothing of
    what it owes for the period is open."""
    frame = _one_spelling(frame)
    key = ["estate", "building", "unit", "period_start", "period_end", "layout", "source_sheet"]
    money = [name for name in frame.columns if name.endswith("_yuan")]
    owes = pl.col("receivable_yuan").fill_null(0) > 0
    paid = owes & (
        pl.col("received_yuan").fill_null(0) + pl.col("waived_yuan").fill_null(0) >= pl.col("receivable_yuan") - 0.005
    )
    sums = [pl.when(pl.col(n).is_not_null().any()).then(pl.col(n).sum()).alias(n) for n in money]
    due = (
        pl.when(pl.col("households_due").is_not_null().any()).then(pl.col("households_due").sum()).otherwise(owes.sum())
    )
    done = (
        pl.when(pl.col("households_paid").is_not_null().any())
        .then(pl.col("households_paid").sum())
        .otherwise(paid.sum())
    )
    counted = frame.group_by(key, maintain_order=True).agg(
        *sums,
        due.cast(pl.Int64).alias("households_due"),
        done.cast(pl.Int64).alias("households_paid"),
        pl.col("source_row").min(),
    )
    firsts = counted.select(*key, pl.col("source_row").alias("first"))
    trace = frame.select(*key, "source_row").join(firsts, on=key, how="left", nulls_equal=True)
    return counted.select(frame.columns), trace.select(
        pl.lit("fees").alias("kind"),
        "source_sheet",
        pl.col("first").alias("source_row"),
        pl.col("source_row").alias("counted_row"),
    )
