"""Change over those who reported both times, at the same age of the bills."""

from __future__ import annotations

import polars as pl

from pipelines.analysis.pairing import Change, change

SCHEMA = {"subject": pl.String, "numerator": pl.Float64, "denominator": pl.Float64, "age": pl.Int64}


def period(*rows: tuple[str, float | None, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_a_late_sender_does_not_move_the_total() -> None:
    before = period(("a", 60, 100, 30), ("b", 10, 100, 30))
    after = period(("a", 30, 50, 30), ("a", 40, 50, 30), ("c", 99, 100, 30))
    assert change(before, after) == Change(
        0.6, 0.7, 0.7 - 0.6, 60, 100, 70, 100, ("a",), {"b": "only_before", "c": "only_after"}
    )


def test_bills_of_unequal_age_and_subjects_without_a_denominator_are_left_out() -> None:
    before = period(("a", 60, 100, 30), ("b", 10, 100, 30), ("c", 0, 0, 30), ("d", None, 100, 30))
    after = period(("a", 60, 100, 90), ("b", 20, 100, 30), ("c", 5, 10, 30), ("d", 5, 10, 30))
    found = change(before, after, age="age")
    assert (found.before, found.after, found.reported_both) == (0.1, 0.2, ("b",))
    assert found.excluded == {"a": "unequal_age", "c": "no_denominator", "d": "only_after"}


def test_ratios_are_pooled_and_never_averaged() -> None:
    found = change(period(("a", 9, 10, 1), ("b", 10, 990, 1)), period(("a", 0, 10, 1), ("b", 119, 990, 1)))
    assert (found.before, found.after) == (0.019, 0.119)


def test_where_nobody_reported_twice_there_is_no_change() -> None:
    found = change(period(), period(("a", 1, 2, 1)))
    assert found == Change(None, None, None, 0, 0, 0, 0, (), {"a": "only_after"})
