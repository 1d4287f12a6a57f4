"""What is said of corrections that were not made: out of date, nowhere to be made, of a file that is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.findings import Finding, address
from pipelines.mending.corrections import Correction, Corrections
from pipelines.mending.globs import glob_matches
from pipelines.mending.personal import mask_text
from pipelines.reading.sheets import Sheet
from pipelines.reading.words import compact


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


def stale(one: Correction, file: str, sheet: Sheet, found: tuple[int, int]) -> Finding:
    """The source says something else than the entry expects, at the cell `found` (row and column from 0)."""
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


def nowhere(one: Correction, file: str, spoken: Sequence[Sheet]) -> Finding:
    """None of the sheets that the entry speaks of has what it speaks of."""
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
