from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.words import blank_to_null, chinese_number, heading_key, is_blank, plain, split_brackets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  小区\n名称 ", "小区 名称"),
        ("３％", "3%"),
        ("建筑面积（㎡）", "建筑面积(m2)"),
        ("柳岸\u3000新村\u00a0", "柳岸 新村"),
        ("\ufeff编\u200b号\x07", "编号"),
        ("应收_x000D_\n金额", "应收 金额"),
        ("", ""),
    ],
)
def test_text_is_brought_to_one_form(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("小 区 名 称", "小区名称"),
        ("*小区名称：", "小区名称"),
        ("小区名称＊", "小区名称"),
        ("应收金额\n（万元）", "应收金额(万元)"),
        ("1.小区名称", "小区名称"),
        ("一、应收", "应收"),
        ("（1）应收", "应收"),
        ("①保洁", "保洁"),
        ("3、维修", "维修"),
        ("Estate Name", "estatename"),
        ("满意1", "满意1"),
        ("2025.3", "2025.3"),
        ("1月", "1月"),
        ("***", "***"),
        ("(1)", "(1)"),
        ("收缴率%", "收缴率%"),
    ],
)
def test_headings_are_matched_without_marks_and_ordinals_but_with_their_brackets(heading: str, key: str) -> None:
    assert heading_key(heading) == key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("应收金额\n（万元）", ("应收金额", ("万元",))),
        ("锦绣苑(一期)【更正】[注]", ("锦绣苑", ("一期", "更正", "注"))),
        ("没有括号", ("没有括号", ())),
        ("应收（万元", ("应收(万元", ())),
        ("应收（）", ("应收", ())),
    ],
)
def test_brackets_come_apart_from_the_text(text: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert split_brackets(text) == expected


EMPTIES = [
    "-",
    "—",
    "–",
    "--",
    "——",
    "/",
    "\\",
    "无",
    "暂缺",
    "暂无",
    "暂无信息",
    "未统计",
    "N/A",
    "n/a",
    "NA",
    "null",
    "NaN",
    "空",
    "未填",
    "不详",
    "待补",
    "（无）",
    "无。",
    "－",
    "／",
    "…",
    "#N/A",
]


@pytest.mark.parametrize("text", [None, "", " ", "暂 无", "\u200b", "\u3000", *EMPTIES])
def test_these_say_that_a_cell_is_empty(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["0", "待核实", "见附件", "待定", "×", "否", "无锡路", "?", "12-15", "暂住人口", "空调", "*"]
)
def test_these_are_no_empty_marks(text: str) -> None:
    assert not is_blank(text)


def test_empty_marks_in_a_column_become_null_and_all_else_stays_as_typed() -> None:
    cells = pl.Series("说明", ["柳岸花园 ", "无", None, " — ", "待核实", "暂\u3000缺", "N/A", "0", "（无）", "无锡路"])
    expected = ["柳岸花园 ", None, None, None, "待核实", None, None, "0", None, "无锡路"]
    assert blank_to_null(cells).to_list() == expected
    assert blank_to_null(cells).name == "说明"


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.text("无暂缺-—/N aA（）。\u3000未填空", max_size=5))))
def test_empties_of_a_column_are_those_of_single_texts(texts: list[str | None]) -> None:
    found = blank_to_null(pl.Series("c", texts, dtype=pl.String)).to_list()
    assert found == [None if is_blank(text) else text for text in texts]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二〇二五", 2025),
        ("二○二五", 2025),
        ("三百二十", 320),
        ("三百二", 320),
        ("三百零二", 302),
        ("一千", 1000),
        ("两", 2),
        ("一万二", 12000),
        ("一万零二十", 10020),
        ("十万", 100000),
        ("一亿二千万", 120000000),
        ("廿三", 23),
        ("三点五", 3.5),
        ("壹仟贰佰", 1200),
        ("零", 0),
        ("百", None),
        ("万", None),
        ("二百三百", None),
        ("四区", None),
        ("12", None),
        ("", None),
    ],
)
def test_chinese_numerals_are_numbers(text: str, value: float | None) -> None:
    assert chinese_number(text) == value


@given(st.integers(1, 99_999_999))
def test_every_number_spelt_in_chinese_is_read_back(number: int) -> None:
    assert chinese_number(spelt(number)) == number


def spelt(number: int) -> str:
    """The textbook spelling, digit by digit, without short forms."""
    digits = "零一二三四五六七八九"
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return spelt(high) + "万" + gap + (spelt(low) if low else "")
    words, pending = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            words += ("零" if pending and words else "") + digits[digit] + unit
            pending = False
        else:
            pending = True
    return words


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    plain(text)
    heading_key(text)
    split_brackets(text)
    is_blank(text)
    chinese_number(text)
