"""Prints a report as slides, 16:9: one message a slide as its title, native charts, the rest in the notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches

from dashboard.charts.dots import DotPlot
from dashboard.printers.captions import Numbered, alternative, bare, caption_word, clean, note_of, numbered
from dashboard.printers.pptx_charts import native
from dashboard.printers.pptx_text import box, named, table, write
from dashboard.stories.report import Grid, Heading, Paragraph, Picture, Points, Report, Signature
from dashboard.theme import PAPER
from dashboard.words import say

WIDE: Final = 13.333
HIGH: Final = 7.5
SIDE: Final = 0.6
ROOM: Final = WIDE - 2 * SIDE
TOP: Final = 1.55
FOOT: Final = 6.85
ROWS: Final = 13
"""Rows of a table on a slide."""
DOTS: Final = 19
"""Rows of a dot plot on a slide: more would be too small to read."""
TITLE: Final = {"zh": 48, "en": 92}
"""Characters of a sentence that can be a title."""
LETTERS: Final = {"zh": 240, "en": 640}
"""Characters of running text on a slide."""


def pptx(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The presentation. `progress` is told how many blocks of how many are done."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    core = show.core_properties
    core.title, core.subject, core.author = clean(report.title), clean(report.subtitle), clean(report.street)
    core.created = core.modified = datetime.now()
    core.language = "zh-CN" if report.lang == "zh" else "en"
    _cover(show, report)
    counted = numbered(report)
    heading = report.title
    texts: list[tuple[str, str]] = []
    for place, block in enumerate(report.blocks):
        match block:
            case Heading():
                _texts(show, report, heading, texts)
                texts, heading = [], block.text
            case Paragraph():
                texts.append((block.lead, block.text))
            case Points():
                texts += [
                    (f"{block.first + at}. " + (block.leads[at] if block.leads else ""), text)
                    for at, text in enumerate(block.texts)
                ]
            case Picture():
                if len(texts) == 1:
                    _picture(show, report, counted[place], block, *texts)
                else:
                    _texts(show, report, heading, texts)
                    _picture(show, report, counted[place], block)
                texts = []
            case Grid():
                if len(texts) == 1:
                    _grid(show, report, counted[place], block, "".join(texts[0]))
                else:
                    _texts(show, report, heading, texts)
                    _grid(show, report, counted[place], block)
                texts = []
            case Signature():
                pass
        if progress is not None:
            progress(place + 1, len(report.blocks))
    _texts(show, report, heading, texts)
    _texts(show, report, say("slides.caveats", report.lang), [("", one) for one in report.caveats])
    terms = [(say("report.lead", report.lang, subject=one.term), one.text) for one in report.definitions]
    _texts(show, report, say("slides.definitions", report.lang), terms)
    stream = BytesIO()
    show.save(stream)
    return stream.getvalue()


def _cover(show: Any, report: Report) -> None:
    slide = show.slides.add_slide(show.slide_layouts[5])
    _title(slide, report.title, report, size=40, top=2.4, height=1.4)
    frame = box(slide, SIDE, 4.0, ROOM, 1.6)
    for at, (text, size) in enumerate(((report.subtitle, 20), (report.scope, 16))):
        if text:
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            write(paragraph, text, size, PAPER.ink2, lang=report.lang)
    edge = box(slide, SIDE, 0.5, ROOM, 0.4)
    write(edge.paragraphs[0], say(f"report.{report.edition}", report.lang), 14, PAPER.ink2, lang=report.lang)
    _foot(slide, say("report.version_line", report.lang, as_of=report.as_of, version=report.version), report)


def _slide(show: Any, report: Report, title: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[5])
    _title(slide, title, report)
    return slide


def _title(slide: Any, text: str, report: Report, *, size: float = 26, top: float = 0.42, height: float = 0.95) -> None:
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Inches(SIDE), Inches(top), Inches(ROOM), Inches(height)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    long = len(text) > (32 if report.lang == "zh" else 56)
    write(paragraph, text, size * 0.8 if long else size, lang=report.lang)


def _foot(slide: Any, text: str, report: Report) -> None:
    frame = box(slide, SIDE, FOOT, ROOM, 0.5)
    write(frame.paragraphs[0], text, 10.5, PAPER.ink3, lang=report.lang)


def _notes(slide: Any, text: str, report: Report) -> None:
    for shape in slide.notes_slide.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.BODY:
            paragraph = shape.text_frame.paragraphs[0]
            run = paragraph.add_run()
            run.text = clean(text)
            named(run._r.get_or_add_rPr(), report.lang)


def _texts(show: Any, report: Report, title: str, texts: Sequence[tuple[str, str]]) -> None:
    pages = list(_pages(texts, LETTERS[report.lang]))
    for at, page in enumerate(pages, 1):
        named_page = _part(title, at, len(pages), report)
        slide = _slide(show, report, named_page)
        frame = box(slide, SIDE, TOP, ROOM, FOOT - TOP - 0.1)
        longest = sum(len(lead + text) for lead, text in page)
        size = 22 if longest < LETTERS[report.lang] * 0.55 else 18
        for place, (lead, text) in enumerate(page):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Emu(int(size * 12700 * 0.6))
            paragraph.line_spacing = 1.15
            if lead:
                write(paragraph, lead, size, PAPER.accent, lang=report.lang)
            write(paragraph, text, size, lang=report.lang)
        _foot(slide, say("report.version_line", report.lang, as_of=report.as_of, version=report.version), report)
        _notes(slide, "\n".join(lead + text for lead, text in page), report)


def _pages(texts: Sequence[tuple[str, str]], most: int) -> Iterator[list[tuple[str, str]]]:
    page: list[tuple[str, str]] = []
    size = 0
    for lead, text in texts:
        length = len(lead + text) + most // 12
        if page and size + length > most * 1.4:
            yield page
            page, size = [], 0
        page.append((lead, text))
        size += length
    if page:
        yield page


def _picture(show: Any, report: Report, one: Numbered, block: Picture, before: tuple[str, str] = ("", "")) -> None:
    """A picture's slides. A sentence that stands alone before it is their message, where it is short enough."""
    sentence = re.sub(r"^\d+\. ", "", "".join(before))
    is_short = 0 < len(sentence) <= TITLE[report.lang]
    title = sentence.rstrip("。.") if is_short else block.figure.title
    under = block.comment or ("" if is_short else sentence) or block.figure.subtitle
    chart = block.figure.chart
    parts = [chart]
    if isinstance(chart, DotPlot) and len(chart.rows) > DOTS:
        half = -(-len(chart.rows) // -(-len(chart.rows) // DOTS))
        parts = [replace(chart, rows=chart.rows[at : at + half]) for at in range(0, len(chart.rows), half)]
    for at, part in enumerate(parts, 1):
        slide = _slide(show, report, _part(title, at, len(parts), report))
        sub = box(slide, SIDE, 1.2, ROOM, 0.4)
        write(sub.paragraphs[0], under, 14, PAPER.ink2, lang=report.lang)
        place = (SIDE, TOP + 0.3, ROOM, FOOT - TOP - 0.4)
        about = alternative(block.figure)
        if native(slide, part, place, report.lang) is not None:
            slide.shapes[-1]._element.nvGraphicFramePr.cNvPr.set("descr", about)
        else:
            content = bare(replace(block.figure, chart=part), "png", report.lang)
            shape = slide.shapes.add_picture(BytesIO(content), Inches(place[0]), Inches(place[1]))
            scale = min(Inches(place[2]) / shape.width, Inches(place[3]) / shape.height)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
            shape.left = int(Inches(WIDE) / 2 - shape.width / 2)
            shape._element.nvPicPr.cNvPr.set("descr", about)
        note = replace(block.figure.footnote, definition="", source="")
        _foot(slide, note_of(note, report.lang), report)
        word = caption_word(block, report.lang)
        said = note_of(block.figure.footnote, report.lang)
        _notes(slide, f"{word} {one.number}\n{one.caption}\n{about}\n{said}", report)


def _grid(show: Any, report: Report, one: Numbered, block: Grid, before: str = "") -> None:
    """A table's slides. A sentence that stands alone before it stands under the title."""
    shown = block.table
    heads = [column.heading + (f" {column.unit}" if column.unit else "") for column in shown.columns]
    signs = {"better": "● ", "worse": "◆ "}
    rows = [
        [("" if cell.text[:1] in "●◆" and cell.text else signs.get(cell.mark or "", "")) + cell.text for cell in row]
        for row in shown.rows
    ]
    pages = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)] or [[]]
    for at, page in enumerate(pages, 1):
        slide = _slide(show, report, _part(shown.title, at, len(pages), report))
        size = 14 if len(page) <= 10 and len(heads) <= 5 else 12
        if before:
            sub = box(slide, SIDE, 1.15, ROOM, 0.4)
            write(sub.paragraphs[0], before, 14, PAPER.ink2, lang=report.lang)
        shape = table(
            slide, heads, page, [column.is_number for column in shown.columns],
            list(block.widths or (1.0,) * len(heads)), (SIDE, 1.65 if before else 1.35, ROOM), size, report.lang,
            has_total=block.has_total and at == len(pages),
        )  # fmt: skip
        shape._element.nvGraphicFramePr.cNvPr.set("descr", one.caption)
        note = replace(block.footnote, definition="", source="")
        _foot(slide, note_of(note, report.lang, shown.note), report)
        word = caption_word(block, report.lang)
        _notes(slide, f"{word} {one.number}\n{one.caption}\n{note_of(block.footnote, report.lang, shown.note)}", report)


def _part(title: str, place: int, count: int, report: Report) -> str:
    return title if count == 1 else say("slides.part", report.lang, title=title, place=place, count=count)
