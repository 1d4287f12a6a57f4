"""The page and the styles of a Word document: GB/T 9704-2012 for official ones, a plainer sheet for the others.

GB/T 9704-2012: A4, head margin 37 mm, binding margin 28 mm, type area 156 × 225 mm (5.2), 22 lines of 28 characters
(5.2.3), title 2号小标宋 (7.3.1), text 3号仿宋 (7.3.3), headings 黑体, 楷体, 仿宋 (7.3.3), page number 4号 on the outer
side between dashes (7.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import parse_xml, serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pipelines.words import Language

BODY: Final = "仿宋_GB2312"
TITLE: Final = "方正小标宋简体"
BLACK: Final = "黑体"
KAI: Final = "楷体_GB2312"
SONG: Final = "宋体"
LATIN: Final = "Times New Roman"
FALLBACKS: Final = {
    BODY: "FangSong,仿宋,STFangsong,Noto Serif CJK SC,Noto Serif SC",
    TITLE: "FZXiaoBiaoSong-B05S,小标宋体,STZhongsong,华文中宋,Noto Serif CJK SC",
    BLACK: "SimHei,Microsoft YaHei,Noto Sans CJK SC,Noto Sans SC",
    KAI: "KaiTi,楷体,STKaiti,Noto Serif CJK SC",
    SONG: "SimSun,STSong,Noto Serif CJK SC",
}
"""By font what a reader takes where it is not installed."""
LINES: Final = 22
CHARACTERS: Final = 28
WIDE_MM: Final = 156.0
HIGH_MM: Final = 225.0
POINT_MM: Final = 72 / 25.4
LINE: Final = int(HIGH_MM * POINT_MM / LINES * 20) / 20
"""Exact line in points, in twentieths as Word counts, so that 22 fit."""
NARROWER: Final = -5
"""Twentieths of a point by which characters of 16 pt stand closer, so that 28 fit into a line: 28 × 15.75 pt ≤ 156 mm.
Programs read a grid of characters (docGrid linesAndChars) in different ways; this all read alike."""


@dataclass(frozen=True)
class Sheet:
    """Sizes of a document: type in points, line in points (exact), margins in mm (top, right, bottom, left)."""

    body: float
    line: float
    title: float
    small: float
    table: float
    margins: tuple[float, float, float, float]
    indent: bool

    @property
    def wide_mm(self) -> float:
        """The width of the type area."""
        return 210 - self.margins[1] - self.margins[3]

    @property
    def high_mm(self) -> float:
        """The height of the type area."""
        return 297 - self.margins[0] - self.margins[2]


OFFICIAL: Final = Sheet(16, LINE, 22, 9, 10.5, (37, 26, 35, 28), indent=True)
OFFICIAL_EN: Final = Sheet(12, 18, 20, 9, 9.5, (37, 26, 35, 28), indent=False)
PLAIN: Final = Sheet(12, 20, 20, 9, 10, (25, 24, 25, 26), indent=True)
PLAIN_EN: Final = Sheet(11, 16, 18, 8.5, 9, (25, 24, 25, 26), indent=False)
ONE_PAGE: Final = Sheet(10.5, 16, 18, 8.5, 9.5, (20, 20, 18, 20), indent=False)


def page(document: Any, sheet: Sheet, lang: Language, *, is_official: bool) -> None:
    """A4 with the sheet's margins; for official Chinese documents the grid of 22 lines and 28 characters."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin = Mm(sheet.margins[0]), Mm(sheet.margins[1])
    section.bottom_margin, section.left_margin = Mm(sheet.margins[2]), Mm(sheet.margins[3])
    section.footer_distance = Mm(min(26.0, sheet.margins[2] - 9))
    section.header_distance = Mm(15)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    if is_official and lang == "zh":
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(int(sheet.line * 20)))
        properties.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    size = 14 if is_official else 10.5
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        paragraph.paragraph_format.first_line_indent = Pt(0)
        form = paragraph.paragraph_format
        form.right_indent, form.left_indent = (Pt(size), None) if footer is section.footer else (None, Pt(size))
        for text, is_field in (("— ", False), (" PAGE ", True), (" —", False)):
            run = paragraph.add_run()
            font(run, SONG, size)
            if is_field:
                field(run, text, "1")
            else:
                run.text = text


def styles(document: Any, sheet: Sheet, lang: Language, *, is_official: bool) -> None:
    """Sets the styles: text, title, three headings, captions, notes, tables."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):
        _named(fonts, BODY)
    for name, family, size, bold in (
        ("Normal", BODY, sheet.body, False),
        ("Title", TITLE, sheet.title, False),
        ("Subtitle", KAI, sheet.body, False),
        ("Heading 1", BLACK, sheet.body, lang == "en"),
        ("Heading 2", KAI, sheet.body, lang == "en"),
        ("Heading 3", BODY, sheet.body, True),
        ("Caption", BLACK, sheet.table, lang == "en"),
    ):
        style = document.styles[name]
        font(style, family, size)
        style.font.bold, style.font.italic = bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(round(sheet.line, 2))
        form.widow_control = True
    title = document.styles["Title"].paragraph_format
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.line_spacing_rule, title.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(round(sheet.title * 1.55, 1))
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    document.styles["Subtitle"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption = document.styles["Caption"].paragraph_format
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.line_spacing_rule, caption.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.25
    caption.space_before, caption.space_after = Pt(6), Pt(3)
    for level in (1, 2, 3):
        form = document.styles[f"Heading {level}"].paragraph_format
        form.keep_with_next = True
        if not is_official or lang == "en":
            form.space_before = Pt(8)
    for name, size in (("Lianping Note", sheet.small), ("Lianping Cell", sheet.table)):
        style = document.styles.add_style(name, 1)
        style.base_style = document.styles["Normal"]
        font(style, BODY, size)
        form = style.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15
        form.first_line_indent = Pt(0)
    document.styles["Lianping Note"].paragraph_format.space_after = Pt(8)
    document.styles["Lianping Note"].font.color.rgb = RGBColor(0x47, 0x4D, 0x55)
    for name in ("Caption", "Lianping Note", "Lianping Cell", "Title"):
        off_grid(document.styles[name])
    if is_official and lang == "zh":
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(NARROWER))
        properties = document.styles["Normal"].element.get_or_add_rPr()
        properties.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    for speech in defaults.iter(qn("w:lang")):
        speech.set(qn("w:val"), "en-US")
        speech.set(qn("w:eastAsia"), "zh-CN")
    _fallbacks(document)


def font(target: Any, family: str, size: float | None = None) -> None:
    """Names the font of a run or style for Chinese and Latin text."""
    target.font.name = LATIN
    if size is not None:
        target.font.size = Pt(size)
    properties = target.element.get_or_add_rPr() if hasattr(target, "element") else target._element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    _named(fonts, family)


def off_grid(target: Any) -> None:
    """Takes a style or paragraph off the grid of lines, so that its height is its own."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    element = target.element if hasattr(target, "element") else target._p
    after = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr")
    element.get_or_add_pPr().insert_element_before(snap, *after)


def field(run: Any, instruction: str, shown: str) -> None:
    """A field (page number, caption number) with what it shows until the reader's program counts again."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        if kind == "instruction":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = instruction
        elif kind == "shown":
            part = OxmlElement("w:t")
            part.text = shown
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _named(fonts: Any, family: str) -> None:
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", family), ("cs", LATIN)):
        fonts.set(qn(f"w:{kind}"), name)


def _fallbacks(document: Any) -> None:
    """Names in the font table what to take where a font is missing."""
    part = next((one.target_part for one in document.part.rels.values() if one.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    root = parse_xml(part.blob)
    for name, others in FALLBACKS.items():
        for old in root.findall(qn("w:font")):
            if old.get(qn("w:name")) == name:
                root.remove(old)
        one = OxmlElement("w:font")
        one.set(qn("w:name"), name)
        for tag, value in (("w:altName", others), ("w:charset", "86"), ("w:family", "modern")):
            part_of = OxmlElement(tag)
            part_of.set(qn("w:val"), value)
            one.append(part_of)
        root.append(one)
    part._blob = serialize_part_xml(root)
