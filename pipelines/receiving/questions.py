"""Finds what a clerk should explain in checked files: unknown headings, sheets, unit words and names of estates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.findings import column_letter
from pipelines.handouts.annotated.marks import place
from pipelines.kinds import KINDS
from pipelines.mending.memory import What, word_key
from pipelines.mending.names import Register
from pipelines.mending.personal import mask_text
from pipelines.reading.headings import understand
from pipelines.reading.opening import open_workbook
from pipelines.reading.sheets import Sheet, Unreadable
from pipelines.reading.units import read_unit
from pipelines.reading.words import split_brackets
from pipelines.receiving import meanings
from pipelines.receiving.meanings import Meaning
from pipelines.suggesting import suggest

SEEN: Final = 30
"""Cells of a column that a proposal is made from."""
_UNIT_LINE: Final = re.compile(r"单位\s*[:：为]?\s*([^\s;,。:：()（）\[\]]+)")
_LIKE_A_UNIT: Final = re.compile(r"[元圆块钱銭米㎡]|^(?:k|w|rmb|cny)$", re.IGNORECASE)
_COLUMN: Final = re.compile(r'^("(?:[^"\\]|\\.)*") = "([a-z_]+|-)"', re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """What is asked once: a word of a sender, where it stands first, cells below it, what it may mean.

    `what` is "sheet" for a table whose kind isn't known; then `proposals` are kinds and `profile` the text to keep.
    """

    what: What | str
    sender: str
    kind: str
    word: str
    file: str
    sheet: str
    cell: str
    cells: tuple[str, ...]
    proposals: tuple[Meaning, ...]
    profile: str = ""
    files: int = field(default=1, compare=False)

    @property
    def key(self) -> str:
        """What tells it from the other questions."""
        word = word_key(self.what, self.word) if self.what in ("heading", "unit", "estate") else self.word
        return f"{self.what}|{self.sender}|{word}"


@dataclass(frozen=True)
class Known:
    """The published register, and where each estate lies."""

    register: Register
    about: dict[str, str]

    @classmethod
    def of(cls, estates: pl.DataFrame | None) -> Known:
        """From the table `estates`; None where nothing is published."""
        rows = estates.to_dicts() if estates is not None else []
        register = Register.of((one["estate"], one["aliases"] or [], one["community"], one["street"]) for one in rows)
        return cls(register, {one["estate"]: f"（{one['community']}）" if one["community"] else "" for one in rows})


def questions_of(
    path: Path, file: str, sender: str, findings: Sequence[dict[str, str | None]], known: Known
) -> list[Question]:
    """The questions of one file, each word once."""
    try:
        sheets = {one.name: one for one in open_workbook(path).sheets}
    except (Unreadable, OSError):
        return []
    found: list[Question] = []
    for row in findings:
        sheet = sheets.get(row["source_sheet"] or "") or (next(iter(sheets.values())) if len(sheets) == 1 else None)
        if sheet is None:
            continue
        if row["code"] == "unmapped_column" and row["raw_value"]:
            found += _heading(row, sheet, file, sender)
        elif row["code"] == "unknown_estate" and row["raw_value"]:
            found.append(_estate(row, sheet, file, sender, known))
        elif row["code"] == "unrecognised_sheet":
            found += _sheet(sheet, path, file, sender)
    found += [one for sheet in sheets.values() for one in _units(sheet, file, sender)]
    return list({one.key: one for one in reversed(found)}.values())[::-1]


def _heading(row: dict[str, str | None], sheet: Sheet, file: str, sender: str) -> list[Question]:
    at, kind = place(row["source_cell"] or ""), row["kind"] or ""
    if at is None or kind not in KINDS or row["field"]:
        return []
    word = _text(sheet, *at) or (row["raw_value"] or "").split(" ")[-1]
    cells = _below(sheet, *at)
    if not cells:
        return []
    heads = [_text(sheet, at[0], column) for column in range(sheet.cells.width)]
    taken = [name for text in heads if text and (name := understand(text).field(kind))]
    told = meanings.of_heading(kind, word, cells, taken)
    return [_question("heading", sender, kind, word, file, sheet, row, cells, told)]


def _estate(row: dict[str, str | None], sheet: Sheet, file: str, sender: str, known: Known) -> Question:
    word = row["raw_value"] or ""
    told = meanings.of_estate(word, known.register, known.about)
    return _question("estate", sender, row["kind"] or "", word, file, sheet, row, (), told)


def _sheet(sheet: Sheet, path: Path, file: str, sender: str) -> list[Question]:
    profile = suggest(path, file, sheet.name, guess=meanings.likely_field)
    if profile is None:
        return []
    likely = re.search(r'^kind = "(\w+)"', profile, re.MULTILINE)
    first = likely[1] if likely else "fees"
    order = [first, *(name for name in KINDS if name != first)]
    told = tuple(Meaning(name, KINDS[name].zh, KINDS[name].en) for name in order)
    row: dict[str, str | None] = {"source_cell": ""}
    words = sheet.name or file.rpartition("/")[2]
    return [_question("sheet", sender, first, words, file, sheet, row, (), told, profile)]


def sheet_as(path: Path, question: Question, kind: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The profile of a sheet taken as a kind, and which heading becomes which field (zh), for looking at."""
    profile = suggest(path, question.file, question.sheet, kind, meanings.likely_field) or ""
    columns = tuple((name.strip('"'), target) for name, target in _COLUMN.findall(profile) if target != "-")
    return profile, _in_words(kind, columns)


def _in_words(kind: str, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    names = {one.name: one.zh for one in KINDS[kind].fields}
    return tuple((heading, names.get(target, target)) for heading, target in pairs)


def _units(sheet: Sheet, file: str, sender: str) -> list[Question]:
    found: list[Question] = []
    for index, texts in enumerate(sheet.cells.head(12).iter_rows()):
        for column, text in enumerate(texts):
            if not text or len(text) > 60:
                continue
            for word in [*split_brackets(text)[1], *_UNIT_LINE.findall(text)]:
                if len(word) <= 6 and _LIKE_A_UNIT.search(word) and _is_no_unit(word):
                    row: dict[str, str | None] = {"source_cell": f"{column_letter(column)}{index + 1}"}
                    cells = _below(sheet, index, column)
                    numbers = tuple(cell for cell in cells if cell.replace(",", "").replace(".", "").isdigit())
                    told = meanings.of_unit(word, numbers)
                    found.append(_question("unit", sender, "", word, file, sheet, row, numbers, told))
    return found


def _is_no_unit(word: str) -> bool:
    return read_unit(word) is None and not understand(word).known


def _question(
    what: str,
    sender: str,
    kind: str,
    word: str,
    file: str,
    sheet: Sheet,
    row: dict[str, str | None],
    cells: Sequence[str],
    proposals: tuple[Meaning, ...],
    profile: str = "",
) -> Question:
    shown = tuple(mask_text(cell)[0] for cell in cells[: meanings.EXAMPLES])
    cell = row["source_cell"] or ""
    return Question(what, sender, kind, mask_text(word)[0], file, sheet.name, cell, shown, proposals, profile)


def _text(sheet: Sheet, row: int, column: int) -> str:
    if column >= sheet.cells.width or row >= sheet.cells.height:
        return ""
    return str(sheet.cells.item(row, column) or "").strip()


def _below(sheet: Sheet, row: int, column: int) -> tuple[str, ...]:
    if column >= sheet.cells.width:
        return ()
    cells = sheet.cells[str(column)].slice(row + 1, SEEN * 3).drop_nulls().to_list()
    return tuple(str(cell) for cell in cells[:SEEN])
