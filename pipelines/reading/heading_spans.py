"""Tells how many rows the heading of a table takes: groups above the row that was recognised, finer words below it."""

from __future__ import annotations

import re
from typing import Final

from pipelines.reading.heading_rows import LONG, heading_candidates
from pipelines.reading.headings import understand
from pipelines.reading.quantities import is_number_like
from pipelines.reading.remarks import is_note, is_unit_line
from pipelines.reading.sheets import Grid
from pipelines.reading.words import plain

HEADING_ROWS: Final = 3
"""Rows above or below the row that was recognised that may belong to the same heading."""


def heading_spans(grid: Grid) -> list[tuple[int, int]]:
    """The first and last row of each heading of a sheet, from top to bottom."""
    spans: list[tuple[int, int]] = []
    for row in heading_candidates(grid):
        if spans and row <= spans[-1][1]:
            continue
        top, bottom = _extend_up(grid, row, spans[-1][1] + 1 if spans else 0), _extend_down(grid, row)
        if spans and _same_heading(grid, spans[-1], (top, bottom)):
            continue
        spans.append((top, bottom))
    return spans


def is_title_row(grid: Grid, row: int) -> bool:
    """Whether a row reads like a title of the table below it."""
    filled = grid.filled(row)
    if not filled or len(filled) > 3:
        return False
    texts = [grid.text(row, column) for column in filled]
    if any(is_number_like(text) for text in texts) or any(understand(text).total for text in texts):
        return False
    return not (is_note(texts[0]) and not re.search(r"单位|日期|时间", texts[0]))


def _same_heading(grid: Grid, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether a heading merely repeats the one above (at the top of each printed page)."""
    if first[1] - first[0] != second[1] - second[0]:
        return False
    pairs = zip(range(first[0], first[1] + 1), range(second[0], second[1] + 1), strict=True)
    same = all([plain(v or "") for v in grid.row(a)] == [plain(v or "") for v in grid.row(b)] for a, b in pairs)
    return same and not is_title_row(grid, second[0] - 1)


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
    """Whether the row below a heading belongs to it: merged with it, or words below its groups."""
    filled = grid.filled(bottom + 1)
    texts = [grid.text(bottom + 1, column) for column in filled]
    if not filled or any(len(text) > LONG for text in texts):
        return False
    if any(is_number_like(text) and understand(text).part is None for text in texts):
        return False
    if _reaches_below(grid, bottom):
        return True
    groups = _grouping_columns(grid, top, bottom)
    return set(filled) <= groups and len(filled) >= 2 and any(understand(text).known for text in texts)


def _reaches_below(grid: Grid, row: int) -> bool:
    """Whether a merged cell of the row stands in the row below, too."""
    merges = (grid.merge(row, column) for column in range(grid.width))
    return any(merge is not None and merge.bottom > row for merge in merges)


def _grouping_columns(grid: Grid, top: int, bottom: int) -> set[int]:
    """The columns that a group heading of the row `bottom` stands over: merged, or with blanks after it."""
    heads = [grid.text(bottom, column) for column in range(grid.width)]
    groups: set[int] = set()
    for column in range(grid.width):
        merge = grid.merge(bottom, column)
        if merge and merge.right > merge.left and merge.top >= top:
            groups.update(range(merge.left, merge.right + 1))
        elif not heads[column] and any(heads[:column]):
            groups.add(column)
            if heads[column - 1]:
                groups.add(column - 1)
    return groups
