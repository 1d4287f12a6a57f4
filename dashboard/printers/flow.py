"""The order in which a document is printed so that its pages are full: what does not fit waits for the next page.

A picture or a table that is kept together and finds no room on its page would leave a hole there. It lets the text that
follows go first, as in a typeset book; pictures and tables never overtake each other, so their numbers stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from dashboard.printers.captions import numbered
from dashboard.printers.docx_page import Sheet
from dashboard.printers.fitting import KEPT, fitted
from dashboard.printers.measure import wrapped
from dashboard.stories.report import Block, Grid, Heading, Paragraph, Picture, Points, Report, Signature

POINTS_PER_MM: Final = 72 / 25.4
LEAST: Final = 2
"""A heading stands above so many lines on its page."""


@dataclass(frozen=True)
class Setting:
    """How a printer sets type, in type sizes: a line of a note, a caption with the room around it, a line of a table's
    cell; in points: what a row of a table has beyond its lines, the room around a picture or table. `latin`: how wide
    its Latin letters are against the measured font."""

    note: float
    caption: float
    cell: float
    row: float
    around: float
    latin: float


WORD: Final = Setting(note=1.59, caption=1.9, cell=1.4, row=0.5, around=7.0, latin=0.88)
TYPST: Final = Setting(note=1.45, caption=1.2, cell=1.35, row=3.0, around=24.0, latin=1.05)


STAYING: Final = frozenset({"rating"})
"""Documents whose sections are accounts: everything stays where it is."""


def flowing(report: Report, sheet: Sheet, setting: Setting, high: Callable[[Picture], float]) -> Report:
    """The report in the order in which it is printed on a sheet. `high`: points that a picture's drawing takes."""
    page = sheet.high_mm * POINTS_PER_MM
    measured = _Measured(report, sheet, setting, high)
    stays = report.kind in STAYING
    left = page - measured.head()
    done: list[Block] = []
    waiting: list[tuple[Block, float]] = []

    def place(block: Block, tall: float) -> None:
        nonlocal left
        done.append(block)
        if tall > left and _is_kept(block):
            left = page
        left -= tall
        while left < 0:
            left += page

    def release() -> None:
        for one, tall in waiting:
            place(one, tall)
        waiting.clear()

    parts = _parts(report)
    for at, (block, origin) in enumerate(parts):
        tall = measured.tall(block, origin)
        follows = parts[at + 1][0] if at + 1 < len(parts) else None
        if isinstance(block, Signature) or (isinstance(block, Heading) and block.on_new_page):
            release()
            left = page if isinstance(block, Heading) else left
        elif isinstance(block, Picture | Grid) and _is_kept(block):
            is_first = at == 0 or isinstance(parts[at - 1][0], Heading)
            if not stays and (waiting or (tall > left and not is_first)):
                waiting.append((block, tall))
                continue
        elif isinstance(follows, Signature):
            release()
        elif isinstance(block, Picture | Grid) or (waiting and _leads(block)):
            group = tall if not isinstance(block, Heading) else _group(parts, at, measured, sheet)
            if isinstance(block, Grid) or group > left or _meets_table(parts, at):
                release()
        crosses = tall > left
        place(block, tall)
        if waiting and (crosses or left < sheet.line * LEAST) and not _leads(block):
            release()
    release()
    return replace(report, blocks=tuple(done))


def _parts(report: Report) -> list[tuple[Block, int]]:
    """The blocks with their place in the report, lists as single points."""
    found: list[tuple[Block, int]] = []
    for place, block in enumerate(report.blocks):
        if isinstance(block, Points):
            for at, text in enumerate(block.texts):
                leads = block.leads[at : at + 1]
                found.append((Points((text,), leads, block.first + at), place))
        else:
            found.append((block, place))
    return found


def _is_kept(block: Block) -> bool:
    return isinstance(block, Picture) or (isinstance(block, Grid) and len(block.table.rows) <= KEPT)


def _leads(block: Block) -> bool:
    """Whether what follows belongs directly below: a heading, a sentence that ends in a colon."""
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and ends_open(block.text))


def ends_open(text: str) -> bool:
    """Whether a sentence announces what follows."""
    return text.rstrip().endswith((":", "："))


def _meets_table(parts: list[tuple[Block, int]], at: int) -> bool:
    """Whether a heading's first block is a picture or table: then nothing else may come between."""
    following = next((one for one, _ in parts[at + 1 :] if not isinstance(one, Heading)), None)
    return isinstance(following, Picture | Grid)


def _group(parts: list[tuple[Block, int]], at: int, measured: _Measured, sheet: Sheet) -> float:
    """Points of a heading, the headings right below it, and the first lines of their text."""
    total = 0.0
    for block, origin in parts[at:]:
        tall = measured.tall(block, origin)
        if not isinstance(block, Heading):
            return total + min(tall, sheet.line * LEAST)
        total += tall
    return total


class _Measured:
    """How tall blocks are on a sheet, in points, rather too tall than too small."""

    def __init__(self, report: Report, sheet: Sheet, setting: Setting, high: Callable[[Picture], float]) -> None:
        self.report, self.sheet, self.setting, self.high = report, sheet, setting, high
        self.room = sheet.wide_mm * POINTS_PER_MM
        self.counted = numbered(report)

    def head(self) -> float:
        """The edition, the title and the lines below it, and a red head."""
        sheet, report = self.sheet, self.report
        total = sheet.line * (3 if report.is_official else 1) + sheet.line * bool(report.subtitle)
        total += len(wrapped(report.title, sheet.title, self.room)) * sheet.title * 1.55
        total += self._note(report.scope)
        return total + (90.0 if report.red_head else 0.0)

    def tall(self, block: Block, origin: int) -> float:
        """Points that a block takes; `origin`: the place of its caption in the report."""
        sheet = self.sheet
        match block:
            case Heading():
                return sheet.line + (0.0 if self.report.is_official and self.report.lang == "zh" else 8.0)
            case Paragraph():
                return self._note(block.text) if block.tone == "note" else self._text(block.lead + block.text)
            case Points():
                leads = block.leads or ("",) * len(block.texts)
                return sum(self._text(f"1. {lead}{text}") for lead, text in zip(leads, block.texts, strict=True))
            case Picture():
                comment = self._text(block.comment) if block.comment else 0.0
                return self.high(block) + comment + self._named(origin)
            case Grid():
                shape = fitted(block, self.report, sheet.table, self.room)
                lines = [max(one.count("\n") + 1 for one in shape.heads)]
                for row in shape.rows:
                    broken = [
                        sum(len(wrapped(part, shape.size, width - 8)) for part in text.split("\n"))
                        for text, width in zip(row, shape.widths, strict=True)
                    ]
                    lines.append(max(broken, default=1))
                tall = sum(lines) * shape.size * self.setting.cell + len(lines) * self.setting.row
                return tall + self._named(origin)
            case Signature():
                return sheet.line * (len(block.lines) + 1)

    def _text(self, text: str) -> float:
        sheet = self.sheet
        indent = "　　" if sheet.indent else ""
        return self._lines(indent + text, sheet.body) * sheet.line + (0 if sheet.indent else 3)

    def _note(self, text: str) -> float:
        small = self.sheet.small
        return self._lines(text, small) * small * self.setting.note + 8 if text else 0.0

    def _named(self, origin: int) -> float:
        one = self.counted[origin]
        size = self.sheet.table
        return (
            self._lines(f"图 00　{one.caption}", size) * size * self.setting.caption
            + self._note(one.note)
            + (self.setting.around)
        )

    def _lines(self, text: str, size: float) -> int:
        """How many lines a text takes; text in Latin letters as wide as the printer's font."""
        width = self.setting.latin if self.report.lang == "en" else 1.0
        return len(wrapped(text, size * width, self.room))
