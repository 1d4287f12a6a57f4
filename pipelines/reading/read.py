"""Reads one submission: the whole way from a file to typed records, findings and the fate of each physical row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.findings import Finding, findings_frame
from pipelines.kinds import KINDS
from pipelines.mending.correcting import apply_to_workbook
from pipelines.mending.corrections import AppliedCorrection, Corrections
from pipelines.mending.memory import Memory
from pipelines.mending.personal import mask_text
from pipelines.mending.profiles import Profiles, SheetProfile
from pipelines.reading import wording
from pipelines.reading.blocks import Block, find_blocks
from pipelines.reading.context import build_context, entered_at, filed_date
from pipelines.reading.dates import parse_moment
from pipelines.reading.explained import as_explained
from pipelines.reading.opening import open_workbook
from pipelines.reading.quantities import is_number_like
from pipelines.reading.recognising import recognise
from pipelines.reading.records import read_table
from pipelines.reading.remarks import is_note, is_unit_line
from pipelines.reading.roles import Table
from pipelines.reading.sheets import Grid, Sheet, Unreadable
from pipelines.reading.table_reading import TableReading
from pipelines.staged import LEDGER_SCHEMA, PRINTED_SCHEMA, PRINTED_TOTALS_SCHEMA, QUARANTINE_SCHEMA, Layout, Reading

if TYPE_CHECKING:
    from pipelines.settings import Settings

COUNTED_SCHEMA: Final = pl.Schema(
    {"kind": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "counted_row": pl.Int64}
)
_TICKS: Final = frozenset("√✓✔☑×✗✘")
_PRIORITY: Final = {"data": 6, "heading": 5, "total": 4, "skipped": 3, "note": 2, "title": 1}


def read_file(
    path: Path,
    file: str,
    profiles: Profiles,
    settings: Settings,
    corrections: Corrections | None = None,
    memory: Memory | None = None,
) -> Reading:
    """Reads a file. `file` is its name below the loaded folder. Data never raises: a file that can't be read becomes
    a rejected reading with one finding. `memory`: what clerks explained of headings and units."""
    try:
        workbook = open_workbook(path)
    except Unreadable as fault:
        return rejected(fault.zh, fault.en)
    del settings
    contents = workbook.sheets
    applied: list[AppliedCorrection] = []
    told: list[Finding] = []
    if corrections is not None:
        contents, applied, told = apply_to_workbook(corrections, file, contents)
    if memory is not None:
        contents = tuple(as_explained(one, memory, file) for one in contents)
    sheets = [
        _Sheet(file, sheet, before, profiles, applied) for sheet, before in zip(contents, workbook.sheets, strict=True)
    ]
    for one in sheets:
        one.read()
    filed = [one.filed_on for one in sheets if one.filed_on]
    entered = max((one.entered_at for one in sheets if one.entered_at), default=None)
    found, ledgers = [one.found for one in sheets], [one.ledger for one in sheets]
    reading = _gather([*found, []], ledgers, [*(one.findings for one in sheets), told])
    return replace(reading, filed_on=max(filed) if filed else None, modified=workbook.modified, entered_at=entered)


def rejected(zh: str, en: str) -> Reading:
    """The reading of a file that can't be read, with the reason."""
    finding = Finding("unreadable_file", zh, en)
    return replace(_gather([], [], [[finding]]), rejected=True)


class _Sheet:
    """One sheet on its way: its tables, what they gave, and the fate of its rows."""

    def __init__(
        self, file: str, sheet: Sheet, before: Sheet, profiles: Profiles, applied: Sequence[AppliedCorrection]
    ) -> None:
        """Takes the sheet as corrected, and as it was sent: each row that was sent has a fate."""
        self.file = file
        self.profile = profiles.match(file, sheet.name)
        self.findings: list[Finding] = []
        self.found: list[TableReading] = []
        self.fates: dict[int, tuple[str, str]] = {}
        self.filed_on: date | None = None
        self.entered_at: datetime | None = None
        self.sheet = sheet
        self.before = before
        for one in applied:
            if one.sheet == sheet.name and one.action == "skip":
                self.fates[one.row] = ("skipped", one.reason)

    def read(self) -> None:
        """Finds the tables of the sheet and reads them."""
        if self.profile and self.profile.skip:
            self._rest("skipped", "profile")
            return
        forced = None
        if self.profile and self.profile.heading_rows:
            forced = (self.profile.heading_rows[0] - 1, self.profile.heading_rows[1] - 1)
        grid, blocks = find_blocks(self.sheet, forced)
        outside = _outside(grid, blocks)
        self.filed_on, self.entered_at = filed_date(outside), entered_at(outside)
        notes = [text for text in outside if is_note(text) or is_unit_line(text)]
        sheet_title = blocks[0].sheet_titles if blocks else ()
        unknown: list[Block] = []
        tables = 0
        for block in blocks:
            table = self._recognised(grid, _without_numbers(block), sheet_title)
            if table is None:
                unknown.append(block)
                continue
            tables += 1
            context = build_context(
                file=self.file,
                sheet=self.sheet.name,
                block=block.titles,
                sheet_title=sheet_title,
                notes=notes,
                filed_on=self.filed_on,
            )
            reading = read_table(grid, table, context)
            self.found.append(reading)
            self._fates(block, reading)
        for block in unknown:
            self._unrecognised(grid, block)
        if not blocks:
            self._without_table(grid)
        self._rest("title" if tables else "skipped", "" if tables else "no table")

    def _recognised(self, grid: Grid, block: Block, sheet_title: Sequence[str]) -> Table | None:
        around = " ".join([*sheet_title, self.sheet.name, self.file])
        return recognise(grid, block, around, self.profile)

    def _fates(self, block: Block, reading: TableReading) -> None:
        for row in block.title_rows:
            self._fate(row + 1, "title", "")
        for row in block.heading_rows:
            self._fate(row + 1, "heading", "")
        for row, fate, reason in reading.fates:
            self._fate(row, fate, reason)

    def _fate(self, row: int, fate: str, reason: str) -> None:
        old = self.fates.get(row)
        if old is None or _PRIORITY[fate] > _PRIORITY[old[0]]:
            self.fates[row] = (fate, reason)

    def _unrecognised(self, grid: Grid, block: Block) -> None:
        rows = [r for r in block.body if any(block.left <= c <= block.right for c in grid.filled(r))]
        for row in (*block.title_rows, *block.heading_rows, *rows):
            self._fate(row + 1, "skipped", "unrecognised")
        if rows:
            headings = [path[-1] for path in block.paths.values()]
            self._tell_unrecognised(headings, block.heading_rows[0], block.left)

    def _without_table(self, grid: Grid) -> None:
        """A sheet without a heading that we know: data of an unknown kind is reported, a cover or a guide is not."""
        headings = data_headings(grid)
        if headings:
            self._tell_unrecognised(headings[1], headings[0], 0)
            self._rest("skipped", "unrecognised")

    def _tell_unrecognised(self, headings: list[str], row: int, column: int) -> None:
        zh, en = wording.unrecognised(self.sheet.name or self.file, [mask_text(text)[0] for text in headings])
        del row, column
        self.findings.append(Finding("unrecognised_sheet", zh, en, sheet=self.sheet.name))

    def _rest(self, fate: str, reason: str) -> None:
        """Every other row that holds something: a title above the first table, a note below."""
        first = min((row for row, (one, _) in self.fates.items() if one == "heading"), default=None)
        filled = self._filled
        for row in self._held:
            if row in self.fates:
                continue
            if row not in filled:
                self.fates[row] = ("skipped", "no value")
            elif fate == "title" and first is not None and row > first:
                self.fates[row] = ("note", "")
            else:
                self.fates[row] = (fate, reason)

    @property
    def _filled(self) -> set[int]:
        """The rows with a value, from 1."""
        cells = self.before.cells
        if cells.width == 0:
            return set()
        mask = cells.select(pl.any_horizontal(pl.all().is_not_null()).alias("held"))["held"]
        return {index + 1 for index in mask.arg_true().to_list()}

    @property
    def _held(self) -> list[int]:
        """The rows that hold something, from 1, in order: a value, an error, or a formula without a result."""
        marked = {row + 1 for row, _ in (*self.before.errors, *self.before.uncached)}
        return sorted(self._filled | marked)

    @property
    def ledger(self) -> pl.DataFrame:
        """The fate of each row that holds something, in order."""
        rows = self._held
        return pl.DataFrame(
            {
                "source_sheet": [self.sheet.name] * len(rows),
                "source_row": rows,
                "fate": [self.fates[row][0] for row in rows],
                "reason": [self.fates[row][1] for row in rows],
            },
            schema=LEDGER_SCHEMA,
        )


def _without_numbers(block: Block) -> Block:
    """The block with people's numbers masked in its headings, which become criteria, categories and names in findings.

    Names stay: a heading may be a scorer's, and scorers of one surname must not become one.
    """
    seen = {text: mask_text(text) for path in block.paths.values() for text in path}
    said = {text: masked for text, (masked, kinds) in seen.items() if {"phone", "id_card", "bank_card"} & set(kinds)}
    if not said:
        return block
    paths = {column: tuple(said.get(text, text) for text in path) for column, path in block.paths.items()}
    return replace(block, paths=paths)


def _outside(grid: Grid, blocks: Sequence[Block]) -> list[str]:
    """The texts of the sheet's first and last rows and of the rows that are no table's body, for context."""
    rows: set[int] = set()
    if not blocks:
        rows.update(range(min(grid.height, 12)))
    for block in blocks:
        rows.update(block.title_rows)
        rows.update(range(max(block.body.start, block.body.stop - 8), block.body.stop))
    texts = []
    for row in sorted(rows):
        filled = grid.filled(row)
        if len(filled) <= 6:
            texts += [grid.text(row, column) for column in filled]
    return texts


def _is_data(cell: str) -> bool:
    """Whether a cell of a table that we don't know is data rather than words: a number, a date, a tick."""
    return cell in _TICKS or is_number_like(cell) or parse_moment(cell, 2000) is not None


def data_headings(grid: Grid) -> tuple[int, list[str]] | None:
    """The first row that heads a table of data though no heading is known, and its texts.

    It has words in at least two columns, and below them at least two rows with numbers or dates that are more than a
    running number.
    """
    for row in range(min(grid.height, 30)):
        filled = grid.filled(row)
        texts = [grid.text(row, column) for column in filled]
        if len(filled) < 2 or any(is_number_like(text) or len(text) > 60 for text in texts):
            continue
        below = [r for r in range(row + 1, min(grid.height, row + 40)) if len(grid.filled(r)) >= 2]
        for column in filled:
            cells = [grid.text(r, column) for r in below]
            numbers = [cell for cell in cells if cell and _is_data(cell)]
            serial = [str(i + 1) for i in range(len(numbers))]
            if len(numbers) >= 2 and numbers != serial:
                return row, texts
    return None


def _gather(
    found: Sequence[Sequence[TableReading]], ledgers: Sequence[pl.DataFrame], findings: Sequence[Sequence[Finding]]
) -> Reading:
    records: dict[str, list[pl.DataFrame]] = {}
    layouts: list[Layout] = []
    told: list[Finding] = []
    quarantine: list[dict[str, object]] = []
    counted: list[pl.DataFrame] = []
    totals = [PRINTED_TOTALS_SCHEMA.to_frame()]
    for tables, own in zip(found, findings if found else [], strict=False):
        told += own
        for one in tables:
            for frame in one.records:
                if frame.height:
                    shifted = frame.with_columns((pl.col("layout") + len(layouts)).cast(pl.UInt32))
                    records.setdefault(one.kind, []).append(shifted)
            if one.printed_totals.height:
                totals.append(one.printed_totals.with_columns((pl.col("layout") + len(layouts)).cast(pl.UInt32)))
            layouts += [replace(of, contexts=tuple(mask_text(text)[0] for text in of.contexts)) for of in one.layouts]
            told += one.findings
            quarantine += one.quarantine
            counted += [frame.select(COUNTED_SCHEMA.names()).cast(COUNTED_SCHEMA) for frame in one.counted]
    if not found:
        for own in findings:
            told += own
    return Reading(
        records={kind: _one_frame(records[kind]) for kind in KINDS if kind in records},
        layouts=tuple(layouts),
        findings=findings_frame(told),
        quarantine=pl.DataFrame(quarantine, schema=QUARANTINE_SCHEMA),
        ledger=pl.concat(ledgers) if ledgers else pl.DataFrame(schema=LEDGER_SCHEMA),
        counted=pl.concat(counted) if counted else pl.DataFrame(schema=COUNTED_SCHEMA),
        printed=pl.concat([PRINTED_SCHEMA.to_frame(), *(one.printed for tables in found for one in tables)]),
        printed_totals=pl.concat(totals),
    )


def _one_frame(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The records of all tables; only some of them may name their own cells."""
    alike = len({frame.width for frame in frames}) == 1
    return pl.concat(frames, how="vertical" if alike else "diagonal")


__all__ = ["SheetProfile", "read_file", "rejected"]
