"""Slides opened again: a finding as each title, nothing over the edge, native charts with the metrics' figures."""

from __future__ import annotations

import io
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from dashboard.charts.dots import DotPlot
from dashboard.charts.fields import FunnelChart
from dashboard.printers.pptx_charts import apart, scale
from dashboard.printers.pptx_deck import END, ROOM, TITLES, Item, _high, _shared
from dashboard.printers.pptx_tables import sheets
from dashboard.printers.pptx_text import lines
from dashboard.published import Published
from dashboard.reporting import Wanted, printed, told
from dashboard.stories.atoms import Cell, Column, Footnote, Table
from dashboard.stories.findings import finding
from dashboard.stories.report import Grid, Heading, Report
from dashboard.words import say

EMU = 914400
NOTE = Footnote("", "", "", "", "", "", "")
KINDS: dict[str, dict[str, Any]] = {
    "weekly": {},
    "bulletin": {"period": "2025Q2"},
    "bulletin-public": {"period": "2025Q2", "edition": "public"},
    "estate": {"estate": "云织坊小区"},
    "rating": {},
}


@cache
def _kept(demo_id: int) -> dict[tuple[str, str], tuple[Report, Any]]:
    return {}


def shown(demo: Published, raw: Path, kind: str, lang: str = "zh") -> tuple[Report, Any]:
    """The document and its slides, made once."""
    kept = _kept(id(demo))
    if (kind, lang) not in kept:
        name = kind.partition("-")[0]
        report = told(demo, Wanted(name, lang="en" if lang == "en" else "zh", inbox=raw, **KINDS[kind]))
        kept[kind, lang] = report, Presentation(io.BytesIO(printed(report, "pptx")))
    return kept[kind, lang]


def sizes(shape: Any) -> set[float]:
    return {int(one.get("sz")) / 100 for one in shape._element.iter(qn("a:rPr")) if one.get("sz")}


def title_of(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["weekly", "bulletin", "estate", "rating"])
def test_nothing_leaves_the_slide_and_titles_take_two_lines_at_most(
    demo: Published, demo_raw: Path, kind: str, lang: str
) -> None:
    _, show = shown(demo, demo_raw, kind, lang)
    for at, slide in enumerate(show.slides, 1):
        for shape in slide.shapes:
            place = (at, shape.name)
            assert shape.left >= 0, place
            assert shape.left + shape.width <= show.slide_width, place
            assert shape.top + shape.height <= END * EMU + 9999, place
        whole = [one for one in slide.shapes if one.has_table or one.has_chart]
        foot = min(one.top for one in slide.shapes if one.top > 6 * EMU and one.has_text_frame)
        for one in whole:
            assert one.top + one.height <= foot, (at, one.name)
        title = slide.shapes.title
        size = max(sizes(title))
        assert size >= 18
        assert lines(title.text_frame.text, size, title.width / EMU) <= (2 if at > 1 and size <= 26 else 3), at


@pytest.mark.parametrize("kind", ["weekly", "bulletin", "estate", "rating"])
def test_a_title_states_a_finding_and_is_no_label(demo: Published, demo_raw: Path, kind: str) -> None:
    report, show = shown(demo, demo_raw, kind)
    labels = {one.table.title for one in report.grids}
    labels |= {one.text for one in report.blocks if isinstance(one, Heading)}
    labels.add(say("compare.funnel_title", "zh"))
    for slide in list(show.slides)[1:]:
        plain = re.sub(r"（\d+/\d+）$", "", title_of(slide))
        assert plain not in labels, plain
        assert re.search(r"\d|一处|没有|：|，", plain), plain


def test_tables_are_read_from_the_back_of_a_room_and_go_on_under_their_heads(demo: Published, demo_raw: Path) -> None:
    report, show = shown(demo, demo_raw, "bulletin")
    parts: dict[tuple[str, ...], list[list[str]]] = {}
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert min(sizes(shape)) >= 12
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                parts.setdefault(tuple(rows[0]), []).extend(rows[1:])
    for block in report.grids:
        heads = tuple(
            one.heading + (f"（{one.unit}）" if one.unit else "") for one in block.table.columns
        )  # fmt: skip
        said = [[re.sub("^[●◆] ", "", text) for text in row] for row in parts[heads]]
        for row in block.table.rows:
            assert [re.sub("^[●◆] ", "", cell.text) for cell in row] in said


def test_dots_and_funnels_are_native_charts_with_the_values_of_the_metrics(demo: Published, demo_raw: Path) -> None:
    report, show = shown(demo, demo_raw, "weekly")
    held: list[set[tuple[float, ...]]] = []
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                held.append(set())
                for one in shape.chart.plots[0].series:
                    xs = [float(v.text) for v in one._element.iterfind(f".//{qn('c:xVal')}//{qn('c:v')}")]
                    ys = [float(v.text) for v in one._element.iterfind(f".//{qn('c:yVal')}//{qn('c:v')}")]
                    held[-1] |= {(x, y) for x, y in zip(xs, ys, strict=False)}
    every = [
        {round(x, 6) for points in held for x, _ in points}, {(round(x, 6), round(y, 6)) for p in held for x, y in p}
    ]  # fmt: skip
    charts = [one.figure.chart for one in report.pictures]
    plots = [one for one in charts if isinstance(one, DotPlot)]
    funnels = [one for one in charts if isinstance(one, FunnelChart)]
    assert plots
    assert funnels
    for plot in plots:
        for row in plot.rows:
            if row.value is not None:
                assert round(row.value, 6) in every[0], row.name
                assert row.low is None or round(row.low, 6) in every[0]
    for funnel in funnels:
        for spot in funnel.spots:
            assert (round(spot.x, 6), round(spot.y, 6)) in every[1], spot.name
    text = "\n".join(run.text or "" for slide in show.slides for run in slide._element.iter(qn("a:t")))
    charts_text = "".join(
        run.text or ""
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_chart
        for run in shape.chart._chartSpace.iter(qn("a:t"))
    )
    for plot in plots:
        for row in plot.rows:
            assert row.name in (charts_text if row.value is not None else text), row.name


def test_the_longest_series_of_a_chart_with_two_number_axes_comes_first(demo: Published, demo_raw: Path) -> None:
    _, show = shown(demo, demo_raw, "weekly")
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_chart and shape.chart._chartSpace.find(f".//{qn('c:scatterChart')}") is not None:
                counts = [
                    int(one._element.find(f"{qn('c:yVal')}//{qn('c:ptCount')}").get("val"))
                    for one in shape.chart.plots[0].series
                ]
                assert counts[0] == max(counts)


def test_notes_tell_definition_source_version_and_trace_code(demo: Published, demo_raw: Path) -> None:
    report, show = shown(demo, demo_raw, "bulletin")
    notes = [slide.notes_slide.notes_text_frame.text for slide in show.slides]
    assert all(notes)
    whole = "\n".join(notes)
    for one in report.lineage:
        assert one.title in whole
        assert one.code in whole
    with_code = [one for one in notes if "查证码" in one and "口径" in one]
    assert len(with_code) >= len(report.pictures)
    assert all("版本" in one for one in with_code)
    for note in (slide.notes_slide for slide in show.slides):
        for run in note.notes_text_frame._txBody.iter(qn("a:r")):
            assert run.find(f"{qn('a:rPr')}/{qn('a:ea')}") is not None


def test_a_public_slide_says_nothing_of_all_where_some_are_kept_back(demo: Published, demo_raw: Path) -> None:
    report, show = shown(demo, demo_raw, "bulletin-public")
    mark = say("report.kept_back_mark", "zh")
    hidden = [one for one in report.grids if any(c.text == mark for row in one.table.rows for c in row)]
    assert hidden
    for block in hidden:
        if block.table.id.startswith("detail-") or block.table.id == "estates":
            assert "公布的小区" in finding(block, "zh")
            assert finding(block, "zh") in "".join(title_of(one) for one in show.slides)


def test_points_that_are_not_counted_are_no_lost_points() -> None:
    def row(name: str, value: str, got: str, most: str) -> tuple[Cell, ...]:
        return tuple(Cell(one) for one in ("诉求办理", name, value, got, most, ""))

    columns = tuple(Column(one) for one in ("方面", "项目", "实际", "得分", "满分", "说明"))
    table = Table(
        "points", "甲得分明细", columns, (row("按时办结率", "—", "0.0", "15"), row("收缴率", "69%", "8.7", "10"))
    )
    block = Grid(table, NOTE, ("text",) * 6)
    assert finding(block, "zh") == "失分最多的是收缴率，得 8.7 分，满分 10 分"
    assert finding(Grid(Table("unknown", "", columns, table.rows), NOTE, ("text",) * 6), "zh") == ""


def test_labels_at_the_end_of_lines_keep_apart() -> None:
    placed = apart([0.1, 0.11, 0.12, 0.5], 0.05)
    assert all(after - before >= 0.05 - 1e-9 for before, after in pairwise(placed))
    assert placed[3] == pytest.approx(0.5)
    assert sum(placed[:3]) / 3 == pytest.approx(0.11)
    assert apart([0.1, 0.9], 0.05) == [0.1, 0.9]


@pytest.mark.parametrize(
    ("values", "ceiling", "ends"),
    [([76.2, 84.1], 100.0, (74.0, 86.0)), ([0.0, 5.0], None, (0.0, 6.0)), ([99.0, 100.0], 100.0, (98.5, 100.0))],
)
def test_an_axis_has_round_ends_around_its_values(
    values: list[float], ceiling: float | None, ends: tuple[float, float]
) -> None:
    low, high, step = scale(values, ceiling=ceiling)
    assert low <= min(values)
    assert high >= max(values)
    assert (low, high) == pytest.approx(ends)
    assert (high - low) / step < 12


def test_texts_are_shared_by_slides_about_evenly_and_none_is_lost() -> None:
    items = [Item("", "一" * 60) for _ in range(9)]
    pages = _shared(items, 20, 3.0)
    assert [one for page in pages for one in page] == items
    assert all(_high(page, 20) <= 3.0 for page in pages)
    assert max(map(len, pages)) - min(map(len, pages)) <= 1


def test_a_wide_table_gives_its_numbers_room_and_wraps_its_texts() -> None:
    columns = (Column("小区"), Column("金额", "元", is_number=True), Column("说明"))
    rows = tuple((Cell(f"甲{at}"), Cell("1,234,567.89"), Cell("长" * 120)) for at in range(30))
    parts = sheets(Grid(Table("t", "", columns, rows), NOTE, ("text", "two", "text")), 12.0, 5.0, "zh")
    assert sum(len(one.rows) for one in parts) == 30
    for one in parts:
        assert sum(one.widths) == pytest.approx(12.0)
        assert one.tall <= 5.0
        assert one.heads == ("小区", "金额（元）", "说明")
        assert lines("1,234,567.89", one.size, one.widths[1]) == 1


def test_a_public_pack_does_not_count_what_it_leaves_out(demo: Published, demo_raw: Path) -> None:
    report = told(demo, Wanted("weekly", edition="public", inbox=demo_raw))
    show = Presentation(io.BytesIO(printed(report, "pptx")))
    cover = "".join(one.text or "" for one in show.slides[0]._element.iter(qn("a:t")))
    assert report.title in cover
    assert report.conclusion not in cover
    titles = [title_of(one) for one in show.slides]
    assert any(one.startswith("新情况：") for one in titles)


def test_a_title_with_spaces_beside_chinese_is_reckoned_as_wide_as_office_programs_set_it() -> None:
    title = "公布的小区中，满意率 64.1% 至 92.3%，收缴率 45.3% 至 95.7%（1/3）"
    assert lines(title, TITLES[0], ROOM) == 2
