"""Read an .xlsx workbook: its parts are checked and repacked, decoded in one go, and searched for what decoding drops."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from posixpath import join, normpath
from typing import Final, Literal
from xml.sax.saxutils import quoteattr

import polars as pl
from lxml import etree

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.archive import Archive, damaged, parse
from pipelines.reading.calamine import load_frames
from pipelines.reading.grid import cells_of_frame, merges_within
from pipelines.reading.sheets import Merge, Sheet, Unreadable, Workbook

ANCHOR: Final = "\ue000anchor\ue000"
"""Text put into A1 where that is empty, so that decoding keeps leading empty columns."""

FAR_CELL: Final = re.compile(rb'<c r="(?:[A-Z]{2,}|[A-Z]\d{6,})')
FILLED_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>\s*<(?!/)')
ERROR_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
UNCACHED_CELL: Final = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref=["\']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)["\']')
SHEET_DATA: Final = re.compile(rb"<sheetData(?:\s[^>]*)?>")

EAST_ASIAN_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in number formats that are dates in Chinese, Japanese and Korean programs and undeclared in the file."""

EAST_ASIAN_TIMES: Final = frozenset({32, 33, 34, 35, 55, 56})
"""Of these, the ones that Chinese programs show as a time of day; decoded alike."""


@dataclass(frozen=True)
class _Part:
    """A worksheet of the workbook: its name, the name of its part, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class _Styles:
    """The cell styles that show a percentage, and those whose date format decoding does not know, as the XML says."""

    percents: tuple[bytes, ...] = ()
    dates: tuple[bytes, ...] = ()


def read_xlsx(archive: Archive) -> Workbook:
    """The workbook. Chart, dialog and macro sheets are left out. Raises `Unreadable`."""
    book_part = _book_part(archive)
    book = archive.tree(book_part)
    relations = _relations(archive, book_part)
    parts = list(_sheet_parts(book, relations))
    limits.check_sheet_count(len(parts))
    epoch_1904 = any(e.get("date1904") in ("1", "true") for e in _named(book, "workbookPr"))
    styles_xml = _related(archive, relations, "styles")
    styles = _styles(styles_xml)
    bodies = [_canonical(archive, part) for part in parts]
    for part, xml in zip(parts, bodies, strict=True):
        _check_box(part.name, xml)
    package = _package(
        [_anchored(xml) for xml in bodies],
        {"styles": styles_xml, "sharedStrings": _related(archive, relations, "sharedStrings")},
        epoch_1904=epoch_1904,
    )
    frames = load_frames(package, len(parts))
    sheets = [
        _sheet(part, xml, frame, styles, epoch_1904=epoch_1904)
        for part, xml, frame in zip(parts, bodies, frames, strict=True)
    ]
    return Workbook("xlsx", tuple(sheets), _modified(archive))


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (e for e in root.iter(f"{{*}}{name}"))


def _book_part(archive: Archive) -> str:
    """The workbook part that the package names, or where it always stands."""
    if "_rels/.rels" in archive:
        for relation in _named(archive.tree("_rels/.rels"), "Relationship"):
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
    for relation in _named(archive.tree(rels), "Relationship"):
        target = relation.get("Target") or ""
        part = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target.replace("\\", "/")))
        found[relation.get("Id") or ""] = ((relation.get("Type") or "").rpartition("/")[2], part)
    return found


def _related(archive: Archive, relations: dict[str, tuple[str, str]], kind: str) -> bytes | None:
    for found, part in relations.values():
        if found == kind and part in archive:
            return archive.read_xml(part)
    return None


def _sheet_parts(book: etree._Element, relations: dict[str, tuple[str, str]]) -> Iterator[_Part]:
    for sheet in _named(book, "sheet"):
        relation = next((v for k, v in sheet.attrib.items() if etree.QName(k).localname == "id"), "")
        kind, part = relations.get(str(relation), ("worksheet", ""))
        if kind == "worksheet":
            yield _Part(sheet.get("name") or "", part, sheet.get("state") in ("hidden", "veryHidden"))


def _canonical(archive: Archive, sheet: _Part) -> bytes:
    """The sheet's XML with every cell written as `<c r="A1" …>`, as nearly all programs do by themselves."""
    if sheet.part not in archive:
        raise Unreadable(
            f"工作表“{sheet.name}”的内容在文件里缺失，文件已损坏。请在 WPS 或 Excel 中打开、修复并另存为 .xlsx 后重发。",
            f"The contents of sheet “{sheet.name}” are missing from the file, which is damaged. "
            "Open, repair and save it as .xlsx in WPS or Excel, then resend.",
        )
    xml = archive.read_xml(sheet.part)
    tidy = xml.count(b"<c ") == xml.count(b'<c r="') and xml.count(b"<row ") == xml.count(b'<row r="')
    if tidy and b"<c>" not in xml and b"<row>" not in xml and (SHEET_DATA.search(xml) or b"<sheetData/>" in xml):
        return xml
    return _rewritten(parse(xml))


def _rewritten(root: etree._Element) -> bytes:
    out = [b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"]
    row_number = 0
    for row in _named(root, "row"):
        row_number = int(row.get("r") or row_number + 1)
        column = -1
        out.append(b'<row r="%d">' % row_number)
        for cell in row.iterchildren("{*}c"):
            if place := re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r") or ""):
                column = column_index(place[1].encode())
            else:
                column += 1
            kept = "".join(f' {k}="{cell.get(k)}"' for k in ("s", "t") if (cell.get(k) or "").isalnum())
            out.append(f'<c r="{address(row_number, column)}"{kept}>'.encode())
            out += [_bare(child) for child in cell if isinstance(child.tag, str)]
            out.append(b"</c>")
        out.append(b"</row>")
    out.append(b"</sheetData>")
    out += [f"<mergeCell ref={quoteattr(m.get('ref') or '')}/>".encode() for m in _named(root, "mergeCell")]
    out.append(b"</worksheet>")
    return b"".join(out)


def _bare(element: etree._Element) -> bytes:
    """An element without namespaces and attributes."""
    name = etree.QName(element).localname
    text = (element.text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inner = b"".join(_bare(child) for child in element if isinstance(child.tag, str))
    return (
        f'<{name} xml:space="preserve">{text}'.encode() + inner + f"</{name}>".encode()
        if name == "t"
        else (f"<{name}>{text}".encode() + inner + f"</{name}>".encode())
    )


def column_index(letters: bytes) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _check_box(name: str, xml: bytes) -> None:
    if not FAR_CELL.search(xml):
        return
    rows, columns = 0, 0
    widths: dict[bytes, int] = {}
    for letters, digits in FILLED_CELL.findall(xml):
        if letters not in widths:
            widths[letters] = column_index(letters) + 1 if len(letters) <= 3 else limits.COLUMNS + 1
            columns = max(columns, widths[letters])
        rows = max(rows, int(digits[:9]))
    limits.check_box(name, rows, columns, address(rows, columns - 1) if columns else "")


def _anchored(xml: bytes) -> bytes:
    """The sheet's XML with the anchor as its first cell; a real A1 later in it takes its place."""
    found = SHEET_DATA.search(xml)
    if not found or found[0].endswith(b"/>"):
        return xml
    anchor = f'<row r="1"><c r="A1" t="str"><v>{ANCHOR}</v></c></row>'.encode()
    return xml[: found.end()] + anchor + xml[found.end() :]


def _package(bodies: list[bytes], shared: dict[str, bytes | None], *, epoch_1904: bool) -> bytes:
    """A plain package of these parts, stored uncompressed: what is decoded is exactly what was checked."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    targets = {f"r{i}": ("worksheet", f"worksheets/sheet{i}.xml", xml) for i, xml in enumerate(bodies)}
    targets |= {name: (name, f"{name}.xml", xml) for name, xml in shared.items() if xml is not None}
    relations = "".join(
        f'<Relationship Id="{key}" Type="{office}/{kind}" Target="{target}"/>'
        for key, (kind, target, _) in targets.items()
    )
    sheets = "".join(f'<sheet name="{i}" sheetId="{i + 1}" r:id="r{i}"/>' for i in range(len(bodies)))
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="{int(epoch_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
    }
    files |= {f"xl/{target}": xml for _, target, xml in targets.values() if xml is not None}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as stored:
        for name, content in files.items():
            stored.writestr(name, content)
    return out.getvalue()


def _styles(xml: bytes | None) -> _Styles:
    if xml is None:
        return _Styles()
    root = parse(xml)
    codes = {e.get("numFmtId"): e.get("formatCode") or "" for e in _named(root, "numFmt")}
    percents, dates = [], []
    for block in _named(root, "cellXfs"):
        for index, style in enumerate(block.iterchildren("{*}xf")):
            number_format = style.get("numFmtId") or "0"
            code = codes.get(number_format)
            if number_format in ("9", "10") or (code and is_percent(code)):
                percents.append(str(index).encode())
            if code is None and number_format.isdigit() and int(number_format) in EAST_ASIAN_DATES:
                dates.append(str(index).encode())
    return _Styles(tuple(percents), tuple(dates))


def is_percent(code: str) -> bool:
    """Whether a number format shows a percentage: a % outside quotation marks, brackets and escapes."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code)


def _number_cells(xml: bytes, styles: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """The cells that hold a number in one of these styles."""
    if not styles:
        return
    others = rb'(?: t="n"| cm="\d+"| vm="\d+")*'
    pattern = re.compile(
        rb'<c r="([A-Z]+)(\d+)"' + others + rb' s="(?:' + b"|".join(styles) + rb')"' + others + rb">\s*<[fv]"
    )
    for letters, digits in pattern.findall(xml):
        yield int(digits) - 1, column_index(letters)


def _sheet(part: _Part, xml: bytes, frame: pl.DataFrame, styles: _Styles, *, epoch_1904: bool) -> Sheet:
    if frame.width and frame.height and frame[0, 0] == ANCHOR:
        first = frame.columns[0]
        at_first = pl.int_range(pl.len()) == 0
        frame = frame.with_columns(pl.when(~at_first).then(pl.col(first)).alias(first))
    dates = list(_number_cells(xml, styles.dates))
    if dates:
        frame = _dated(frame, dates, epoch_1904=epoch_1904)
    cells = cells_of_frame(frame)
    errors = {}
    if b't="e"' in xml:
        for letters, digits, text in ERROR_CELL.findall(xml):
            errors[int(digits) - 1, column_index(letters)] = text.decode(errors="replace")
    uncached: set[tuple[int, int]] = set()
    if b"<f" in xml:
        for letters, digits, attributes in UNCACHED_CELL.findall(xml):
            if b't="str"' not in attributes:
                uncached.add((int(digits) - 1, column_index(letters)))
    percents = frozenset(_number_cells(xml, styles.percents))
    merges = merges_within(list(_merges(xml)), cells)
    return Sheet(part.name, cells, merges, errors, frozenset(uncached), percents, part.hidden)


def _merges(xml: bytes) -> Iterator[Merge]:
    tail = xml[max(xml.rfind(b"</sheetData>"), 0) :]
    for left, top, right, bottom in MERGE.findall(tail):
        yield Merge(int(top) - 1, column_index(left), int(bottom) - 1, column_index(right))


def _dated(frame: pl.DataFrame, cells: Iterable[tuple[int, int]], *, epoch_1904: bool) -> pl.DataFrame:
    """The frame with the serial numbers at these places written as dates."""
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        if row < frame.height and column < frame.width:
            by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        values = frame.to_series(column).to_list()
        for row in rows:
            values[row] = serial_date(values[row], epoch_1904=epoch_1904)
        frame = frame.with_columns(pl.Series(frame.columns[column], values, dtype=pl.String))
    return frame


def serial_date(text: str | None, *, epoch_1904: bool = False) -> str | None:
    """A spreadsheet's serial number of a day as `2025-03-01 00:00:00`; other text as it is."""
    try:
        serial = float(text or "")
        if not 0 <= serial < 2_958_466:
            return text
    except ValueError:
        return text
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 31 if serial < 60 else 30)
    return str((start + timedelta(milliseconds=round(serial * 86_400_000))).replace(microsecond=0))


def _modified(archive: Archive) -> datetime | None:
    name: Literal["docprops/core.xml"] = "docprops/core.xml"
    if name not in archive:
        return None
    for element in _named(archive.tree(name), "modified"):
        return moment(element.text)
    return None


def moment(text: str | None) -> datetime | None:
    """A point in time of a document's properties (ISO 8601) in Shanghai local time, or None."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(microsecond=0)
    utc_offset = found.utcoffset() or timedelta()
    return (found.replace(tzinfo=None) - utc_offset + timedelta(hours=8)).replace(microsecond=0)
