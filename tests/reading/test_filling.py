"""An empty key cell means "the same as above" where the sender wrote a name once, and a gap where he left it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

ONCE = [
    ["小区", "月份", "应收"],
    ["翠湖苑", "2025年1月", 1],
    [None, "2025年2月", 2],
    ["柳岸苑", "2025年1月", 3],
    [None, "2025年2月", 4],
]
FILLED = [("翠湖苑", 1.0), ("翠湖苑", 2.0), ("柳岸苑", 3.0), ("柳岸苑", 4.0)]


@pytest.mark.parametrize("merges", [(), ("A2:A3", "A4:A5"), ("A2:A3",)], ids=["written once", "merged", "some merged"])
def test_an_estate_written_once_for_its_months_fills_down(read: Any, merges: tuple[str, ...]) -> None:
    seen = read(ONCE, merges=merges)
    assert seen.column("fees", "estate", "receivable_yuan") == FILLED
    assert seen.told == []


def test_month_and_building_fill_down_and_no_measure_does(read: Any) -> None:
    seen = read(
        [
            ["月份", "小区", "楼栋", "单元", "应收", "实收"],
            ["2025年1月", "翠湖苑", "1栋", "1单元", 1, 5],
            [None, None, None, "2单元", 2, None],
            [None, None, "2栋", "1单元", 3, None],
            ["2025年2月", "翠湖里", "1栋", "1单元", 4, 6],
        ]
    )
    assert seen.column("fees", "estate", "building", "unit", "receivable_yuan", "received_yuan") == [
        ("翠湖苑", "1栋", "1单元", 1.0, 5.0),
        ("翠湖苑", "1栋", "2单元", 2.0, None),
        ("翠湖苑", "2栋", "1单元", 3.0, None),
        ("翠湖里", "1栋", "1单元", 4.0, 6.0),
    ]
    assert [start.month for start in seen.column("fees", "period_start")] == [1, 1, 1, 2]


def test_what_is_not_a_key_never_fills_down_even_if_merged(read: Any) -> None:
    rows = [["小区名称", "物业企业", "户数"], ["翠湖苑", "甲物业公司", 10], ["柳岸苑", None, 20]]
    assert read(rows).column("estates", "estate", "company") == [("翠湖苑", "甲物业公司"), ("柳岸苑", None)]


def test_a_blank_estate_in_a_machine_export_is_a_gap(read: Any) -> None:
    head = ["工单编号", "小区", "受理时间", "诉求类别"]
    at = [datetime(2025, 3, day, 9) for day in (1, 2, 3, 4)]
    names = ["翠湖苑", None, "翠湖苑", "翠湖苑"]
    seen = read(
        [head, *([f"A{n}", name, moment, "停车"] for n, (name, moment) in enumerate(zip(names, at, strict=True)))]
    )
    assert seen.column("tickets", "ticket_id", "estate") == [("A0", "翠湖苑"), ("A2", "翠湖苑"), ("A3", "翠湖苑")]
    assert seen.told == [("missing_value", "B3", "estate", None)]
    assert seen.kept_out == [("missing_value", "B3")]


def test_where_nothing_tells_the_rows_of_an_estate_apart_a_blank_is_a_gap(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收"], ["翠湖苑", 1], [None, 2], ["柳岸苑", 3]])
    assert seen.column("fees", "estate") == ["翠湖苑", "柳岸苑"]
    assert seen.told == [("missing_value", "A4", "estate", None)]


def test_a_total_line_ends_what_a_name_covers(read: Any) -> None:
    seen = read([*ONCE[:3], ["小计", None, 3], [None, "2025年3月", 9]])
    assert seen.column("fees", "estate", "receivable_yuan") == FILLED[:2]
    assert seen.told == [("missing_value", "A5", "estate", None)]


def test_a_name_goes_on_through_a_blank_line_and_a_page_heading(read: Any) -> None:
    seen = read([*ONCE[:2], [], ONCE[0], [None, "2025年2月", 2]])
    assert seen.column("fees", "estate", "receivable_yuan") == FILLED[:2]


def test_a_first_row_without_a_name_is_a_gap(read: Any) -> None:
    seen = read([ONCE[0], [None, "2025年1月", 1], ["翠湖苑", "2025年2月", 2]])
    assert seen.column("fees", "estate") == ["翠湖苑"]
    assert seen.told == [("missing_value", "A2", "estate", None)]


def test_an_estate_missing_in_a_register_is_never_the_one_above(read: Any) -> None:
    seen = read([["小区名称", "户数", "建筑面积"], ["翠湖苑", 10, 100], [None, 20, 200]])
    assert seen.column("estates", "estate") == ["翠湖苑"]
    assert seen.told == [("missing_value", "A3", "estate", None)]


def test_a_few_blanks_in_a_long_table_are_gaps(read: Any) -> None:
    rows = [[f"小区{n}" if n != 30 else None, "2025年1月", n] for n in range(1, 61)]
    seen = read([ONCE[0], *rows])
    assert len(seen.records("fees")) == 59
    assert seen.told == [("missing_value", "A31", "estate", None)]


def test_below_a_first_row_without_a_name_no_blank_is_taken_for_the_name_above(read: Any) -> None:
    seen = read([ONCE[0], [None, "2025年1月", 1], ["翠湖苑", "2025年1月", 2], [None, "2025年2月", 3]])
    assert seen.column("fees", "estate", "receivable_yuan") == [("翠湖苑", 2.0)]
    assert seen.told == [("missing_value", "A2", "estate", None), ("missing_value", "A4", "estate", None)]
