"""A table as a profile describes it: what its columns hold, which rows are left out, which cells are empty."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.findings import column_letter
from pipelines.mending.profiles import SheetProfile, columns_named
from pipelines.reading.blocks import Block
from pipelines.reading.headings import IGNORED, understand
from pipelines.reading.roles import Role
from pipelines.reading.units import read_unit


def profiled_roles(block: Block, profile: SheetProfile) -> tuple[Role, ...]:
    """The roles that a profile gives; columns that it doesn't name are left alone."""
    inner = {column_letter(column): path[-1] for column, path in block.paths.items()}
    joined = {column_letter(column): " ".join(path) for column, path in block.paths.items()}
    targets = {**profile.targets(inner)[0], **profile.targets(joined)[0]}
    roles = []
    for column, path in block.paths.items():
        letter = column_letter(column)
        name = targets.get(letter)
        left_alone = IGNORED if name or profile.ignore_others else None
        roles.append(_profiled(column, path, name if name and name != IGNORED else left_alone, profile))
        for target, (source, _) in profile.extract.items():
            if letter in columns_named(source, inner) or letter in columns_named(source, joined):
                roles.append(replace(_profiled(column, path, target, profile), extracted=True))
    return tuple(roles)


def _profiled(column: int, path: tuple[str, ...], name: str | None, profile: SheetProfile) -> Role:
    given = read_unit(profile.units[name]) if name and name in profile.units else None
    headings = tuple(understand(text) for text in path)
    return Role(
        column=column,
        heading=" ".join(path),
        field=name,
        unit=given or next((h.unit for h in reversed(headings) if h.unit), None),
        datum=profile.datum,
        weighted=name in profile.weighted,
        words=dict(profile.words.get(name, {})) if name else {},
    )


def as_profiled(cells: pl.Series, role: Role, profile: SheetProfile) -> pl.Series:
    """The cells of a column as a profile reads them: its blanks emptied, its part taken out."""
    blanks = [text for text in cells.drop_nulls().unique().to_list() if profile.is_blank(text)]
    if blanks:
        cells = cells.replace(blanks, [None] * len(blanks))
    if role.extracted and role.field:
        cells = profile.extracted(role.field, cells)
    return cells


def without_left_out(frame: pl.DataFrame, profile: SheetProfile) -> tuple[pl.DataFrame, list[int]]:
    """The rows of a body that a profile keeps, and those that it leaves out though they hold something (from 0)."""
    number = pl.col("row") + 1
    outside = number.is_in(list(profile.skip_rows)) | (number < (profile.first_row or 1))
    if profile.last_row:
        outside = outside | (number > profile.last_row)
    return frame.filter(~outside), frame.filter(outside & (pl.col("fate") != "blank"))["row"].to_list()
