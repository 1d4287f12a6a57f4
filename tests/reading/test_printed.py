"""The rates that a sheet of fees prints are kept beside its records, with their cell and the period they are of."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipelines import cache


def kept(seen: Any) -> list[tuple[Any, ...]]:
    return list(seen.reading.printed.select("source_cell", "heading", "text", "rate", "period_start").iter_rows())


def test_a_column_of_rates_is_kept_for_the_rows_that_became_records(read: Any) -> None:
    rows = [
        ["小区", "应收", "实收", "收缴率"],
        ["翠湖苑", 100, 80, "80%"],
        ["柳岸苑", 50, 20, 0.4],
        ["合计", 150, 100, "66.7%"],
    ]
    assert kept(read({"2025年1月": rows})) == [
        ("D2", "收缴率", "80%", 0.8, date(2025, 1, 1)),
        ("D3", "收缴率", "0.4", 0.4, date(2025, 1, 1)),
    ]


def test_beside_months_across_each_rate_is_of_the_month_it_stands_after(read: Any) -> None:
    rows = [
        ["小区", "1月", "", "", "2月", "", ""],
        ["", "应收", "实收", "收缴率", "应收", "实收", "收缴率"],
        ["翠湖苑", 100, 80, 0.8, 100, 90, 0.9],
        ["柳岸苑", 50, 20, 0.4, 50, 30, 0.6],
    ]
    seen = read({"2025年收缴统计": rows}, merges=("B1:D1", "E1:G1"))
    assert [(cell, rate, start) for cell, _, _, rate, start in kept(seen)] == [
        ("D3", 0.8, date(2025, 1, 1)),
        ("D4", 0.4, date(2025, 1, 1)),
        ("G3", 0.9, date(2025, 2, 1)),
        ("G4", 0.6, date(2025, 2, 1)),
    ]


def test_a_sheet_without_such_a_column_keeps_nothing(read: Any) -> None:
    assert kept(read({"2025年1月": [["小区", "应收", "实收", "备注"], ["翠湖苑", 100, 80, "80%"]]})) == []


def test_what_was_kept_survives_the_staging(read: Any, tmp_path: Path) -> None:
    seen = read({"2025年1月": [["小区", "应收", "实收", "收缴率"], ["翠湖苑", 100, 80, "80%"]]})
    cache.keep(tmp_path, "k", seen.reading)
    again = cache.recall(tmp_path, "k")
    assert again is not None
    assert again.printed.equals(seen.reading.printed)
