"""A load of the demo street gives the true street, and finds the planted mistakes and hardly anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.handouts.demo.world import truth
from pipelines.warehouse import open_published

KEYS = {
    "estates": ["estate"],
    "fees": ["estate", "building", "period_start", "period_end"],
    "costs": ["estate", "period_start", "period_end", "category"],
    "income": ["estate", "period_start", "period_end", "category"],
    "tickets": ["estate", "ticket_id", "opened_at", "category"],
    "surveys": ["estate", "period_start", "period_end", "question"],
    "inspections": ["subject", "period_start", "period_end", "criterion", "scorer"],
    "events": ["estate", "event_date", "event_type"],
    "actions": ["action_id"],
}
LEFT_OPEN = {"item", "note", "reported_rate", "street"}

PLANTED = {
    ("duplicate", "石桥社区/石桥收费明细202410-12.csv", "A9"),
    ("inconsistent", "柳岸社区/柳岸社区收缴登记2025年上半年.ods", "E5"),
    ("out_of_range", "松风社区/松风2024年四季度收缴季报.xls", "D7"),
    ("unparseable", "梧桐社区/202411梧桐社区收缴月报.xls", "F6"),
    ("unknown_estate", "街道/12345/晴川街道12345工单202409.csv", "B74"),
    ("personal_data", "街道/12345/晴川街道12345工单202404.csv", "J29"),
    ("personal_data", "街道/12345/晴川街道12345工单202407.csv", "J33"),
    ("personal_data", "街道/12345/晴川街道12345工单202409.csv", "J65"),
    ("personal_data", "街道/12345/晴川街道12345工单202412.csv", "J62"),
    ("personal_data", "街道/12345/晴川街道12345工单202503.csv", "J108"),
}


@pytest.fixture(scope="module")
def warehouse(demo_street: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_published(demo_street / "warehouse")
    yield connection
    connection.close()


def _comparable(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with one row a key: vouchers of one category summed up."""
    if kind != "costs":
        return frame
    return frame.group_by(KEYS[kind]).agg(pl.col("amount_yuan").sum().round(2))


@pytest.mark.parametrize("kind", KEYS)
def test_what_is_loaded_is_the_true_street(kind: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    key = KEYS[kind]
    true = _comparable(kind, truth()[kind])
    held = _comparable(kind, warehouse.sql(f"select * from {kind}").pl())
    assert held.join(true, on=key, how="anti", nulls_equal=True).rows() == []
    assert true.join(held, on=key, how="anti", nulls_equal=True).rows() == []
    assert len(held) == len(true)
    both = true.join(held, on=key, how="inner", nulls_equal=True, suffix="_held")
    wrong: list[tuple[object, ...]] = []
    for name in (name for name in true.columns if name not in key and name not in LEFT_OPEN):
        ours, theirs = pl.col(name), pl.col(f"{name}_held")
        match true.schema[name]:
            case pl.Float64():
                near = 1e-5 if name in ("lon", "lat") else 0.005
                differs = ((ours - theirs).abs() > near).fill_null(value=False) | ours.is_null().ne(theirs.is_null())
            case _:
                differs = ours.ne_missing(theirs)
        if name == "summary":
            differs = differs & ours.is_not_null()
        wrong += both.filter(differs).select(*key, pl.lit(name).alias("field"), name, f"{name}_held").rows()
    assert wrong == []


def test_numbers_of_people_are_nowhere_in_the_warehouse(warehouse: duckdb.DuckDBPyConnection) -> None:
    held = warehouse.sql(
        "select summary from tickets where regexp_matches(summary, '1380000|138.0000|190001')"
    ).fetchall()
    assert held == []


def test_the_planted_mistakes_are_found_and_hardly_anything_else(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = {
        (code, file, cell)
        for code, file, cell in warehouse.sql("select code, source_file, source_cell from findings").fetchall()
    }
    assert PLANTED - found == set()
    assert {code for code, *_ in found - PLANTED} <= {"implausible"}
    assert len(found) < 20


def test_the_slipped_decimal_is_called_implausible(warehouse: duckdb.DuckDBPyConnection) -> None:
    files = warehouse.sql(
        "select source_file, source_cell from findings where code = 'implausible' and field = 'amount_yuan'"
    ).fetchall()
    assert ("企业/柳岸社区领办/柳岸社区领办物业成本2024年上半年.csv", "D107") in files
