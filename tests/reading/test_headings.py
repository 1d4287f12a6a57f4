"""A heading means what its words say, however it is dressed; a word that is only like one of ours means nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.reading.headings import category_of, event_type_of, nearest, understand


@pytest.mark.parametrize(
    "text",
    [
        "应收金额",
        " 应收 金额 ",
        "应收\n金额",
        "应收金额（元）",
        "应收金额(万元)",
        "应收金额：",
        "*应收金额",
        "１、应收金额",
        "一、应收金额",
        "本期应收金额",
        "本月应收物业费",
        "2025年3月应收金额",
        "3月应收",
        "其中：应收金额",
        "应收金额（含车位）",
        "应收款",
    ],
)
def test_dress_units_numbers_notes_and_months_change_nothing_of_what_is_owed(text: str) -> None:
    assert understand(text).field("fees") == "receivable_yuan"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("应收户数", "households_due"),
        ("实收户数", "households_paid"),
        ("应收金额", "receivable_yuan"),
        ("实收金额", "received_yuan"),
        ("应缴金额", "receivable_yuan"),
        ("实缴金额", "received_yuan"),
        ("收缴率", "-"),
        ("期初欠费", "opening_arrears_yuan"),
        ("收回往年欠费", "arrears_recovered_yuan"),
    ],
)
def test_words_of_money_that_look_alike_are_told_apart(text: str, field: str) -> None:
    assert understand(text).field("fees") == field


@pytest.mark.parametrize(
    "text", ["应收金客", "实收金客", "应激户数", "实激户数", "应收金额率", "神秘列", "收", "金额应"]
)
def test_a_near_miss_is_never_used(text: str) -> None:
    assert understand(text).field("fees") is None


def test_a_suggestion_keeps_owed_and_paid_apart_and_names_no_column_that_is_ignored() -> None:
    assert nearest("应缴金客", "fees") == ("应缴金额", "receivable_yuan")
    assert nearest("实缴金客", "fees") == ("实缴金额", "received_yuan")
    assert nearest("收缴率%%", "fees") is None
    assert nearest("天气", "fees") is None


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("您所居住的小区是？", "surveys", "estate"),
        ("被投诉小区", "tickets", "estate"),
        ("小区名称", "fees", "estate"),
        ("类别", "costs", "category"),
        ("类别", "tickets", "category"),
        ("得分", "inspections", "score"),
        ("得分", "fees", None),
        ("业主姓名", "fees", "personal"),
        ("序号", "fees", "-"),
        ("合计", "costs", "total"),
    ],
)
def test_a_heading_means_a_field_of_the_kind_it_stands_in(text: str, kind: str, field: str | None) -> None:
    assert understand(text).field(kind) == field


def test_a_heading_tells_unit_month_maximum_level_and_total() -> None:
    money = understand("应收金额（万元）").unit
    assert money is not None
    assert (money.dimension, money.factor) == ("money", 10000.0)
    month = understand("2025年3月应收（元）").part
    assert month is not None
    assert (month.year, month.months) == (2025, (3, 3))
    assert understand("环境卫生（30分）").maximum == 30.0
    assert understand("设施维护【满分25】").maximum == 25.0
    assert understand("基本满意").level == "neutral"
    assert understand("支出合计").total
    assert not understand("应收金额").total


def test_a_heading_that_only_counts_households_is_no_unit_of_money() -> None:
    unit = understand("应缴户数（户）").unit
    assert unit is not None
    assert unit.dimension == "count"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("人员工资及社保", "人员费用"),
        ("电梯消防维保", "公共设施维护"),
        ("保洁费用（外包）", "清洁卫生"),
        ("公共区域水电", "能耗"),
        ("灯谜会", None),
        ("某某其他", None),
    ],
)
def test_a_cost_is_what_its_words_spell_or_end_in(text: str, category: str | None) -> None:
    assert category_of(text, "costs") == category


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("更换物业", "company_in"),
        ("甲物业正式进驻接管", "company_in"),
        ("物业费由0.35元调整为0.45元", "fee_changed"),
        ("老旧小区改造工程开工", "renovation"),
        ("业委会换届", "other"),
        ("下雪", "other"),
    ],
)
def test_an_event_is_of_the_type_that_its_words_speak_of(text: str, kind: str) -> None:
    assert event_type_of(text) == kind


def test_a_mistyped_heading_is_told_with_a_suggestion_and_its_column_is_left_out(read: Any) -> None:
    seen = read([["小区", "月份", "应收金额", "实收金客"], ["翠湖苑", "2025年3月", 10, 9]])
    assert seen.column("fees", "receivable_yuan", "received_yuan") == [(10.0, None)]
    assert seen.told == [("unmapped_column", "D1", None, "实收金客")]
    ((zh, en),) = seen.messages("unmapped_column")
    assert "“实收金客”" in zh
    assert "“实收金额”" in zh
    assert "“实收金客”" in en
    assert "“实收金额”" in en
