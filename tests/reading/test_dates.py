from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.dates import find_date, read_dates, read_times


def cells(*texts: str | None) -> pl.Series:
    return pl.Series("c", texts, dtype=pl.String)


FIRST_OF_MARCH = [
    "2025-3-1",
    "2025-03-01",
    "2025/3/1",
    "2025/03/01",
    "2025.3.1",
    "20250301",
    "2025年3月1日",
    "2025年03月01日",
    "2025年3月1",
    "2025 年 3 月 1 日",
    "２０２５年３月１日",
    "2025年3月1日（星期六）",
    "2025年3月1日 周六",
    "2025年3月1号",
    "二〇二五年三月一日",
    "二零二五年三月一日",
    "25.3.1",
    "25-3-1",
    "25年3月1日",
    "250301",
    "3月1日",
    "3.1",
    "3-1",
    "3/1",
    "三月一日",
    "2025-03-01 00:00:00",
    "2025-03-01 09:23:05",
    "2025-03-01T09:05",
    "45717",
    "45717.0",
    "45717.39",
    "2025年3月1日前",
    "2025年3月1日起",
    "自2025年3月1日",
    "2025年3月1日（周六）",
    "2025年3月1日上午9:05",
    "Mar 1, 2025",
    "1 March 2025",
    "1-Mar-25",
    "2025年3月",
    "2025-03",
    "202503",
    "2025年三月一日",
    "2025-3-1日",
    "2025。3。1",
    "2025、3、1",
    "'2025-3-1",
    "2025-3-1.",
]


@pytest.mark.parametrize("text", FIRST_OF_MARCH)
def test_a_day_is_read_in_all_spellings(text: str) -> None:
    column = read_dates(cells(text), 2025)
    assert (column.values.to_list(), column.bad.to_list()) == ([date(2025, 3, 1)], [False])


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025年2月29日",
        "2025年",
        "2025",
        "2025年13月1日",
        "20251301",
        "待核实",
        "2025年3月1日?",
        "2025-3-1至2025-5-1",
        "3月上旬",
        "2025.3.1-3.5",
        "3/1/2025",
        "12345",
        "2025年3月1日（待定）",
        "3天",
        "一季度",
        "日期待查",
    ],
)
def test_what_is_no_day_is_bad(text: str) -> None:
    column = read_dates(cells(text), 2025)
    assert (column.values.to_list(), column.bad.to_list()) == ([None], [True])


def test_a_day_without_a_year_needs_one_from_the_context() -> None:
    texts = cells("3月10日", "3.10", "2024年3月10日")
    assert read_dates(texts, 2023).values.to_list() == [date(2023, 3, 10), date(2023, 3, 10), date(2024, 3, 10)]
    assert read_dates(texts, None).values.to_list() == [None, None, date(2024, 3, 10)]
    assert read_dates(texts, None).bad.to_list() == [True, True, False]


def test_a_leap_day_without_a_year_is_a_day_only_in_a_leap_year() -> None:
    assert read_dates(cells("2月29日"), 2024).values.to_list() == [date(2024, 2, 29)]
    assert read_dates(cells("2月29日"), 2025).bad.to_list() == [True]


def test_the_order_of_day_and_month_is_believed_only_where_it_is_certain() -> None:
    texts = cells("3/25/2025", "25/3/2025", "3/3/2025", "3/4/2025")
    assert read_dates(texts, None).values.to_list() == [date(2025, 3, 25), date(2025, 3, 25), date(2025, 3, 3), None]


def test_two_digits_of_a_year_are_of_this_century_unless_that_is_far_off() -> None:
    assert read_dates(cells("09.5.1", "98.5.1"), None).values.to_list() == [date(2009, 5, 1), date(1998, 5, 1)]


def test_empties_and_what_has_not_happened_yet_are_no_dates_and_no_faults() -> None:
    texts = cells("暂缺", "-", None, "未办结", "办理中", "长期", "至今", "2025-3-1")
    column = read_dates(texts, None)
    assert column.values.to_list() == [None] * 7 + [date(2025, 3, 1)]
    assert not column.bad.any()


@pytest.mark.parametrize(
    ("text", "moment", "has_time"),
    [
        ("2025-04-02 11:51:00", datetime(2025, 4, 2, 11, 51), True),
        ("2025/4/2  09:23", datetime(2025, 4, 2, 9, 23), True),
        ("2025-4-5 3:29", datetime(2025, 4, 5, 3, 29), True),
        ("2025.4.2 09：23", datetime(2025, 4, 2, 9, 23), True),
        ("2025年4月2日 9:23:05", datetime(2025, 4, 2, 9, 23, 5), True),
        ("2025年4月2日9:23", datetime(2025, 4, 2, 9, 23), True),
        ("2025年4月2日 上午9:05", datetime(2025, 4, 2, 9, 5), True),
        ("2025年4月2日下午3时20分", datetime(2025, 4, 2, 15, 20), True),
        ("2025年4月2日 晚上8点半", datetime(2025, 4, 2, 20, 30), True),
        ("2025年4月2日中午12点", datetime(2025, 4, 2, 12), True),
        ("2025年4月2日9时", datetime(2025, 4, 2, 9), True),
        ("2025-04-02 3:20 PM", datetime(2025, 4, 2, 15, 20), True),
        ("2025-04-02 12:20 AM", datetime(2025, 4, 2, 0, 20), True),
        ("2025年4月2日 星期三 09:05", datetime(2025, 4, 2, 9, 5), True),
        ("2025-04-02T09:05", datetime(2025, 4, 2, 9, 5), True),
        ("2025-04-02T09:05:07Z", datetime(2025, 4, 2, 9, 5, 7), True),
        ("2025-04-02T09:05:07.250+08:00", datetime(2025, 4, 2, 9, 5, 7, 250000), True),
        ("20250402090507", datetime(2025, 4, 2, 9, 5, 7), True),
        ("202504020905", datetime(2025, 4, 2, 9, 5), True),
        ("45749.5", datetime(2025, 4, 2, 12), True),
        ("4月2日 9:23", datetime(2025, 4, 2, 9, 23), True),
        ("2025-04-02 24:00", datetime(2025, 4, 3), True),
        ("2025-04-02 00:00", datetime(2025, 4, 2), True),
        ("2025-04-02 00:00:00", datetime(2025, 4, 2), False),
        ("2025-04-02", datetime(2025, 4, 2), False),
        ("2025年4月2日", datetime(2025, 4, 2), False),
        ("2025年4月2日上午", datetime(2025, 4, 2), False),
        ("45749", datetime(2025, 4, 2), False),
    ],
)
def test_a_moment_is_read_and_it_is_known_whether_it_has_a_time(text: str, moment: datetime, has_time: bool) -> None:
    column = read_times(cells(text), 2025)
    assert (column.values.to_list(), column.bad.to_list(), column.has_time.to_list()) == ([moment], [False], [has_time])


def test_times_that_no_clock_shows_are_bad() -> None:
    texts = cells("2025-04-02 25:00", "2025-04-02 9:65", "2025-04-02 24:30", "2025-04-02 上班后", "9:23", "-", None)
    column = read_times(texts, 2025)
    assert column.values.null_count() == 7
    assert column.bad.to_list() == [True, True, True, True, True, False, False]
    assert not column.has_time.any()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("填报日期：2025年6月30日", date(2025, 6, 30)),
        ("制表时间: 2025.6.30", date(2025, 6, 30)),
        ("填报单位：物业办    填报日期：2025-6-30", date(2025, 6, 30)),
        ("12345工单导出20250630", date(2025, 6, 30)),
        ("二〇二五年六月三十日", date(2025, 6, 30)),
        ("电话12345678", None),
        ("2025年6月", None),
        ("2025年2月30日", None),
        ("", None),
    ],
)
def test_the_date_in_a_line_is_found(text: str, day: date | None) -> None:
    assert find_date(text) == day


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2080, 1, 1))
SHAPES = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y%m%d",
]


@given(
    st.lists(
        st.one_of(
            st.builds(datetime.strftime, MOMENTS, st.sampled_from(SHAPES)),
            st.from_regex(r"\A(19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}( [0-9]{1,2}:[0-9]{2})?\Z"),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_common_shapes_read_at_once_give_what_reading_them_one_by_one_gives(texts: list[str]) -> None:
    slow = cells(*(f"\u200b{text}" for text in texts))
    assert read_dates(cells(*texts), None).values.to_list() == read_dates(slow, None).values.to_list()
    at_once, one_by_one = read_times(cells(*texts), None), read_times(slow, None)
    assert at_once.values.to_list() == one_by_one.values.to_list()
    assert at_once.bad.to_list() == one_by_one.bad.to_list()
    assert at_once.has_time.to_list() == one_by_one.has_time.to_list()


@given(
    MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(["%Y年%m月%d日%H时%M分%S秒", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S"]),
)
def test_every_moment_is_read_back(moment: datetime, shape: str) -> None:
    assert read_times(cells(moment.strftime(shape)), None).values.to_list() == [moment]


@given(st.lists(st.one_of(st.none(), st.text(max_size=14), st.text("0123456789-/.:年月日时分 上下午T", max_size=16))))
def test_no_text_is_too_odd(texts: list[str | None]) -> None:
    series = cells(*texts)
    days, moments = read_dates(series, 2025), read_times(series, None)
    assert (len(days.values), len(moments.values), len(moments.has_time)) == (len(texts),) * 3
    assert not (days.values.is_not_null() & days.bad).any()
    for text in texts:
        find_date(text or "")
