"""Each record says in which cells of its sheet its fields stood."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.source_columns import Stood, stood, word_from, words_of


def test_one_row_a_record_names_the_columns_of_its_row(read: Any) -> None:
    seen = read(["2025年3月物业费", ["序号", "小区", "应收", "实收", "备注"], [1, "翠湖苑", 10, 9, None]])
    assert seen.stood("fees") == [(3, "estate=B receivable_yuan=C received_yuan=D")]


def test_months_across_name_the_column_of_their_month(read: Any) -> None:
    rows = ["2025年成本支出", ["小区", "1月", "2月"], ["翠湖苑", 10, 9], ["柳岸苑", 7, None]]
    seen = read(rows)
    assert sorted(seen.stood("costs")) == [
        (3, "estate=A amount_yuan=B"), (3, "estate=A amount_yuan=C"), (4, "estate=A amount_yuan=B"),
    ]  # fmt: skip


def test_categories_across_name_the_column_of_their_category(read: Any) -> None:
    seen = read(["2025年3月成本支出", ["小区", "人员费用", "绿化养护", "合计"], ["翠湖苑", 10, 9, 19]])
    assert sorted(seen.stood("costs")) == [(3, "estate=A amount_yuan=B"), (3, "estate=A amount_yuan=C")]


def test_a_maximum_in_the_heading_is_a_cell_of_the_heading(read: Any) -> None:
    seen = read(["2025年3月物业考核评分", ["小区", "保洁（30分）", "绿化（20分）"], ["翠湖苑", 28, 15]])
    assert sorted(seen.stood("inspections")) == [
        (3, "estate=A score=B max_score=B2"), (3, "estate=A score=C max_score=C2"),
    ]  # fmt: skip


def test_measures_in_rows_of_their_own_name_their_rows(read: Any) -> None:
    rows = [["翠湖苑", "应收", 10, 20], [None, "实收", 9, 18], ["柳岸苑", "应收", 5, None], [None, "实收", 4, None]]
    seen = read(["2025年各小区应收实收", ["小区", "项目", "1月", "2月"], *rows], merges=("A3:A4", "A5:A6"))
    assert sorted(seen.stood("fees")) == [
        (3, "estate=A receivable_yuan=C3 received_yuan=C4"),
        (3, "estate=A receivable_yuan=D3 received_yuan=D4"),
        (5, "estate=A receivable_yuan=C5 received_yuan=C6"),
    ]


def test_tables_below_each_other_name_their_own_columns(read: Any) -> None:
    seen = read(
        [
            "2025年3月物业费", ["小区", "应收", "实收"], ["翠湖苑", 10, 9], [None],
            "2025年4月物业费", ["实收", "应收", "小区"], [8, 11, "翠湖苑"],
        ]
    )  # fmt: skip
    assert sorted(seen.stood("fees")) == [
        (3, "estate=A receivable_yuan=B received_yuan=C"), (7, "received_yuan=A receivable_yuan=B estate=C"),
    ]  # fmt: skip


def test_counted_answers_name_every_cell_that_was_counted_and_no_blank_one(read: Any) -> None:
    answers = [
        ["小区", "您对保洁是否满意？", "总体满意度"],
        ["翠湖苑", "满意", "满意"],
        ["翠湖苑", "不满意", "满意"],
        ["柳岸苑", "满意", None],
        ["翠湖苑", None, "满意"],
        ["翠湖苑", "满意", "满意"],
        ["柳岸苑", "不满意", "满意"],
    ]
    seen = read(["2025年3月满意度问卷", *answers])
    assert sorted(seen.stood("surveys")) == [
        (3, "estate=A answer=B3:B4,B7"),
        (3, "estate=A answer=C3:C4,C6:C7"),
        (5, "estate=A answer=B5,B8"),
        (8, "estate=A answer=C8"),
    ]


def test_households_added_up_name_all_their_cells(read: Any) -> None:
    head = ["小区", "楼栋", "房号", "业主姓名", "应收", "实收"]
    homes = [["翠湖苑", "1栋", "99101", "测试甲", 10, 10], ["翠湖苑", "1栋", "99102", "测试乙", 10, 4],
             ["翠湖苑", "2栋", "99101", "测试丙", 8, 8]]  # fmt: skip
    seen = read(["2025年3月收费台账", head, *homes])
    assert sorted(seen.stood("fees")) == [
        (3, "estate=A building=B receivable_yuan=E3:E4 received_yuan=F3:F4"),
        (5, "estate=A building=B receivable_yuan=E5 received_yuan=F5"),
    ]


def test_days_and_times_in_two_columns_name_both(read: Any) -> None:
    head = ["编号", "小区", "受理日期", "受理时间", "办结时间", "诉求内容"]
    rows = [[f"G{n}", "翠湖苑", "2025-03-01", f"08:3{n}", "2025-03-02 09:00", "漏水"] for n in range(3)]
    seen = read(["2025年3月投诉工单", head, *rows])
    assert seen.stood("tickets")[0] == (3, "ticket_id=A estate=B opened_at=C,D closed_at=E summary=F")


@pytest.mark.parametrize(
    ("text", "field", "told"),
    [
        ("receivable_yuan=C", "receivable_yuan", Stood("receivable_yuan", ("C7",), "实收", "a.xlsx")),
        ("answer=G5:G9,G11", "answer", Stood("answer", ("G5:G9", "G11"), "实收", "a.xlsx")),
        ("issued=D5@应%20收", "issued", Stood("issued", ("D5",), "应 收", "a.xlsx")),
        ("households=F9@@b%40c.csv", "households", Stood("households", ("F9",), "", "b@c.csv")),
    ],
)
def test_a_word_is_read_as_it_was_meant(text: str, field: str, told: Stood) -> None:
    assert stood(text, 7, "实收", "a.xlsx") == {field: told}


def test_a_field_that_another_record_told_is_written_with_its_row_sheet_and_file() -> None:
    word = words_of("estate=A households=F")["households"]
    assert word_from(word, 9) == "households=F9"
    assert word_from(word, 9, "小区 台账") == "households=F9@小区%20台账"
    assert word_from(word, 9, "", "台账.csv") == "households=F9@@台账.csv"
    assert word_from("households=F9@坐标", 3, "台账", "b.xlsx") == "households=F9@坐标@b.xlsx"
