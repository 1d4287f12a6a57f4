"""What total rows print is kept with its cell and the rows it spans, and never becomes a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import cache
from pipelines.reading.totals import Span, spans_of


def lines(*cells: str) -> pl.DataFrame:
    """Rows of a body from their first cells: a dot is a data row, else the words of a total row."""
    return pl.DataFrame(
        {
            "row": list(range(len(cells))),
            "fate": ["data" if cell == "." else "total" for cell in cells],
            "0": [None if cell == "." else cell for cell in cells],
        },
        schema={"row": pl.Int64, "fate": pl.String, "0": pl.String},
    )


@pytest.mark.parametrize(
    ("cells", "spans"),
    [
        ([".", ".", "合计"], [(2, 0, 1)]),
        ([".", "小计", ".", ".", "小 计", "合计"], [(1, 0, 0), (4, 2, 3), (5, 0, 3)]),
        ([".", "东社区合计", ".", "西社区合计", "合计"], [(1, 0, 0), (3, 2, 2), (4, 0, 2)]),
        (
            [
                ".",
                "一季度合计",
                ".",
                "二季度合计",
                "上半年合计",
                ".",
                "三季度合计",
                ".",
                "四季度合计",
                "下半年合计",
                "全年合计",
            ],
            [(1, 0, 0), (3, 2, 2), (4, 0, 2), (6, 5, 5), (8, 7, 7), (9, 5, 7), (10, 0, 7)],
        ),
        (["合计", ".", ".", "."], [(0, 1, 3)]),
        (["合计", "小计", ".", ".", "小计", "."], [(0, 2, 5), (1, 2, 3), (4, 5, 5)]),
        (["小计", ".", ".", "小计", ".", "合计"], [(0, 1, 2), (3, 4, 4), (5, 1, 4)]),
        ([".", ".", "住宅合计", "商铺合计", "合计"], [(4, 0, 1)]),
        ([".", "平均", "本年累计", "结余", "其中：合计"], []),
        (["合计"], []),
    ],
)
def test_a_total_spans_the_rows_of_its_group(cells: list[str], spans: list[tuple[int, int, int]]) -> None:
    assert [(one.row, one.first, one.last) for one in spans_of(lines(*cells))] == spans


def test_the_last_total_may_run_from_the_first_row() -> None:
    assert spans_of(lines(".", "合计", ".", "合计"))[-1] == Span(3, 2, 2, 0)


def kept(seen: Any) -> list[tuple[Any, ...]]:
    names = ("source_cell", "field", "value", "first_row", "last_row", "step", "row_step")
    return list(seen.reading.printed_totals.select(names).iter_rows())


ROWS = [
    ["小区", "应缴户数", "应收（万元）", "实收（万元）", "收缴率"],
    ["翠湖苑", 100, 1.25, 1.0, "80%"],
    ["柳岸苑", 50, 0.75, 0.5, "66.7%"],
    ["合计", 150, 2.0, 1.5, "75%"],
]


def test_amounts_counts_and_rates_of_a_total_row_are_kept_in_the_units_of_their_columns(read: Any) -> None:
    seen = read({"2025年1月": ROWS})
    assert [one["estate"] for one in seen.records("fees")] == ["翠湖苑", "柳岸苑"]
    assert kept(seen) == [
        ("B4", "households_due", 150.0, 2, 3, 0.0, 0.0),
        ("C4", "receivable_yuan", 20_000.0, 2, 3, 10_000.0, pytest.approx(100.0)),
        ("D4", "received_yuan", 15_000.0, 2, 3, pytest.approx(1_000.0), pytest.approx(1_000.0)),
        ("E4", "collection_rate", 0.75, 2, 3, pytest.approx(1.0), pytest.approx(0.1)),
    ]


def test_totals_of_measures_named_in_rows_are_kept_for_each_measure(read: Any) -> None:
    rows = [
        ["小区", "项目", "1月", "2月"],
        ["翠湖苑", "应收", 100, 110],
        ["", "实收", 80, 90],
        ["柳岸苑", "应收", 50, 60],
        ["", "实收", 20, 30],
        ["合计", "应收", 150, 170],
        ["", "实收", 100, 120],
    ]
    assert [one[:5] for one in kept(read({"2025年收缴统计": rows}))] == [
        ("C6", "receivable_yuan", 150.0, 2, 5),
        ("D6", "receivable_yuan", 170.0, 2, 5),
        ("C7", "received_yuan", 100.0, 2, 5),
        ("D7", "received_yuan", 120.0, 2, 5),
    ]


def test_a_sheet_without_a_total_row_keeps_nothing_and_what_was_kept_survives_the_staging(
    read: Any, tmp_path: Path
) -> None:
    assert kept(read({"2025年1月": ROWS[:-1]})) == []
    seen = read({"2025年1月": ROWS})
    cache.keep(tmp_path, "k", seen.reading)
    again = cache.recall(tmp_path, "k")
    assert again is not None
    assert again.printed_totals.equals(seen.reading.printed_totals)
