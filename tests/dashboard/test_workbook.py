"""Workbooks of figures: opened again they hold the numbers, a chart that can be edited, and the notes."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from dashboard.charts.dots import DotPlot, DotRow
from dashboard.gallery import figure, figures
from dashboard.printers.taking import taken
from dashboard.printers.workbook import workbook
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Footnote
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

NOTE = Footnote("口径一句", "样本一句", "2025年二季度", "2025年7月6日", "甲.xlsx", "v1", "test-figure")


def test_the_workbook_of_the_dot_plot_holds_the_figures_that_the_metrics_give(demo: Published) -> None:
    shown = figure(demo, Selection(period="2025Q2"), "compare-dots")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(shown, lang="zh")))["数据"]
    written = {row[0]: row[2:5] for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]}
    values = demo.values(Question(read_period("2025Q2"), "estate", (), ("satisfaction_rate",)))
    assert set(written) == {one.subject for one in values}
    for one in values:
        for told, known in zip(written[one.subject], (one.value, one.low, one.high), strict=True):
            assert told == (None if one.value is None else pytest.approx(known))
    assert sheet["C5"].number_format == "0.0%"


def test_every_figure_of_the_demo_has_a_chart_that_can_be_edited_and_its_notes(demo: Published) -> None:
    for one in figures(demo, Selection(period="2025Q2", lang="en")):
        content = workbook(one, lang="en")
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert "xl/charts/chart1.xml" in packed.namelist(), one.id
        notes = openpyxl.load_workbook(io.BytesIO(content))["Notes"]
        told = {str(label): str(text or "") for label, text in notes.iter_rows(max_col=2, values_only=True)}
        assert told["Title"] == one.title
        assert told["Figure"] == one.footnote.code


def test_intervals_are_error_bars_of_the_native_chart(demo: Published) -> None:
    content = workbook(figure(demo, Selection(period="2025Q2"), "compare-dots"), lang="zh")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        chart = packed.read("xl/charts/chart1.xml").decode()
    assert "<c:errBars>" in chart
    assert "$G$5" in chart
    assert "$F$5" in chart


def test_text_that_looks_like_a_formula_is_written_as_text() -> None:
    rows = tuple(
        DotRow(name, name, "10", 50.0, "50.0", 40.0, 60.0, "12", None, "same", False, "")
        for name in ("=1+1", "+86", "-甲", "@乙")
    )
    chart = DotPlot(
        "满意率",
        "%",
        rows,
        0,
        100,
        (0, 50, 100),
        None,
        "",
        None,
        "",
        ("小区", "户数", "样本"),
        (),
        ("a", "b", "c", "d"),
        "",
    )
    shown = Figure("x", "=题目", "@副题", chart, NOTE)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(shown, lang="zh")))["数据"]
    cells = [sheet["A1"], sheet["A2"], *(sheet.cell(row, 1) for row in range(5, 9))]
    assert [(one.value, one.data_type) for one in cells] == [
        (text, "s") for text in ("=题目", "@副题", "=1+1", "+86", "-甲", "@乙")
    ]


def test_a_download_comes_under_a_name_that_says_what_it_is(demo: Published) -> None:
    name, media, content = taken(demo, Selection(period="2025Q2"), "compare-dots|xlsx||")
    assert name.startswith("对标-满意率")
    assert name.endswith("2025年二季度.xlsx")
    assert media.endswith("sheet")
    assert content[:2] == b"PK"
    assert taken(demo, Selection(lang="en", period="2025Q2"), "map|png|wide|grey")[0].startswith("Map-")
