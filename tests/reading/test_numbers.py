from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.numbers import (
    Column,
    number,
    read_area,
    read_counts,
    read_degrees,
    read_fee,
    read_money,
    read_numbers,
    read_rates,
    read_years,
)
from pipelines.reading.units import Unit

WAN_YUAN = Unit("money", 1e4)


def cells(*texts: str | None) -> pl.Series:
    return pl.Series("c", texts, dtype=pl.String)


def both(column: Column) -> list[tuple[object, bool]]:
    return list(zip(column.values.to_list(), column.bad.to_list(), strict=True))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", 8),
        ("0.25", 0.25),
        ("-500", -500),
        ("1,234.5", 1234.5),
        ("1，234", 1234),
        ("1,8000", 18000),
        ("1,234,567", 1234567),
        ("１２０", 120),
        ("０．１８２３", 0.1823),
        ("1 234", 1234),
        (" 12 户 ", 12),
        ("648户", 648),
        ("5栋", 5),
        ("3天", 3),
        ("90分", 90),
        ("约120", 120),
        ("约1.2万户", 12000),
        ("近3000户", 3000),
        ("110余件", 110),
        ("2.2万余人", 22000),
        ("30多户", 30),
        ("300户左右", 300),
        ("100户以上", 100),
        ("300+", 300),
        ("二十多户", 20),
        ("¥1,200.00", 1200),
        ("￥80", 80),
        ("$5", 5),
        ("5000元整", 5000),
        ("(1,234.50)", -1234.5),
        ("（12）", -12),
        ("−5", -5),
        ("－5", -5),
        ("负5", -5),
        ("+5", 5),
        ("1.2万", 12000),
        ("1.5k", 1500),
        ("5千", 5000),
        ("3亿", 300000000),
        ("1亿2000万", 120000000),
        ("三百二十", 320),
        ("十二户", 12),
        ("1.2e5", 120000),
        ("1.2E+05", 120000),
        ("68%", 0.68),
        ("12。5", 12.5),
        ("85.3①", 85.3),
        ("648户（含商铺）", 648),
        ("'120", 120),
        ("1924-04-08 00:00:00", 8865),
        ("1900-01-05 00:00:00", 5),
        ("待核实", None),
        ("见附件", None),
        ("3天?", None),
        ("约?", None),
        ("12-15", None),
        ("12~15户", None),
        ("1/2", None),
        ("12 15", None),
        ("1,23", None),
        ("0,123", None),
        ("1.2.3", None),
        ("12(15)", None),
        ("3（待核实）", None),
        ("3号楼", None),
        ("第3次", None),
        ("2单元3户", None),
        ("2025-03-01", None),
        ("true", None),
        ("false", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("三五户", None),
        ("--5", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_type_it_or_not_at_all(text: str, value: float | None) -> None:
    assert number(text) == value


def test_numbers_empties_and_unreadable_cells_come_apart() -> None:
    column = read_numbers(cells("8", None, "暂缺", "-", "待核实", "1,234.5", "约6", "true"))
    assert both(column) == [
        (8.0, False),
        (None, False),
        (None, False),
        (None, False),
        (None, True),
        (1234.5, False),
        (6.0, False),
        (None, True),
    ]
    assert column.values.dtype == pl.Float64


def test_counts_are_whole_and_a_count_shown_as_a_date_is_the_count() -> None:
    column = read_counts(
        cells("316", "648户", "１２０", "约120", "1,124", "12.0", "12.5", "2.2万余", "1924-04-08 00:00:00", "/", "68%")
    )
    assert both(column) == [
        (316, False),
        (648, False),
        (120, False),
        (120, False),
        (1124, False),
        (12, False),
        (None, True),
        (22000, False),
        (8865, False),
        (None, False),
        (None, True),
    ]
    assert column.values.dtype == pl.Int64


def test_a_unit_in_the_cell_beats_the_headings() -> None:
    texts = cells(
        "15.6926", "6.6483万", "149,819.92元", "15万元", "待核实", "12户", "0.1元", "1,234", "1924-04-08 00:00:00"
    )
    expected = [156926.0, 66483.0, 149819.92, 150000.0, None, None, 0.1, 12340000.0, 88650000.0]
    column = read_money(texts, WAN_YUAN)
    assert column.values.to_list() == expected
    assert column.bad.to_list() == [value is None for value in expected]


def test_money_without_a_unit_is_yuan_and_a_deduction_is_negative() -> None:
    assert read_money(cells("192,029.68", "(500)", "-500", "¥80.5"), None).values.to_list() == [
        192029.68,
        -500.0,
        -500.0,
        80.5,
    ]


def test_a_unit_of_another_dimension_does_not_scale_money() -> None:
    assert read_money(cells("5"), Unit("count", 1e4)).values.to_list() == [5.0]


def test_areas_are_square_metres() -> None:
    texts = cells("55万㎡", "36,290.00", "约6240", "79,120.0平方米", "813㎡", "1.2公顷", "55800 m²", "3户")
    expected = [550000.0, 36290.0, 6240.0, 79120.0, 813.0, 12000.0, 55800.0, None]
    assert read_area(texts, None).values.to_list() == expected
    assert read_area(cells("5.58", "813㎡"), Unit("area", 1e4)).values.to_list() == [55800.0, 813.0]


def test_fees_are_turned_into_yuan_per_square_metre_and_month() -> None:
    texts = [
        "1.6",
        "1.05元/㎡·季",
        "2.80元",
        "14.4元/㎡·年",
        "1.2元/平米",
        "每平方米每月1.2元",
        "免费",
        "0.5",
        "/",
        "待核实",
        "1.5元（含电梯）",
    ]
    fee = read_fee(cells(*texts), None)
    assert fee.values.to_list() == [1.6, 0.35, 2.8, 1.2, 1.2, 1.2, 0.0, 0.5, None, None, 1.5]
    assert [text for text, bad in zip(texts, fee.bad, strict=True) if bad] == ["待核实"]
    assert fee.per_household.null_count() == len(texts)


def test_fees_of_a_household_stay_apart() -> None:
    fee = read_fee(cells("30元/户·月", "360元/年·户", "每户每年120元", "1.2"), None)
    assert fee.values.to_list() == [None, None, None, 1.2]
    assert fee.per_household.to_list() == [30.0, 30.0, 10.0, None]
    assert not fee.bad.any()


def test_what_a_fee_does_not_say_its_heading_does() -> None:
    yearly = read_fee(cells("12", "12元", "1.2元/㎡·月", "2.4元/㎡"), Unit("fee", 1.0, "m2", 12.0))
    assert yearly.values.to_list() == [1.0, 1.0, 1.2, 0.2]
    household = read_fee(cells("30", "1.2元/㎡"), Unit("fee", 1.0, "household", 1.0))
    assert (household.values.to_list(), household.per_household.to_list()) == ([None, 1.2], [30.0, None])


@pytest.mark.parametrize(
    "text", ["0.5至1.68元/平米/月", "1.2-1.5", "0.8～1.2元", "多层0.8元，高层1.2元", "0.8/1.2", "1.2元/㎡-1.5元/㎡"]
)
def test_a_range_of_fees_is_no_fee_and_no_fault(text: str) -> None:
    fee = read_fee(cells(text), None)
    assert (fee.values.to_list(), fee.bad.to_list(), fee.ranges.to_list()) == ([None], [False], [True])


def test_percentages_in_all_spellings_are_fractions() -> None:
    texts = [
        "86%",
        "0.91",
        "87.5",
        "0.785",
        "１２８％",
        "３％",
        "百分之六十八",
        "六成八",
        "七成",
        "1",
        "100",
        "680‰",
        "-",
        "较高",
        "约90%",
    ]
    expected = [0.86, 0.91, 0.875, 0.785, 1.28, 0.03, 0.68, 0.68, 0.7, 1.0, 1.0, 0.68, None, None, 0.9]
    column = read_rates(cells(*texts), None, None)
    assert column.values.to_list() == expected
    assert [text for text, bad in zip(texts, column.bad, strict=True) if bad] == ["较高"]


def test_a_cell_shown_as_a_percentage_holds_the_fraction() -> None:
    column = read_rates(cells("0.68", "1", "1.05", "87.5"), pl.Series([True, True, True, False]), None)
    assert column.values.to_list() == [0.68, 1.0, 1.05, 0.875]


def test_a_column_of_fractions_may_exceed_one_and_stays_as_it_is() -> None:
    assert read_rates(cells("0.98", "1.05"), None, None).values.to_list() == [0.98, 1.05]


def test_a_column_of_percents_holds_its_small_overshoots() -> None:
    assert read_rates(cells("98", "1.05"), None, None).values.to_list() == [0.98, 0.0105]


def test_under_a_percent_heading_numbers_above_one_are_percents_and_fractions_stay_fractions() -> None:
    heading = Unit("rate", 0.01)
    assert read_rates(cells("1.5", "0.91", "92%"), None, heading).values.to_list() == [0.015, 0.91, 0.92]


def test_years_are_found_in_what_people_write_for_them() -> None:
    texts = [
        "2008",
        "1986年",
        "2009年建成",
        "1998.0",
        "80年代",
        "上世纪90年代",
        "98年",
        "2009.5",
        "2009-05-01 00:00:00",
        "1905-06-20 00:00:00",
    ]
    texts += ["2005-2008", "二〇〇八年", "约1998", "200905", "1850", "老旧", "-", "1998?", "12"]
    expected = [
        2008,
        1986,
        2009,
        1998,
        1980,
        1990,
        1998,
        2009,
        2009,
        1998,
        2005,
        2008,
        1998,
        2009,
        1850,
        None,
        None,
        None,
        None,
    ]
    column = read_years(cells(*texts))
    assert dict(zip(texts, column.values, strict=True)) == dict(zip(texts, expected, strict=True))
    assert [text for text, bad in zip(texts, column.bad, strict=True) if bad] == ["老旧", "1998?", "12"]


def test_degrees_are_decimal_whatever_the_notation() -> None:
    texts = [
        "117.220889",
        "117.22°E",
        "东经117.22°",
        "117°13'14.5\"",
        "117°13′14.5″",
        "117度13分14.5秒",
        "31.8N",
        "71.5W",
        "117.2,31.8",
        "待测",
        "-",
    ]
    column = read_degrees(cells(*texts))
    arc = 117 + 13 / 60 + 14.5 / 3600
    expected = [117.220889, 117.22, 117.22, arc, arc, arc, 31.8, -71.5, None, None, None]
    assert column.values.to_list() == expected
    assert column.bad.to_list() == [False] * 8 + [True, True, False]


READERS: dict[str, Callable[[pl.Series], Column]] = {
    "numbers": read_numbers,
    "counts": read_counts,
    "yuan": lambda series: read_money(series, None),
    "wan": lambda series: read_money(series, WAN_YUAN),
    "area": lambda series: read_area(series, Unit("area", 1e4)),
    "years": read_years,
    "degrees": read_degrees,
}
FIGURES = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: f"{value:.4f}"),
    st.floats(0, 1e7).map(lambda value: f"{value:,.2f}"),
    st.floats(0, 1e6).map(lambda value: f"{value:,.2f}元"),
    st.integers(1850, 2100).map(lambda year: f"{year}年"),
    st.from_regex(r"\A-?[0-9]{1,4}(,[0-9]{2,4}){0,2}(\.[0-9]{1,3})?[户元%万]?\Z"),
)


@pytest.mark.parametrize("reader", READERS)
@given(texts=st.lists(FIGURES, min_size=1, max_size=20))
def test_common_shapes_read_at_once_give_what_reading_them_one_by_one_gives(reader: str, texts: list[str]) -> None:
    read = READERS[reader]
    # No expression knows a shape with a mark of zero width in it, and the parser doesn't see the mark.
    at_once, one_by_one = read(cells(*texts)), read(cells(*(f"\u200b{text}" for text in texts)))
    assert at_once.values.to_list() == one_by_one.values.to_list()
    assert at_once.bad.to_list() == one_by_one.bad.to_list()


@given(texts=st.lists(FIGURES, min_size=1, max_size=20))
def test_rates_and_fees_at_once_are_those_one_by_one(texts: list[str]) -> None:
    slow = cells(*(f"\u200b{text}" for text in texts))
    assert both(read_rates(cells(*texts), None, None)) == both(read_rates(slow, None, None))
    unit = Unit("fee", 1.0, "m2", 3.0)
    assert read_fee(cells(*texts), unit).values.to_list() == read_fee(slow, unit).values.to_list()


@given(
    st.lists(
        st.one_of(
            st.none(), st.text(max_size=12), st.text("0123456789.,万元%-~/（）()约余千百一二年 E户°'", max_size=10)
        )
    )
)
def test_no_text_is_too_odd(texts: list[str | None]) -> None:
    series = cells(*texts)
    for read in READERS.values():
        column = read(series)
        assert (len(column.values), len(column.bad)) == (len(texts), len(texts))
        assert not (column.values.is_not_null() & column.bad).any()
    read_rates(series, None, None)
    read_fee(series, None)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_an_empty_column_and_a_column_of_nulls_are_read(read: Callable[[pl.Series], Column]) -> None:
    assert both(read(cells())) == []
    assert both(read(cells(None, None))) == [(None, False)] * 2
