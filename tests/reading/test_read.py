"""A file is read whole: each sheet, each table, each row; what is no table of ours is told or passed over quietly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.mending.profiles import Profiles
from pipelines.reading.read import read_file
from pipelines.settings import Settings

FEES = [["小区", "应收", "实收"], ["翠湖苑", 1, 2], ["柳岸苑", 3, 4]]


def test_each_sheet_of_a_workbook_is_read_with_its_own_name(read: Any) -> None:
    seen = read({"2025年1月": FEES, "2025年2月": FEES, "封面": ["某街道", "二〇二五年"]})
    assert [start.month for start in seen.column("fees", "period_start")] == [1, 1, 2, 2]
    assert seen.reading.records["fees"]["source_sheet"].to_list() == ["2025年1月"] * 2 + ["2025年2月"] * 2
    assert seen.told == []
    assert seen.reading.ledger.rows() == [
        ("2025年1月", 1, "heading", ""), ("2025年1月", 2, "data", ""), ("2025年1月", 3, "data", ""),
        ("2025年2月", 1, "heading", ""), ("2025年2月", 2, "data", ""), ("2025年2月", 3, "data", ""),
        ("封面", 1, "skipped", "no table"), ("封面", 2, "skipped", "no table"),
    ]  # fmt: skip


def test_each_record_points_to_the_layout_it_was_read_by(read: Any) -> None:
    seen = read({"2025年1月": FEES, "翠湖苑": ["2025年", ["月份", "实收", "应收"], ["3月", 1, 2]]})
    layouts = [seen.reading.layouts[index] for index in seen.reading.records["fees"]["layout"].to_list()]
    assert [one.sheet for one in layouts] == ["2025年1月", "2025年1月", "翠湖苑"]
    assert [one.columns["receivable_yuan"] for one in layouts] == [1, 1, 2]
    assert [one.columns.get("estate") for one in layouts] == [0, 0, None]


def test_a_table_whose_kind_cannot_be_told_is_a_finding_about_its_sheet_that_names_its_headings(read: Any) -> None:
    seen = read({"统计": [["甲", "乙", "丙"], ["阿", 1, 7], ["波", 3, 9], ["此", 2, 5]], "2025年1月": FEES})
    assert seen.told == [("unrecognised_sheet", "", None, None)]
    ((zh, en),) = seen.messages("unrecognised_sheet")
    assert "“统计”" in zh
    assert "甲、乙、丙" in zh
    assert "模板" in zh
    assert "“统计”" in en
    assert "template" in en
    assert [fate for sheet, _, fate, _ in seen.reading.ledger.rows() if sheet == "统计"] == ["skipped"] * 4
    assert len(seen.records("fees")) == 2


@pytest.mark.parametrize(
    "rows",
    [
        ["街道物业报表", "2025年6月"],
        ["填表说明", "1. 请按月填报。", "2. 金额单位为元。"],
        [["序号", "说明"], [1, "按月填报"], [2, "金额为元"]],
        [],
    ],
    ids=["cover", "instructions", "numbered instructions", "empty"],
)
def test_covers_and_instructions_are_passed_over_quietly(read: Any, rows: Any) -> None:
    seen = read({"封面": rows, "2025年1月": FEES})
    assert seen.told == []
    assert len(seen.records("fees")) == 2
    assert {fate for sheet, _, fate, _ in seen.reading.ledger.rows() if sheet == "封面"} <= {"skipped"}


def test_a_table_of_another_kind_below_one_of_ours_is_told_and_leaves_ours_whole(read: Any) -> None:
    rows = ["2025年3月收费", *FEES, [], "车位情况", ["小区", "车位数", "天气"], ["翠湖苑", 10, 2], ["柳岸苑", 20, 3]]
    seen = read(rows)
    assert seen.column("fees", "estate", "receivable_yuan") == [("翠湖苑", 1.0), ("柳岸苑", 3.0)]
    assert [one[0] for one in seen.told] == ["unrecognised_sheet"]


def test_neither_messages_nor_names_of_layouts_quote_a_telephone_number(read: Any) -> None:
    rows = [["甲13900001111", "乙", "丙"], ["阿", 1, 7], ["波", 3, 9], ["此", 2, 5]]
    seen = read({"联系13900001111": rows, "2025年1月": ["联系人电话13900001111", *FEES]})
    assert [one[0] for one in seen.told] == ["unrecognised_sheet"]
    ((zh, en),) = seen.messages("unrecognised_sheet")
    assert "甲" in zh
    for text in (zh.split("表头")[1], en.split("headings")[1], str([one.contexts for one in seen.reading.layouts])):
        assert "13900001111" not in text


def test_a_file_that_cannot_be_opened_is_one_finding_and_a_rejected_reading(
    read_path: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "收费.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(500))
    seen = read_path(path)
    assert seen.reading.rejected
    assert [one[:2] for one in seen.told] == [("unreadable_file", "")]
    assert seen.reading.records == {}
    assert seen.fates == {}
    ((zh, en),) = seen.messages("unreadable_file")
    assert zh
    assert en


def test_a_csv_has_a_sheet_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "2025年3月.csv"
    path.write_text("小区;应收;实收\n翠湖苑;1;2\n合计;1;2\n", encoding="gb18030")
    reading = read_file(path, "收费/2025年3月.csv", Profiles(), Settings())
    assert reading.records["fees"].select("estate", "receivable_yuan", "source_sheet", "source_row").rows() == [
        ("翠湖苑", 1.0, "", 2)
    ]
    assert reading.ledger.rows() == [("", 1, "heading", ""), ("", 2, "data", ""), ("", 3, "total", "")]


def test_the_same_rows_give_the_same_reading_twice(read: Any) -> None:
    rows = ["2025年3月收费", *FEES, ["澄园", "见附件", 1], ["合计", 4, 6]]
    first, second = read(rows), read(rows)
    assert first.records("fees") == second.records("fees")
    assert (first.told, first.fates, first.kept_out) == (second.told, second.fates, second.kept_out)


def test_a_sheet_of_ticks_that_is_not_understood_is_told(read):
    head = ["问卷号", "小区", "对物业的满意程度", None, None]
    rows = [
        head,
        [None, None, "非常满意", "满意", "一般"],
        ["1", "甲苑", "√", None, None],
        ["2", "乙苑", "√", None, None],
    ]
    seen = read(rows, sheet="2025年5月")
    assert [finding[0] for finding in seen.told] == ["unrecognised_sheet"]
