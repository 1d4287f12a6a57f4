"""Marks the sender's own .xlsx: colours and comments on the faulty cells, a first sheet with the list, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipelines.findings import Severity
from pipelines.handouts.annotated import cells, comments, listing
from pipelines.handouts.annotated.marks import Said, Tongue, place, worst
from pipelines.handouts.annotated.package import (
    CONTENT_TYPES,
    TYPES_NS,
    Package,
    UnpatchableError,
    relate,
    related,
    relations,
)
from pipelines.handouts.annotated.styles import EMPTY, Styles
from pipelines.handouts.annotated.wording import OPENS, SEVERITIES, SHEET_NAME, spoken
from pipelines.reading.archive import parse
from pipelines.reading.opening import OUR_SHEET_MARK
from pipelines.reading.sheets import Unreadable

SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
OUR_PART: Final = "lianping_findings.xml"
"""The name of the part of our sheet; other programs give it another one when they save."""


@dataclass(frozen=True)
class _Book:
    """A workbook being marked: its parts, where its main part stands, its XML, and what it calls things."""

    package: Package
    part: str
    root: etree._Element
    ns: str
    office: str
    """The namespace of relations: of the transitional or of the strict format."""

    @property
    def folder(self) -> str:
        """Where the parts of the workbook stand, with `/`, or nothing."""
        return self.part.rpartition("/")[0] + "/" if "/" in self.part else ""


@dataclass(frozen=True)
class _Sheet:
    """A worksheet: its name, its part, whether the workbook hides it, and whether it is the listing of a last time."""

    name: str
    part: str
    hidden: bool
    ours: bool


def annotated(data: bytes, findings: Sequence[Said], tongue: Tongue, remark: tuple[str, str] | None = None) -> bytes:
    """The workbook with its findings marked, and a remark (in both languages) above the list of them. All parts that
    needn't change keep their bytes.

    Raises UnpatchableError where that can't be done without losing something.
    """
    package = Package(data)
    _refuse_macros(package)
    try:
        book = _open(package)
        sheets = _sheets(book)
        styles_part = related(package, book.part, "styles")
        styles = Styles(package.tree(styles_part) if styles_part else parse(EMPTY.format(ns=book.ns).encode()))
        order = {sheet.name: at for at, sheet in enumerate(sheets)}
        findings = sorted(findings, key=lambda one: order.get(one.sheet, -1))
        trees: dict[str, etree._Element] = {}
        for sheet in sheets:
            if not sheet.ours:
                mine = [one for one in findings if one.sheet == sheet.name]
                tree = _mark_sheet(book, sheet, mine, styles, tongue)
                if tree is not None:
                    trees[sheet.name] = tree
        _list_findings(book, sheets, trees, findings, styles, tongue, remark)
        for sheet in sheets:
            if sheet.name in trees:
                package.put(sheet.part, trees[sheet.name])
        if styles_part is None:
            styles_part = book.folder + "styles.xml"
            package.declare(styles_part, STYLES_TYPE)
            relate(package, book.part, f"{book.office}/styles", styles_part)
        package.put(styles_part, styles.root)
        package.put(book.part, book.root)
    except (KeyError, IndexError, ValueError, Unreadable, etree.LxmlError) as fault:
        raise UnpatchableError("文件内部结构不规范", f"its parts are irregular: {type(fault).__name__}") from fault
    return package.bytes()


def is_untouched(data: bytes) -> bool:
    """Whether a workbook was annotated here and not saved by another program since."""
    try:
        return any(name.rpartition("/")[2] == OUR_PART for name in Package(data).names())
    except UnpatchableError:
        return False


def comment_text(findings: Sequence[Said], tongue: Tongue) -> str:
    """What a comment says about all findings of its cell."""
    told = [f"{spoken(SEVERITIES[one.severity], tongue)}：{one.wrong}\n{one.to_do}" for one in findings]
    return OPENS + "\n\n".join(told)


def _refuse_macros(package: Package) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in package.names()):
        raise UnpatchableError("文件带有宏", "it holds macros")


def _open(package: Package) -> _Book:
    part = related(package, "", "officeDocument") or "xl/workbook.xml"
    root = package.tree(part)
    kinds = [of for of, _ in relations(package, part).values() if of.endswith("/worksheet")]
    return _Book(package, part, root, etree.QName(root).namespace or "", kinds[0].rpartition("/")[0])


def _sheets(book: _Book) -> list[_Sheet]:
    leads = relations(book.package, book.part)
    found = []
    for one in book.root.iter(f"{{{book.ns}}}sheet"):
        known = next((str(value) for key, value in one.attrib.items() if etree.QName(key).localname == "id"), "")
        kind, part = leads.get(known, ("", ""))
        if kind.endswith("/worksheet") and part in book.package:
            hidden = one.get("state") in ("hidden", "veryHidden")
            found.append(_Sheet(one.get("name") or "", part, hidden, _is_ours(book, part)))
    return found


def _is_ours(book: _Book, part: str) -> bool:
    """Whether the first cell of a sheet says that we made it, in the sheet itself or among the shared strings."""
    if part.rpartition("/")[2] == OUR_PART:
        return True
    strings = related(book.package, book.part, "sharedStrings")
    shared = strings is not None and OUR_SHEET_MARK.encode() in book.package.read(strings)
    if not shared and OUR_SHEET_MARK.encode() not in book.package.read(part):
        return False
    first = next(book.package.tree(part).iter("{*}c"), None)
    if first is None:
        return False
    text = "".join(first.itertext()).strip()
    if first.get("t") == "s" and strings is not None and text.isdecimal():
        items = list(book.package.tree(strings).iter("{*}si"))
        text = "".join(items[int(text)].itertext()) if int(text) < len(items) else ""
    return text.startswith(OUR_SHEET_MARK)


def _mark_sheet(
    book: _Book, sheet: _Sheet, findings: Sequence[Said], styles: Styles, tongue: Tongue
) -> etree._Element | None:
    """The XML of the sheet with its marks, and its comments put into the package; None where nothing changes."""
    tree = book.package.tree(sheet.part)
    cleaned = _strip_last_time(book, sheet, tree, styles)
    shown = cells.anchors(tree)
    by_cell: dict[cells.Place, list[Said]] = {}
    for one in findings:
        if at := place(one.cell):
            by_cell.setdefault(shown(at), []).append(one)
    if not by_cell:
        return tree if cleaned else None
    severity: Mapping[cells.Place, Severity] = {at: worst(one.severity for one in of) for at, of in by_cell.items()}
    cells.restyle(tree, by_cell, lambda at, style: styles.marked(style, severity[at]))
    _comment(book, sheet, tree, {at: comment_text(of, tongue) for at, of in sorted(by_cell.items())})
    return tree


def _strip_last_time(book: _Book, sheet: _Sheet, tree: etree._Element, styles: Styles) -> bool:
    """Takes out our comments and colours of a last time, where a marked workbook is marked again."""
    part = related(book.package, sheet.part, "comments")
    if part is None or OPENS.encode() not in book.package.read(part):
        return False
    root = book.package.tree(part)
    had, gone = comments.strip_ours(root)
    book.package.put(part, root)
    cells.restyle(tree, had, lambda _at, style: styles.unmarked(style))
    drawing = _drawing(book, sheet, tree)
    if drawing is not None:
        book.package.put(drawing, comments.without_boxes(book.package.read(drawing), gone))
    return True


def _comment(book: _Book, sheet: _Sheet, tree: etree._Element, texts: Mapping[cells.Place, str]) -> None:
    package = book.package
    part = related(package, sheet.part, "comments")
    root = package.tree(part) if part else comments.empty(book.ns)
    new = comments.add(root, {at: listing.clean(text) for at, text in texts.items()})
    if part is None:
        part = package.free_name(book.folder + "lianping_comments{}.xml")
        package.put(part, root)
        package.declare(part, COMMENTS_TYPE)
        relate(package, sheet.part, f"{book.office}/comments", part)
    package.put(part, root)
    if not new:
        return
    drawing = _drawing(book, sheet, tree)
    others = [package.read(name) for name in package.names() if name.lower().endswith(".vml")]
    if drawing is None:
        drawing = package.free_name(book.folder + "drawings/lianping_comments{}.vml")
        package.put(drawing, comments.boxes(None, new, others))
        _declare_vml(package)
        known = relate(package, sheet.part, f"{book.office}/vmlDrawing", drawing)
        cells.put_legacy_drawing(tree, known, book.office)
    else:
        package.put(drawing, comments.boxes(package.read(drawing), new, others))


def _drawing(book: _Book, sheet: _Sheet, tree: etree._Element) -> str | None:
    """The part that holds the boxes of a sheet's comments."""
    named = tree.find("{*}legacyDrawing")
    if named is None:
        return None
    known = next(str(value) for key, value in named.attrib.items() if etree.QName(key).localname == "id")
    part = relations(book.package, sheet.part)[known][1]
    book.package.read(part)
    return part


def _declare_vml(package: Package) -> None:
    types = package.tree(CONTENT_TYPES)
    if not any((one.get("Extension") or "").lower() == "vml" for one in types.iter(f"{{{TYPES_NS}}}Default")):
        types.insert(0, etree.Element(f"{{{TYPES_NS}}}Default", Extension="vml", ContentType=VML_TYPE))
        package.put(CONTENT_TYPES, types)


def _list_findings(
    book: _Book,
    sheets: Sequence[_Sheet],
    trees: Mapping[str, etree._Element],
    findings: Sequence[Said],
    styles: Styles,
    tongue: Tongue,
    remark: tuple[str, str] | None,
) -> None:
    """Puts the listing first, or in the place of a last time's, and opens the workbook on it where that changes no
    sheet that has no mark."""
    selected = [one for one in sheets if not one.ours and cells.is_selected(_tree(book, trees, one))]
    is_open = all(one.name in trees for one in selected)
    hidden_at = {name: cells.is_hidden(tree) for name, tree in trees.items()}
    out_of_sight = {one.name for one in sheets if one.hidden}

    def hidden(one: Said) -> bool:
        at = place(one.cell)
        return one.sheet in out_of_sight or (at is not None and one.sheet in hidden_at and hidden_at[one.sheet](at))

    rows = listing.lines(findings, tongue, remark, hidden)
    content = listing.sheet_xml(rows, styles.look, book.ns, is_open=is_open)
    before = next(
        (at for at, one in enumerate(book.root.iter(f"{{{book.ns}}}sheet")) if _is_named_ours(one, sheets)), None
    )
    if before is not None:
        part = next(one.part for one in sheets if one.ours)
        book.package.put(part, content)
    else:
        part = f"{book.folder}worksheets/{OUR_PART}"
        book.package.put(part, content)
        book.package.declare(part, SHEET_TYPE)
        _put_first(book, relate(book.package, book.part, f"{book.office}/worksheet", part), tongue)
    if is_open:
        for one in selected:
            cells.deselect(trees[one.name])
    _open_on(book, before if is_open else None, shifted=before is None, is_open=is_open)


def _tree(book: _Book, trees: Mapping[str, etree._Element], sheet: _Sheet) -> etree._Element:
    return trees[sheet.name] if sheet.name in trees else book.package.tree(sheet.part)


def _is_named_ours(element: etree._Element, sheets: Sequence[_Sheet]) -> bool:
    return any(one.ours and one.name == element.get("name") for one in sheets)


def _put_first(book: _Book, known: str, tongue: Tongue) -> None:
    """Names the sheet first in the workbook; what counts sheets from the front counts one more."""
    group = book.root.find(f"{{{book.ns}}}sheets")
    if group is None:
        raise KeyError("sheets")
    names = {(one.get("name") or "").casefold() for one in group}
    name = _free(SHEET_NAME[tongue], lambda wanted: wanted.casefold() in names)
    numbers = [int(one.get("sheetId") or 0) for one in group]
    one = etree.Element(f"{{{book.ns}}}sheet", nsmap={"r": book.office})
    one.set("name", name)
    one.set("sheetId", str(max(numbers, default=0) + 1))
    one.set(f"{{{book.office}}}id", known)
    group.insert(0, one)
    for defined in book.root.iter(f"{{{book.ns}}}definedName"):
        if (at := defined.get("localSheetId")) is not None:
            defined.set("localSheetId", str(int(at) + 1))


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    number, wanted = 1, name
    while is_taken(wanted):
        number += 1
        wanted = f"{name} {number}"
    return wanted


def _open_on(book: _Book, ours: int | None, *, shifted: bool, is_open: bool) -> None:
    """Opens the workbook on our sheet, or, counted from the new front, on the one that it was left on."""
    views = list(book.root.iter(f"{{{book.ns}}}workbookView"))
    if not views:
        group = etree.Element(f"{{{book.ns}}}bookViews")
        views = [etree.SubElement(group, f"{{{book.ns}}}workbookView")]
        sheets = book.root.find(f"{{{book.ns}}}sheets")
        if sheets is not None:
            sheets.addprevious(group)
    for view in views:
        at = (ours or 0) if is_open else int(view.get("activeTab") or 0) + shifted
        view.set("activeTab", str(at))
        view.attrib.pop("firstSheet", None)
