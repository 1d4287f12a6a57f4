"""Of the rows of a table only its data become records, and each row that holds something has one fate."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

MARCH = {"period_start": date(2025, 3, 1), "period_end": date(2025, 3, 31)}


def fee(row: int, estate: str, receivable: float, **more: Any) -> dict[str, Any]:
    return {"row": row, "estate": estate, **MARCH, "receivable_yuan": float(receivable), **more}


def test_titles_unit_lines_notes_and_signatures_are_no_rows(read: Any) -> None:
    seen = read(
        [
            "2025年3月物业费收缴情况",
            ["制表单位：物业办", None, "填报日期：2025年4月2日"],
            "单位：元",
            ["小区", "应收", "实收"],
            ["翠湖苑", 15, 12],
            ["合计", 15, 12],
            "注：按权责月统计",
            [],
            ["填表人：", None, "审核人："],
        ],
        merges=("A1:C1",),
    )
    assert seen.records("fees") == [fee(5, "翠湖苑", 15, received_yuan=12.0)]
    assert seen.told == []
    assert seen.fates == {
        1: "title", 2: "title", 3: "title", 4: "heading", 5: "data", 6: "total", 7: "note", 9: "note",
    }  # fmt: skip


@pytest.mark.parametrize("words", ["小计", "春晖社区小计", "合 计", "总计：", "本页合计", "平均", "其中：", "共计"])
def test_a_total_row_in_the_middle_is_not_an_estate(read: Any, words: str) -> None:
    seen = read(["2025年3月", ["小区", "应收"], ["翠湖苑", 10], [words, 10], ["柳岸苑", 5]])
    assert seen.records("fees") == [fee(3, "翠湖苑", 10), fee(5, "柳岸苑", 5)]
    assert seen.fates[4] == "total"


def test_a_total_word_beside_the_running_number_makes_a_total_row_too(read: Any) -> None:
    seen = read(["2025年3月", ["序号", "小区", "应收"], [1, "翠湖苑", 10], ["合计", None, 10]])
    assert seen.records("fees") == [fee(3, "翠湖苑", 10)]
    assert seen.fates == {1: "title", 2: "heading", 3: "data", 4: "total"}


def test_an_estate_whose_name_only_holds_the_words_of_a_total_is_data(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收"], ["平均里", 10], ["合计新村", 5]])
    assert seen.records("fees") == [fee(3, "平均里", 10), fee(4, "合计新村", 5)]


def test_a_heading_repeated_on_each_page_is_no_row(read: Any) -> None:
    head = ["小区", "应收", "实收"]
    seen = read(["2025年3月", head, ["翠湖苑", 1, 2], head, ["柳岸苑", 3, 4]])
    assert seen.records("fees") == [fee(3, "翠湖苑", 1, received_yuan=2.0), fee(5, "柳岸苑", 3, received_yuan=4.0)]
    assert seen.fates == {1: "title", 2: "heading", 3: "data", 4: "heading", 5: "data"}


def test_a_row_without_any_value_is_skipped_without_a_finding(read: Any) -> None:
    seen = read(
        [
            "2025年3月",
            ["小区", "应收", "备注"],
            ["翠湖苑", 1, None],
            [None, None, "补报"],
            ["柳岸苑", "—", None],
            ["澄园", "无", "/"],
        ]
    )
    assert seen.records("fees") == [fee(3, "翠湖苑", 1)]
    assert seen.told == []
    assert {row: seen.fates[row] for row in (4, 5, 6)} == dict.fromkeys((4, 5, 6), "skipped: no value")


def test_a_remark_in_a_remarks_column_leaves_its_row_data(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收", "备注"], ["翠湖苑", 1, "说明：含车位"], ["柳岸苑", 2, "注：已核"]])
    assert seen.records("fees") == [fee(3, "翠湖苑", 1), fee(4, "柳岸苑", 2)]


def test_a_line_merged_across_between_the_rows_is_a_note_and_names_the_community_of_the_register(read: Any) -> None:
    seen = read(
        [
            ["序号", "小区名称", "户数", "建筑面积"],
            "一、春晖社区",
            [1, "翠湖苑", 10, 100],
            "二、柳岸社区",
            [1, "柳岸苑", 20, 200],
            [2, "澄园", 30, 300],
        ],
        merges=("A2:D2", "A4:D4"),
    )
    assert seen.column("estates", "row", "estate", "community") == [
        (3, "翠湖苑", "春晖社区"), (5, "柳岸苑", "柳岸社区"), (6, "澄园", "柳岸社区"),
    ]  # fmt: skip
    assert seen.fates == {1: "heading", 2: "note", 3: "data", 4: "note", 5: "data", 6: "data"}


def test_every_row_that_holds_something_has_one_fate_on_a_sheet_with_everything(read: Any) -> None:
    rows = [
        "2025年3月收费", [], ["小区", "应收", "实收"], ["翠湖苑", 1, 1], ["柳岸苑", "见附件", 1], [], ["合计", 2, 2],
        "2025年3月支出", ["小区", "费用类别", "金额"], ["翠湖苑", "保洁", 3], ["小计", None, 3],
        ["填表人：", "审核人："],
    ]  # fmt: skip
    assert read(rows).fates == {
        1: "title", 3: "heading", 4: "data", 5: "data", 7: "total", 8: "title", 9: "heading", 10: "data", 11: "total",
        12: "note",
    }  # fmt: skip


def test_a_line_of_its_own_names_the_community_of_the_register_without_being_merged(read: Any) -> None:
    seen = read(
        [["序号", "小区名称", "户数", "建筑面积"], "一、春晖社区", [1, "翠湖苑", 10, 100], [2, "柳岸苑", 20, 200]]
    )
    assert seen.column("estates", "community") == ["春晖社区", "春晖社区"]
    assert seen.fates == {1: "heading", 2: "note", 3: "data", 4: "data"}
