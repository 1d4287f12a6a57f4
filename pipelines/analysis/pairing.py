"""Change over time among those who reported both times, so that a late sender does not move the street's total."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Change:
    """A pooled ratio before and after over the same subjects; None where none reported both times.

    `excluded` maps each subject left out to why: only_before, only_after, no_denominator, or unequal_age (its bills had
    not the same time to be paid in).
    """

    before: float | None
    after: float | None
    change: float | None
    numerator_before: float
    denominator_before: float
    numerator_after: float
    denominator_after: float
    reported_both: tuple[str, ...]
    excluded: dict[str, str]


def change(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    subject: str = "subject",
    numerator: str = "numerator",
    denominator: str = "denominator",
    age: str | None = None,
) -> Change:
    """The change of Σ numerator ÷ Σ denominator from one period to the next over the subjects in both frames.

    Rows of one subject are added first. `age` names a column with the age of the bills (in days or months since they
    fell due, at which they are looked at); a subject whose ages differ between the periods is left out. A row whose
    numerator or denominator is null is no report.
    """
    paired = _summed(before, subject, numerator, denominator, age).join(
        _summed(after, subject, numerator, denominator, age), on="subject", how="full", coalesce=True, suffix="_after"
    )
    why = (
        pl.when(pl.col("numerator_after").is_null())
        .then(pl.lit("only_before"))
        .when(pl.col("numerator").is_null())
        .then(pl.lit("only_after"))
        .when((pl.col("denominator") <= 0) | (pl.col("denominator_after") <= 0))
        .then(pl.lit("no_denominator"))
        .when(pl.col("ages").list.set_symmetric_difference("ages_after").list.len() > 0)
        .then(pl.lit("unequal_age"))
    )
    judged = paired.with_columns(why=why).sort("subject")
    both = judged.filter(pl.col("why").is_null())
    first, first_base, last, last_base = (
        float(both[name].sum()) for name in ("numerator", "denominator", "numerator_after", "denominator_after")
    )
    known = not both.is_empty()
    value_before, value_after = (first / first_base, last / last_base) if known else (None, None)
    left_out = judged.filter(pl.col("why").is_not_null())
    return Change(
        value_before,
        value_after,
        value_after - value_before if value_before is not None and value_after is not None else None,
        first,
        first_base,
        last,
        last_base,
        tuple(both["subject"].to_list()),
        dict(zip(left_out["subject"].to_list(), left_out["why"].to_list(), strict=True)),
    )


def _summed(frame: pl.DataFrame, subject: str, numerator: str, denominator: str, age: str | None) -> pl.DataFrame:
    ages = pl.col(age) if age else pl.lit(0)
    return (
        frame.filter(pl.col(numerator).is_not_null() & pl.col(denominator).is_not_null())
        .select(
            pl.col(subject).cast(pl.String).alias("subject"),
            pl.col(numerator).cast(pl.Float64).alias("numerator"),
            pl.col(denominator).cast(pl.Float64).alias("denominator"),
            ages.cast(pl.Float64).alias("ages"),
        )
        .group_by("subject")
        .agg(pl.col("numerator").sum(), pl.col("denominator").sum(), pl.col("ages").unique().sort())
    )
