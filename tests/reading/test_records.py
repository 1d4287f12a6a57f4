"""The rows of a table become typed records; what can't be read is told cell by cell, and kept whole in quarantine."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

MARCH = {"period_start": date(2025, 3, 1), "period_end": date(2025, 3, 31)}


def test_a_register_with_groups_units_and_blanks_gives_its_facts(read: Any) -> None:
    seen = read(
        [
            "街道小区台账",
            [
                "序号",
                "社区",
                "小区名称",
                "别名",
                "规模",
                None,
                "建成年份",
                "物业企业",
                "物业费（元/㎡·月）",
                "接管时间",
            ],
            [None, None, None, None, "户数", "建筑面积（万㎡）", None, None, None, None],
            [1, "春晖社区", "翠湖苑", "翠湖新村、湖苑", "１00户", 1.5, "1998年", "甲物业公司", 1.2, "2020.5.1"],
            [2, None, "柳岸苑", "/", 200, "2万㎡", 2005, "暂缺", "0.5元", None],
        ],
        merges=("E2:F2", "B4:B5"),
    )
    assert seen.records("estates") == [
        {
            "row": 4,
            "estate": "翠湖苑",
            "aliases": ["翠湖新村", "湖苑"],
            "community": "春晖社区",
            "company": "甲物业公司",
            "built_year": 1998,
            "households": 100,
            "floor_area_m2": 15000.0,
            "fee_yuan_per_m2_month": 1.2,
            "takeover_date": date(2020, 5, 1),
        },
        {
            "row": 5,
            "estate": "柳岸苑",
            "community": "春晖社区",
            "built_year": 2005,
            "households": 200,
            "floor_area_m2": 20000.0,
            "fee_yuan_per_m2_month": 0.5,
        },
    ]
    assert seen.told == []


def test_coordinates_in_one_cell_are_parted_in_either_order(read: Any) -> None:
    seen = read(
        [["小区", "户数", "经纬度"], ["翠湖苑", 1, "117.1,36.6"], ["柳岸苑", 2, "36.6，117.1"], ["澄园", 3, "/"]]
    )
    assert seen.column("estates", "lon", "lat") == [(117.1, 36.6), (117.1, 36.6), (None, None)]


def test_a_wide_record_without_a_value_is_no_row_and_a_wrong_one_keeps_out_itself_only(read: Any) -> None:
    seen = read(
        [
            "2025年公共收益",
            ["小区", "收入类别", "1月", "2月"],
            ["翠湖苑", "停车费", 1, "未定"],
            ["翠湖苑", "电梯广告", "—", 3],
        ]
    )
    assert seen.records("income") == [
        {
            "row": 3,
            "estate": "翠湖苑",
            "period_start": date(2025, 1, 1),
            "period_end": date(2025, 1, 31),
            "category": "停车收入",
            "amount_yuan": 1.0,
        },
        {
            "row": 4,
            "estate": "翠湖苑",
            "period_start": date(2025, 2, 1),
            "period_end": date(2025, 2, 28),
            "category": "广告收入",
            "amount_yuan": 3.0,
        },
    ]
    assert seen.told == [("unparseable", "D3", "amount_yuan", "未定")]
    assert seen.kept_out == [("unparseable", "D3")]
    assert seen.fates == {1: "title", 2: "heading", 3: "data", 4: "data"}


def test_what_stands_once_beside_months_holds_for_each_and_other_measures_of_the_month_are_kept(read: Any) -> None:
    seen = read([["小区", "2025年3月应收", "实收", "应缴户数"], ["翠湖苑", 10, 9, 5]])
    assert seen.records("fees") == [
        {"row": 2, "estate": "翠湖苑", **MARCH, "receivable_yuan": 10.0, "received_yuan": 9.0, "households_due": 5}
    ]


def test_a_record_kept_out_is_kept_whole_with_its_reason(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收金额（元）", "实收"], ["翠湖苑", "见附件", 9], ["柳岸苑", 1, 1]])
    assert seen.column("fees", "estate") == ["柳岸苑"]
    (kept,) = seen.reading.quarantine.to_dicts()
    assert json.loads(kept.pop("content")) == {"小区": "翠湖苑", "应收金额(元)": "见附件", "实收": "9"}
    assert kept == {
        "kind": "fees",
        "source_sheet": "Sheet1",
        "source_row": 3,
        "source_cell": "B3",
        "code": "unparseable",
        "reason_zh": "应收金额填的是“见附件”，读不出来。请填数字金额，如 12627.15；没有就留空。",
        "reason_en": "The receivable says “见附件”, which can't be read: type the amount as a number, such as "
        "12627.15; leave it empty if there is none.",
    }


TICKETS = [["工单编号", "小区", "受理时间", "是否解决"], ["A1", "翠湖苑", "2025-03-01 09:00", "是"]]


@pytest.mark.parametrize(
    ("rows", "told", "found", "advice"),
    [
        (
            ["2025年3月", ["小区", "应收"], ["翠湖苑", "待核"]],
            ("unparseable", "B3", "receivable_yuan", "待核"),
            "待核",
            ("12627.15", "12627.15"),
        ),
        (
            ["2025年3月", ["小区", "应收", "应缴户数"], ["翠湖苑", 1, "若干"]],
            ("unparseable", "C3", "households_due", "若干"),
            "若干",
            ("120", "120"),
        ),
        (
            [["小区", "月份", "应收"], ["翠湖苑", "202513", 1]],
            ("unparseable", "B2", "period", "202513"),
            "202513",
            ("2025年3月", "2025-03"),
        ),
        (
            [*TICKETS, ["A2", "翠湖苑", "上周", "是"]],
            ("unparseable", "C3", "opened_at", "上周"),
            "上周",
            ("2025-03-01 14:30", "2025-03-01 14:30"),
        ),
        (
            [*TICKETS, ["A2", "翠湖苑", "2025-03-01 09:00", "待定"]],
            ("unparseable", "D3", "resolved", "待定"),
            "待定",
            ("是", "否"),
        ),
        (
            [*TICKETS, ["A2", "翠湖苑", None, "是"]],
            ("missing_value", "C3", "opened_at", None),
            "受理时间",
            ("2025-03-01 14:30", "2025-03-01 14:30"),
        ),
        (
            ["2025年3月", ["小区", "应收", "实收"], ["翠湖苑", "-", 9]],
            ("missing_value", "B3", "receivable_yuan", None),
            "应收金额",
            ("12627.15", "12627.15"),
        ),
        (
            ["2025年3月支出", ["小区", "费用类别", "金额"], ["翠湖苑", None, 9]],
            ("missing_value", "B3", "category", None),
            "类别",
            ("文字", "words"),
        ),
        (
            ["例会", ["小区", "议定事项", "责任单位", "完成时限"], ["翠湖苑", None, "物业", "2025-06-20"]],
            ("missing_value", "B3", "action", None),
            "议定事项",
            ("文字", "words"),
        ),
        (
            ["大事记", ["日期", "小区", "事项类型"], ["某天", "翠湖苑", "更换物业"]],
            ("unparseable", "A3", "event_date", "某天"),
            "某天",
            ("2025-03-01", "2025-03-01"),
        ),
        (
            ["2025年3月满意率", ["小区", "满意率"], ["翠湖苑", "较高"]],
            ("unparseable", "B3", "reported_rate", "较高"),
            "较高",
            ("86%", "86%"),
        ),
    ],
    ids=[
        "money",
        "count",
        "period",
        "time",
        "yes or no",
        "no time",
        "no money",
        "no category",
        "no action",
        "date",
        "rate",
    ],
)
def test_what_is_wrong_is_told_at_its_cell_with_what_was_found_and_what_to_type(
    read: Any, rows: Any, told: tuple[str, str, str, str | None], found: str, advice: tuple[str, str]
) -> None:
    seen = read(rows)
    assert seen.told == [told]
    assert seen.kept_out == [told[:2]]
    ((zh, en),) = seen.messages(told[0])
    assert found in zh
    assert advice[0] in zh
    assert "请" in zh
    assert advice[1] in en
    assert "type" in en
    if told[0] == "unparseable":
        assert found in en


def test_a_cell_that_is_unreadable_is_not_missing_as_well(read: Any) -> None:
    seen = read([["小区", "月份", "应收"], ["翠湖苑", "202513", "坏"]])
    assert seen.told == [("unparseable", "C2", "receivable_yuan", "坏"), ("unparseable", "B2", "period", "202513")]
    assert len(seen.kept_out) == 1


def test_an_error_cell_is_told_where_we_store_it_and_ignored_elsewhere(read: Any) -> None:
    wrong = ("=1/0", "#DIV/0!")
    seen = read(
        [
            "2025年3月",
            ["小区", "应收", "实收", "收缴率", "备注"],
            ["翠湖苑", wrong, 9, wrong, wrong],
            ["柳岸苑", 10, ("=B4*0.5", 5), wrong, None],
        ]
    )
    assert seen.records("fees") == [
        {"row": 4, "estate": "柳岸苑", **MARCH, "receivable_yuan": 10.0, "received_yuan": 5.0}
    ]
    assert seen.told == [("unparseable", "B3", "receivable_yuan", "#DIV/0!")]
    assert seen.messages("unparseable") == [
        (
            "应收金额这一格是公式错误“#DIV/0!”，读不出数。请改正公式，或直接填写数值。",
            "The receivable is a formula error, #DIV/0!. Mend the formula or type the value.",
        )
    ]


def test_a_formula_without_a_stored_result_is_told_and_not_taken_for_empty(
    read_path: Callable[[Path], Any], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["小区", "月份", "应收", "实收", "收缴率"],
        ["翠湖苑", "2025年3月", 5, "=1+1", "=1"],
        ["柳岸苑", "2025年3月", 5, 4, "=1"],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "收费.xlsx")
    seen = read_path(tmp_path / "收费.xlsx")
    assert seen.column("fees", "estate", "received_yuan") == [("柳岸苑", 4.0)]
    assert [one[:3] for one in seen.told] == [("unparseable", "D2", "received_yuan")]
    ((zh, en),) = seen.messages("unparseable")
    assert "没有保存计算结果" in zh
    assert "WPS" in zh
    assert "not stored" in en


def test_columns_of_people_are_dropped_with_a_finding_and_nothing_of_them_is_anywhere(read: Any) -> None:
    seen = read(
        [
            "2025年6月投诉",
            ["工单编号", "小区", "投诉人", "联系电话", "受理时间", "诉求类别"],
            ["A1", "翠湖苑", "测试甲乙", "13900001111", "2025-06-01 09:00", "停车"],
            ["A2", "翠湖苑", "测试丙丁", "13900002222", "昨天", "停车"],
        ]
    )
    assert seen.column("tickets", "ticket_id") == ["A1"]
    assert seen.told == [
        ("personal_data", "C2", None, "投诉人"),
        ("personal_data", "D2", None, "联系电话"),
        ("unparseable", "E4", "opened_at", "昨天"),
    ]
    assert seen.messages("personal_data")[0] == (
        "“投诉人”这一列是个人信息，没有读入。以后请删去再报送。",
        "The column “投诉人” holds personal data; it was dropped. Please remove it before sending.",
    )
    for secret in ("测试", "1390000"):
        assert secret not in seen.everything


def test_personal_data_in_a_text_is_masked_in_the_record_the_finding_and_the_quarantine(read: Any) -> None:
    seen = read(
        [
            ["工单编号", "小区", "受理时间", "诉求内容"],
            ["A1", "翠湖苑", "2025-06-01 09:00", "停车，请回电13900001111"],
            ["A2", "翠湖苑", "回电13900002222后定", "停水13900003333"],
        ]
    )
    (one,) = seen.records("tickets")
    assert one["summary"].startswith("停车，请回电")
    codes = [told[:3] for told in seen.told]
    assert ("personal_data", "D2", "summary") in codes
    assert ("unparseable", "C3", "opened_at") in codes
    assert "1390000" not in seen.everything
    zh, en = seen.messages("personal_data")[0]
    assert "电话号码" in zh
    assert "请不要填写" in zh
    assert "a phone number" in en


def test_a_heading_that_means_nothing_is_told_once_and_its_column_is_left_out(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收", "天气"], ["翠湖苑", 1, "晴"], ["柳岸苑", 2, "雨"]])
    assert seen.column("fees", "receivable_yuan") == [1.0, 2.0]
    assert seen.told == [("unmapped_column", "C2", None, "天气")]
    ((zh, en),) = seen.messages("unmapped_column")
    assert "“天气”" in zh
    assert "没有读入" in zh
    assert "“天气”" in en
    assert "not read" in en


def test_an_unknown_category_becomes_other_with_its_words_and_is_told_once_a_table(read: Any) -> None:
    rows = [["翠湖苑", "灯谜会", 3], ["翠湖苑", "灯谜会", 4], ["翠湖苑", "保洁", 5]]
    seen = read(["2025年3月支出", ["小区", "费用类别", "金额"], *rows])
    assert seen.column("costs", "category", "item", "amount_yuan") == [
        ("其他", "灯谜会", 3.0),
        ("其他", "灯谜会", 4.0),
        ("清洁卫生", None, 5.0),
    ]
    assert seen.told == [("unmapped_category", "B3", "category", "灯谜会")]
    assert seen.messages("unmapped_category") == [
        (
            "不认识类别“灯谜会”，已归入“其他”，原文保留在明细里。",
            "The category “灯谜会” is none of ours; it was counted as 其他 and its words were kept.",
        )
    ]


def test_a_column_whose_cells_are_not_what_its_heading_says_is_left_out_and_keeps_no_row_out(read: Any) -> None:
    rows = [["翠湖苑", 10, 100, "高层"], ["柳岸苑", 20, 200, "多层"], ["澄园", 30, 300, "别墅"]]
    seen = read([["小区名称", "户数", "建筑面积", "楼栋数"], *rows])
    assert seen.column("estates", "estate", "households", "buildings") == [
        ("翠湖苑", 10, None),
        ("柳岸苑", 20, None),
        ("澄园", 30, None),
    ]
    assert seen.told == [("unmapped_column", "D1", "buildings", "楼栋数")]


def test_dates_and_times_in_two_columns_are_one_moment(read: Any) -> None:
    seen = read(
        [
            "2025年工单",
            ["工单编号", "小区", "受理日期", "受理时间", "诉求类别", "办结日期", "办结时刻"],
            ["A1", "翠湖苑", "6月2日", "9:15", "停车", "6月2日", "10:05"],
            ["A2", "翠湖苑", date(2025, 6, 3), "14:40", "停车", None, None],
            ["A3", "柳岸苑", "6月4日", None, "停水", "6月5日", "下午3点"],
        ]
    )
    assert seen.column("tickets", "ticket_id", "opened_at", "closed_at") == [
        ("A1", datetime(2025, 6, 2, 9, 15), datetime(2025, 6, 2, 10, 5)),
        ("A2", datetime(2025, 6, 3, 14, 40), None),
        ("A3", datetime(2025, 6, 4), datetime(2025, 6, 5, 15)),
    ]
    assert seen.told == []


def test_events_take_type_company_and_value_from_their_words(read: Any) -> None:
    seen = read(
        [
            "大事记",
            ["日期", "小区", "事项类型", "说明"],
            ["2025年3月1日", "翠湖苑", "更换物业", "由甲物业服务有限公司进驻"],
            ["2025年4月1日", "翠湖苑", "收费调整", "由1.0元调整为1.5元"],
        ]
    )
    assert seen.records("events") == [
        {
            "row": 3,
            "estate": "翠湖苑",
            "event_date": date(2025, 3, 1),
            "event_type": "company_in",
            "company": "甲物业服务有限公司",
            "note": "由甲物业服务有限公司进驻",
            "type_words": "更换物业",
        },
        {
            "row": 4,
            "estate": "翠湖苑",
            "event_date": date(2025, 4, 1),
            "event_type": "fee_changed",
            "value": 1.5,
            "note": "由1.0元调整为1.5元",
            "type_words": "收费调整",
        },
    ]


def test_scores_of_criteria_and_scorers_are_one_record_each(read: Any) -> None:
    seen = read(
        [
            "2025年6月评审打分",
            ["评审内容", "分值", "现场评分", None, None],
            [None, None, "街道", "社区", "平均分"],
            ["环境卫生", 30, 28, 27, 27.5],
            ["秩序", 20, 18, None, 18],
            ["总分", 50, 46, 46, 46],
        ],
        merges=("C2:E2",),
    )
    assert seen.column("inspections", "row", "criterion", "scorer", "score", "max_score") == [
        (4, "环境卫生", "街道", 28.0, 30.0),
        (5, "秩序", "街道", 18.0, 20.0),
        (4, "环境卫生", "社区", 27.0, 30.0),
    ]


def test_points_deducted_from_a_maximum_are_a_score(read: Any) -> None:
    seen = read(
        [
            "2025年6月检查",
            ["受检小区", "检查项目", "标准分", "扣分"],
            ["翠湖苑", "绿化", 10, 1.5],
            ["翠湖苑", "门岗", 10, 0],
        ]
    )
    assert seen.column("inspections", "criterion", "score", "max_score") == [("绿化", 8.5, 10.0), ("门岗", 10.0, 10.0)]


def test_a_period_given_by_its_first_and_last_day_is_taken_as_given(read: Any) -> None:
    seen = read([["小区", "开始日期", "结束日期", "应收"], ["翠湖苑", date(2025, 1, 1), date(2025, 6, 30), 5]])
    assert seen.column("fees", "period_start", "period_end") == [(date(2025, 1, 1), date(2025, 6, 30))]
