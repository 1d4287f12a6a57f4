"""Reads a sheet as a clerk explained it: headings and unit words of the sender's own become words that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from pipelines.mending.memory import CATEGORY, Explanation, Memory, word_key
from pipelines.reading.headings import aliases, names_a_field
from pipelines.reading.quantities import is_number_like
from pipelines.reading.sheets import Sheet
from pipelines.reading.words import heading_key, plain, split_brackets

DEEPEST: Final = 60
"""Rows from the top in which headings and lines of units are looked for."""
_UNIT_LINE: Final = re.compile(r"单位\s*[:：为]?\s*([^\s;,。:：()（）\[\]]+)")


def as_explained(sheet: Sheet, memory: Memory, file: str) -> Sheet:
    """The sheet with explained headings and unit words in the table's own words; the same sheet where none is there.

    A heading is taken for one only in a row that reads like headings: no numbers, and a second heading that is known or
    was explained. What stands in its brackets (a unit) stays.
    """
    headings, units = memory.of("heading", file), memory.of("unit", file)
    if not headings and not units:
        return sheet
    changed: dict[int, dict[int, str]] = {}
    for row, texts in enumerate(sheet.cells.head(DEEPEST).iter_rows()):
        for column, text in _explained_row(texts, headings, units).items():
            changed.setdefault(column, {})[row] = text
    if not changed:
        return sheet
    columns = [
        sheet.cells[str(column)].scatter(list(rows), list(rows.values())).alias(str(column))
        for column, rows in changed.items()
    ]
    return replace(sheet, cells=sheet.cells.with_columns(columns))


def known_words(kind: str, meaning: str) -> str:
    """How a table of that kind heads a column of that meaning: `应收金额` for receivable_yuan, `备注` for `-`."""
    if meaning.startswith(CATEGORY):
        return _spellings("categories.csv").get((kind, meaning.removeprefix(CATEGORY)), meaning.removeprefix(CATEGORY))
    if meaning == "-":
        return "备注"
    table = _spellings("headings.csv")
    return table.get((kind, meaning)) or table.get(("*", meaning)) or meaning


def _explained_row(
    texts: tuple[str | None, ...], headings: Mapping[str, Explanation], units: Mapping[str, Explanation]
) -> dict[int, str]:
    filled = {column: text for column, text in enumerate(texts) if text}
    told = {
        column: one
        for column, text in filled.items()
        if (one := headings.get(word_key("heading", text)) or headings.get(heading_key(text))) is not None
    }
    others = sum(1 for column, text in filled.items() if column not in told and names_a_field(plain(text)))
    numbers = sum(1 for text in filled.values() if is_number_like(text))
    is_head = bool(told) and not numbers and (len(told) > 1 or others > 0)
    changed = {column: _renamed(filled[column], one) for column, one in told.items()} if is_head else {}
    for column, text in filled.items():
        if units and len(text) <= 60 and (put := _with_unit(changed.get(column, text), units)) != text:
            changed[column] = put
    return changed


def _renamed(text: str, one: Explanation) -> str:
    brackets = "".join(f"（{inside}）" for inside in split_brackets(text)[1])
    return known_words(one.kind, one.meaning) + ("" if one.meaning == "-" else brackets)


def _with_unit(text: str, units: Mapping[str, Explanation]) -> str:
    words = [*split_brackets(text)[1], *_UNIT_LINE.findall(text)]
    for word in words:
        if (one := units.get(word_key("unit", word))) is not None:
            text = text.replace(word, one.meaning)
    return text


@cache
def _spellings(table: str) -> dict[tuple[str, str], str]:
    """(kind, field or category) → its first spelling that means just that."""
    found: dict[tuple[str, str], str] = {}
    lines = files("pipelines.kinds").joinpath(table).read_text(encoding="utf-8-sig").splitlines()[1:]
    for line in lines:
        kind, name, spellings = line.split(",", 2)
        for spelling in spellings.strip('"').split("|"):
            means = aliases().get(heading_key(spelling), {})
            if (kind, name) not in found and (table != "headings.csv" or kind == "*" or means.get(kind) == name):
                found[kind, name] = spelling
    return found
