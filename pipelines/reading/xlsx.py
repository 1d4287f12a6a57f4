"""Read an .xlsx workbook: its parts are checked, repacked, decoded, and searched for what decoding drops."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from posixpath import join, normpath
from typing import Final

import polars as pl
from lxml import etree

from pipelines.reading import limits, sheet_xml
from pipelines.reading.archive import Archive, damaged, parse
from pipelines.reading.calamine import load_frames
from pipelines.reading.grid import merges_within, trimmed
from pipelines.reading.number_formats import (
    BUILT_IN_PERCENTS,
    EAST_ASIAN_DATES,
    is_percent,
    iso_date,
    modified_date,
    serial_date,
)
from pipelines.reading.sheets import Sheet, Unreadable, Workbook

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"

COUNT: Final = re.compile(rb"""\s(?:uniqueC|c)ount\s*=\s*(?:"[^"]*"|'[^']*')""")
"""How many entries a list claims to have: the decoder would reserve memory for as many."""


@dataclass(frozen=True)
class _Part:
    """A worksheet of the workbook: its name, the name of its part, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class _Styles:
    """The numbers of the cell styles that show a percentage, and of those whose date format decoding does not know."""

    percents: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()


def read_xlsx(archive: Archive) -> Workbook:
    """The workbook. Chart, dialog and macro sheets are left out. Raises `Unreadable`."""
    book_part = _book_part(archive)
    book = archive.tree(book_part)
    relations = _relations(archive, book_part)
    parts = list(_sheet_parts(book, relations))
    limits.check_sheet_count(len(parts))
    if not parts:
        return Workbook("xlsx", ())
    epoch_1904 = any(e.get("date1904") in ("1", "true") for e in book.iter("{*}workbookPr"))
    styles_xml = _related(archive, relations, "styles")
    strings_xml = _related(archive, relations, "sharedStrings")
    bodies = [sheet_xml.regular(_body(archive, part), part.name) for part in parts]
    frames = load_frames(_package(bodies, styles_xml, strings_xml, epoch_1904=epoch_1904), len(parts))
    styles = _styles(styles_xml)
    sheets = [
        _sheet(part, xml, frame, styles, epoch_1904=epoch_1904)
        for part, xml, frame in zip(parts, bodies, frames, strict=True)
    ]
    return Workbook("xlsx", tuple(sheets), _modified(archive))


def _book_part(archive: Archive) -> str:
    """The workbook part that the package names, or the one at its usual place."""
    if "_rels/.rels" in archive:
        for relation in archive.tree("_rels/.rels").iter("{*}Relationship"):
            target = normpath((relation.get("Target") or "").lstrip("/"))
            if (relation.get("Type") or "").endswith("/officeDocument") and target in archive:
                return target
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise damaged()


def _relations(archive: Archive, book_part: str) -> dict[str, tuple[str, str]]:
    """Relation id → (last word of its type, part)."""
    folder, _, name = book_part.rpartition("/")
    rels = join(folder, "_rels", f"{name}.rels")
    if rels not in archive:
        raise damaged()
    found = {}
    for relation in archive.tree(rels).iter("{*}Relationship"):
        target = (relation.get("Target") or "").replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        found[relation.get("Id") or ""] = ((relation.get("Type") or "").rpartition("/")[2], part)
    return found


def _related(archive: Archive, relations: dict[str, tuple[str, str]], kind: str) -> bytes | None:
    for found, part in relations.values():
        if found == kind and part in archive:
            return archive.read_xml(part)
    return None


def _sheet_parts(book: etree._Element, relations: dict[str, tuple[str, str]]) -> Iterator[_Part]:
    for sheet in book.iter("{*}sheet"):
        ids = [value for key, value in sheet.attrib.items() if etree.QName(key).localname == "id"]
        kind, part = relations.get(str(ids[0]) if ids else "", ("worksheet", ""))
        if kind == "worksheet":
            yield _Part(sheet.get("name") or "", part, sheet.get("state") in ("hidden", "veryHidden"))


def _body(archive: Archive, sheet: _Part) -> bytes:
    if sheet.part in archive:
        return archive.read_xml(sheet.part)
    raise Unreadable(
        f"工作表“{sheet.name}”的内容在文件里缺失，文件已损坏。请在 WPS 或 Excel 中打开、修复并另存为 .xlsx 后重发。",
        f"The contents of sheet “{sheet.name}” are missing from the file, which is damaged. "
        "Open, repair and save it as .xlsx in WPS or Excel, then resend.",
    )


def _package(bodies: list[bytes], styles: bytes | None, strings: bytes | None, *, epoch_1904: bool) -> bytes:
    """A plain package of these parts, stored uncompressed: what is decoded is exactly what was checked."""
    kinds = {f"r{i}": ("worksheet", f"worksheets/{i}.xml") for i in range(len(bodies))}
    shared = {"styles": styles, "sharedStrings": strings}
    kinds |= {name: (name, f"{name}.xml") for name, xml in shared.items() if xml is not None}
    relations = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, (kind, target) in kinds.items()
    )
    sheets = "".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="r{i}"/>' for i in range(len(bodies)))
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(epoch_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as stored:
        for name, text in files.items():
            stored.writestr(name, text)
        for name, xml in shared.items():
            if xml is not None:
                stored.writestr(f"xl/{name}.xml", COUNT.sub(b"", xml))
        for i, xml in enumerate(bodies):
            with stored.open(f"xl/worksheets/{i}.xml", "w") as part:
                for piece in sheet_xml.anchored(xml):
                    part.write(piece)
    return out.getvalue()


def _styles(xml: bytes | None) -> _Styles:
    if xml is None:
        return _Styles()
    root = parse(xml)
    codes = {e.get("numFmtId"): e.get("formatCode") or "" for e in root.iter("{*}numFmt")}
    percents, dates = [], []
    for block in root.iter("{*}cellXfs"):
        for index, style in enumerate(block.iterchildren("{*}xf")):
            text = style.get("numFmtId") or "0"
            code = codes.get(text)
            number = int(text) if text.isdecimal() else 0
            if is_percent(code) if code is not None else number in BUILT_IN_PERCENTS:
                percents.append(index)
            elif code is None and number in EAST_ASIAN_DATES:
                dates.append(index)
    return _Styles(tuple(percents), tuple(dates))


def _sheet(part: _Part, xml: bytes, frame: pl.DataFrame, styles: _Styles, *, epoch_1904: bool) -> Sheet:
    if frame.width and frame.height and frame[0, 0] == sheet_xml.ANCHOR:
        first = pl.col(frame.columns[0])
        frame = frame.with_columns(pl.when(pl.int_range(pl.len()) > 0).then(first).alias(frame.columns[0]))
    special = sheet_xml.has_errors_or_dates(xml)
    if dates := [*sheet_xml.numbers_in(xml, styles.dates), *(sheet_xml.iso_dates(xml) if special else ())]:
        frame = _dated(frame, dates, epoch_1904=epoch_1904)
    cells = trimmed(frame)
    return Sheet(
        part.name,
        cells,
        merges_within(sheet_xml.merges(xml), cells),
        sheet_xml.errors(xml) if special else {},
        sheet_xml.uncached(xml),
        frozenset(sheet_xml.numbers_in(xml, styles.percents)),
        part.hidden,
    )


def _dated(frame: pl.DataFrame, cells: Iterable[tuple[int, int]], *, epoch_1904: bool) -> pl.DataFrame:
    """The frame with the serial numbers and ISO dates at these places written as dates."""
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        if row < frame.height and column < frame.width:
            by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        values: list[str | None] = frame.to_series(column).to_list()
        for row in rows:
            values[row] = _date(values[row] or "", epoch_1904=epoch_1904) or values[row]
        frame = frame.with_columns(pl.Series(frame.columns[column], values, dtype=pl.String))
    return frame


def _date(text: str, *, epoch_1904: bool) -> str | None:
    try:
        return serial_date(float(text), epoch_1904=epoch_1904)
    except ValueError:
        return iso_date(text)


def _modified(archive: Archive) -> datetime | None:
    if "docprops/core.xml" not in archive:
        return None
    return next((modified_date(e.text) for e in archive.tree("docprops/core.xml").iter("{*}modified")), None)
