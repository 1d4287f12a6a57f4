"""Profiles: what a file of a foreign layout says, written down once beside the submissions instead of being guessed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipelines.mending.globs import glob_matches, weight_of
from pipelines.mending.toml_lines import SettingsError
from pipelines.reading.words import compact, heading_key

_LETTER: Final = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True)
class SheetProfile:
    """What one profile says of the sheets it speaks of. Rows count from 1, as the spreadsheet program numbers them.

    `columns`: heading text, or column letter, → field (`-`: known and ignored). `extract`: field → (heading or letter,
    pattern): the field is the pattern's first group in that column, empty where the pattern isn't found. `constants`:
    field → value of every row; `defaults`: field → value where the cell is empty. `words`: field → word → value, where
    "" stands for empty; words are compared as `word_key` gives them. `blanks`: cells that count as empty.
    `ignore_others`: headings that aren't named give no finding. `add_up`: rows of one key (a list of households) are
    added up into one record. `open_end`: a period's end is the day after its last. `weighted`: fields of counts
    whose answers were weighted: decimals are right. `skip`: the sheet has nothing of ours. `file` and `line` say
    where it is written.
    """

    name: str
    files: tuple[str, ...]
    sheets: tuple[str, ...] = ("*",)
    kind: str | None = None
    skip: bool = False
    heading_rows: tuple[int, int] | None = None
    first_row: int | None = None
    last_row: int | None = None
    skip_rows: tuple[int, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    extract: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    datum: str | None = None
    period: str | None = None
    year: int | None = None
    question: str | None = None
    ignore_others: bool = False
    add_up: bool = False
    open_end: bool = False
    weighted: tuple[str, ...] = ()
    note: str = ""
    file: str = ""
    line: int = 1

    def targets(self, headings: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
        """Which field each column holds (letter → field), and which names of the profile the sheet hasn't got.

        `headings` maps the sheet's column letters to their heading texts; several heading rows joined from the top.
        A name that is both a heading and a letter is taken as the heading. Two columns of one heading both get it.
        """
        found: dict[str, str] = {}
        absent: list[str] = []
        for name, target in self.columns.items():
            letters = columns_named(name, headings)
            absent += [] if letters else [name]
            found |= dict.fromkeys(letters, target)
        absent += [name for name, _ in self.extract.values() if not columns_named(name, headings)]
        return found, tuple(dict.fromkeys(absent))

    def extracted(self, target: str, cells: pl.Series) -> pl.Series:
        """What the field's `extract` pattern takes from the cells of its column (String); null where it isn't found."""
        pattern = re.compile(self.extract[target][1])
        parts: dict[str, str | None] = {}
        for text in cells.drop_nulls().unique().to_list():
            found = pattern.search(text)
            parts[text] = found.group(1) if found else None
        taken = [None if text is None else parts[text] for text in cells.to_list()]
        return pl.Series(cells.name, taken, dtype=pl.String)

    def value(self, target: str, text: str) -> object:
        """What a word of that field means by the profile, or the text itself; "" means empty."""
        words = self.words.get(target)
        return text if not words else words.get(word_key(text), text)

    def is_blank(self, text: str) -> bool:
        """Whether the profile says that such a cell is empty."""
        return word_key(text) in {word_key(one) for one in self.blanks}


def word_key(text: str) -> str:
    """The form in which words of a profile and of a cell are compared: no spaces, half-width, lower case."""
    return compact(text)


def columns_named(name: str, headings: Mapping[str, str]) -> tuple[str, ...]:
    """The letters of the columns with that heading (after normalising); else the column of that letter, if any."""
    letters = tuple(letter for letter, heading in headings.items() if compact(heading) == compact(name))
    if not letters:
        letters = tuple(letter for letter, heading in headings.items() if heading_key(heading) == heading_key(name))
    return letters or ((name,) if _LETTER.fullmatch(name) and name in headings else ())


@dataclass(frozen=True)
class Profiles:
    """All profiles below a folder."""

    sheets: tuple[SheetProfile, ...] = ()

    def match(self, file: str, sheet: str) -> SheetProfile | None:
        """The profile that speaks of that sheet (`file`: path below the folder; "" is the sheet of a CSV), or None.

        Of several, the one with more letters in its pattern of the file, then of the sheet; SettingsError, naming both,
        where two are equally near.
        """
        best: list[tuple[tuple[int, int], SheetProfile]] = []
        for one in self.sheets:
            weights = [weight_of(p) for p in one.files if glob_matches(p, file)]
            inner = [weight_of(p) for p in one.sheets if _sheet_matches(p, sheet)]
            if weights and inner:
                best.append(((max(weights), max(inner)), one))
        if not best:
            return None
        top = max(weight for weight, _ in best)
        nearest_ones = [one for weight, one in best if weight == top]
        if len(nearest_ones) > 1:
            first, second = nearest_ones[:2]
            where = f"{file} {sheet}".strip()
            zh = (
                f"“{where}”同时符合两个配置：{first.name}（{first.file} 第 {first.line} 行）和 {second.name}"
                f"（{second.file} 第 {second.line} 行）；请把其中一个的文件名或工作表名写得更具体"
            )
            en = (
                f'"{where}" fits two profiles: {first.name} ({first.file}, line {first.line}) and {second.name} '
                f"({second.file}, line {second.line}); make the file or sheet pattern of one of them more specific"
            )
            raise SettingsError(second.file, second.line, zh, en)
        return nearest_ones[0]

    def fingerprint(self, file: str | None = None) -> str:
        """A hash that changes when a profile does; with a file, only when one that speaks of the file does."""
        spoken = [one for one in self.sheets if file is None or any(glob_matches(p, file) for p in one.files)]
        return hashlib.sha256(repr(spoken).encode()).hexdigest()


def _sheet_matches(pattern: str, sheet: str) -> bool:
    pattern, sheet = pattern.strip().replace("/", "∕"), sheet.strip().replace("/", "∕")
    return glob_matches(pattern, sheet)
