"""What the first cells of a column hold, where its heading does not tell."""

from __future__ import annotations

from typing import Final

from pipelines.reading.blocks import Block
from pipelines.reading.quantities import is_number_like
from pipelines.reading.sheets import Grid
from pipelines.reading.words import is_blank, plain

SAMPLE: Final = 60
"""Rows of a body that are looked at to tell what an unnamed column holds."""


def sample_of(grid: Grid, block: Block, column: int) -> list[str]:
    """What the first cells of a column hold, blanks left out."""
    cells: list[str] = []
    for row in block.body[:SAMPLE]:
        value = grid.row(row)[column] if column < grid.width else None
        if value is not None and not is_blank(value):
            cells.append(plain(value))
    return cells


def holds_numbers(grid: Grid, block: Block, column: int) -> bool:
    """Whether most of what a column holds are numbers."""
    cells = sample_of(grid, block, column)
    return bool(cells) and sum(is_number_like(cell) for cell in cells) >= 0.6 * len(cells)
