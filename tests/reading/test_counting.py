"""Questionnaires are counted into surveys, households into buildings, and each counted row stays traceable."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

MARCH = {"period_start": date(2025, 3, 1), "period_end": date(2025, 3, 31)}
ANSWERS = [
    ["小区", "提交时间", "1.您对保洁服务是否满意？", "总体满意度", "您的建议"],
    ["翠湖苑", "2025-03-02 10:00", "满意", "非常满意", "多种树"],
    ["翠湖苑", "2025-03-03 11:00", "不满意", "一般", None],
    ["翠湖苑小区", "2025-03-03 12:00", None, "满意", None],
    ["柳岸苑", "2025-03-05 13:00", "满意", "非常不满意", None],
]


def wave(row: int, estate: str, question: str, *levels: int) -> dict[str, Any]:
    very, satisfied, neutral, dissatisfied, very_dissatisfied = map(float, levels)
    return {
        "row": row,
        "estate": estate,
        **MARCH,
        "question": question,
        "responses": float(sum(levels)),
        "very_satisfied": very,
        "satisfied": satisfied,
        "neutral": neutral,
        "dissatisfied": dissatisfied,
        "very_dissatisfied": very_dissatisfied,
        "satisfied_total": very + satisfied,
    }


COUNTED = [
    wave(3, "翠湖苑", "保洁服务", 0, 1, 0, 1, 0),
    wave(6, "柳岸苑", "保洁服务", 0, 1, 0, 0, 0),
    wave(3, "翠湖苑", "总体", 1, 1, 1, 0, 0),
    wave(6, "柳岸苑", "总体", 0, 0, 0, 0, 1),
]


def test_questionnaires_are_counted_by_estate_and_question_and_blank_answers_are_no_responses(read: Any) -> None:
    seen = read(["2025年3月满意度问卷", *ANSWERS])
    assert seen.records("surveys") == COUNTED
    assert seen.told == []
    assert seen.fates == {1: "title", 2: "heading", 3: "data", 4: "data", 5: "data", 6: "data"}


def test_each_questionnaire_that_was_counted_is_named_with_the_record_it_went_into(read: Any) -> None:
    counted = read(["2025年3月满意度问卷", *ANSWERS]).reading.counted
    assert counted.unique(maintain_order=True).rows() == [
        ("surveys", "Sheet1", 3, 3),
        ("surveys", "Sheet1", 3, 4),
        ("surveys", "Sheet1", 6, 6),
        ("surveys", "Sheet1", 3, 5),
    ]


def test_a_wave_without_a_period_in_the_titles_is_the_month_of_its_submissions(read: Any) -> None:
    rows = [
        ["小区", "提交时间", "总体满意度"],
        ["翠湖苑", "2025-03-31 23:59", "满意"],
        ["翠湖苑", "2025-04-01 00:01", "一般"],
    ]
    assert read(rows).column("surveys", "period_start", "period_end", "responses", "satisfied_total") == [
        (date(2025, 3, 1), date(2025, 3, 31), 1.0, 1.0),
        (date(2025, 4, 1), date(2025, 4, 30), 1.0, 0.0),
    ]


def test_an_answer_that_cannot_be_read_keeps_out_its_questionnaire_only(read: Any) -> None:
    rows = [["小区", "提交时间", "总体满意度"], *(["翠湖苑", "2025-03-02 10:00", "满意"] for _ in range(4))]
    rows[3] = ["翠湖苑", "2025-03-02 10:00", "看情况"]
    seen = read(["2025年3月问卷", *rows])
    assert seen.column("surveys", "responses", "satisfied") == [(3.0, 3.0)]
    assert seen.told == [("unparseable", "C5", "answer", "看情况")]
    assert seen.kept_out == [("unparseable", "C5")]


HOUSEHOLDS = [
    ["小区", "楼栋", "单元", "房号", "业主姓名", "应收", "实收", "减免"],
    ["翠湖苑", "1栋", "1单元", "99101", "测试甲", 10, 10, None],
    ["翠湖苑", "1栋", "1单元", "99102", "测试乙", 10, None, None],
    ["翠湖苑", "1栋", "1单元", "99201", "测试丙", 10, 6, 4],
    ["翠湖苑", "1栋", "1单元", "99202", "测试丁", 0, 0, None],
    ["翠湖苑", "2栋", "1单元", "99101", "测试戊", 12.5, 12.5, None],
]


def test_households_are_added_up_to_their_buildings_and_counted_as_due_and_paid(read: Any) -> None:
    seen = read(["2025年3月收费台账", *HOUSEHOLDS])
    assert seen.records("fees") == [
        {"row": 3, "estate": "翠湖苑", "building": "1栋", "unit": "1单元", **MARCH, "receivable_yuan": 30.0,
         "received_yuan": 16.0, "waived_yuan": 4.0, "households_due": 3, "households_paid": 2},
        {"row": 7, "estate": "翠湖苑", "building": "2栋", "unit": "1单元", **MARCH, "receivable_yuan": 12.5,
         "received_yuan": 12.5, "households_due": 1, "households_paid": 1},
    ]  # fmt: skip
    assert seen.reading.counted.rows() == [
        ("fees", "Sheet1", 3, 3), ("fees", "Sheet1", 3, 4), ("fees", "Sheet1", 3, 5), ("fees", "Sheet1", 3, 6),
        ("fees", "Sheet1", 7, 7),
    ]  # fmt: skip


def test_nothing_of_a_household_is_kept_but_its_money(read: Any) -> None:
    seen = read(["2025年3月收费台账", *HOUSEHOLDS])
    assert seen.told == [("personal_data", "D2", None, "房号"), ("personal_data", "E2", None, "业主姓名")]
    for secret in ("测试", "99101", "99102", "99201", "99202"):
        assert secret not in seen.everything


def test_a_household_that_cannot_be_read_is_kept_out_and_the_others_are_added_up(read: Any) -> None:
    rows = [*HOUSEHOLDS[:2], ["翠湖苑", "1栋", "1单元", "99102", "测试乙", "见底单", None, None]]
    seen = read(["2025年3月收费台账", *rows])
    assert seen.column("fees", "receivable_yuan", "households_due") == [(10.0, 1)]
    assert seen.kept_out == [("unparseable", "F4")]
    assert "测试" not in seen.everything


def test_rows_of_buildings_without_a_column_of_people_are_not_added_up(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "楼栋", "应收"], ["翠湖苑", "1栋", 1], ["翠湖苑", "1栋", 2]])
    assert seen.column("fees", "row", "receivable_yuan") == [(3, 1.0), (4, 2.0)]
    assert seen.reading.counted.is_empty()


@pytest.mark.parametrize(
    "head", [["小区", "您对保洁是否满意？", "您对绿化是否满意？"], ["您所在的小区", "您对保洁的评价", "您对绿化的评价"]]
)
def test_questionnaires_need_no_time_of_submission(read: Any, head: list[str]) -> None:
    seen = read(["2025年3月满意度问卷", head, ["翠湖苑", "满意", "一般"], ["翠湖苑", "不满意", "满意"]])
    assert seen.column("surveys", "question", "responses", "satisfied_total") == [
        ("保洁", 2.0, 1.0),
        ("绿化", 2.0, 1.0),
    ]
