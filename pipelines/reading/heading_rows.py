"""Finds the rows of a sheet that look like headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from pipelines.reading.headings import SPECIAL, names_a_field, plain_aliases, understand
from pipelines.reading.quantities import is_date_cell, is_number_like
from pipelines.reading.sheets import Grid

Standing = Literal["first", "apart", "below data"]
"""Where a row stands: nothing that looks like a heading above it, apart from what is above it, or right below data."""

LONG: Final = 60
"""A heading is never longer than this many characters."""
LOOKED_AT: Final = 80
"""Rows of a sheet that are looked at one by one for headings; below, only rows that hold headings word for word."""
LONGEST_ALIAS: Final = 60
"""Bytes of a cell that may still be a known heading."""
_ESTATE_HEADINGS: Final = frozenset(
    {"小区", "小区名称", "小区名", "所属小区", "所在小区", "项目名称", "楼盘名称", "物业项目"}
)
_NUMBER_CELL = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_A_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d* 00:00:00$)|\d{4}-\d\d-\d\d (?!00:00:00)\d")


@dataclass(frozen=True)
class _Score:
    fields: int
    known: int
    filled: int
    numeric: int
    dates: int
    parts: int
    names_estate: bool

    def heading(self, standing: Standing) -> bool:
        """Whether a row of this make-up is a heading row; the less its place looks like one, the more it must."""
        if self.filled < 2 or self.fields < 1 or self.numeric > 0.3 * self.filled:
            return False
        weight = self.fields + 0.5 * (self.known - self.fields)
        share = self.known / self.filled
        if standing == "first":
            return weight >= 2 and share >= 0.3
        if self.dates:
            return False
        telling = self.fields + min(self.parts, 2)
        if standing == "apart":
            if self.names_estate and not self.numeric:
                return True
            return weight >= 2 and telling >= 2 and share >= 0.5
        return telling >= 3 and share >= 0.8


def heading_candidates(grid: Grid) -> list[int]:
    """The rows that look like headings, in order."""
    found: list[int] = []
    for row in (*range(min(grid.height, LOOKED_AT)), *_holding_an_alias(grid)):
        if _is_candidate(grid, row) and _score(grid, row).heading(_standing(grid, row, found)):
            found.append(row)
    return found


def _is_candidate(grid: Grid, row: int) -> bool:
    """A cheap look that spares most data rows the full one: words in most cells, and one of them a known heading."""
    texts = [grid.text(row, column) for column in grid.filled(row)]
    plainly_numbers = sum(bool(_NUMBER_CELL.fullmatch(text)) for text in texts)
    if len(texts) < 2 or plainly_numbers > 0.3 * len(texts) or any(_A_DAY.match(text) for text in texts):
        return False
    return any(names_a_field(text) for text in texts if len(text) <= LONG)


def _score(grid: Grid, row: int) -> _Score:
    seen: set[frozenset[tuple[str, str]]] = set()
    known, filled, numeric, dates, parts = 0, 0, 0, 0, 0
    named = False
    for column in grid.filled(row):
        filled += 1
        text = grid.text(row, column)
        dates += is_date_cell(text)
        if len(text) > LONG:
            continue
        if is_number_like(text):
            part = understand(text).part
            numeric += part is None
            known += part is not None
            parts += part is not None
            continue
        heading = understand(text)
        known += heading.known
        named = named or heading.base in _ESTATE_HEADINGS
        parts += heading.part is not None
        said = {name for name in heading.fields.values() if name not in SPECIAL}
        if said and not (heading.level or heading.costs or heading.income):
            seen.add(frozenset(heading.fields.items()))
    return _Score(len(seen), known, filled, numeric, dates, parts, named)


def _standing(grid: Grid, row: int, found: list[int]) -> Standing:
    if not found:
        return "first"
    return "apart" if len(grid.filled(row - 1)) <= 2 else "below data"


def _holding_an_alias(grid: Grid) -> list[int]:
    """The rows further down in which at least two cells are headings that we know, word for word."""
    if grid.height <= LOOKED_AT:
        return []
    known = list(plain_aliases())
    rest = grid.sheet.cells.with_row_index("row").slice(LOOKED_AT)
    bare = pl.any_horizontal(
        pl.col(name).str.strip_chars().is_in(known).fill_null(value=False) for name in rest.columns[1:]
    )
    rest = rest.filter(bare)
    hits = pl.lit(0, dtype=pl.UInt16)
    for name in rest.columns[1:]:
        short = pl.when(pl.col(name).str.len_bytes() <= LONGEST_ALIAS).then(pl.col(name))
        key = short.str.replace_all(r"[\s\u3000*]|[(（][^)）]*[)）]", "").str.to_lowercase()
        hits = hits + key.is_in(known).fill_null(value=False).cast(pl.UInt16)
    return rest.filter(hits >= 2)["row"].to_list()
