"""Known errors of a sender, put right by a reasoned entry that fails loudly once the source says something else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from pipelines.findings import Finding, address, column_letter
from pipelines.mending.personal import mask_text
from pipelines.mending.profiles import glob_matches
from pipelines.mending.toml_lines import (
    Document,
    Key,
    SettingsError,
    read_toml,
    refuse_unknown,
    want_table,
    want_text,
    want_texts,
    wrong_kind,
)
from pipelines.reading.sheets import Merge, Sheet
from pipelines.reading.words import compact, heading_key

__all__ = [
    "AppliedCorrection", "Correction", "Corrections", "SettingsError", "apply_to_sheet", "apply_to_workbook",
    "load_corrections", "unused",
]  # fmt: skip

Action = Literal["set", "skip", "rename"]

FILE: Final = "corrections.toml"
_ACTIONS: Final[dict[str, Action]] = {"set": "set", "skip": "skip", "rename": "rename"}
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_KEYS: Final = (
    "file", "sheet", "cell", "row", "heading", "expect", "action", "to", "reason", "since", "by", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Correction:
    """One entry. `expect` is what the source must still say; `to` what it becomes (not for `skip`).

    `set` changes one cell: `cell`, or the cells below `heading` in the rows that hold all texts of `row`. `skip` leaves
    those rows out. `rename` changes every cell that says `expect`: a heading or the name of an estate.
    """

    file: str
    sheet: str
    action: Action
    expect: str
    reason: str
    to: str | None = None
    cell: str | None = None
    row: tuple[str, ...] = ()
    heading: str | None = None
    since: date | None = None
    by: str = ""
    active: bool = True
    line: int = 1


@dataclass(frozen=True)
class Corrections:
    """All entries, in the order in which they are written. `file` is the path of their file, as people see it."""

    entries: tuple[Correction, ...] = ()
    file: str = FILE

    def of(self, file: str) -> tuple[Correction, ...]:
        """The entries in force that speak of that file."""
        return tuple(one for one in self.entries if one.active and glob_matches(one.file, file))

    def fingerprint(self, file: str | None = None) -> str:
        """A hash that changes when an entry does; with a file, only when one that speaks of the file does."""
        entries = self.entries if file is None else self.of(file)
        return hashlib.sha256(repr(entries).encode()).hexdigest()


@dataclass(frozen=True)
class AppliedCorrection:
    """What an entry did to one cell (`set`, `rename`) or one row (`skip`: `cell` is its first filled cell).

    `row` counts from 1. `was` and `now` are masked texts. A skipped row is empty in the sheet that comes back: its fate
    in the ledger is `skipped`, for this reason.
    """

    file: str
    sheet: str
    cell: str
    row: int
    action: Action
    was: str
    now: str | None
    reason: str
    line: int


def load_corrections(folder: Path) -> Corrections:
    """The entries of `corrections.toml` at the top of the folder; none where it is absent. Raises SettingsError."""
    path = folder / FILE
    if not path.is_file():
        return Corrections()
    document = read_toml(path, FILE)
    refuse_unknown(document, (), document.data, ("correction",))
    entries = document.data.get("correction", [])
    if not isinstance(entries, list):
        raise document.error(
            ("correction",), "每条更正写作 [[correction]]（双方括号）", "write [[correction]], with two brackets"
        )
    return Corrections(tuple(_entry(document, ("correction", number), one) for number, one in enumerate(entries)))


def _entry(document: Document, at: Key, value: object) -> Correction:
    table = want_table(document, at, value)
    refuse_unknown(document, at, table, _KEYS)

    def need(key: str, zh: str, en: str) -> str:
        if key not in table or not str(table[key]).strip():
            raise document.error(at, f"缺少 {key}：{zh}", f"{key} is missing: {en}")
        return want_text(document, (*at, key), table[key])

    def text(key: str) -> str | None:
        return want_text(document, (*at, key), table[key]) if key in table else None

    file = need("file", "更正的是哪个文件", "the file that it corrects")
    reason = need("reason", "为什么要更正，谁核实的", "why it is corrected, and who checked")
    expect = need("expect", "原表里现在写的是什么（原表改好后据此提醒删除本条）", "what the source says now")
    action = need("action", "set（改为）、skip（整行不要）或 rename（改名）", "set, skip or rename")
    chosen = _ACTIONS.get(action)
    if chosen is None:
        raise wrong_kind(document, (*at, "action"), action, '"set"、"skip" 或 "rename"', '"set", "skip" or "rename"')
    to = text("to") if action == "skip" else need("to", "改为什么", "what it becomes")
    if action == "skip" and to is not None:
        raise document.error((*at, "to"), "skip 是整行不要，不写 to", "skip leaves the row out and takes no `to`")
    cell, heading = text("cell"), text("heading")
    row = want_texts(document, (*at, "row"), table.get("row", []))
    if cell is not None and not _CELL.fullmatch(cell):
        raise wrong_kind(document, (*at, "cell"), cell, '一个单元格，如 "D7"', 'a cell, such as "D7"')
    if action != "rename" and cell is None and not (row and (heading or action == "skip")):
        zh = "说明是哪一格：写 cell，或写 heading（表头）和 row（该行里的文字）"
        raise document.error(at, zh, "say which cell: write cell, or heading and row (texts of that row)")
    since = table.get("since")
    if since is not None and type(since) is not date:
        raise wrong_kind(
            document, (*at, "since"), since, "不加引号的日期，如 2025-04-01", "a date without quotes: 2025-04-01"
        )
    status = text("status") or "active"
    if status not in ("active", "off"):
        raise wrong_kind(document, (*at, "status"), status, '"active"（生效）或 "off"（停用）', '"active" or "off"')
    return Correction(
        file=file,
        sheet=text("sheet") or "*",
        action=chosen,
        expect=expect,
        reason=reason,
        to=to,
        cell=cell,
        row=row,
        heading=heading,
        since=since,
        by=text("by") or "",
        active=status == "active",
        line=document.line(*at),
    )


def apply_to_workbook(
    corrections: Corrections, file: str, sheets: Sequence[Sheet]
) -> tuple[tuple[Sheet, ...], list[AppliedCorrection], list[Finding]]:
    """The sheets of one file with its corrections made, what was done, and a finding for each that no longer fits.

    An entry is made where its place says what it expects. Where no sheet that it speaks of does, nothing is changed and
    an `inconsistent` error says what the source says now; the caller keeps the row of its cell out until the entry
    is taken away or brought up to date. All cells stay where they are, so that a figure is still traced to its cell.
    """
    mended = list(sheets)
    applied: list[AppliedCorrection] = []
    findings: list[Finding] = []
    for one in corrections.of(file):
        spoken = [at for at, sheet in enumerate(mended) if glob_matches(one.sheet, sheet.name.replace("/", "∕"))]
        stale: Finding | None = None
        done = 0
        for at in spoken:
            sheet = mended[at]
            places, found = _places(one, sheet)
            if places:
                mended[at], steps = _made(one, sheet, places, file)
                applied += steps
                done += len(steps)
            elif stale is None and found is not None:
                stale = _stale(one, corrections.file, sheet, found)
        if not done:
            findings.append(stale or _nowhere(one, corrections.file, [mended[at] for at in spoken]))
    return tuple(mended), applied, findings


def apply_to_sheet(
    corrections: Corrections, file: str, sheet: Sheet
) -> tuple[Sheet, list[AppliedCorrection], list[Finding]]:
    """`apply_to_workbook` for a file with one sheet."""
    sheets, applied, findings = apply_to_workbook(corrections, file, [sheet])
    return sheets[0], applied, findings


def unused(corrections: Corrections, files: Iterable[str]) -> list[Finding]:
    """An `inconsistent` error for each entry in force whose file isn't among the files loaded any more."""
    names = list(files)
    findings = []
    for one in corrections.entries:
        if one.active and not any(glob_matches(one.file, name) for name in names):
            zh = (
                f"{corrections.file} 第 {one.line} 行的更正没有用上：没有名为“{one.file}”的文件；"
                f"请改文件名或删除这条更正"
            )
            en = (
                f'the correction on line {one.line} of {corrections.file} was not used: no file is named "{one.file}"; '
                f"mend the name or remove the correction"
            )
            findings.append(Finding("inconsistent", zh, en))
    return findings


def _places(one: Correction, sheet: Sheet) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    """Cells (row, column, from 0) that the entry changes, and, where it changes none, one that it speaks of."""
    cells = sheet.cells
    if one.action == "rename":
        key = compact(one.expect)
        places = [
            (row, column)
            for column in range(cells.width)
            for row, text in enumerate(cells.to_series(column).to_list())
            if text is not None and compact(text) == key
        ]
        return places, None
    spoken = _spoken(one, sheet)
    if one.action == "skip":
        places = [(row, column) for row, column in spoken if _row_says(sheet, row, one.expect)]
    else:
        places = [(row, column) for row, column in spoken if _says(sheet, row, column, one.expect)]
    return places, spoken[0] if spoken else None


def _spoken(one: Correction, sheet: Sheet) -> list[tuple[int, int]]:
    cells = sheet.cells
    if one.cell is not None:
        found = _CELL.fullmatch(one.cell)
        if found is None:
            return []
        column = next((i for i in range(cells.width) if column_letter(i) == found.group(1)), None)
        row = int(found.group(2)) - 1
        return [] if column is None or row >= cells.height else [(row, column)]
    rows = _rows_with(sheet, one.row)
    if one.heading is None:
        return [(row, 0) for row in rows]
    key = heading_key(one.heading)
    places: list[tuple[int, int]] = []
    for column in range(cells.width):
        texts = cells.to_series(column).to_list()
        heads = [row for row, text in enumerate(texts) if text is not None and heading_key(text) == key]
        places += [(row, column) for row in rows if heads and row > heads[0]]
    return places


def _rows_with(sheet: Sheet, wanted: Sequence[str]) -> list[int]:
    """Rows that hold all the texts, in cells of their own or written once above (a column filled down)."""
    rows: set[int] | None = None
    for text in wanted:
        key = compact(text)
        holding: set[int] = set()
        for column in range(sheet.cells.width):
            current = False
            for row, cell in enumerate(sheet.cells.to_series(column).to_list()):
                current = compact(cell) == key if cell is not None else current
                if current:
                    holding.add(row)
        rows = holding if rows is None else rows & holding
    filled = sheet.cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_list() if rows else []
    return sorted(row for row in rows or () if filled[row])


def _says(sheet: Sheet, row: int, column: int, text: str) -> bool:
    cell = sheet.cells.item(row, column)
    cell = sheet.errors.get((row, column)) if cell is None else cell
    return cell is not None and compact(cell) == compact(text)


def _row_says(sheet: Sheet, row: int, text: str) -> bool:
    return any(_says(sheet, row, column, text) for column in range(sheet.cells.width))


def _made(
    one: Correction, sheet: Sheet, places: Sequence[tuple[int, int]], file: str
) -> tuple[Sheet, list[AppliedCorrection]]:
    if one.action == "skip":
        return _skipped(one, sheet, sorted({row for row, _ in places}), file)
    cells, errors = sheet.cells, dict(sheet.errors)
    applied = []
    for row, column in places:
        was = cells.item(row, column)
        was = errors.pop((row, column), "") if was is None else was
        place = address(row + 1, column)
        applied.append(
            AppliedCorrection(
                file,
                sheet.name,
                place,
                row + 1,
                one.action,
                mask_text(was)[0],
                mask_text(one.to or "")[0],
                one.reason,
                one.line,
            )
        )
    changed = {column for _, column in places}
    for column in changed:
        texts = cells.to_series(column).to_list()
        for row, at in places:
            if at == column:
                texts[row] = one.to
        cells = cells.with_columns(pl.Series(cells.columns[column], texts, dtype=pl.String))
    # What a person has typed as a correction is shown as typed: 0.68 is no longer a cell formatted as 68 %.
    percents = sheet.percents - set(places)
    return replace(sheet, cells=cells, errors=errors, percents=percents, uncached=sheet.uncached - set(places)), applied


def _skipped(one: Correction, sheet: Sheet, rows: Sequence[int], file: str) -> tuple[Sheet, list[AppliedCorrection]]:
    cells, applied = sheet.cells, []
    merges = list(sheet.merges)
    for row in rows:
        texts = list(cells.row(row))
        filled = next((column for column, text in enumerate(texts) if text is not None), 0)
        was = next((text for text in texts if text is not None and compact(text) == compact(one.expect)), one.expect)
        applied.append(
            AppliedCorrection(
                file,
                sheet.name,
                address(row + 1, filled),
                row + 1,
                "skip",
                mask_text(was)[0],
                None,
                one.reason,
                one.line,
            )
        )
        moved: dict[int, str | None] = {}
        for at, merge in enumerate(merges):
            if merge.top == row and merge.bottom > row and merge.left == merge.right:
                # The name that the merged cell gives to the rows below must not go with the row.
                moved[merge.left] = texts[merge.left]
                merges[at] = Merge(row + 1, merge.left, merge.bottom, merge.right)
        number = pl.int_range(pl.len())
        cells = cells.with_columns(
            [
                pl.when(number == row)
                .then(None)
                .when((number == row + 1) & pl.lit(column in moved))
                .then(pl.lit(moved.get(column), dtype=pl.String))
                .otherwise(pl.col(name))
                .alias(name)
                for column, name in enumerate(cells.columns)
            ]
        )
    gone = set(rows)
    return (
        replace(
            sheet,
            cells=cells,
            merges=tuple(merges),
            errors={place: text for place, text in sheet.errors.items() if place[0] not in gone},
            uncached=frozenset(place for place in sheet.uncached if place[0] not in gone),
            percents=frozenset(place for place in sheet.percents if place[0] not in gone),
        ),
        applied,
    )


def _stale(one: Correction, file: str, sheet: Sheet, found: tuple[int, int]) -> Finding:
    row, column = found
    says = sheet.cells.item(row, column) or sheet.errors.get((row, column)) or ""
    shown = mask_text(says)[0]
    place = address(row + 1, column)
    if one.to is not None and compact(says) == compact(one.to):
        zh = (
            f"{file} 第 {one.line} 行的更正已经过期：原表的 {place} 已改成“{shown}”；"
            f'请删除这条更正（或写 status = "off"）'
        )
        en = (
            f'the correction on line {one.line} of {file} is out of date: {place} says "{shown}" by now; '
            f'remove the correction (or write status = "off")'
        )
    else:
        zh = (
            f"{file} 第 {one.line} 行的更正没有用上：{place} 写的是“{shown}”，不再是“{one.expect}”；"
            f"请核对原表，改写 expect 或删除这条更正"
        )
        en = (
            f'the correction on line {one.line} of {file} was not made: {place} says "{shown}", no longer '
            f'"{one.expect}"; check the source, then change expect or remove the correction'
        )
    return Finding("inconsistent", zh, en, sheet=sheet.name, cell=place, raw_value=shown or None)


def _nowhere(one: Correction, file: str, spoken: Sequence[Sheet]) -> Finding:
    what = one.cell or "、".join([*one.row, *([one.heading] if one.heading else [])]) or one.expect
    sheet = spoken[0].name if len(spoken) == 1 else ""
    where = f"工作表“{sheet}”里" if sheet else "文件里" if spoken else f"文件里没有工作表“{one.sheet}”，"
    where_en = f'sheet "{sheet}"' if sheet else "the file" if spoken else f'the file has no sheet "{one.sheet}" and'
    zh = f"{file} 第 {one.line} 行的更正没有用上：{where}找不到“{what}”；请核对原表，改写或删除这条更正"
    en = (
        f'the correction on line {one.line} of {file} was not made: {where_en} has no "{what}"; '
        f"check the source, then change or remove the correction"
    )
    return Finding("inconsistent", zh, en, sheet=sheet)
