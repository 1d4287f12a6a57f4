"""Writes down, as a profile to be edited, what can be told about a table whose kind was not recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.findings import column_letter
from pipelines.mending.personal import mask_text
from pipelines.mending.suggestion import suggest_profile
from pipelines.reading.blocks import find_blocks
from pipelines.reading.headings import understand
from pipelines.reading.opening import open_workbook
from pipelines.reading.read import data_headings
from pipelines.reading.sheets import Grid, Unreadable

SAMPLES = 3


Guess = Callable[[str, str, Sequence[str], Sequence[str]], str | None]
"""Kind, heading, cells and the fields that have a column already → the field that is probably meant."""


def suggest(path: Path, file: str, sheet: str, kind: str = "", guess: Guess | None = None) -> str | None:
    """A profile for the first table with data of a sheet; None where the sheet has no heading row to speak of.

    `kind`: as somebody said; "" for the one that knows the most of the headings. `guess` is asked about the others.
    """
    try:
        found = next((one for one in open_workbook(path).sheets if one.name == sheet), None)
    except Unreadable:
        return None
    if found is None:
        return None
    grid, blocks = find_blocks(found)
    if blocks:
        top, bottom = blocks[0].heading_rows[0], blocks[0].heading_rows[-1]
        texts = {column: " ".join(path) for column, path in blocks[0].paths.items()}
    elif headings := data_headings(grid):
        top = bottom = headings[0]
        texts = {column: grid.text(top, column) for column in grid.filled(top)}
    else:
        return None
    guesses = _guesses(texts, kind)
    likely = kind or next((one for one, _ in guesses.values()), "")
    if guess is not None and likely:
        for column, text in texts.items():
            taken = [name for _, name in guesses.values()]
            cells = [grid.text(row, column) for row in range(bottom + 1, min(grid.height, bottom + 31))]
            if column_letter(column) not in guesses and (name := guess(likely, text, cells, taken)):
                guesses[column_letter(column)] = (likely, name)
    return suggest_profile(
        file,
        sheet,
        {column_letter(column): text for column, text in texts.items()},
        guesses,
        {column_letter(column): _samples(grid, bottom + 1, column) for column in texts},
        heading_rows=(top + 1, bottom + 1),
    )


def _guesses(texts: dict[int, str], kind: str = "") -> dict[str, tuple[str, str]]:
    """Column letter → (kind, field), all of one kind: by default the one that knows the most of the headings."""
    known = {column: dict(understand(text).fields) for column, text in texts.items()}
    votes = Counter(kind for fields in known.values() for kind in fields)
    if not votes and not kind:
        return {}
    kind = kind or max(votes, key=lambda one: votes[one])
    return {column_letter(column): (kind, fields[kind]) for column, fields in known.items() if kind in fields}


def _samples(grid: Grid, start: int, column: int) -> list[str]:
    cells = (grid.text(row, column) for row in range(start, min(grid.height, start + 20)))
    return [mask_text(text)[0] for text in dict.fromkeys(cells) if text][:SAMPLES]
