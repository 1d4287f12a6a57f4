"""What a reader of the printed documents would stumble over: holes, broken figures, repeated or unfounded words."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from dashboard.printers.captions import closing, head_size, is_code, note_of, numbered
from dashboard.printers.docx import sheet_of
from dashboard.printers.docx_page import OFFICIAL
from dashboard.printers.fitting import PAD, fitted
from dashboard.printers.flow import POINTS_PER_MM, WORD, ends_open, flowing
from dashboard.printers.measure import wide
from dashboard.published import Published
from dashboard.reporting import Wanted, printed, told
from dashboard.stories.atoms import Cell, Column, Footnote, Table
from dashboard.stories.report import Block, Grid, Heading, Paragraph, Points, Report, Signature

DOCUMENTS: dict[str, dict[str, Any]] = {
    "weekly": {"kind": "weekly"},
    "bulletin": {"kind": "bulletin", "period": "2025Q2"},
    "public": {"kind": "bulletin", "period": "2025Q2", "edition": "public", "has_red_head": True},
    "rating": {"kind": "rating"},
    "expenses": {"kind": "expenses", "estate": "松风国际花园", "period": "2025Q2"},
}


def document(demo: Published, raw: Path, name: str, lang: str) -> Report:
    return told(demo, Wanted(**DOCUMENTS[name], lang="en" if lang == "en" else "zh", inbox=raw))


def words_of(report: Report) -> list[str]:
    """All sentences of a document."""
    found = []
    for one in report.blocks:
        if isinstance(one, Paragraph):
            found.append(one.lead + one.text)
        elif isinstance(one, Points):
            leads = one.leads or ("",) * len(one.texts)
            found += [lead + text for lead, text in zip(leads, one.texts, strict=True)]
    return found


def table(rows: int, name: str = "t") -> Grid:
    cells = tuple((Cell(f"第{at}行"), Cell("1.0", 1.0)) for at in range(rows))
    columns = (Column("名称"), Column("数值", "元", is_number=True))
    return Grid(Table(name, name, columns, cells), Footnote("", "", "", "", "", "", ""), ("text", "one"))


def paper(*blocks: Block, kind: str = "bulletin") -> Report:
    return Report(kind, "标题", "", "internal", "zh", "", "", "街道", tuple(blocks))


def order(report: Report) -> list[str]:
    """The blocks as they are printed: the first word of a text, the name of a table."""
    found = []
    for one in flowing(report, OFFICIAL, WORD, lambda _: 0.0).blocks:
        if isinstance(one, Grid):
            found.append(one.table.id)
        elif isinstance(one, Heading | Paragraph):
            found.append(one.text[:2])
        elif isinstance(one, Points):
            found.append(one.texts[0][:2])
        elif isinstance(one, Signature):
            found.append("署名")
    return found


def test_a_table_without_room_lets_the_text_behind_it_go_first() -> None:
    long = "字" * 28 * 15
    after = "后文" + "字" * 28 * 6
    assert order(paper(Paragraph(long), table(10), Paragraph(after), Paragraph("再后"))) == [
        "字字",
        "后文",
        "t",
        "再后",
    ]
    assert order(paper(Paragraph("短"), table(10), Paragraph(after))) == ["短", "t", "后文"]


def test_tables_keep_their_order_and_never_cross_a_new_page_the_signature_or_an_account() -> None:
    long = Paragraph("字" * 28 * 15)
    two = (long, table(10, "a"), table(1, "b"))
    assert order(paper(*two, Paragraph("后文")))[-2:] == ["a", "b"]
    assert order(paper(*two, Heading("附表", on_new_page=True))) == ["字字", "a", "b", "附表"]
    assert order(paper(*two, Paragraph("末段"), Signature(("某办",)))) == ["字字", "a", "b", "末段", "署名"]
    assert order(paper(long, table(10), Paragraph("后文"), kind="rating")) == ["字字", "t", "后文"]
    assert order(paper(long, Heading("一、"), table(10), Paragraph("后文"))) == ["字字", "一、", "t", "后文"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_no_figure_of_a_table_is_broken_but_before_its_unit(
    demo: Published, demo_raw: Path, name: str, lang: str
) -> None:
    report = document(demo, demo_raw, name, lang)
    sheet = sheet_of(report)
    room = sheet.wide_mm * POINTS_PER_MM
    for block in report.grids:
        shape = fitted(block, report, sheet.table, room)
        assert sum(shape.widths) <= room + 0.1
        for row in shape.rows:
            for text, column, width in zip(row, block.table.columns, shape.widths, strict=True):
                if column.is_number:
                    assert all(wide(one, shape.size) <= width - PAD + 1.1 for one in text.split("\n")), text


def test_tables_of_one_kind_have_the_same_columns(demo: Published, demo_raw: Path) -> None:
    report = document(demo, demo_raw, "rating", "zh")
    sheet = sheet_of(report)
    widths = {fitted(one, report, 10.5, sheet.wide_mm * POINTS_PER_MM).widths for one in report.grids
              if one.table.id == "points"}  # fmt: skip
    assert len(widths) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_sentence_ends_and_none_is_said_twice(demo: Published, demo_raw: Path, name: str, lang: str) -> None:
    report = document(demo, demo_raw, name, lang)
    said = words_of(report)
    titles = [one.figure.title for one in report.pictures]
    for one in said:
        assert one.rstrip().endswith(("。", ".", "：", ":")), one
        assert not re.search(r"。。|\.\.|；；|, [A-Z][a-z]+ run|\. [a-z]+ \d+ days", one), one
    cases = [one.rstrip("。.") for one in said if one.rstrip("。.") in titles]
    alone = [one for one in cases if said.count(one) > 1]
    assert not alone
    if name == "bulletin":
        shown = next(at for at, one in enumerate(report.blocks) if (isinstance(one, Heading) and "典型案例" in one.text)
                     or (isinstance(one, Heading) and "Cases" in one.text))  # fmt: skip
        for one in report.blocks[shown:]:
            if isinstance(one, Paragraph):
                assert (one.lead + one.text).rstrip("。.") not in titles


def test_a_document_counts_the_estates_of_the_register_and_no_others(demo: Published, demo_raw: Path) -> None:
    for name in ("weekly", "bulletin"):
        report = document(demo, demo_raw, name, "zh")
        for one in report.pictures:
            assert "/37" not in one.figure.footnote.sample
            rows = getattr(one.figure.chart, "rows", ())
            assert not {row.subject for row in rows if hasattr(row, "subject")} & set(demo.desk.unregistered)


def test_estates_without_a_place_say_why(demo: Published, demo_raw: Path) -> None:
    report = document(demo, demo_raw, "bulletin", "zh")
    rows = {row[0].text: row for one in report.grids if one.table.id == "detail-collection_rate"
            for row in one.table.rows}  # fmt: skip
    assert rows["石桥新村"][-1].text == "账龄不同，不排位次"
    assert rows["锦澜府"][-1].text == "1"


def test_columns_of_dashes_and_of_kept_back_cells_are_left_out(demo: Published, demo_raw: Path) -> None:
    internal, public = (document(demo, demo_raw, name, "zh") for name in ("bulletin", "public"))
    heads = {one.table.id: [column.heading for column in one.table.columns] for one in internal.grids}
    assert "95%区间" in heads["detail-satisfaction_rate"]
    assert "95%区间" not in heads["detail-collection_rate"]
    categories = next(one for one in public.grids if one.table.id == "categories")
    cells = [cell.text for row in categories.table.rows for cell in row]
    assert len(categories.table.columns) == 3
    assert "※" not in cells
    assert "※" not in categories.table.note


def test_a_note_names_no_source_of_another_figure_and_no_code_that_leads_nowhere(
    demo: Published, demo_raw: Path
) -> None:
    report = document(demo, demo_raw, "weekly", "zh")
    signals = [one for one in report.pictures if one.figure.id.startswith("meeting-signal-")]
    assert signals
    assert all(not one.figure.footnote.source for one in signals)
    rating = document(demo, demo_raw, "rating", "zh")
    assert not any("rating-board" in one.note for one in numbered(rating).values())
    assert "查证码" not in closing(rating, is_brief=False)
    assert "查证码" in closing(report, is_brief=False)
    assert is_code("2025Q2-R3576")
    assert not is_code("compare-dots")
    assert note_of(Footnote("", "", "", "", "", "", "map"), "zh") == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_red_head_stands_on_one_line_with_the_year_of_the_paper(demo: Published, demo_raw: Path, lang: str) -> None:
    report = document(demo, demo_raw, "public", lang)
    shown = docx.Document(io.BytesIO(printed(report, "docx")))
    head, number = shown.paragraphs[0], shown.paragraphs[1]
    room = OFFICIAL.wide_mm * POINTS_PER_MM
    assert wide(head.text, head_size(head.text, room)) <= room
    assert "2025" in number.text
    text = PdfReader(io.BytesIO(printed(report, "pdf"))).pages[0].extract_text()
    assert "2025" in text.split(report.title)[0]


def test_what_announces_stays_with_what_it_announces_and_notes_stay_whole(demo: Published, demo_raw: Path) -> None:
    report = document(demo, demo_raw, "rating", "zh")
    shown = docx.Document(io.BytesIO(printed(report, "docx")))
    heralds = [one for one in shown.paragraphs if one.style.name == "Normal" and ends_open(one.text)]
    assert heralds
    assert all(one.paragraph_format.keep_with_next for one in heralds)
    notes = [one for one in shown.paragraphs if one.style.name == "Lianping Note" and one.text.startswith("期间：")]
    assert notes
    assert all(one.paragraph_format.keep_together for one in notes)
    pictures = [one for one in shown.paragraphs if one._p.findall(".//" + qn("w:drawing"))]
    assert all(one._p.pPr.find(qn("w:snapToGrid")) is not None for one in pictures)
