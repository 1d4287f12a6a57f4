"""The first sheet of an annotated workbook: all its findings, each with a link to its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipelines.findings import address
from pipelines.handouts.annotated.marks import Said, Tongue
from pipelines.handouts.annotated.styles import Look
from pipelines.handouts.annotated.wording import (
    COLUMNS,
    HIDDEN,
    HOW_TO,
    SEVERITIES,
    WHOLE_FILE,
    WHOLE_SHEET,
    counted,
    spoken,
)
from pipelines.reading.opening import OUR_SHEET_MARK

WIDTHS: Final = (6, 24, 16, 10, 9, 18, 46, 46)
LONGEST: Final = 32_000
"""A cell of a workbook holds 32,767 characters."""
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """A cell of the listing: what it says, how it looks, and where it leads (a location such as `'一月'!D7`)."""

    text: str
    look: Look
    to: str = ""


def lines(
    findings: Sequence[Said], tongue: Tongue, remark: tuple[str, str] | None, hidden: Callable[[Said], bool]
) -> list[list[Line]]:
    """The rows of the listing, without empty ones: its mark, how to go on, a remark, the headings, the findings."""
    count = {one: sum(found.severity == one for found in findings) for one in SEVERITIES}
    told = (counted(count["error"], count["warning"], count["info"]), HOW_TO, *((remark,) if remark else ()))
    rows = [[Line(OUR_SHEET_MARK, "title")]]
    rows += [[Line(spoken(words, tongue, "\n"), "text")] for words in told]
    rows.append([Line(spoken(words, tongue, "\n"), "heading") for words in COLUMNS])
    for number, one in enumerate(findings, start=1):
        whole = WHOLE_SHEET if one.sheet else WHOLE_FILE
        to_do = one.to_do + (spoken(HIDDEN, tongue, "") if hidden(one) else "")
        rows.append(
            [
                Line(str(number), "cell"),
                Line(one.file, "cell"),
                Line(one.sheet, "cell"),
                Line(one.cell or spoken(whole, tongue), "link" if one.sheet else "cell", location(one)),
                Line(spoken(SEVERITIES[one.severity], tongue), one.severity),
                Line(one.raw, "cell"),
                Line(one.wrong, "cell"),
                Line(to_do, "cell"),
            ]
        )
    return rows


def location(one: Said) -> str:
    """Where a finding stands, as a link inside the workbook; empty for one about the whole file."""
    return "'{}'!{}".format(one.sheet.replace("'", "''"), one.cell or "A1") if one.sheet else ""


def clean(text: str) -> str:
    """A text that a workbook can hold."""
    return _UNWRITABLE.sub("", text)[:LONGEST]


def height(row: Sequence[Line], widths: Sequence[float] = WIDTHS) -> float:
    """How high a row must be in points for its texts to be seen whole; a text alone in its row runs across it."""
    if len(row) == 1:
        return 15.0 * _wrapped(row[0].text, sum(widths)) + 3
    return 15.0 * max(_wrapped(line.text, width) for line, width in zip(row, widths, strict=True)) + 3


def _wrapped(text: str, width: float) -> int:
    """How many lines a text takes; a Chinese character is as wide as two letters."""
    size = [sum(2 if ord(one) > 0x2E7F else 1 for one in part) for part in text.split("\n")]
    return sum(max(1, -(-one * 11 // int(width * 10))) for one in size)


def sheet_xml(
    rows: Sequence[Sequence[Line]], style: Callable[[Look], int], ns: str, *, is_open: bool
) -> etree._Element:
    """The listing as the XML of a worksheet of this namespace, texts inside it, so that shared strings stay."""
    root = etree.Element(f"{{{ns}}}worksheet", nsmap={None: ns})

    def under(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{ns}}}{name}", attributes)

    head = next(at for at, row in enumerate(rows, start=1) if row[0].look == "heading")
    under(under(root, "sheetPr"), "pageSetUpPr", fitToPage="1")
    view = under(under(root, "sheetViews"), "sheetView", showGridLines="0", workbookViewId="0")
    if is_open:
        view.set("tabSelected", "1")
    under(view, "pane", ySplit=str(head), topLeftCell=f"A{head + 1}", activePane="bottomLeft", state="frozen")
    columns = under(root, "cols")
    for at, width in enumerate(WIDTHS, start=1):
        under(columns, "col", min=str(at), max=str(at), width=str(width), customWidth="1")
    data = under(root, "sheetData")
    links, merged = [], []
    for number, row in enumerate(rows, start=1):
        line = under(data, "row", r=str(number), ht=f"{min(400.0, height(row)):.0f}", customHeight="1")
        for column, cell in enumerate(row):
            one = under(line, "c", r=address(number, column), s=str(style(cell.look)), t="inlineStr")
            text = under(under(one, "is"), "t")
            text.text = clean(cell.text)
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            if cell.to:
                links.append((address(number, column), cell))
        if len(row) == 1 and number > 1:
            merged.append(f"A{number}:{address(number, len(WIDTHS) - 1)}")
    joined = under(root, "mergeCells", count=str(len(merged)))
    for ref in merged:
        under(joined, "mergeCell", ref=ref)
    if links:
        group = under(root, "hyperlinks")
        for ref, cell in links:
            under(group, "hyperlink", ref=ref, location=cell.to, display=clean(cell.text))
    under(root, "pageMargins", left="0.4", right="0.4", top="0.5", bottom="0.5", header="0.3", footer="0.3")
    under(root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
    return root
