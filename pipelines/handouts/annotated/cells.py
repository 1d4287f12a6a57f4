"""Colours cells in the XML of a sheet: only their style changes; a cell that isn't there yet is put in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipelines.findings import address
from pipelines.handouts.annotated.marks import place

Place = tuple[int, int]
AFTER_LEGACY: Final = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
"""What stands after `legacyDrawing` in a sheet, whose order is fixed."""

ALTERNATIVE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


@dataclass(frozen=True)
class Area:
    """A merged range, inclusive, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


def restyle(sheet: etree._Element, places: Iterable[Place], style_of: Callable[[Place, int], int]) -> None:
    """Gives the cells at these places (row and column from 0) the style that `style_of` makes of their old one."""
    ns = _ns(sheet)
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(set(places)):
        by_row.setdefault(row, []).append(column)
    data = sheet.find(f"{{{ns}}}sheetData")
    if data is None or not by_row:
        return
    rows = dict(_numbered(data, "row"))
    added: list[Place] = []
    for number, columns in by_row.items():
        line = rows.get(number)
        if line is None:
            line = etree.Element(f"{{{ns}}}row", r=str(number + 1))
            _insert(data, line, number, "row")
        cells = dict(_numbered(line, "c"))
        for column in columns:
            cell = cells.get(column)
            if cell is None:
                cell = etree.Element(f"{{{ns}}}c", r=address(number + 1, column))
                cell.set("s", str(_default_style(sheet, line, column)))
                _insert(line, cell, column, "c")
                line.attrib.pop("spans", None)
                added.append((number, column))
            cell.set("s", str(style_of((number, column), int(cell.get("s") or 0))))
    _widen(sheet, added)


def anchors(sheet: etree._Element) -> Callable[[Place], Place]:
    """For a place in a merged range its top left cell, which is all that is shown; for any other place itself."""
    merged = []
    for one in sheet.iterfind("{*}mergeCells/{*}mergeCell"):
        first, _, last = (one.get("ref") or "").replace("$", "").partition(":")
        begin, end = place(first), place(last)
        if begin and end:
            merged.append(Area(*begin, *end))

    def shown(at: Place) -> Place:
        for area in merged:
            if area.top <= at[0] <= area.bottom and area.left <= at[1] <= area.right:
                return area.top, area.left
        return at

    return shown


def is_hidden(sheet: etree._Element) -> Callable[[Place], bool]:
    """Whether the row or the column of a place is hidden."""
    rows = {
        number for number, row in _numbered(sheet.find("{*}sheetData"), "row") if row.get("hidden") in ("1", "true")
    }
    columns = [
        (int(one.get("min") or 0) - 1, int(one.get("max") or 0) - 1)
        for one in sheet.iterfind("{*}cols/{*}col")
        if one.get("hidden") in ("1", "true")
    ]
    return lambda at: at[0] in rows or any(first <= at[1] <= last for first, last in columns)


def is_selected(sheet: etree._Element) -> bool:
    """Whether the sheet is among those that are open when the workbook is."""
    return any(view.get("tabSelected") in ("1", "true") for view in sheet.iterfind("{*}sheetViews/{*}sheetView"))


def deselect(sheet: etree._Element) -> None:
    """Closes the sheet: two selected sheets would be a group, in which typing changes both."""
    for view in sheet.iterfind("{*}sheetViews/{*}sheetView"):
        view.attrib.pop("tabSelected", None)


def put_legacy_drawing(sheet: etree._Element, known: str, office: str) -> None:
    """Names the drawing that holds the boxes of the sheet's comments."""
    one = etree.Element(f"{{{_ns(sheet)}}}legacyDrawing", nsmap={"r": office})
    one.set(f"{{{office}}}id", known)
    for at, child in enumerate(sheet):
        inside = child.iter() if child.tag == ALTERNATIVE else (child,)
        names = {etree.QName(each).localname for each in inside if isinstance(each.tag, str)}
        if names & AFTER_LEGACY:
            sheet.insert(at, one)
            return
    sheet.append(one)


def _ns(sheet: etree._Element) -> str:
    return etree.QName(sheet).namespace or ""


def _numbered(parent: etree._Element | None, name: str) -> Iterator[tuple[int, etree._Element]]:
    """Rows or cells with their number from 0; one that doesn't say follows the one before it."""
    last = -1
    for child in parent.iterchildren(f"{{*}}{name}") if parent is not None else ():
        told = child.get("r")
        if told is None:
            last += 1
        elif name == "row":
            last = int(told) - 1
        else:
            last = (place(told.replace("$", "")) or (0, last + 1))[1]
        yield last, child


def _insert(parent: etree._Element, new: etree._Element, number: int, name: str) -> None:
    for other, child in _numbered(parent, name):
        if other > number:
            _say_number(child, other, name, new)
            child.addprevious(new)
            return
    parent.append(new)


def _say_number(child: etree._Element, number: int, name: str, new: etree._Element) -> None:
    """What follows the inserted one without saying its own number would be counted from it."""
    if child.get("r") is None:
        child.set("r", str(number + 1) if name == "row" else (new.get("r") or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if name == "c":
            child.set("r", address(int(child.get("r") or 1), number))


def _default_style(sheet: etree._Element, row: etree._Element, column: int) -> int:
    if row.get("customFormat") in ("1", "true"):
        return int(row.get("s") or 0)
    for one in sheet.iterfind("{*}cols/{*}col"):
        if int(one.get("min") or 0) - 1 <= column <= int(one.get("max") or 0) - 1:
            return int(one.get("style") or 0)
    return 0


def _widen(sheet: etree._Element, added: list[Place]) -> None:
    """The stated extent of the sheet, with the cells that were put in."""
    one = sheet.find("{*}dimension")
    if one is None or not added:
        return
    first, _, last = (one.get("ref") or "").partition(":")
    begin, end = place(first), place(last or first)
    if begin is None or end is None:
        return
    rows = [begin[0], end[0], *(row for row, _ in added)]
    columns = [begin[1], end[1], *(column for _, column in added)]
    one.set("ref", f"{address(min(rows) + 1, min(columns))}:{address(max(rows) + 1, max(columns))}")
