from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.periods import Part, Period, find_part, join, period_token, read_period, read_periods


def months(year: int, first: int, last: int) -> Period:
    period = join([Part(year, (first, last))])
    assert period is not None
    return period


def test_a_period_is_a_closed_range_of_days() -> None:
    assert read_period("2025年3月") == Period(date(2025, 3, 1), date(2025, 3, 31))
    assert read_period("2024年2月") == Period(date(2024, 2, 1), date(2024, 2, 29))


MARCH = [
    "2025年3月",
    "2025年03月",
    "2025-03",
    "2025-3",
    "202503",
    "2025.3",
    "2025.03",
    "2025/3",
    "2025年3月份",
    "2025 年 3 月",
    "二〇二五年三月",
    "25年3月",
    "２０２５年３月",
    "2025-03-01 00:00:00",
    "2025-03-15 00:00:00",
    "2025年3月15日",
    "2025-3-15",
    "45717",
    "Mar-25",
    "March 2025",
    "（2025年3月）",
]
FIRST_QUARTER = [
    "2025年第一季度",
    "2025年一季度",
    "2025年第1季度",
    "2025Q1",
    "2025-Q1",
    "2025年Q1",
    "Q1 2025",
    "2025年1-3月",
    "2025年1—3月",
    "2025年1至3月",
    "2025年1月至3月",
    "2025年1月-3月",
    "2025.1-2025.3",
    "2025年1月—2025年3月",
    "202501-202503",
    "2025-01-01至2025-03-31",
    "2025年1月1日-2025年3月31日",
]


@pytest.mark.parametrize("text", MARCH)
def test_a_month_is_read_in_all_spellings(text: str) -> None:
    assert read_period(text) == months(2025, 3, 3)


@pytest.mark.parametrize("text", FIRST_QUARTER)
def test_a_quarter_is_read_in_all_spellings(text: str) -> None:
    assert read_period(text) == months(2025, 1, 3)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025年上半年", months(2025, 1, 6)),
        ("2025H1", months(2025, 1, 6)),
        ("2025年下半年", months(2025, 7, 12)),
        ("2025年前三季度", months(2025, 1, 9)),
        ("2025年1-2季度", months(2025, 1, 6)),
        ("2025年", months(2025, 1, 12)),
        ("2025年度", months(2025, 1, 12)),
        ("2025", months(2025, 1, 12)),
        ("2025年全年", months(2025, 1, 12)),
        ("2024年12月-2025年2月", Period(date(2024, 12, 1), date(2025, 2, 28))),
        ("2024—2025年", Period(date(2024, 1, 1), date(2025, 12, 31))),
        ("2025年第10周", Period(date(2025, 3, 3), date(2025, 3, 9))),
        ("2025-W10", Period(date(2025, 3, 3), date(2025, 3, 9))),
        ("2025年3月3日-3月9日", Period(date(2025, 3, 3), date(2025, 3, 9))),
        ("2025年13月", None),
        ("2025年3月-2025年1月", None),
        ("2025年60周", None),
        ("3月", None),
        ("一季度", None),
        ("3", None),
        ("待定", None),
        ("3个月", None),
        ("1-3栋", None),
    ],
)
def test_other_periods_are_read_or_refused(text: str, period: Period | None) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3月", (3, 3)),
        ("3月份", (3, 3)),
        ("三月", (3, 3)),
        ("十二月", (12, 12)),
        ("3", (3, 3)),
        ("12.0", (12, 12)),
        ("1-3", (1, 3)),
        ("1—6月", (1, 6)),
        ("一季度", (1, 3)),
        ("第1季度", (1, 3)),
        ("四季度", (10, 12)),
        ("Q2", (4, 6)),
        ("上半年", (1, 6)),
        ("下半年", (7, 12)),
        ("全年", (1, 12)),
    ],
)
def test_a_period_without_a_year_takes_it_from_the_context(text: str, span: tuple[int, int]) -> None:
    assert read_period(text, 2024) == months(2024, *span)
    assert read_period(text) is None


def test_a_year_in_the_text_beats_the_contexts() -> None:
    assert read_period("2025年3月", 2024) == months(2025, 3, 3)


def test_a_column_of_periods_keeps_empties_and_faults_apart() -> None:
    column = read_periods(pl.Series("期间", ["2025年3月", None, "-", "待定", "4月", "2025-05-01 00:00:00"]), 2025)
    assert column.start.to_list() == [date(2025, 3, 1), None, None, None, date(2025, 4, 1), date(2025, 5, 1)]
    assert column.end.to_list() == [date(2025, 3, 31), None, None, None, date(2025, 4, 30), date(2025, 5, 31)]
    assert column.bad.to_list() == [False, False, False, True, False, False]


def test_an_october_that_lost_its_nought_is_told_from_january_by_its_neighbours() -> None:
    texts = [
        "2025.9",
        "2025.9",
        "2025.1",
        "2025.1",
        "2025.11",
        "2025.12",
        "2025.1",
        "2025.2",
        "2025.8",
        "2025.9",
        "2025.1",
    ]
    starts = read_periods(pl.Series(texts), None).start.dt.month().to_list()
    assert starts == [9, 9, 10, 10, 11, 12, 1, 2, 8, 9, 10]
    assert read_periods(pl.Series(["2025.1", "2025.2"]), None).start.dt.month().to_list() == [1, 2]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1月", Part(None, (1, 1))),
        ("3月份", Part(None, (3, 3))),
        ("一季度", Part(None, (1, 3))),
        ("Q2", Part(None, (4, 6))),
        ("上半年", Part(None, (1, 6))),
        ("全年", Part(None, (1, 12))),
        ("2025年3月", Part(2025, (3, 3))),
        ("2025-03-01 00:00:00", Part(2025, (3, 3))),
        ("2025-03-15 00:00:00", Part(2025, (3, 3))),
        ("2025年3月1日", Part(2025, (3, 3))),
        ("2025年3月15日", Part(2025, weak=True)),
        ("2025", Part(2025)),
        ("Jan", Part(None, (1, 1))),
        ("第10周", Part(None, week=10)),
        ("3", None),
        ("12", None),
        ("1-3", None),
        ("3月5日", None),
        ("3个月", None),
        ("月份", None),
        ("一季度小计", None),
        ("1月应收", None),
        ("100", None),
        ("45717", None),
    ],
)
def test_a_heading_is_a_period_only_as_a_whole(text: str, part: Part | None) -> None:
    assert period_token(text) == part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("柳园街道2025年第二季度物业企业考核评分表", Part(2025, (4, 6))),
        ("桂香社区1月份收缴台账", Part(None, (1, 1))),
        ("2月更正", Part(None, (2, 2))),
        ("2024年物业费收缴情况（柳岸社区）", Part(2024)),
        ("2025年上半年支出汇总", Part(2025, (1, 6))),
        ("柳园街道小区台账（2025年6月）", Part(2025, (6, 6))),
        ("二〇二五年六月", Part(2025, (6, 6))),
        ("物业费_202503", Part(2025, (3, 3))),
        ("报表2025.6", Part(2025, (6, 6))),
        ("2025收费台账", Part(2025)),
        ("翠湖_2026Q1投诉台账", Part(2026, (1, 3))),
        ("小区大事记（2024—2025年）", Part(2024, None, 2025)),
        ("2024年12月-2025年2月供暖收费", Part(2024, (12, 2), 2025)),
        ("2025年第10周周报", Part(2025, week=10)),
        ("2025年3月3日至3月9日工作周报", Part(2025, days=(date(2025, 3, 3), date(2025, 3, 9)))),
        ("统计时间：2025年3月", Part(2025, (3, 3))),
        ("2025年度收费（1-3月）", Part(2025, (1, 3))),
        ("12345工单导出20250630", Part(2025, weak=True)),
        ("截至2025年6月30日", Part(2025, weak=True)),
        ("填报日期：2025年6月30日", None),
        ("填报日期：2025年6月", None),
        ("评审日期: 2025-06-30", None),
        ("Sheet1", None),
        ("表3", None),
        ("3月5日会议", None),
        ("第3次", None),
        ("3号楼", None),
        ("2号楼1单元", None),
        ("1-3栋", None),
        ("近3个月", None),
        ("五月花小区", None),
        ("四季花城", None),
        ("1998年建成", None),
        ("FAQ1", None),
        ("12345", None),
        ("", None),
    ],
)
def test_a_title_or_a_name_tells_its_period_and_nothing_else_does(text: str, part: Part | None) -> None:
    assert find_part(text) == part


@pytest.mark.parametrize(
    ("parts", "period"),
    [
        ([Part(None, (3, 3)), Part(2024)], months(2024, 3, 3)),
        ([None, Part(None, (3, 3)), None, Part(2024, (1, 12))], months(2024, 3, 3)),
        ([Part(2025, (2, 2)), Part(2024, (1, 12))], months(2025, 2, 2)),
        ([Part(2024), Part(None, (1, 3))], months(2024, 1, 3)),
        ([Part(2024)], months(2024, 1, 12)),
        ([Part(None, (3, 3)), Part(2025, weak=True)], months(2025, 3, 3)),
        ([Part(None, (3, 3)), Part(2025, weak=True), Part(2024)], months(2024, 3, 3)),
        ([Part(2025, weak=True)], None),
        ([Part(None, (3, 3))], None),
        ([Part(None, (1, 1)), Part(2024, (12, 2), 2025)], months(2025, 1, 1)),
        ([Part(None, (12, 12)), Part(2024, (12, 2), 2025)], months(2024, 12, 12)),
        ([Part(None, (3, 3)), Part(2024, None, 2025)], None),
        ([Part(None, week=10), Part(2025)], Period(date(2025, 3, 3), date(2025, 3, 9))),
        ([None], None),
        ([], None),
    ],
)
def test_months_come_from_the_nearest_part_that_has_them_and_so_does_the_year(
    parts: list[Part | None], period: Period | None
) -> None:
    assert join(parts) == period


@given(
    st.one_of(st.text(), st.text("0123456789年月日季度第一二三上下半全-至.Qq周 ")),
    st.one_of(st.none(), st.integers(1990, 2090)),
)
def test_no_text_is_too_odd(text: str, year: int | None) -> None:
    part = find_part(text)
    join([part, period_token(text), Part(year)])
    read_period(text, year)
    column = read_periods(pl.Series([text, None]), year)
    assert not (column.start.is_not_null() & column.bad).any()
    assert (column.start <= column.end).all()


@given(st.integers(1990, 2090), st.integers(1, 12), st.integers(1, 12))
def test_every_span_of_months_is_read_back(year: int, first: int, last: int) -> None:
    first, last = min(first, last), max(first, last)
    assert read_period(f"{year}年{first}月至{last}月") == months(year, first, last)
    assert read_period(f"{year}.{first}-{year}.{last}") == months(year, first, last)
