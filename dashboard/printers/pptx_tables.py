"""Native tables on slides: columns as wide as what they hold, rules instead of boxes, rows shared evenly by slides."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from dashboard.printers.measure import wide
from dashboard.printers.pptx_text import LEADING, LOOSE, lines, write
from dashboard.stories.report import Grid
from dashboard.theme import PAPER
from pipelines.words import Language

PLAIN_TABLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
SIZES: Final = (16.0, 14.0, 12.0)
"""Of letters in tables, the largest first; less can't be read from the back of a room."""
PAD: Final = 0.08
"""Inches left and right of a cell's text."""
APART: Final = 0.3
"""Inches before a column of text that follows a column of numbers."""
ROOMY: Final = 1.5
"""A table is drawn out to no more than so many times what it needs: else the eye loses the row."""
_MARKS: Final = {"better": "● ", "worse": "◆ "}


@dataclass(frozen=True)
class Sheet:
    """A table that is ready to be written: heads, rows, what is to the right, widths and heights in inches."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    widths: tuple[float, ...]
    head: float
    heights: tuple[float, ...]
    size: float
    has_total: bool = False
    is_tight: bool = False
    """Whether texts had to give way to each other."""

    @property
    def tall(self) -> float:
        """Inches from top to bottom."""
        return self.head + sum(self.heights)


def sheets(block: Grid, room: float, high: float, lang: Language) -> list[Sheet]:
    """The table in parts no higher than `high`: in one part with the largest letters that allow it, else in parts of
    about as many rows. The heads stand above each part."""
    heads = tuple(_head(one.heading, one.unit, lang) for one in block.table.columns)
    rows = tuple(
        tuple(
            ("" if cell.text[:1] in "●◆" and cell.text else _MARKS.get(cell.mark or "", ""))
            + cell.text.replace("\n", " ")
            for cell in row
        )
        for row in block.table.rows
    )
    whole = [_sheet(heads, rows, block, room, size) for size in SIZES]
    fits = [one for one in whole if one.tall <= high]
    found = next((one for one in fits if not one.is_tight), fits[-2] if len(fits) > 1 else fits[0] if fits else None)
    if found is not None:
        return [found]
    small = whole[-1]
    count = -(-int(sum(small.heights) * 1000) // int((high - small.head) * 1000))
    while True:
        cuts = [round(at * len(rows) / count) for at in range(count + 1)]
        parts = [
            Sheet(heads, rows[first:end], small.numbers, small.widths, small.head, small.heights[first:end], small.size,
                  has_total=block.has_total and end == len(rows))
            for first, end in itertools.pairwise(cuts)
        ]  # fmt: skip
        if count >= len(rows) or all(one.tall <= high for one in parts):
            return parts
        count += 1


def _head(heading: str, unit: str, lang: Language) -> str:
    if not unit:
        return heading
    return f"{heading}（{unit}）" if lang == "zh" else f"{heading} ({unit})"


def _sheet(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], block: Grid, room: float, size: float) -> Sheet:
    numbers = tuple(one.is_number for one in block.table.columns)
    gaps = [_gap(numbers, at) + PAD for at in range(len(heads))]
    longest = [
        max(_head_wide(heads[at], size), *(wide(row[at], size * LOOSE) for row in rows), 0.0) / 72 + gaps[at] + 0.03
        for at in range(len(heads))
    ]
    widths = _widths(longest, [wide(one, size) / 144 for one in heads], numbers, room)

    def high(row: Sequence[str]) -> float:
        most = max(lines(text, size, widths[at] - gaps[at]) for at, text in enumerate(row))
        return (most * LEADING + 0.25) * size / 72

    return Sheet(heads, rows, numbers, tuple(widths), high(heads), tuple(high(one) for one in rows), size,
                 has_total=block.has_total, is_tight=sum(longest) > room)  # fmt: skip


def _head_wide(text: str, size: float) -> float:
    """Points that a heading needs: one of several words may take two lines, a word stays whole."""
    whole = wide(text, size * LOOSE)
    words = text.split(" ")
    if len(words) == 1 or any(one > "\u2e80" for one in text):
        return whole
    return max(*(wide(one, size * LOOSE) for one in words), whole * 0.6)


def _gap(numbers: Sequence[bool], at: int) -> float:
    return APART if at and numbers[at - 1] and not numbers[at] else PAD


def _widths(longest: Sequence[float], least: Sequence[float], numbers: Sequence[bool], room: float) -> list[float]:
    """As wide as their texts, drawn out where there is room; where there is none, the long texts give way."""
    needed = sum(longest)
    if needed <= room:
        drawn = min(room, needed * ROOMY)
        return [one * drawn / needed for one in longest]
    fair = room / len(longest)
    kept = [min(one, fair) if not number else one for one, number in zip(longest, numbers, strict=True)]
    open_places = [at for at, one in enumerate(longest) if one > kept[at]]
    rest = room - sum(kept)
    if rest > 0 and open_places:
        wanted = sum(longest[at] - kept[at] for at in open_places)
        for at in open_places:
            kept[at] += rest * (longest[at] - kept[at]) / wanted
        return kept
    squeezed = [max(one * room / sum(kept), least[at]) for at, one in enumerate(kept)]
    return [one * room / sum(squeezed) for one in squeezed]


def table(slide: Any, sheet: Sheet, left: float, top: float, about: str, lang: Language) -> Any:
    """A native table at inches; numbers to the right, rules between rows."""
    rows = [sheet.heads, *sheet.rows]
    shape = slide.shapes.add_table(
        len(rows), len(sheet.heads), Inches(left), Inches(top), Inches(sum(sheet.widths)), Inches(sheet.tall)
    )
    shape._element.nvGraphicFramePr.cNvPr.set("descr", about)
    shown = shape.table
    style = shown._tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = PLAIN_TABLE
    shown.horz_banding = False
    for at, width in enumerate(sheet.widths):
        shown.columns[at].width = Inches(width)
    for at, row in enumerate(rows):
        shown.rows[at].height = Inches(sheet.head if at == 0 else sheet.heights[at - 1])
        for column, text in enumerate(row):
            cell = shown.cell(at, column)
            cell.margin_left, cell.margin_right = Inches(_gap(sheet.numbers, column)), Inches(PAD)
            cell.margin_top = cell.margin_bottom = 0
            cell.vertical_anchor = MSO_ANCHOR.BOTTOM if at == 0 else MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if sheet.numbers[column] else PP_ALIGN.LEFT
            colour = PAPER.ink2 if at == 0 else PAPER.worse if text[:1] == "◆" else PAPER.ink
            write(paragraph, text, sheet.size, PAPER.better if at and text[:1] == "●" else colour, lang=lang)
            _line(cell, heavy=at in (0, len(sheet.rows)) or (sheet.has_total and at == len(rows) - 2))
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
