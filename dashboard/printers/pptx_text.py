"""Text on slides: every run with a Latin and an East Asian font, and tables with rules instead of boxes."""

from __future__ import annotations

from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from dashboard.printers.captions import clean
from dashboard.theme import PAPER

LATIN: Final = "Arial"
EAST: Final = "微软雅黑"
PLAIN_TABLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def write(paragraph: Any, text: str, size: float, colour: str = PAPER.ink, *, lang: str = "zh") -> None:
    """A run at the paragraph's end."""
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size = Pt(size)
    run.font.bold = False
    run.font.color.rgb = RGBColor(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))
    named(run._r.get_or_add_rPr(), lang)


def named(properties: Any, lang: str = "zh") -> None:
    """Names the fonts in run properties, Latin and East Asian; the language goes with them."""
    properties.set("lang", "zh-CN" if lang == "zh" else "en-US")
    properties.set("altLang", "en-US" if lang == "zh" else "zh-CN")
    for tag, name in (("a:latin", LATIN), ("a:ea", EAST)):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        one = OxmlElement(tag)
        one.set("typeface", name)
        properties.append(one)


def box(slide: Any, left: float, top: float, width: float, height: float) -> Any:
    """An empty text frame at inches, wrapped, without margins."""
    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def table(
    slide: Any,
    heads: list[str],
    rows: list[list[str]],
    numbers: list[bool],
    widths: list[float],
    place: tuple[float, float, float],
    size: float,
    lang: str,
    *,
    has_total: bool,
) -> Any:
    """A native table at (left, top, width) inches; numbers to the right, rules between rows."""
    left, top, width = place
    high = Inches(0.02) + Emu(int(Pt(size) * 1.75))
    shape = slide.shapes.add_table(
        len(rows) + 1, len(heads), Inches(left), Inches(top), Inches(width), high * (len(rows) + 1)
    )
    shown = shape.table
    properties = shown._tbl.tblPr
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = PLAIN_TABLE
    shown.horz_banding = False
    for at, share in enumerate(widths):
        shown.columns[at].width = Inches(width * share / sum(widths))
    for at, row in enumerate([heads, *rows]):
        shown.rows[at].height = high
        for column, text in enumerate(row):
            cell = shown.cell(at, column)
            cell.margin_left = cell.margin_right = Inches(0.06)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if numbers[column] else PP_ALIGN.LEFT
            write(paragraph, text.replace("\n", " "), size, PAPER.ink2 if at == 0 else PAPER.ink, lang=lang)
            heavy = at in (0, len(rows)) or (has_total and at == len(rows) - 1)
            _line(cell, heavy=heavy)
    return shape


def _line(cell: Any, *, heavy: bool) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = OxmlElement("a:lnB")
    line.set("w", str(Pt(1 if heavy else 0.5)))
    fill = OxmlElement("a:solidFill")
    colour = OxmlElement("a:srgbClr")
    colour.set("val", (PAPER.ink if heavy else PAPER.rule).removeprefix("#"))
    fill.append(colour)
    line.append(fill)
    properties.insert(0, line)
