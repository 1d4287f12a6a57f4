"""What a row doesn't say is taken from the nearest text that does: heading, block, sheet, sheet's name, file's name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.reading.context import build_context, filed_date, period_part

TITLE, SHEET, FILE = "2025年3月收费", "2025年2月", "2025年1月.xlsx"


@pytest.mark.parametrize(
    ("rows", "sheet", "file", "month"),
    [
        ([TITLE, ["小区", "月份", "2025年6月应收"], ["翠湖苑", "2025年5月", 1]], SHEET, FILE, 6),
        ([TITLE, ["小区", "月份", "应收"], ["翠湖苑", "2025年5月", 1]], SHEET, FILE, 5),
        ([TITLE, ["小区", "2025年4月应收"], ["翠湖苑", 1]], SHEET, FILE, 4),
        ([TITLE, ["小区", "应收"], ["翠湖苑", 1]], SHEET, FILE, 3),
        ([["小区", "应收"], ["翠湖苑", 1]], SHEET, FILE, 2),
        ([["小区", "应收"], ["翠湖苑", 1]], "Sheet1", FILE, 1),
        ([["小区", "应收"], ["翠湖苑", 1]], "Sheet1", "2025年1月/收费.xlsx", 1),
    ],
    ids=["month over the column", "row", "heading", "title", "sheet's name", "file's name", "folder's name"],
)
def test_the_nearest_text_that_names_a_month_gives_it(read: Any, rows: Any, sheet: str, file: str, month: int) -> None:
    seen = read(rows, sheet=sheet, file=file)
    assert [start.month for start in seen.column("fees", "period_start")] == [month]
    assert seen.told == []


def test_a_title_over_the_second_table_beats_that_of_the_sheet(read: Any) -> None:
    head = ["小区", "应收"]
    seen = read([TITLE, head, ["翠湖苑", 1], [], "2025年4月收费", head, ["翠湖苑", 2]])
    assert [start.month for start in seen.column("fees", "period_start")] == [3, 4]


@pytest.mark.parametrize(
    ("rows", "sheet", "file"),
    [
        (["2024年收费", ["小区", "3月应收"], ["翠湖苑", 1]], "2025年", "2026年.xlsx"),
        ([["小区", "3月应收"], ["翠湖苑", 1]], "2024年", "2026年.xlsx"),
        ([["小区", "3月应收"], ["翠湖苑", 1]], "收费", "2024年收费.xlsx"),
        ([["小区", "月份", "应收"], ["翠湖苑", "3月", 1]], "收费", "2024年收费.xlsx"),
        (["填报日期：2024年4月2日", ["小区", "3月应收"], ["翠湖苑", 1]], "收费", "a.xlsx"),
        (["填报日期：2025年1月12日", ["小区", "3月应收"], ["翠湖苑", 1]], "收费", "a.xlsx"),
    ],
    ids=["title", "sheet's name", "file's name", "row", "filed later that year", "filed before that month"],
)
def test_a_month_without_a_year_is_in_the_year_of_the_nearest_text_or_the_last_before_the_filing(
    read: Any, rows: Any, sheet: str, file: str
) -> None:
    seen = read(rows, sheet=sheet, file=file)
    assert seen.column("fees", "period_start", "period_end") == [(date(2024, 3, 1), date(2024, 3, 31))]


@pytest.mark.parametrize("words", ["填报日期", "制表时间", "评审日期", "上报日期", "打印时间"])
def test_the_day_on_which_a_paper_was_filled_in_is_no_period(read: Any, words: str) -> None:
    seen = read(["物业费", f"{words}：2025年4月2日", ["小区", "应收"], ["翠湖苑", 1]])
    assert seen.records("fees") == []
    assert seen.told == [("missing_value", "A4", "period_start", None)]
    ((zh, en),) = seen.messages("missing_value")
    assert zh == "缺少期间，标题、工作表名和文件名里也没有。请填期间，如 2025年3月 或 2025年第一季度。"
    assert en.startswith("The period is missing")
    assert "type a period, such as 2025-03" in en


def test_the_filing_date_of_the_file_is_the_latest_of_its_sheets(read: Any) -> None:
    head, row = ["小区", "应收"], ["翠湖苑", 1]
    seen = read(
        {"1月": ["填报日期：2025年2月3日", head, row], "2月": ["填报日期：2025.3.4", head, row]}, file="2025年.xlsx"
    )
    assert seen.reading.filed_on == date(2025, 3, 4)
    assert [start.month for start in seen.column("fees", "period_start")] == [1, 2]


@pytest.mark.parametrize(
    ("rows", "yuan"),
    [
        (["2025年3月（单位：万元）", ["小区", "应收（万元）"], ["翠湖苑", "30元"]], 30.0),
        (["2025年3月（单位：万元）", ["小区", "应收（元）"], ["翠湖苑", 30]], 30.0),
        (["2025年3月", "单位：万元", ["小区", "应收"], ["翠湖苑", 3]], 30000.0),
        (["2025年3月", ["单位：万元", None], ["小区", "应收"], ["翠湖苑", "3"]], 30000.0),
        (["2025年3月（万元）", ["小区", "应收"], ["翠湖苑", 3]], 30000.0),
        (["2025年3月", ["小区", "应收"], ["翠湖苑", 3], "注：金额单位为万元。"], 30000.0),
        (["2025年3月", "制表单位：万元里社区", ["小区", "应收"], ["翠湖苑", 3]], 3.0),
        (["2025年3月", ["小区", "应收"], ["翠湖苑", 3]], 3.0),
    ],
    ids=["cell", "heading", "line", "line in a row", "title", "note", "who filed it", "nobody"],
)
def test_the_unit_is_that_of_the_cell_then_the_heading_then_the_lines_around(read: Any, rows: Any, yuan: float) -> None:
    assert read(rows).column("fees", "receivable_yuan") == [yuan]


def test_a_unit_line_of_a_block_beats_that_of_the_sheet(read: Any) -> None:
    head = ["小区", "应收"]
    seen = read(["2025年3月（单位：万元）", head, ["翠湖苑", 1], [], "2025年4月（单位：元）", head, ["翠湖苑", 2]])
    assert seen.column("fees", "receivable_yuan") == [10000.0, 2.0]


def test_a_unit_of_money_never_touches_a_count(read: Any) -> None:
    seen = read(["2025年3月（单位：万元）", ["小区", "应收", "应缴户数"], ["翠湖苑", 1, 120]])
    assert seen.column("fees", "receivable_yuan", "households_due") == [(10000.0, 120)]


@pytest.mark.parametrize(
    ("title", "mode", "by"),
    [
        ("2025年3月满意度电话调查", "电话", None),
        ("2025年3月满意度调查（入户）", "入户", None),
        ("2025年3月满意度调查（第三方，扫码）", "二维码", "第三方"),
        ("2025年3月满意度自测", None, "自测"),
        ("松泉街道2025年3月满意度", None, None),
        ("2025年3月满意度（调查单位：松泉街道）", None, "街道"),
    ],
)
def test_the_title_of_a_survey_tells_how_and_by_whom_it_was_made(
    read: Any, title: str, mode: str | None, by: str | None
) -> None:
    seen = read([title, ["小区", "有效份数", "满意", "一般", "不满意"], ["翠湖苑", 6, 3, 2, 1]])
    assert seen.column("surveys", "mode", "conducted_by") == [(mode, by)]


def test_an_estate_of_the_title_or_the_sheets_name_is_kept_for_the_register_to_find(read: Any) -> None:
    seen = read(["2025年收费", ["月份", "应收"], ["1月", 1]], sheet="翠湖苑", file="收费/甲公司.xlsx")
    assert seen.records("fees") == [
        {"row": 3, "period_start": date(2025, 1, 1), "period_end": date(2025, 1, 31), "receivable_yuan": 1.0}
    ]
    (layout,) = seen.reading.layouts
    assert layout.contexts[-2:] == ("翠湖苑", "甲公司")
    assert "2025年收费" in layout.contexts


def test_texts_at_one_distance_complete_each_other() -> None:
    context = build_context(
        file="a.xlsx", sheet="Sheet1", block=["2025年度", "一季度"], sheet_title=[], notes=[], filed_on=None
    )
    period = context.period()
    assert period is not None
    assert (period.start, period.end) == (date(2025, 1, 1), date(2025, 3, 31))


def test_a_filing_date_is_found_by_its_words_only() -> None:
    assert filed_date(["2025年3月1日会议", "填报人：某 填报日期：2025年4月2日"]) == date(2025, 4, 2)
    assert filed_date(["2025年3月1日会议"]) is None
    assert period_part("填报日期：2025年4月2日") is None


def test_a_unit_line_below_the_table_counts_too(read: Any) -> None:
    seen = read(["2025年3月", ["小区", "应收"], ["翠湖苑", 3], "单位：万元"])
    assert seen.column("fees", "receivable_yuan") == [30000.0]


def test_the_title_of_the_sheet_completes_that_of_a_later_table(read: Any) -> None:
    head = ["小区", "应收"]
    seen = read(["2024年收费", "一季度", head, ["翠湖苑", 1], [], "二季度", head, ["翠湖苑", 2]], file="2023年.xlsx")
    assert seen.column("fees", "period_start") == [date(2024, 1, 1), date(2024, 4, 1)]


@pytest.mark.parametrize("text", ["评审日期：2025年3月", "考核时间：2025年3月", "填报单位：2025年3月专班"])
def test_a_line_about_the_paper_itself_tells_no_period(text: str) -> None:
    assert period_part(text) is None
