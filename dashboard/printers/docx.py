"""Prints a report as a Word document: real headings, editable tables with repeated heads, numbered captions, pictures.

A table's caption stands above it, a picture's below; both stay on one page with what they name, and with the note.
What finds no room on its page lets the text behind it go first (`flow`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from dashboard.printers.captions import (
    Numbered,
    alternative,
    bare,
    caption_word,
    clean,
    closing,
    glued,
    head_size,
    numbered,
    share_of,
)
from dashboard.printers.docx_page import (
    BLACK,
    BODY,
    KAI,
    OFFICIAL,
    OFFICIAL_EN,
    ONE_PAGE,
    PLAIN,
    PLAIN_EN,
    TITLE,
    Sheet,
    field,
    font,
    off_grid,
    page,
    styles,
)
from dashboard.printers.fitting import KEPT, fitted
from dashboard.printers.flow import POINTS_PER_MM, WORD, ends_open, flowing
from dashboard.stories.report import Grid, Heading, Paragraph, Picture, Points, Report, Signature
from dashboard.words import say

RED = RGBColor(0xD7, 0x00, 0x0F)
LONG = frozenset({"weekly", "bulletin", "rating"})
"""Documents that close with caveats and definitions on a page of their own; in the others the notes say it all."""
PICTURE_HIGH = 0.72
"""Of the type area's height a picture takes at most so much, so that its caption and note find room below."""
BELOW_HEADS = 0.62
"""The same in a collection, where each picture also has a heading and a comment."""


def docx(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The document. `progress` is told how many blocks of how many are done."""
    sheet = sheet_of(report)
    document = Document()
    styles(document, sheet, report.lang, is_official=report.is_official)
    page(document, sheet, report.lang, is_official=report.is_official)
    _properties(document, report)
    _head(document, report, sheet)
    painted: dict[int, bytes] = {}
    for place, block in enumerate(report.blocks):
        if isinstance(block, Picture):
            painted[id(block)] = bare(block.figure, "png", report.lang, is_narrow=True)
        if progress is not None:
            progress(place + 1, len(report.blocks))
    report = flowing(report, sheet, WORD, lambda one: _size(one, painted[id(one)], report, sheet)[1] * POINTS_PER_MM)
    counted = numbered(report)
    for place, block in enumerate(report.blocks):
        match block:
            case Heading():
                _heading(document, block)
            case Paragraph():
                _text(document, block.text, sheet, lead=block.lead, is_note=block.tone == "note")
            case Points():
                for at, text in enumerate(block.texts):
                    _text(document, text, sheet, number=block.first + at, lead=block.leads[at] if block.leads else "")
            case Picture():
                _picture(document, counted[place], block, painted[id(block)], report, sheet)
            case Grid():
                _grid(document, counted[place], block, report, sheet)
            case Signature():
                _signature(document, block, sheet)
    _tail(document, report, sheet)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def most_high(report: Report) -> float:
    """The share of the type area's height that a picture may take."""
    return BELOW_HEADS if report.kind == "collection" else PICTURE_HIGH


def sheet_of(report: Report) -> Sheet:
    """The sizes that a report is printed in."""
    if report.is_official:
        return OFFICIAL if report.lang == "zh" else OFFICIAL_EN
    if report.kind == "weekly":
        return ONE_PAGE
    return PLAIN if report.lang == "zh" else PLAIN_EN


def _properties(document: Any, report: Report) -> None:
    core = document.core_properties
    core.title, core.subject, core.author = clean(report.title), clean(report.subtitle), clean(report.street)
    core.comments = say("report.version_line", report.lang, as_of=report.as_of, version=report.version)
    core.language = "zh-CN" if report.lang == "zh" else "en"
    core.created = core.modified = datetime.now()
    core.category = say(f"report.{report.edition}", report.lang)


def _head(document: Any, report: Report, sheet: Sheet) -> None:
    if report.red_head:
        _red_head(document, report, sheet)
    mark = document.add_paragraph()
    font(
        mark.add_run(say(f"report.{report.edition}", report.lang)),
        BLACK,
        min(sheet.body, 12 if not report.is_official else 16),
    )
    title = document.add_paragraph(style="Title")
    title.add_run(clean(report.title))
    for text in (report.subtitle, report.scope):
        if text:
            below = document.add_paragraph(
                clean(text), style="Subtitle" if text == report.subtitle else "Lianping Note"
            )
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if report.is_official:
        document.add_paragraph()


def _red_head(document: Any, report: Report, sheet: Sheet) -> None:
    """发文机关标志, 发文字号 and the red line (GB/T 9704-2012, 7.2.4 to 7.2.7)."""
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    run = head.add_run(clean(report.red_head))
    font(run, TITLE, round(head_size(clean(report.red_head), sheet.wide_mm * POINTS_PER_MM)))
    run.font.color.rgb = RED
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    font(number.add_run(say("report.document_number", report.lang, year=report.year)), BODY, 16)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "D7000F")):
        line.set(qn(f"w:{key}"), value)
    border.append(line)
    properties = number._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _heading(document: Any, block: Heading) -> None:
    heading = document.add_paragraph(clean(block.text), style=f"Heading {block.level}")
    heading.paragraph_format.page_break_before = block.on_new_page


def _text(document: Any, text: str, sheet: Sheet, *, lead: str = "", number: int = 0, is_note: bool = False) -> None:
    paragraph = document.add_paragraph(style="Lianping Note" if is_note else "Normal")
    if sheet.indent and not is_note:
        paragraph.paragraph_format.first_line_indent = Pt(sheet.body * 2)
    if not is_note:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if sheet.indent else WD_ALIGN_PARAGRAPH.LEFT
        if not sheet.indent:
            paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.keep_with_next = ends_open(text)
    if number:
        paragraph.add_run(f"{number}. ")
    if lead:
        font(paragraph.add_run(clean(lead)), KAI)
    paragraph.add_run(glued(clean(text)))


def _caption(document: Any, one: Numbered, report: Report, *, is_before: bool) -> None:
    word = caption_word(one.block, report.lang)
    caption = document.add_paragraph(style="Caption")
    caption.add_run(word + ("" if report.lang == "zh" else " "))
    field(caption.add_run(), f" SEQ {word} \\* ARABIC ", str(one.number))
    caption.add_run("　" if report.lang == "zh" else ". ")
    caption.add_run(one.caption)
    caption.paragraph_format.keep_with_next = is_before or bool(one.note)
    if not is_before:
        caption.paragraph_format.space_before = Pt(2)


def _size(block: Picture, content: bytes, report: Report, sheet: Sheet) -> tuple[float, float]:
    """Width and height of a picture on the sheet, in millimetres."""
    across, down = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    wide = sheet.wide_mm * share_of(block.figure)
    high = wide * down / across
    most = sheet.high_mm * most_high(report)
    return (wide, high) if high <= most else (wide * most / high, most)


def _picture(document: Any, one: Numbered, block: Picture, content: bytes, report: Report, sheet: Sheet) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.keep_with_next = WD_LINE_SPACING.SINGLE, True
    form.space_before = Pt(4)
    off_grid(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    wide, high = _size(block, content, report, sheet)
    shape = paragraph.add_run().add_picture(BytesIO(content), width=Mm(wide), height=Mm(high))
    about = shape._inline.docPr
    about.set("descr", alternative(block.figure))
    about.set("title", one.caption)
    _caption(document, one, report, is_before=False)
    if block.comment:
        _text(document, block.comment, sheet)
    if one.note:
        document.add_paragraph(one.note, style="Lianping Note").paragraph_format.keep_together = True


def _grid(document: Any, one: Numbered, block: Grid, report: Report, sheet: Sheet) -> None:
    _caption(document, one, report, is_before=True)
    table = block.table
    is_short = len(table.rows) <= KEPT
    shape = fitted(block, report, sheet.table, sheet.wide_mm * POINTS_PER_MM)
    shown = document.add_table(rows=1, cols=len(table.columns))
    shown.alignment = WD_TABLE_ALIGNMENT.CENTER
    shown.autofit = False
    _rules(shown)
    for place, column in enumerate(table.columns):
        head = shown.rows[0].cells[place]
        _cell(head, shape.heads[place], shape.size, is_number=column.is_number, is_head=True)
        head.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    for at, row in enumerate(shape.rows):
        cells = shown.add_row().cells
        for place, text in enumerate(row):
            _cell(cells[place], text, shape.size, is_number=table.columns[place].is_number,
                  stays=(is_short and at < len(table.rows) - 1) or at == 0 or at >= len(table.rows) - 2)  # fmt: skip
    for row in shown.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        for place, width in enumerate(shape.widths):
            row.cells[place].width = Pt(width)
    shown.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _line(shown.rows[0], "bottom", 4)
    if block.has_total and table.rows:
        _line(shown.rows[-1], "top", 4)
    for place, width in enumerate(shape.widths):
        shown.columns[place].width = Pt(width)
    about = shown._tbl.tblPr
    for tag, text in (("w:tblCaption", one.caption), ("w:tblDescription", one.note)):
        told = OxmlElement(tag)
        told.set(qn("w:val"), text)
        about.append(told)
    if one.note:
        below = document.add_paragraph(one.note, style="Lianping Note").paragraph_format
        below.space_before, below.keep_together = Pt(3), True


def _cell(cell: Any, text: str, size: float, *, is_number: bool, is_head: bool = False, stays: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Lianping Cell"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.keep_with_next = is_head or stays
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        Pt(round(size * (1.38 if size > 9 else 1.3), 1)),
    )
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for at, line in enumerate(clean(text).split("\n")):
        if at:
            run.add_break(WD_BREAK.LINE)
        run.add_text(line)
    if is_head:
        font(run, BLACK)


def _rules(table: Any) -> None:
    """三线表: a heavy line above and below, light ones between the rows, none upright."""
    borders = OxmlElement("w:tblBorders")
    for edge, size, colour in (("top", 8, "1B1E23"), ("bottom", 8, "1B1E23"), ("insideH", 2, "D8D5CD")):
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties = table._tbl.tblPr
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "80")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    properties.append(margins)


def _line(row: Any, edge: str, size: int) -> None:
    for cell in row.cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = OxmlElement("w:tcBorders")
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "1B1E23")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
        properties.append(borders)


def _signature(document: Any, block: Signature, sheet: Sheet) -> None:
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.keep_with_next = True
    for place, text in enumerate(block.lines):
        paragraph = document.add_paragraph(clean(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form = paragraph.paragraph_format
        form.right_indent = Pt(sheet.body * 4)
        form.keep_with_next = place < len(block.lines) - 1


def _tail(document: Any, report: Report, sheet: Sheet) -> None:
    """What must be known to read the figures, and where they come from."""
    is_brief = sheet is ONE_PAGE
    if is_brief:
        document.add_paragraph((" " if report.lang == "en" else "").join(report.caveats), style="Lianping Note")
    else:
        first = report.kind in LONG
        if report.caveats:
            _heading(document, Heading(say("report.contents_caveats", report.lang), 1, on_new_page=first))
            first = False
            for text in report.caveats:
                below = document.add_paragraph(clean(text), style="Lianping Note").paragraph_format
                below.space_after, below.keep_with_next = Pt(2), report.kind not in LONG
        if report.definitions and report.kind in LONG:
            _heading(document, Heading(say("report.contents_definitions", report.lang), 1, on_new_page=first))
            for one in report.definitions:
                paragraph = document.add_paragraph(style="Lianping Note")
                paragraph.paragraph_format.space_after = Pt(2)
                font(paragraph.add_run(say("report.lead", report.lang, subject=clean(one.term))), BLACK)
                paragraph.add_run(clean(one.text))
        if report.kind in LONG:
            _heading(document, Heading(say("report.contents_lineage", report.lang), 1))
    document.add_paragraph(closing(report, is_brief=is_brief), style="Lianping Note")
