"""Finds the tables of a sheet: headings of one to three rows, stacked and side by side, and the titles above each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

FLAT = [("翠湖苑", 1, 1.0, 2.0), ("柳岸苑", 1, 5.0, 6.0), ("翠湖苑", 2, 3.0, 4.0), ("柳岸苑", 2, 7.0, 8.0)]
BODY = [["翠湖苑", 1, 2, 3, 4], ["柳岸苑", 5, 6, 7, 8]]


def by_month(seen: Any) -> list[tuple[str, int, float, float]]:
    """Estate, month, receivable and received of each record, by month and row."""
    told = seen.column("fees", "period_start", "row", "estate", "receivable_yuan", "received_yuan")
    assert {start.year for start, *_ in told} == {2025}
    return [(name, start.month, owed, paid) for start, _, name, owed, paid in sorted(told)]


def shape(blocks: list[Any]) -> list[tuple[tuple[int, ...], tuple[str, ...], tuple[int, int], tuple[int, int]]]:
    """Heading rows, titles, columns and body rows of each table."""
    return [(b.heading_rows, b.titles, (b.left, b.right), (b.body.start, b.body.stop)) for b in blocks]


def test_a_heading_of_one_row_stands_below_its_titles(blocks: Any) -> None:
    (one,) = blocks(["2025年3月收费", [None, None, "（元）"], ["小区", "应收", "实收"], ["翠湖苑", "1", "2"]])
    assert one.paths == {0: ("小区",), 1: ("应收",), 2: ("实收",)}
    assert shape([one]) == [((2,), ("2025年3月收费", "(元)"), (0, 2), (3, 4))]


@pytest.mark.parametrize("merges", [(), ("A2:A3", "B2:C2", "D2:E2")], ids=["bare", "merged"])
def test_months_over_owed_and_paid_are_headings_of_two_rows(read: Any, merges: tuple[str, ...]) -> None:
    seen = read(
        ["2025年收费", ["小区", "1月", None, "2月", None], [None, "应收", "实收", "应收", "实收"], *BODY], merges=merges
    )
    assert by_month(seen) == FLAT
    assert seen.told == []
    assert seen.fates == {1: "title", 2: "heading", 3: "heading", 4: "data", 5: "data"}


@pytest.mark.parametrize("merges", [(), ("A2:A3", "B2:C2", "D2:E2")], ids=["bare", "merged"])
def test_owed_and_paid_over_months_are_the_same_records(read: Any, merges: tuple[str, ...]) -> None:
    body = [["翠湖苑", 1, 3, 2, 4], ["柳岸苑", 5, 7, 6, 8]]
    seen = read(
        ["2025年收费", ["小区", "应收", None, "实收", None], [None, "1月", "2月", "1月", "2月"], *body], merges=merges
    )
    assert by_month(seen) == FLAT
    assert seen.told == []


@pytest.mark.parametrize(
    "merges",
    [
        (),
        ("A1:E1", "A2:A4", "B2:E2", "B3:C3", "D3:E3"),
    ],
    ids=["bare", "merged"],
)
def test_headings_of_three_rows_are_read_from_the_outermost_in(read: Any, merges: tuple[str, ...]) -> None:
    seen = read(
        [
            "收费",
            ["小区", "2025年", None, None, None],
            [None, "1月", None, "2月", None],
            [None, "应收", "实收", "应收", "实收"],
            *BODY,
        ],
        merges=merges,
    )
    assert by_month(seen) == FLAT
    assert seen.fates == {1: "title", 2: "heading", 3: "heading", 4: "heading", 5: "data", 6: "data"}


def test_a_group_written_once_covers_the_columns_below_it_and_no_column_of_its_own(blocks: Any) -> None:
    (one,) = blocks(
        [
            ["序号", "小区名称", "规模", None, "物业企业"],
            [None, None, "户数", "建筑面积", None],
            ["1", "翠湖苑", "10", "100", "甲公司"],
        ]
    )
    assert one.heading_rows == (0, 1)
    assert one.paths == {0: ("序号",), 1: ("小区名称",), 2: ("规模", "户数"), 3: ("规模", "建筑面积"), 4: ("物业企业",)}


def test_a_heading_merged_down_is_said_once(blocks: Any) -> None:
    (one,) = blocks(
        [["小区", "1月", None], [None, "应收", "实收"], ["翠湖苑", "1", "2"]],
        merges=("A1:A2", "B1:C1"),
    )
    assert one.paths == {0: ("小区",), 1: ("1月", "应收"), 2: ("1月", "实收")}


def test_tables_below_each_other_keep_their_own_titles(blocks: Any) -> None:
    found = blocks(
        [
            "2025年3月收费", ["小区", "应收", "实收"], ["翠湖苑", "1", "2"], [],
            "2025年4月支出", ["小区", "费用类别", "金额"], ["翠湖苑", "保洁", "7"],
        ]
    )  # fmt: skip
    assert shape(found) == [
        ((1,), ("2025年3月收费",), (0, 2), (2, 4)),
        ((5,), ("2025年4月支出",), (0, 2), (6, 7)),
    ]


def test_tables_below_each_other_are_read_as_their_own_kinds_and_months(read: Any) -> None:
    seen = read(
        [
            "2025年3月收费", ["小区", "应收", "实收"], ["翠湖苑", 1, 2],
            "2025年4月支出", ["小区", "费用类别", "金额"], ["翠湖苑", "保洁", 7],
        ]
    )  # fmt: skip
    assert seen.records("fees") == [
        {"row": 3, "estate": "翠湖苑", "period_start": date(2025, 3, 1), "period_end": date(2025, 3, 31),
         "receivable_yuan": 1.0, "received_yuan": 2.0}
    ]  # fmt: skip
    assert seen.records("costs") == [
        {"row": 6, "estate": "翠湖苑", "period_start": date(2025, 4, 1), "period_end": date(2025, 4, 30),
         "category": "清洁卫生", "amount_yuan": 7.0}
    ]  # fmt: skip
    assert seen.fates == {1: "title", 2: "heading", 3: "data", 4: "title", 5: "heading", 6: "data"}


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_tables_beside_each_other_are_apart_with_or_without_a_blank_column(read: Any, gap: int) -> None:
    blank = [None] * gap
    head = ["小区", "应收", "实收"]
    seen = read(["2025年3月", [*head, *blank, *head], ["翠湖苑", 1, 2, *blank, "柳岸苑", 5, 6]])
    assert seen.column("fees", "row", "estate", "receivable_yuan", "received_yuan") == [
        (3, "翠湖苑", 1.0, 2.0), (3, "柳岸苑", 5.0, 6.0),
    ]  # fmt: skip
    assert seen.fates == {1: "title", 2: "heading", 3: "data"}


def test_each_of_two_tables_beside_each_other_has_the_title_that_stands_over_it(read: Any) -> None:
    head = ["小区", "应收"]
    seen = read([["2025年1月", None, None, "2025年2月"], [*head, None, *head], ["翠湖苑", 1, None, "翠湖苑", 2]])
    assert [(start.month, owed) for start, owed in seen.column("fees", "period_start", "receivable_yuan")] == [
        (1, 1.0), (2, 2.0),
    ]  # fmt: skip


def test_a_blank_column_within_a_table_does_not_cut_it(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收", None, "实收"], ["翠湖苑", 1, None, 2]])
    assert seen.column("fees", "estate", "receivable_yuan", "received_yuan") == [("翠湖苑", 1.0, 2.0)]


def test_an_estate_and_a_project_side_by_side_are_one_table(read: Any) -> None:
    seen = read(["2025年3月支出", ["小区", "项目", "费用类别", "金额"], ["翠湖苑", "更换门禁", "维修费", 5]])
    assert seen.column("costs", "estate", "item", "category", "amount_yuan") == [
        ("翠湖苑", "更换门禁", "公共设施维护", 5.0)
    ]


def test_a_heading_repeated_for_a_new_page_opens_no_new_table(blocks: Any) -> None:
    head = ["小区", "应收", "实收"]
    found = blocks([head, ["翠湖苑", "1", "2"], head, ["柳岸苑", "3", "4"]])
    assert shape(found) == [((0,), (), (0, 2), (1, 4))]


def test_the_same_heading_under_a_title_of_its_own_is_a_new_table(read: Any) -> None:
    head = ["小区", "应收"]
    seen = read(["2025年1月收费", head, ["翠湖苑", 1], [], "2025年2月收费", head, ["翠湖苑", 2]])
    assert [(start.month, owed) for start, owed in seen.column("fees", "period_start", "receivable_yuan")] == [
        (1, 1.0), (2, 2.0),
    ]  # fmt: skip


def test_rows_of_words_are_data_though_one_of_them_is_a_heading_elsewhere(blocks: Any) -> None:
    head = ["小区", "议定事项", "责任单位", "状态"]
    rows = [["翠湖苑", "公示账目", "物业公司", "已完成"], ["柳岸苑", "补种绿篱", "社区", "未启动"]]
    assert shape(blocks([head, *rows])) == [((0,), (), (0, 3), (1, 3))]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (
            ["小区", "议定事项", "责任单位", "状态"],
            [["翠湖苑", "收费", "物业公司", "已完成"], ["柳岸苑", "绿化", "街道", "完成"]],
        ),
        (["小区", "诉求类别", "诉求内容", "是否解决", "是否满意"], [["翠湖苑", "收费", "物业费", "是", "满意"]]),
    ],
)
def test_a_row_of_words_right_below_its_heading_is_data_though_several_are_headings_elsewhere(
    blocks: Any, head: list[str], rows: list[list[str]]
) -> None:
    assert shape(blocks([head, *rows])) == [((0,), (), (0, len(head) - 1), (1, 1 + len(rows)))]


def test_columns_may_stand_in_any_order_and_anywhere_on_the_sheet(read: Any) -> None:
    seen = read([[], [], [None, None, "实收", "应收", "小区", "月份"], [None, None, 2, 1, "翠湖苑", "2025年3月"]])
    assert seen.column("fees", "row", "estate", "receivable_yuan", "received_yuan") == [(4, "翠湖苑", 1.0, 2.0)]


def test_two_halves_of_a_year_beside_each_other_are_two_tables_though_neither_names_an_estate(read: Any) -> None:
    head = ["月份", "应收", "实收"]
    seen = read(["2025年收费", [*head, *head], ["1月", 1, 2, "7月", 3, 4]], sheet="翠湖苑")
    told = seen.column("fees", "period_start", "receivable_yuan", "received_yuan")
    assert [(start.month, *money) for start, *money in told] == [(1, 1.0, 2.0), (7, 3.0, 4.0)]
