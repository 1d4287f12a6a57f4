"""What each column of a table holds: fields, and the month, category, criterion, scorer or question of its heading."""

from __future__ import annotations

from typing import Any


def fields(roles: list[Any]) -> list[str | None]:
    return [role.field for role in roles]


def test_running_numbers_remarks_rates_totals_and_people_are_known_and_not_stored(roles: Any) -> None:
    found = roles(
        [
            ["序号", "小区", "联系电话", "应收", "实收", "合计", "收缴率", "备注", "神秘列"],
            ["1", "翠湖苑", "某号", "10", "9", "19", "90%", "好", "7"],
        ]
    )
    assert fields(found) == ["-", "estate", "personal", "receivable_yuan", "received_yuan", "total", "-", "-", None]
    assert [role.stored for role in found] == [False, True, False, True, True, False, False, False, False]


def test_a_column_a_category_is_an_amount_of_that_category_and_an_unknown_one_among_them_is_other(roles: Any) -> None:
    found = roles(
        ["2025年3月支出", ["小区", "人员费用", "灯谜活动费", "绿化", "支出合计"], ["翠湖苑", "1", "2", "3", "6"]]
    )
    assert [(role.field, role.category, role.item) for role in found] == [
        ("estate", None, None),
        ("amount_yuan", "人员费用", None),
        ("amount_yuan", "其他", "灯谜活动费"),
        ("amount_yuan", "绿化养护", None),
        ("total", None, None),
    ]


def test_a_column_of_words_among_the_categories_is_no_category(roles: Any) -> None:
    found = roles(["2025年3月支出", ["小区", "人员费用", "情况", "绿化"], ["翠湖苑", "1", "正常", "3"]])
    assert [role.category for role in found] == [None, "人员费用", None, "绿化养护"]


def test_a_year_beside_its_four_quarters_is_a_total(roles: Any) -> None:
    head = ["小区", "费用类别", "一季度", "二季度", "三季度", "四季度", "全年"]
    assert fields(roles(["2024年支出", head, ["翠湖苑", "保洁", "1", "2", "3", "4", "10"]]))[2:] == [
        "amount_yuan", "amount_yuan", "amount_yuan", "amount_yuan", "total",
    ]  # fmt: skip


def test_a_half_year_beside_one_of_its_quarters_is_no_total(roles: Any) -> None:
    head = ["小区", "费用类别", "一季度", "上半年"]
    found = roles(["2024年支出", head, ["翠湖苑", "保洁", "1", "3"]])
    assert [(role.field, role.part and role.part.months) for role in found[2:]] == [
        ("amount_yuan", (1, 3)),
        ("amount_yuan", (1, 6)),
    ]


def test_months_without_a_word_of_their_own_hold_what_the_title_says(roles: Any) -> None:
    rows = [["小区", "1月", "2月"], ["翠湖苑", "1", "2"]]
    assert fields(roles(["2025年实收情况", *rows]))[1:] == ["received_yuan", "received_yuan"]
    assert fields(roles(["2025年应收情况", *rows]))[1:] == ["receivable_yuan", "receivable_yuan"]


def test_owed_and_paid_counted_in_households_are_households(roles: Any) -> None:
    rows = [
        ["小区", "户数", None, "金额", None],
        [None, "应缴", "实缴", "应缴", "实缴"],
        ["翠湖苑", "5", "4", "50", "40"],
    ]
    assert fields(roles(rows, merges=("B1:C1", "D1:E1"))) == [
        "estate", "households_due", "households_paid", "receivable_yuan", "received_yuan",
    ]  # fmt: skip


def test_of_two_columns_of_one_meaning_the_more_exact_counts(roles: Any) -> None:
    found = roles(
        ["2025年3月满意度", ["小区", "回收份数", "有效份数", "满意", "不满意"], ["翠湖苑", "9", "8", "6", "2"]]
    )
    assert fields(found) == ["estate", "-", "responses", "satisfied", "dissatisfied"]


def test_a_criterion_carries_its_maximum_and_loses_it_from_its_name(roles: Any) -> None:
    found = roles(
        [
            "2025年6月考核评分",
            ["小区", "环境卫生（30分）", "秩序维护\n【满分20】", "总分"],
            ["翠湖苑", "28", "18", "46"],
        ]
    )
    assert [(role.field, role.criterion, role.maximum) for role in found] == [
        ("estate", None, None),
        ("score", "环境卫生", 30.0),
        ("score", "秩序维护", 20.0),
        ("-", None, None),
    ]


def test_a_column_a_scorer_stands_under_the_scoring_and_its_mean_is_none(roles: Any) -> None:
    found = roles(
        [
            "2025年6月评审打分",
            ["评审内容", "分值", "现场评分", None, None],
            [None, None, "街道", "社区", "平均分"],
            ["环境卫生", "30", "28", "27", "27.5"],
        ],
        merges=("C2:E2",),
    )
    assert [(role.field, role.scorer) for role in found] == [
        ("criterion", None),
        ("max_score", None),
        ("score", "街道"),
        ("score", "社区"),
        ("total", None),
    ]


def test_levels_under_a_heading_are_of_the_question_that_it_names_unless_it_names_none(roles: Any) -> None:
    levels = ["满意", "一般", "不满意"]
    found = roles(
        [
            "2025年3月满意度",
            ["小区", "保洁", None, None, "满意程度", None, None],
            [None, *levels, *levels],
            ["翠湖苑", *"321456"],
        ],
        merges=("B2:D2", "E2:G2"),
    )
    assert [(role.field, role.question) for role in found[1:]] == [
        ("satisfied", "保洁"), ("neutral", "保洁"), ("dissatisfied", "保洁"),
        ("satisfied", None), ("neutral", None), ("dissatisfied", None),
    ]  # fmt: skip


def test_a_column_of_answers_is_a_question_and_one_of_remarks_is_not(roles: Any) -> None:
    rows = [
        ["翠湖苑", "2025-03-01 10:00:00", "满意", "一般", "很好"],
        ["翠湖苑", "2025-03-02 10:00:00", "不满意", "满意", "满意"],
        ["翠湖苑", "2025-03-03 10:00:00", "满意", "满意", "满意"],
    ]
    found = roles(["问卷", ["小区", "提交时间", "您对保洁是否满意", "总体评价", "您的建议"], *rows])
    assert [role.question for role in found] == [None, None, "您对保洁是否满意", "总体评价", None]


def test_a_clock_beside_a_date_belongs_to_it(roles: Any) -> None:
    rows = [["A1", "翠湖苑", "6月2日", "9:15", "停车"], ["A2", "翠湖苑", "6月3日", "14:40", "停车"]]
    found = roles([["工单编号", "小区", "受理日期", "受理时间", "诉求类别"], *rows])
    assert [(role.field, role.clock) for role in found] == [
        ("ticket_id", None), ("estate", None), ("opened_at", 3), ("-", None), ("category", None),
    ]  # fmt: skip


def test_the_datum_of_a_group_holds_for_both_coordinates(roles: Any) -> None:
    found = roles(
        [["小区", "户数", "坐标（百度）", None], [None, None, "经度", "纬度"], ["翠湖苑", "10", "117.1", "36.6"]],
        merges=("C1:D1",),
    )
    assert [(role.field, role.datum) for role in found[2:]] == [("lon", "BD-09"), ("lat", "BD-09")]
