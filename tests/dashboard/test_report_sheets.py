"""Workbooks of reports opened again: numbers are numbers, charts cover no cells, every sheet fits its paper."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard.charts.times import Ageing, OpenTicket, Squares
from dashboard.printers.grids import grid
from dashboard.printers.xlsx_report import _number
from dashboard.published import Published
from dashboard.reporting import Wanted, printed, told


def opened(demo: Published, raw: Path, kind: str, **more: Any) -> Any:
    """The workbook, read again."""
    return openpyxl.load_workbook(io.BytesIO(printed(told(demo, Wanted(kind, inbox=raw, **more)), "xlsx")))


def test_charts_stand_below_the_data_and_cover_no_cell(demo: Published, demo_raw: Path) -> None:
    book = opened(demo, demo_raw, "weekly")
    found = 0
    for sheet in book:
        for chart in sheet._charts:
            found += 1
            first = chart.anchor._from
            last = max(cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None)
            assert first.row >= last, sheet.title
            assert first.col == 0
            assert sheet.print_area
            bottom = int(sheet.print_area.rpartition("$")[2])
            assert bottom > first.row + 10
    assert found >= 8


def test_every_sheet_is_one_page_wide_on_a4_with_its_head_frozen(demo: Published, demo_raw: Path) -> None:
    book = opened(demo, demo_raw, "rating")
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title.startswith(("表", "图")):
            assert sheet.freeze_panes
    assert "口径" not in book.sheetnames
    weekly = opened(demo, demo_raw, "weekly")
    assert weekly["口径"].max_row == 5


def test_numbers_in_columns_of_numbers_can_be_reckoned_with(demo: Published, demo_raw: Path) -> None:
    book = opened(demo, demo_raw, "rating")
    sheet = next(one for one in book if str(one["A1"].value).endswith("得分明细"))
    points = [sheet.cell(row, 4).value for row in range(5, 11)]
    most = [sheet.cell(row, 5).value for row in range(5, 11)]
    assert all(isinstance(one, (int, float)) for one in (*points, *most))
    assert sum(most) == 100
    assert sheet["C5"].number_format == "0.0%"
    assert 0 < sheet["C5"].value < 1


@pytest.mark.parametrize(
    ("text", "value"),
    [("29.6", 29.6), ("\u22121,200", -1200.0), ("89.1%", 0.891), ("21.0 小时", 21.0), ("—", None), ("※", None),
     ("2025年二季度", None), ("=1+1", None), ("81.5–83.8", None), ("32/36", None)],
)  # fmt: skip
def test_only_what_is_a_number_is_read_as_one(text: str, value: float | None) -> None:
    assert _number(text) == (value if value is None else pytest.approx(value))


def test_a_sheet_of_sentences_says_how_high_its_rows_are(demo: Published, demo_raw: Path) -> None:
    sheet = opened(demo, demo_raw, "weekly")["说明"]
    long = [cell for row in sheet.iter_rows() for cell in row if cell.value and len(str(cell.value)) > 40]
    assert long
    assert all(sheet.row_dimensions[cell.row].height > 30 for cell in long)


def test_a_ticket_without_a_number_is_a_blank_and_states_are_words() -> None:
    one = OpenTicket("None", 9.25, is_over=True, text="9天")
    assert grid(Ageing((one,), None, "", "天", "9天"), "zh").rows[0][0] == ""
    squares = Squares((("甲", "reported"), ("乙", "missing")), ("已报1", "未报1"))
    assert [row[1] for row in grid(squares, "zh").rows] == ["已报", "未报"]
