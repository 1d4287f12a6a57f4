"""Reads `*.profile.toml` beside the submissions, and shows a mistake in one on its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files as resources
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.kinds import KINDS
from pipelines.mending.profiles import Profiles, SheetProfile, word_key
from pipelines.mending.toml_lines import (
    Document,
    Key,
    nearest,
    read_toml,
    refuse_unknown,
    want_table,
    want_text,
    want_whole,
    wrong_kind,
)
from pipelines.mending.toml_sections import Section
from pipelines.places.datums import read_datum

_ENDING: Final = ".profile.toml"
_PERIOD: Final = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])|H[12]|Q[1-4])?|\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d"
)  # as on the command line
_LAST_ROW: Final = 1_048_576
"""The last row that a spreadsheet can have."""
_SHEET_KEYS: Final = (
    "sheets", "kind", "skip", "heading_rows", "first_row", "last_row", "skip_rows", "period", "year", "datum",
    "question", "blanks", "other_columns", "add_up", "open_end", "weighted", "note", "columns", "constants",
    "defaults", "words", "units", "extract",
)  # fmt: skip


def load_profiles(folder: Path) -> Profiles:
    """All `*.profile.toml` anywhere below the folder; none is fine. Raises SettingsError with file and line."""
    found: list[SheetProfile] = []
    for path in sorted(folder.rglob(f"*{_ENDING}")):
        if path.is_file():
            found += _profile(read_toml(path, path.relative_to(folder).as_posix()))
    return Profiles(tuple(found))


def _profile(document: Document) -> list[SheetProfile]:
    top = Section(document, (), document.data)
    top.refuse_unknown(("name", "files", "note", "sheet"))
    if "files" not in top.table:
        zh = '缺少 files：写明这个配置说的是哪些文件，如 files = ["收费*.xlsx"]'
        raise document.error((), zh, 'files is missing: say which files it speaks of, such as files = ["fees*.xlsx"]')
    files = top.texts("files")
    name = top.text("name", PurePosixPath(document.file).name[: -len(_ENDING)])
    sheets = top.table.get("sheet", [])
    if not isinstance(sheets, list) or not sheets:
        raise document.error(
            ("sheet",), "缺少 [[sheet]] 一节（双方括号）", "a [[sheet]] section (two brackets) is missing"
        )
    found = []
    for number, one in enumerate(sheets):
        at: Key = ("sheet", number)
        found.append(_sheet(Section(document, at, want_table(document, at, one)), name, files))
    return found


def _sheet(section: Section, name: str, files: tuple[str, ...]) -> SheetProfile:
    """What a `[[sheet]]` says; its keys are looked at in the order of the fields, so that the first mistake is told."""
    section.refuse_unknown(_SHEET_KEYS)
    skip = section.flag("skip")
    kind = _kind(section, skip=skip)
    known = _targets(kind) if kind else frozenset()
    others = section.text("other_columns", "report")
    if others not in ("report", "ignore"):
        raise section.wrong("other_columns", others, '"report" 或 "ignore"', '"report" or "ignore"')
    return SheetProfile(
        name=name,
        files=files,
        sheets=section.texts("sheets", ("*",)),
        kind=kind,
        skip=skip,
        heading_rows=_heading_rows(section),
        first_row=section.whole_if_any("first_row", 1, _LAST_ROW),
        last_row=section.whole_if_any("last_row", 1, _LAST_ROW),
        skip_rows=_row_numbers(section, "skip_rows"),
        columns=_columns(section.inner("columns"), known),
        extract=_fields(section, "extract", known).each(_extract),
        constants=dict(_fields(section, "constants", known).table),
        defaults=dict(_fields(section, "defaults", known).table),
        words=_fields(section, "words", known).each(_words),
        units=_fields(section, "units", known).each(want_text),
        blanks=section.texts("blanks"),
        datum=_datum(section, "datum"),
        period=_period(section, "period"),
        year=section.whole_if_any("year", 1900, 2200),
        question=section.text_if_any("question"),
        ignore_others=others == "ignore",
        add_up=section.flag("add_up"),
        open_end=section.flag("open_end"),
        weighted=_weighted(section, "weighted", known),
        note=section.text("note"),
        file=section.document.file,
        line=section.document.line(*section.at),
    )


def _fields(section: Section, key: str, known: frozenset[str]) -> Section:
    """The inner section of a key, whose keys are fields of the kind."""
    inner = section.inner(key)
    inner.refuse_unknown(known - {"-"})
    return inner


def _kind(section: Section, *, skip: bool) -> str | None:
    if "kind" not in section.table:
        if skip:
            return None
        kinds = "、".join(f"{one.name}（{one.zh}）" for one in KINDS.values())
        zh = f"缺少 kind：这些工作表是哪一类？{kinds}；没有要读的内容就写 skip = true"
        en = f"kind is missing: one of {', '.join(KINDS)}; or skip = true where there is nothing to read"
        raise section.document.error(section.at, zh, en)
    kind = section.text("kind")
    if kind not in KINDS:
        meant = nearest(kind, KINDS)
        zh = f"没有“{kind}”这一类" + (f"，是否想写“{meant}”？" if meant else "") + f"可用的有：{'、'.join(KINDS)}"
        en = f'there is no kind "{kind}"' + (
            f'; did you mean "{meant}"?' if meant else f"; use one of {', '.join(KINDS)}"
        )
        raise section.document.error(section.place("kind"), zh, en)
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


def _columns(section: Section, known: Iterable[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    valid = sorted(known)
    for name in section.table:
        word = section.text(name)
        if word not in valid:
            meant = nearest(word, valid)
            zh = f"“{name}”写成了“{word}”，没有这个字段" + (
                f"，是否想写“{meant}”？" if meant else f"；有：{'、'.join(valid)}"
            )
            en = f'"{name}" is "{word}", which is no field' + (
                f'; did you mean "{meant}"?' if meant else f"; there are: {', '.join(valid)}"
            )
            raise section.document.error(section.place(name), zh, en)
        columns[name] = word
    return columns


def _weighted(section: Section, key: str, known: frozenset[str]) -> tuple[str, ...]:
    names = section.texts(key)
    refuse_unknown(section.document, section.place(key), dict.fromkeys(names), known - {"-"})
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


def _row_numbers(section: Section, key: str) -> tuple[int, ...]:
    value = section.table.get(key, [])
    if not isinstance(value, list):
        raise section.wrong(key, value, "行号的列表，如 [5, 6]", "a list of row numbers, such as [5, 6]")
    return tuple(want_whole(section.document, section.place(key), one, 1) for one in value)


def _heading_rows(section: Section) -> tuple[int, int] | None:
    if "heading_rows" not in section.table:
        return None
    value = section.table["heading_rows"]
    rows = (value, value) if isinstance(value, int) else tuple(value) if isinstance(value, list) else ()
    if (
        len(rows) == 2
        and all(isinstance(row, int) and not isinstance(row, bool) for row in rows)
        and 1 <= rows[0] <= rows[1]
    ):
        return int(rows[0]), int(rows[1])
    zh, en = "行号，如 3；占几行时写起止，如 [2, 3]", "a row number, such as 3, or the first and last, such as [2, 3]"
    raise section.wrong("heading_rows", value, zh, en)


def _datum(section: Section, key: str) -> str | None:
    text = section.text_if_any(key)
    datum = None if text is None else read_datum(text)
    if text is not None and datum is None:
        raise section.wrong(key, text, "WGS-84、GCJ-02、BD-09 或 CGCS2000", "WGS-84, GCJ-02, BD-09 or CGCS2000")
    return datum


def _period(section: Section, key: str) -> str | None:
    text = section.text_if_any(key)
    if text is None or _PERIOD.fullmatch(text):
        return text
    zh = "2025、2025H1、2025Q1、2025-03 或 2025-01-01..2025-03-31 这样的期间"
    raise section.wrong(key, text, zh, "a period such as 2025, 2025H1, 2025Q1, 2025-03, 2025-01-01..2025-03-31")
