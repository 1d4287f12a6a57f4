"""Profiles: what a file of a foreign layout says, written down once beside the submissions instead of being guessed."""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from pathlib import Path, PurePosixPath
from typing import Final

import polars as pl

from pipelines.kinds import KINDS
from pipelines.mending.suggestion import suggest_profile
from pipelines.mending.toml_lines import (
    Document,
    Key,
    SettingsError,
    nearest,
    read_toml,
    refuse_unknown,
    want_flag,
    want_table,
    want_text,
    want_texts,
    want_whole,
    wrong_kind,
)
from pipelines.places.datums import read_datum
from pipelines.reading.words import compact, heading_key

__all__ = ["Profiles", "SettingsError", "SheetProfile", "glob_matches", "load_profiles", "suggest_profile"]

_ENDING: Final = ".profile.toml"
_LETTER: Final = re.compile(r"[A-Z]{1,3}")
_PERIOD: Final = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])|H[12]|Q[1-4])?|\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d"
)  # as on the command line
_SHEET_KEYS: Final = (
    "sheets", "kind", "skip", "heading_rows", "first_row", "last_row", "skip_rows", "period", "year", "datum",
    "question", "blanks", "other_columns", "add_up", "open_end", "weighted", "note", "columns", "constants",
    "defaults", "words", "units", "extract",
)  # fmt: skip


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


def glob_matches(pattern: str, name: str) -> bool:
    """Whether a path or a sheet's name fits a pattern with `*` and `?`; without `/` it looks at the last part."""
    pattern, name = unicodedata.normalize("NFC", pattern), unicodedata.normalize("NFC", name)
    if "/" not in pattern:
        name = PurePosixPath(name).name
    if pattern.casefold() == name.casefold():
        return True
    # [ is an ordinary character here: real names hold it, and nobody who edits a profile means a class by it.
    return fnmatch.fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]"))


def _weight(pattern: str) -> int:
    return len(pattern.replace("*", "").replace("?", ""))


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
            weights = [_weight(p) for p in one.files if glob_matches(p, file)]
            inner = [_weight(p) for p in one.sheets if _sheet_matches(p, sheet)]
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


def load_profiles(folder: Path) -> Profiles:
    """All `*.profile.toml` anywhere below the folder; none is fine. Raises SettingsError with file and line."""
    found: list[SheetProfile] = []
    for path in sorted(folder.rglob(f"*{_ENDING}")):
        if path.is_file():
            found += _profile(read_toml(path, path.relative_to(folder).as_posix()))
    return Profiles(tuple(found))


def _profile(document: Document) -> list[SheetProfile]:
    refuse_unknown(document, (), document.data, ("name", "files", "note", "sheet"))
    if "files" not in document.data:
        zh = '缺少 files：写明这个配置说的是哪些文件，如 files = ["收费*.xlsx"]'
        raise document.error((), zh, 'files is missing: say which files it speaks of, such as files = ["fees*.xlsx"]')
    files = want_texts(document, ("files",), document.data["files"])
    name = want_text(document, ("name",), document.data.get("name", PurePosixPath(document.file).name[: -len(_ENDING)]))
    sheets = document.data.get("sheet", [])
    if not isinstance(sheets, list) or not sheets:
        raise document.error(
            ("sheet",), "缺少 [[sheet]] 一节（双方括号）", "a [[sheet]] section (two brackets) is missing"
        )
    return [_sheet(document, number, name, files) for number in range(len(sheets))]


def _sheet(document: Document, number: int, name: str, files: tuple[str, ...]) -> SheetProfile:
    at: Key = ("sheet", number)
    sheets = document.data["sheet"]
    table = want_table(document, at, sheets[number] if isinstance(sheets, list) else None)
    refuse_unknown(document, at, table, _SHEET_KEYS)
    skip = want_flag(document, (*at, "skip"), table.get("skip", False))
    kind = _kind(document, at, table, skip=skip)
    known = _targets(kind) if kind else frozenset()
    others = want_text(document, (*at, "other_columns"), table.get("other_columns", "report"))
    if others not in ("report", "ignore"):
        raise wrong_kind(document, (*at, "other_columns"), others, '"report" 或 "ignore"', '"report" or "ignore"')

    def whole(key: str, least: int = 1, most: int = 1_048_576) -> int | None:
        return want_whole(document, (*at, key), table[key], least, most) if key in table else None

    def text(key: str) -> str | None:
        return want_text(document, (*at, key), table[key]) if key in table else None

    def fields(key: str) -> dict[str, object]:
        inner = want_table(document, (*at, key), table.get(key, {}))
        refuse_unknown(document, (*at, key), inner, known - {"-"})
        return inner

    return SheetProfile(
        name=name,
        files=files,
        sheets=want_texts(document, (*at, "sheets"), table.get("sheets", "*")),
        kind=kind,
        skip=skip,
        heading_rows=_heading_rows(document, at, table),
        first_row=whole("first_row"),
        last_row=whole("last_row"),
        skip_rows=_whole_numbers(document, (*at, "skip_rows"), table.get("skip_rows", [])),
        columns=_columns(document, (*at, "columns"), table.get("columns", {}), known),
        extract={
            field: _extract(document, (*at, "extract", field), value) for field, value in fields("extract").items()
        },
        constants=fields("constants"),
        defaults=fields("defaults"),
        words={field: _words(document, (*at, "words", field), value) for field, value in fields("words").items()},
        units={field: want_text(document, (*at, "units", field), value) for field, value in fields("units").items()},
        blanks=want_texts(document, (*at, "blanks"), table.get("blanks", [])),
        datum=_datum(document, (*at, "datum"), text("datum")),
        period=_period(document, (*at, "period"), text("period")),
        year=whole("year", 1900, 2200),
        question=text("question"),
        ignore_others=others == "ignore",
        add_up=want_flag(document, (*at, "add_up"), table.get("add_up", False)),
        open_end=want_flag(document, (*at, "open_end"), table.get("open_end", False)),
        weighted=_weighted(document, (*at, "weighted"), table.get("weighted", []), known),
        note=text("note") or "",
        file=document.file,
        line=document.line(*at),
    )


def _kind(document: Document, at: Key, table: Mapping[str, object], *, skip: bool) -> str | None:
    if "kind" not in table:
        if skip:
            return None
        kinds = "、".join(f"{one.name}（{one.zh}）" for one in KINDS.values())
        zh = f"缺少 kind：这些工作表是哪一类？{kinds}；没有要读的内容就写 skip = true"
        en = f"kind is missing: one of {', '.join(KINDS)}; or skip = true where there is nothing to read"
        raise document.error(at, zh, en)
    kind = want_text(document, (*at, "kind"), table["kind"])
    if kind not in KINDS:
        meant = nearest(kind, KINDS)
        zh = f"没有“{kind}”这一类" + (f"，是否想写“{meant}”？" if meant else "") + f"可用的有：{'、'.join(KINDS)}"
        en = f'there is no kind "{kind}"' + (
            f'; did you mean "{meant}"?' if meant else f"; use one of {', '.join(KINDS)}"
        )
        raise document.error((*at, "kind"), zh, en)
    return kind


@cache
def _targets(kind: str) -> frozenset[str]:
    """What a column of that kind can hold: its fields, and the parts that headings.csv knows (`period`, `lonlat` …)."""
    rows = csv.reader(resources("pipelines.kinds").joinpath("headings.csv").read_text("utf-8-sig").splitlines())
    parts = {row[1] for row in rows if row and row[0] in (kind, "*")}
    if not KINDS[kind].has_period:
        parts -= {"period", "period_from", "period_to"}
    if "estate" in parts and kind == "inspections":
        parts -= {"estate"}
    return frozenset(parts | {one.name for one in KINDS[kind].fields} | {"-"})


def _columns(document: Document, at: Key, value: object, known: Iterable[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    valid = sorted(known)
    for name, target in want_table(document, at, value).items():
        word = want_text(document, (*at, name), target)
        if word not in valid:
            meant = nearest(word, valid)
            zh = f"“{name}”写成了“{word}”，没有这个字段" + (
                f"，是否想写“{meant}”？" if meant else f"；有：{'、'.join(valid)}"
            )
            en = f'"{name}" is "{word}", which is no field' + (
                f'; did you mean "{meant}"?' if meant else f"; there are: {', '.join(valid)}"
            )
            raise document.error((*at, name), zh, en)
        columns[name] = word
    return columns


def _weighted(document: Document, at: Key, value: object, known: Iterable[str]) -> tuple[str, ...]:
    names = want_texts(document, at, value)
    refuse_unknown(document, at, dict.fromkeys(names), set(known) - {"-"})
    return names


def _extract(document: Document, at: Key, value: object) -> tuple[str, str]:
    table = want_table(document, at, value)
    refuse_unknown(document, at, table, ("from", "pattern"))
    if "from" not in table or "pattern" not in table:
        zh = "要写 from（从哪一列）和 pattern（正则表达式，取其中第一个括号）"
        raise document.error(
            at, zh, "write from (the column) and pattern (a regular expression; its first group is taken)"
        )
    pattern = want_text(document, (*at, "pattern"), table["pattern"])
    try:
        groups = re.compile(pattern).groups
    except re.error as fault:
        zh = f"正则表达式“{pattern}”写错了：{fault}"
        raise document.error(at, zh, f'the regular expression "{pattern}" is wrong: {fault}') from fault
    if groups != 1:
        zh = f"正则表达式“{pattern}”要有且只有一对取值的括号"
        raise document.error(at, zh, f'the regular expression "{pattern}" must have exactly one group')
    return want_text(document, (*at, "from"), table["from"]), pattern


def _words(document: Document, at: Key, value: object) -> dict[str, object]:
    words: dict[str, object] = {}
    for word, meaning in want_table(document, at, value).items():
        if isinstance(meaning, list | dict):
            raise wrong_kind(document, (*at, word), meaning, "一个值", "one value")
        words[word_key(word)] = meaning
    return words


def _whole_numbers(document: Document, at: Key, value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise wrong_kind(document, at, value, "行号的列表，如 [5, 6]", "a list of row numbers, such as [5, 6]")
    return tuple(want_whole(document, at, one, 1) for one in value)


def _heading_rows(document: Document, at: Key, table: Mapping[str, object]) -> tuple[int, int] | None:
    if "heading_rows" not in table:
        return None
    value = table["heading_rows"]
    rows = (value, value) if isinstance(value, int) else tuple(value) if isinstance(value, list) else ()
    if (
        len(rows) == 2
        and all(isinstance(row, int) and not isinstance(row, bool) for row in rows)
        and 1 <= rows[0] <= rows[1]
    ):
        return int(rows[0]), int(rows[1])
    zh, en = "行号，如 3；占几行时写起止，如 [2, 3]", "a row number, such as 3, or the first and last, such as [2, 3]"
    raise wrong_kind(document, (*at, "heading_rows"), value, zh, en)


def _datum(document: Document, at: Key, text: str | None) -> str | None:
    if text is None:
        return None
    datum = read_datum(text)
    if datum is None:
        raise wrong_kind(document, at, text, "WGS-84、GCJ-02、BD-09 或 CGCS2000", "WGS-84, GCJ-02, BD-09 or CGCS2000")
    return datum


def _period(document: Document, at: Key, text: str | None) -> str | None:
    if text is None or _PERIOD.fullmatch(text):
        return text
    zh = "2025、2025H1、2025Q1、2025-03 或 2025-01-01..2025-03-31 这样的期间"
    raise wrong_kind(document, at, text, zh, "a period such as 2025, 2025H1, 2025Q1, 2025-03, 2025-01-01..2025-03-31")
