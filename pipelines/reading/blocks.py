"""Finds the tables in a sheet: title rows, heading rows, body, and what stands beside and below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import polars as pl

from pipelines.reading.headings import SPECIAL, Heading, names_a_field, plain_aliases, understand
from pipelines.reading.numbers import number
from pipelines.reading.sheets import Merge, Sheet
from pipelines.reading.words import is_blank, plain

LONG: Final = 60
"""A heading is never longer than this many characters."""
HEADING_ROWS: Final = 3
"""Rows above or below the row that was recognised that may belong to the same heading."""
LOOKED_AT: Final = 80
"""Rows of a sheet that are looked at one by one for headings; below, only rows that hold headings word for word."""
LONGEST_ALIAS: Final = 60
"""Bytes of a cell that may still be a known heading."""

_NOTE = re.compile(
    r"^[\s(（]*(注|备注|说明|附注|填表说明|填报说明|更正说明|数据来源|来源|备 注)[\s)）]*[:：.、\d]|^(注|说明|备注)$"
    r"|(填表人|填报人|制表人|制表|审核人|审核|负责人|审批|签字|签名|签章|盖章|联系人|联系电话|经办人|记录人|复核|复核人|统计人|"
    r"单位负责人|分管领导|组长|主管|填报单位|填表单位|制表单位|填报日期|填表日期|制表日期|填表时间|填报时间|报送时间|报送日期|上报日期)[^,，。；]{0,6}[:：]"
    r"|^(notes?|source|prepared by|signature)\b",
    re.IGNORECASE,
)
_UNIT_LINE = re.compile(r"(?<![报表制编送管责])(金额|货币|计量)?单位\s*[:：]")
_ESTATE_HEADINGS: Final = frozenset(
    {"小区", "小区名称", "小区名", "所属小区", "所在小区", "项目名称", "楼盘名称", "物业项目"}
)
_NUMBER_CELL = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_A_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d* 00:00:00$)|\d{4}-\d\d-\d\d (?!00:00:00)\d")
_DATE_CELL = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


@dataclass(frozen=True)
class Block:
    """One table. Rows count from 0. `paths` maps a column to its heading cells from the outermost in; `titles` are
    the texts above it that speak of it, nearest last, `sheet_titles` those of them that stand alone in their row and
    so speak of the tables beside it too. `body` are the rows below the heading, down to the next table."""

    heading_rows: tuple[int, ...]
    paths: dict[int, tuple[str, ...]]
    titles: tuple[str, ...]
    sheet_titles: tuple[str, ...]
    title_rows: tuple[int, ...]
    body: range
    left: int
    right: int

    def understood(self) -> dict[int, tuple[Heading, ...]]:
        """The headings of each column, understood."""
        return {column: tuple(understand(text) for text in path) for column, path in self.paths.items()}


class Grid:
    """Random access to the cells of a sheet, merged ranges expanded for headings."""

    def __init__(self, sheet: Sheet) -> None:
        """Takes the sheet; merged ranges over whole rows or columns are left alone."""
        self.sheet = sheet
        self.height = sheet.cells.height
        self.width = sheet.cells.width
        self._top: dict[tuple[int, int], Merge] = {}
        self._rows: dict[int, tuple[str | None, ...]] = {}
        for merge in sheet.merges:
            if (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) > 100_000:
                continue
            for row in range(merge.top, merge.bottom + 1):
                for column in range(merge.left, merge.right + 1):
                    self._top[row, column] = merge

    def row(self, index: int) -> tuple[str | None, ...]:
        """The cells of a row, null where empty."""
        if index not in self._rows:
            start = index - index % 256
            for offset, cells in enumerate(self.sheet.cells.slice(start, 256).iter_rows()):
                self._rows[start + offset] = cells
        return self._rows[index]

    def merge(self, row: int, column: int) -> Merge | None:
        """The merged range that a cell lies in."""
        return self._top.get((row, column))

    def text(self, row: int, column: int) -> str:
        """The plain text of a cell, of a merged range's first cell where it lies in one."""
        merge = self._top.get((row, column))
        if merge:
            row, column = merge.top, merge.left
        value = self.row(row)[column] if row < self.height and column < self.width else None
        return plain(value) if value else ""

    def filled(self, index: int) -> list[int]:
        """The columns of a row that hold something."""
        return [column for column, value in enumerate(self.row(index)) if value is not None]


def is_note(text: str) -> bool:
    """Whether a text is a note, a signature or a line about the form rather than a title."""
    return bool(_NOTE.search(text))


def is_unit_line(text: str) -> bool:
    """Whether a text tells the unit of a whole table."""
    return bool(_UNIT_LINE.search(text))


def is_number_like(text: str) -> bool:
    """Whether a cell is a value rather than words: a number or a real date."""
    return bool(_DATE_CELL.match(text)) or number(text) is not None


@dataclass(frozen=True)
class _Score:
    fields: int
    known: int
    filled: int
    numeric: int
    dates: int
    parts: int
    names_estate: bool

    def heading(self, standing: Literal["first", "apart", "below data"]) -> bool:
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
        dates += bool(_DATE_CELL.match(text))
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


def heading_candidates(grid: Grid) -> list[int]:
    """The rows that look like headings, in order."""
    found: list[int] = []
    for row in (*range(min(grid.height, LOOKED_AT)), *_holding_an_alias(grid)):
        if _is_candidate(grid, row) and _score(grid, row).heading(_standing(grid, row, found)):
            found.append(row)
    return found


def _standing(grid: Grid, row: int, found: list[int]) -> Literal["first", "apart", "below data"]:
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


def find_blocks(sheet: Sheet, forced: tuple[int, int] | None = None) -> tuple[Grid, list[Block]]:
    """All tables of a sheet, from top to bottom, then from left to right.

    `forced` names the first and last heading row (from 0) where a profile knows them.
    """
    grid = Grid(sheet)
    spans = [(forced[0], forced[1])] if forced else _heading_spans(grid)
    blocks: list[Block] = []
    previous_end = 0
    for index, (top, bottom) in enumerate(spans):
        limit = grid.height
        if index + 1 < len(spans):
            limit = spans[index + 1][0]
            while limit > bottom + 1 and _is_title_row(grid, limit - 1):
                limit -= 1
        title_rows = tuple(r for r in range(previous_end, top) if grid.filled(r))
        blocks += _side_by_side(grid, top, bottom, title_rows, range(bottom + 1, limit), forced=bool(forced))
        previous_end = limit
    return grid, blocks


def _is_title_row(grid: Grid, row: int) -> bool:
    filled = grid.filled(row)
    if not filled or len(filled) > 3:
        return False
    texts = [grid.text(row, column) for column in filled]
    if any(is_number_like(text) for text in texts) or any(understand(text).total for text in texts):
        return False
    return not (is_note(texts[0]) and not re.search(r"单位|日期|时间", texts[0]))


def _heading_spans(grid: Grid) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for row in heading_candidates(grid):
        if spans and row <= spans[-1][1]:
            continue
        top, bottom = _extend_up(grid, row, spans[-1][1] + 1 if spans else 0), _extend_down(grid, row)
        if spans and _same_heading(grid, spans[-1], (top, bottom)):
            continue
        spans.append((top, bottom))
    return spans


def _same_heading(grid: Grid, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether a heading merely repeats the one above (at the top of each printed page)."""
    if first[1] - first[0] != second[1] - second[0]:
        return False
    pairs = zip(range(first[0], first[1] + 1), range(second[0], second[1] + 1), strict=True)
    same = all([plain(v or "") for v in grid.row(a)] == [plain(v or "") for v in grid.row(b)] for a, b in pairs)
    return same and not _is_title_row(grid, second[0] - 1)


def _extend_up(grid: Grid, row: int, floor: int) -> int:
    top = row
    while top > floor and row - top < HEADING_ROWS and _is_group_row(grid, top - 1, top):
        top -= 1
    return top


def _is_group_row(grid: Grid, row: int, below: int) -> bool:
    filled = grid.filled(row)
    if not filled:
        return False
    texts = [grid.text(row, column) for column in filled]
    if any(is_unit_line(text) or is_note(text) or len(text) > LONG or "：" in text or ":" in text for text in texts):
        return False
    span = grid.filled(below)
    if not span:
        return False
    for column in filled:
        merge = grid.merge(row, column)
        if merge and merge.bottom >= below:
            return True
    if all(is_number_like(text) and understand(text).part is None for text in texts):
        return False
    merged = [m for m in (grid.merge(row, column) for column in filled) if m and m.right > m.left]
    if filled[0] <= min(span) and not _could_head(texts[0], grid.text(below, min(span))):
        return False
    if len(filled) == 1:
        merge = merged[0] if merged else None
        return bool(merge and merge.left > min(span) and understand(texts[0]).known)
    known = sum(understand(text).known for text in texts)
    return bool(merged and len(filled) >= 2) or known >= max(1, len(filled) // 2)


def _could_head(group: str, first: str) -> bool:
    """Whether a text may be a group heading over the first column: never over a key, and only if it means anything."""
    fields = understand(first).fields
    key = any(
        name in ("estate", "community", "street", "subject", "ticket_id", "action_id", "-") for name in fields.values()
    )
    return understand(group).known and not key


def _extend_down(grid: Grid, row: int) -> int:
    bottom = row
    while bottom + 1 < grid.height and bottom - row < HEADING_ROWS and _is_lower_row(grid, row, bottom):
        bottom += 1
    return bottom


def _is_lower_row(grid: Grid, top: int, bottom: int) -> bool:
    below = bottom + 1
    filled = grid.filled(below)
    if not filled:
        return False
    texts = [grid.text(below, column) for column in filled]
    own = [grid.text(below, c) for c in filled]
    if any(len(text) > LONG for text in texts):
        return False
    numeric = sum(is_number_like(text) and understand(text).part is None for text in own)
    spanning = {
        column
        for column in range(grid.width)
        for merge in [grid.merge(bottom, column)]
        if merge and merge.bottom >= below and merge.top <= bottom
    }
    if spanning:
        return numeric == 0
    if numeric:
        return False
    heads = {column: grid.text(bottom, column) for column in range(grid.width)}
    groups: set[int] = set()
    for column in range(grid.width):
        merge = grid.merge(bottom, column)
        if merge and merge.right > merge.left and merge.top >= top:
            groups.update(range(merge.left, merge.right + 1))
        elif not heads[column] and column > 0 and any(heads[c] for c in range(column)):
            groups.add(column)
            if heads.get(column - 1):
                groups.add(column - 1)
    if not groups or not set(filled) <= groups:
        return False
    known = sum(understand(text).known for text in own)
    return len(filled) >= 2 and known >= 1


def _paths(grid: Grid, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The heading cells of each column, outermost first; a group heading written once covers the columns to its
    right that have a heading of their own below."""
    rows = range(top, bottom + 1)
    levels = [[grid.text(row, column) for column in range(grid.width)] for row in rows]
    for level, row in enumerate(rows[:-1]):
        lower = [
            next((texts[column] for texts in levels[level + 1 :] if texts[column]), "") for column in range(grid.width)
        ]
        for column in range(1, grid.width):
            if levels[level][column] or not lower[column] or not levels[level][column - 1]:
                continue
            merged = grid.merge(row, column - 1)
            is_group = lower[column - 1] and lower[column - 1] != levels[level][column - 1]
            if is_group and not (merged and merged.right > merged.left and merged.right < column):
                levels[level][column] = levels[level][column - 1]
    paths: dict[int, tuple[str, ...]] = {}
    for column in range(grid.width):
        path: list[str] = []
        for texts in levels:
            if texts[column] and (not path or path[-1] != texts[column]):
                path.append(texts[column])
        if path:
            paths[column] = tuple(path)
    return paths


def _side_by_side(
    grid: Grid, top: int, bottom: int, title_rows: tuple[int, ...], body: range, *, forced: bool
) -> list[Block]:
    paths = _paths(grid, top, bottom)
    if not paths:
        return []
    groups = [sorted(paths)] if forced else _column_groups(paths)
    alone, own = _titles(grid, title_rows)
    blocks = []
    for place, columns in enumerate(groups):
        since = columns[0] if place else 0
        until = groups[place + 1][0] - 1 if place + 1 < len(groups) else grid.width - 1
        near = [text for left, right, text in own if left <= until and right >= since]
        blocks.append(
            Block(
                heading_rows=tuple(range(top, bottom + 1)),
                paths={column: paths[column] for column in columns},
                titles=(*alone, *near),
                sheet_titles=tuple(alone),
                title_rows=title_rows,
                body=body,
                left=columns[0],
                right=columns[-1],
            )
        )
    return blocks


def _titles(grid: Grid, rows: tuple[int, ...]) -> tuple[list[str], list[tuple[int, int, str]]]:
    """The texts above a heading: those alone in their row, which speak of every table below them, and the others with
    the columns that they stand over."""
    alone: list[str] = []
    own: list[tuple[int, int, str]] = []
    for row in rows:
        filled = grid.filled(row)
        for column in filled:
            merge = grid.merge(row, column)
            text = grid.text(row, column)
            if len(filled) == 1:
                alone.append(text)
            else:
                own.append((column, merge.right if merge else column, text))
    return alone, own


def _column_groups(paths: dict[int, tuple[str, ...]]) -> list[list[int]]:
    """Splits the columns of one heading row into tables side by side: at a blank column, or where the first heading
    comes again, if each side can stand alone."""
    columns = sorted(paths)
    cuts: list[int] = []
    start = columns[0]
    for before, column in pairwise(columns):
        again = _names_estate_again(paths, columns, start, column) or _begins_again(paths, columns, start, column)
        if again or (column - before > 1 and _stands_alone(paths, columns, column)):
            cuts.append(column)
            start = column
    groups: list[list[int]] = []
    current: list[int] = []
    for column in columns:
        if column in cuts and current:
            groups.append(current)
            current = []
        current.append(column)
    groups.append(current)
    return [group for group in groups if _hits(paths, group) >= 1] or [columns]


def _begins_again(paths: dict[int, tuple[str, ...]], columns: list[int], start: int, column: int) -> bool:
    """Whether the headings from a column on are those of the table to its left once more."""
    left = [paths[c] for c in columns if start <= c < column]
    right = [paths[c] for c in columns if c >= column]
    return len(left) >= 2 and right[: len(left)] == left


def _names_estate_again(paths: dict[int, tuple[str, ...]], columns: list[int], start: int, column: int) -> bool:
    """Whether a column names an estate as a column to its left does (小区 and 项目 side by side are one table)."""
    if not _names_estate(paths[column]):
        return False
    same = [c for c in columns if start <= c < column and _names_estate(paths[c])]
    return any(
        paths[c][-1] == paths[column][-1] or ("小区" in paths[c][-1] and "小区" in paths[column][-1]) for c in same
    )


def _names_estate(path: tuple[str, ...]) -> bool:
    fields = understand(path[-1]).fields
    return fields.get("tickets") == "estate" or fields.get("fees") == "estate"


def _hits(paths: dict[int, tuple[str, ...]], columns: list[int]) -> int:
    return sum(any(understand(text).known for text in paths[column]) for column in columns)


def _stands_alone(paths: dict[int, tuple[str, ...]], columns: list[int], start: int) -> bool:
    right = [column for column in columns if column >= start]
    return any(_names_estate(paths[column]) for column in right) or _hits(paths, right) == 0


def unowned_texts(grid: Grid, rows: range) -> list[tuple[int, str]]:
    """The non-blank cells of rows outside any table, for reading context: (row, text)."""
    return [
        (row, grid.text(row, column))
        for row in rows
        for column in grid.filled(row)
        if not is_blank(grid.text(row, column))
    ]
