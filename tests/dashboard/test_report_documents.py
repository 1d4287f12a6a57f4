"""Documents opened again: their numbers are those of `lianping metrics`, their form is that of the standard."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from pptx import Presentation
from pypdf import PdfReader
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.published import Published
from dashboard.reporting import Form, Wanted, printed, told
from dashboard.stories.report import Report

MM = 36000


@cache
def _kept(demo_id: int) -> dict[tuple[str, str, str], bytes]:
    return {}


def made(demo: Published, raw: Path, kind: str, form: Form, lang: str = "zh", **more: Any) -> tuple[Report, bytes]:
    """The document and its bytes, made once."""
    wanted = Wanted(kind, lang="en" if lang == "en" else "zh", inbox=raw, **more)
    report = told(demo, wanted)
    kept = _kept(id(demo))
    key = (kind, form, lang)
    if key not in kept or more:
        kept[key] = printed(report, form)
    return report, kept[key]


def metrics(warehouse: Path, period: str, by: str, *names: str) -> dict[tuple[str, str], dict[str, Any]]:
    words = ["metrics", "--period", period, "--by", by, "--format", "json", "--warehouse", str(warehouse)]
    for name in names:
        words += ["--metric", name]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return {(one["metric"], one["subject"]): one for one in json.loads(done.output)}


def plain(text: str) -> float:
    return float(re.sub(r"[^\d.\-]", "", text.replace("\u2212", "-")))


def tables_of(document: Any) -> dict[str, list[list[str]]]:
    from docx.table import Table

    found, last = {}, ""
    for one in document.iter_inner_content():
        if isinstance(one, Table):
            found[last] = [[cell.text for cell in row.cells] for row in one.rows]
        elif one.style.name == "Caption":
            last = one.text
    return found


def test_the_numbers_of_a_bulletin_in_word_are_those_of_the_metrics(
    demo: Published, demo_raw: Path, demo_warehouse: Path
) -> None:
    _, content = made(demo, demo_raw, "bulletin", "docx", period="2025Q2")
    document = docx.Document(io.BytesIO(content))
    found = tables_of(document)
    names = ("satisfaction_rate", "collection_rate", "closure_median_hours", "cost_per_m2_month")
    known = metrics(demo_warehouse, "2025Q2", "estate", *names)
    rows = next(rows for title, rows in found.items() if "各小区四项指标" in title)
    checked = 0
    for row in rows[1:]:
        for text, name in zip(row[2:], names, strict=True):
            value = known[name, row[0]]["value"]
            if text == "—":
                assert value is None, (row[0], name)
                continue
            shown = value * 100 if name.endswith("_rate") else value
            assert plain(text) == pytest.approx(shown, abs=0.0501 if "cost" not in name else 0.00501), (row[0], name)
            checked += 1
    assert checked > 100
    street = metrics(demo_warehouse, "2025Q2", "street", *names)
    text = "\n".join(one.text for one in document.paragraphs)
    satisfied = next(one for (name, _), one in street.items() if name == "satisfaction_rate")
    value, low, high = (f"{satisfied[key] * 100:.1f}" for key in ("value", "low", "high"))
    assert f"满意率为 {value}%（95%区间 {low}–{high}）" in text
    detail = next(rows for title, rows in found.items() if "满意率明细" in title)
    assert [plain(one) for one in detail[-1][1:3]] == [satisfied["numerator"], satisfied["denominator"]]


def test_an_official_document_has_the_page_of_the_standard(demo: Published, demo_raw: Path) -> None:
    _, content = made(demo, demo_raw, "bulletin", "docx", period="2025Q2")
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert (round(section.page_width / MM), round(section.page_height / MM)) == (210, 297)
    assert round((section.page_width - section.left_margin - section.right_margin) / MM) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / MM) == 225
    assert (round(section.top_margin / MM), round(section.left_margin / MM)) == (37, 28)
    body = document.styles["Normal"]
    assert body.font.size.pt == 16
    line = body.paragraph_format.line_spacing.pt
    assert 22 * line <= 225 / 25.4 * 72 < 23 * line
    closer = body.element.rPr.find(qn("w:spacing"))
    character = 16 + int(closer.get(qn("w:val"))) / 20
    assert 28 * character <= 156 / 25.4 * 72 < 29 * character
    fonts = {
        name: document.styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"][:5] == [
        "一、基本情况", "二、排名与进退", "三、突出问题", "四、典型案例", "五、下季度要求",
    ]  # fmt: skip


def test_captions_are_numbered_by_fields_and_pictures_can_be_heard(demo: Published, demo_raw: Path) -> None:
    report, content = made(demo, demo_raw, "weekly", "docx")
    document = docx.Document(io.BytesIO(content))
    captions = [one for one in document.paragraphs if one.style.name == "Caption"]
    assert len(captions) == len(report.pictures) + len(report.grids)
    assert all("SEQ" in one._p.xml for one in captions)
    numbers = [int(found[1]) for one in captions if (found := re.match(r"图(\d+)", one.text))]
    assert numbers == list(range(1, len(report.pictures) + 1))
    told_of = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert len(told_of) == len(report.pictures)
    assert all(told_of)
    for one in document.tables:
        assert one.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    images = [part for part in document.part.package.iter_parts() if part.partname.endswith(".png")]
    assert images
    from PIL import Image

    assert {round(Image.open(io.BytesIO(one.blob)).info["dpi"][0]) for one in images} == {300}


def test_each_figure_and_table_of_metrics_carries_a_code_that_leads_to_it(demo: Published, demo_raw: Path) -> None:
    from pipelines.tracing.codes import resolve

    report, content = made(demo, demo_raw, "bulletin", "docx", period="2025Q2")
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
    codes = [code for one in report.lineage for code in one.code.split("、") if code]
    assert len(codes) > 10
    for code in codes:
        assert resolve(demo.desk, code)
        assert code in text


def test_slides_have_native_charts_with_the_values_of_the_metrics(demo: Published, demo_raw: Path) -> None:
    report, content = made(demo, demo_raw, "weekly", "pptx")
    show = Presentation(io.BytesIO(content))
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, abs=0.001)
    charts = []
    for slide in show.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            if shape.has_chart:
                series = shape.chart.plots[0].series[0]
                charts.append((series.name, list(series.values)))
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    from dashboard.charts.run import RunChart

    runs = [one.figure.chart for one in report.pictures if isinstance(one.figure.chart, RunChart)]
    assert len(runs) >= 4
    expected = [(f"{one.name} {one.unit}", [step.value for step in one.steps]) for one in runs]
    assert [one for one in charts if one[0] in dict(expected)] == expected


def test_every_run_on_a_slide_names_its_east_asian_font(demo: Published, demo_raw: Path) -> None:
    _, content = made(demo, demo_raw, "weekly", "pptx")
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for slide in Presentation(io.BytesIO(content)).slides:
        for run in slide._element.iter(f"{space}r"):
            east = run.find(f"{space}rPr/{space}ea")
            assert east is not None, run.findtext(f"{space}t")
            assert east.get("typeface") == "微软雅黑"


def test_a_pdf_embeds_its_fonts_and_has_bookmarks(demo: Published, demo_raw: Path, demo_warehouse: Path) -> None:
    _, content = made(demo, demo_raw, "bulletin", "pdf", period="2025Q2")
    reader = PdfReader(io.BytesIO(content))
    outline = [one.title for one in reader.outline if not isinstance(one, list)]
    assert outline[:5] == ["一、基本情况", "二、排名与进退", "三、突出问题", "四、典型案例", "五、下季度要求"]
    assert reader.metadata is not None
    assert reader.metadata.title == "关于2025年二季度物业服务情况的通报"
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            one = font.get_object()
            inner = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
            held = inner["/FontDescriptor"].get_object()
            fonts.add(str(one["/BaseFont"]).split("+")[-1])
            assert any(key in held for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    assert any("NotoSerifSC" in one for one in fonts)
    assert any("NotoSansSC" in one for one in fonts)
    street = metrics(demo_warehouse, "2025Q2", "street", "closure_median_hours")
    value = next(iter(street.values()))["value"]
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    assert f"办结时长中位数为{value:.1f}小时" in text


def test_a_workbook_has_live_sums_and_rates(demo: Published, demo_raw: Path, demo_warehouse: Path) -> None:
    _, content = made(demo, demo_raw, "bulletin", "xlsx", period="2025Q2")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(one for one in book if str(one["A1"].value).startswith("收缴率明细"))
    last = max(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == "合计")
    assert sheet.cell(last, 2).value == f"=SUM(B5:B{last - 1})"
    assert sheet.cell(last, 4).value == f"=B{last}/C{last}"
    assert sheet.freeze_panes == "B5"
    assert sheet.print_area
    assert sheet.print_title_rows == "$3:$4"
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[sheet.title]
    known = metrics(demo_warehouse, "2025Q2", "estate", "collection_rate")
    for row in range(5, last):
        one = known["collection_rate", str(values.cell(row, 1).value)]
        if one["value"] is not None:
            assert values.cell(row, 4).value == pytest.approx(one["value"])
            assert values.cell(row, 2).value == pytest.approx(one["numerator"])
    assert {"口径", "来源"} <= set(book.sheetnames)
    assert any(one._charts for one in book)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_formulas_recompute_to_the_values_that_are_printed(demo: Published, demo_raw: Path, tmp_path: Path) -> None:
    _, content = made(demo, demo_raw, "bulletin", "xlsx", period="2025Q2")
    # Without the stored values LibreOffice has to count.
    book = openpyxl.load_workbook(io.BytesIO(content))
    bare, out = tmp_path / "bare.xlsx", tmp_path / "out"
    book.save(bare)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(bare)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    counted = openpyxl.load_workbook(out / "bare.xlsx", data_only=True)
    checked = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    again = counted[sheet.title][cell.coordinate].value
                    assert again == pytest.approx(stored[sheet.title][cell.coordinate].value), cell.coordinate
                    checked += 1
    assert checked > 60


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["weekly", "bulletin", "estate", "expenses", "rating"])
def test_every_document_comes_in_every_form_and_language(demo: Published, demo_raw: Path, kind: str, lang: str) -> None:
    more = {"bulletin": {"period": "2025Q2"}, "estate": {"estate": "云织坊小区"}, "expenses": {"estate": "云织坊小区"}}
    wanted = Wanted(kind, lang="en" if lang == "en" else "zh", inbox=demo_raw, **more.get(kind, {}))  # type: ignore[arg-type]
    report = told(demo, wanted)
    assert report.title
    opened = {
        "docx": lambda content: docx.Document(content).core_properties.title,
        "xlsx": lambda content: openpyxl.load_workbook(content).properties.title,
        "pptx": lambda content: Presentation(content).core_properties.title,
        "pdf": lambda content: PdfReader(content).metadata.title,
    }
    forms: tuple[Form, ...] = ("xlsx", "docx") if kind in ("bulletin", "weekly") else ("docx", "xlsx", "pptx", "pdf")
    for form in forms:
        assert opened[form](io.BytesIO(printed(report, form))) == report.title


def test_points_are_never_called_percent(demo: Published, demo_raw: Path) -> None:
    for lang in ("zh", "en"):
        report = told(demo, Wanted("bulletin", period="2025Q1", lang="en" if lang == "en" else "zh", inbox=demo_raw))
        said = json.dumps([getattr(one, "texts", ()) for one in report.blocks], ensure_ascii=False)
        assert not re.search(r"(上升|下降|提高|降低)\s*[\d.]+\s*%", said)
        assert not re.search(r"(up|down) [\d.]+\s*%", said)
        assert ("个百分点" if lang == "zh" else "percentage points") in said


def test_the_codes_of_a_collection_lead_to_figures(demo: Published, demo_raw: Path, tmp_path: Path) -> None:
    from dashboard.stories.documents_collection import Choice, dumps
    from pipelines.tracing.codes import resolve

    estate = (("estate", "云织坊小区"), ("period", "2025Q2"))
    chosen = [
        Choice("meeting-collection_rate"), Choice("compare-dots", (("period", "2025Q1"),)), Choice("compare-quadrants"),
        Choice("map"), Choice("estate-satisfaction_rate", estate), Choice("estate-tickets", estate),
        Choice("estate-expenses", estate), Choice("estate-timeline", estate), Choice("rating-board"),
    ]  # fmt: skip
    file = tmp_path / "chosen.json"
    file.write_text(dumps(chosen), encoding="utf-8")
    report = told(demo, Wanted("collection", figures=file, inbox=demo_raw))
    codes = [one.code for one in report.lineage]
    assert codes[-2:] == ["", ""]
    for code, choice in zip(codes[:-2], chosen[:-2], strict=True):
        found = [resolve(demo.desk, one)[0] for one in code.split("、")]
        assert found, choice.figure
        if choice.view == estate:
            assert {one.subject for one in found} == {"云织坊小区"}
    assert codes[1].startswith("2025Q1-")
    assert len(codes[2].split("、")) == 2
