"""Finds the tables in a sheet: title rows, heading rows, body, and what stands beside and below."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.reading.heading_spans import heading_spans, is_title_row
from pipelines.reading.headings import Heading, understand
from pipelines.reading.sheets import Grid, Sheet
from pipelines.reading.side_by_side import column_groups


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


def find_blocks(sheet: Sheet, forced: tuple[int, int] | None = None) -> tuple[Grid, list[Block]]:
    """All tables of a sheet, from top to bottom, then from left to right.

    `forced` names the first and last heading row (from 0) where a profile knows them.
    """
    grid = Grid(sheet)
    spans = [(forced[0], forced[1])] if forced else heading_spans(grid)
    blocks: list[Block] = []
    previous_end = 0
    for index, (top, bottom) in enumerate(spans):
        limit = grid.height
        if index + 1 < len(spans):
            limit = spans[index + 1][0]
            while limit > bottom + 1 and is_title_row(grid, limit - 1):
                limit -= 1
        title_rows = tuple(r for r in range(previous_end, top) if grid.filled(r))
        blocks += _side_by_side(grid, top, bottom, title_rows, range(bottom + 1, limit), forced=bool(forced))
        previous_end = limit
    return grid, blocks


def _side_by_side(
    grid: Grid, top: int, bottom: int, title_rows: tuple[int, ...], body: range, *, forced: bool
) -> list[Block]:
    paths = _paths(grid, top, bottom)
    if not paths:
        return []
    groups = [sorted(paths)] if forced else column_groups(paths)
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


def _paths(grid: Grid, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The heading cells of each column, outermost first; a group heading written once covers the columns to its
    right that have a heading of their own below."""
    levels = [[grid.text(row, column) for column in range(grid.width)] for row in range(top, bottom + 1)]
    _spread_groups(grid, top, levels)
    paths: dict[int, tuple[str, ...]] = {}
    for column in range(grid.width):
        path: list[str] = []
        for texts in levels:
            if texts[column] and (not path or path[-1] != texts[column]):
                path.append(texts[column])
        if path:
            paths[column] = tuple(path)
    return paths


def _spread_groups(grid: Grid, top: int, levels: list[list[str]]) -> None:
    """Writes a group heading over the columns to its right that it covers."""
    for level in range(len(levels) - 1):
        lower = [
            next((texts[column] for texts in levels[level + 1 :] if texts[column]), "") for column in range(grid.width)
        ]
        for column in range(1, grid.width):
            if levels[level][column] or not lower[column] or not levels[level][column - 1]:
                continue
            merged = grid.merge(top + level, column - 1)
            is_group = lower[column - 1] and lower[column - 1] != levels[level][column - 1]
            if is_group and not (merged and merged.right > merged.left and merged.right < column):
                levels[level][column] = levels[level][column - 1]
