"""Makes the corrections of a file in its sheets, before they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipelines.findings import Finding, address
from pipelines.mending.correction_findings import nowhere, stale
from pipelines.mending.correction_places import places_of
from pipelines.mending.corrections import AppliedCorrection, Correction, Corrections
from pipelines.mending.globs import glob_matches
from pipelines.mending.personal import mask_text
from pipelines.reading.sheets import Merge, Sheet
from pipelines.reading.words import compact


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
        told: Finding | None = None
        done = 0
        for at in spoken:
            sheet = mended[at]
            places, found = places_of(one, sheet)
            if places:
                mended[at], steps = _made(one, sheet, places, file)
                applied += steps
                done += len(steps)
            elif told is None and found is not None:
                told = stale(one, corrections.file, sheet, found)
        if not done:
            findings.append(told or nowhere(one, corrections.file, [mended[at] for at in spoken]))
    return tuple(mended), applied, findings


def apply_to_sheet(
    corrections: Corrections, file: str, sheet: Sheet
) -> tuple[Sheet, list[AppliedCorrection], list[Finding]]:
    """`apply_to_workbook` for a file with one sheet."""
    sheets, applied, findings = apply_to_workbook(corrections, file, [sheet])
    return sheets[0], applied, findings


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
        applied.append(_step(one, file, sheet, row, column, was))
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
    cells, merges, applied = sheet.cells, sheet.merges, []
    for row in rows:
        texts = cells.row(row)
        filled = next((column for column, text in enumerate(texts) if text is not None), 0)
        was = next((text for text in texts if text is not None and compact(text) == compact(one.expect)), one.expect)
        applied.append(_step(one, file, sheet, row, filled, was))
        cells, merges = _emptied(cells, merges, row)
    gone = set(rows)
    left = replace(
        sheet,
        cells=cells,
        merges=merges,
        errors={place: text for place, text in sheet.errors.items() if place[0] not in gone},
        uncached=frozenset(place for place in sheet.uncached if place[0] not in gone),
        percents=frozenset(place for place in sheet.percents if place[0] not in gone),
    )
    return left, applied


def _emptied(cells: pl.DataFrame, merges: tuple[Merge, ...], row: int) -> tuple[pl.DataFrame, tuple[Merge, ...]]:
    """Cells and merged ranges without a row's content; a name merged over the rows below goes to the next of them."""
    moved: dict[int, str | None] = {}
    kept = list(merges)
    for at, merge in enumerate(kept):
        if merge.top == row and merge.bottom > row and merge.left == merge.right:
            moved[merge.left] = cells.item(row, merge.left)
            kept[at] = Merge(row + 1, merge.left, merge.bottom, merge.right)
    number = pl.int_range(pl.len())
    emptied = cells.with_columns(
        pl.when(number == row)
        .then(None)
        .when((number == row + 1) & pl.lit(column in moved))
        .then(pl.lit(moved.get(column), dtype=pl.String))
        .otherwise(pl.col(name))
        .alias(name)
        for column, name in enumerate(cells.columns)
    )
    return emptied, tuple(kept)


def _step(one: Correction, file: str, sheet: Sheet, row: int, column: int, was: str) -> AppliedCorrection:
    """What is noted of a correction made at a cell."""
    return AppliedCorrection(
        file=file,
        sheet=sheet.name,
        cell=address(row + 1, column),
        row=row + 1,
        action=one.action,
        was=mask_text(was)[0],
        now=None if one.action == "skip" else mask_text(one.to or "")[0],
        reason=one.reason,
        line=one.line,
    )
