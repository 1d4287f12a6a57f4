"""Tables whose rows name the measure: 应收, 实收 and 收缴率 of one estate under each other, months across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from pipelines.kinds import KINDS
from pipelines.reading.blocks import Block
from pipelines.reading.headings import SPECIAL, understand
from pipelines.reading.roles import Role, Table
from pipelines.reading.samples import sample_of
from pipelines.reading.sheets import Grid
from pipelines.reading.words import plain

LABEL: Final = "label"
"""The field of a column whose cells name the measure of their row."""
MEASURED: Final = "measured"
"""The field of a column that holds whatever the label of a row says."""
_SHARE: Final = 0.8


def with_labels(grid: Grid, block: Block, kind: str, roles: Sequence[Role]) -> tuple[Role, ...]:
    """The roles of a table of fees, with its column of labels and the columns of months beside it, if it has them."""
    months = [role for role in roles if role.part is not None and _names_no_measure(block, kind, role)]
    if kind != "fees" or not months:
        return tuple(roles)
    for role in roles:
        if role.part is None and _names_measures(grid, block, kind, role.column):
            found = []
            for one in roles:
                if one.column == role.column:
                    found.append(replace(one, field=LABEL))
                elif one in months:
                    found.append(replace(one, field=MEASURED))
                else:
                    found.append(one)
            return tuple(found)
    return tuple(roles)


def _names_no_measure(block: Block, kind: str, role: Role) -> bool:
    """Whether what a month column holds is not said in its own headings (a title may have said it wrongly)."""
    return all(understand(text).field(kind) is None for text in block.paths[role.column])


def _names_measures(grid: Grid, block: Block, kind: str, column: int) -> bool:
    cells = sample_of(grid, block, column)
    named = [measure_of(cell, kind) for cell in cells]
    measures = {name for name in named if name and name not in SPECIAL}
    return bool(measures) and sum(name is not None for name in named) >= _SHARE * len(cells)


def measure_of(text: str, kind: str) -> str | None:
    """The measure that a label names, a special word (`-`: a rate, which is recomputed), or None."""
    name = understand(plain(text)).field(kind)
    return name if name in SPECIAL or name in KINDS[kind].measures else None


def split_by_label(table: Table, frame: pl.DataFrame) -> list[tuple[Table, pl.Series]]:
    """A table for each measure that the labels name, with its roles and a mask over its rows of `frame`."""
    label = next(role for role in table.roles if role.field == LABEL)
    cells = frame[str(label.column)]
    names = {text: measure_of(text, table.kind) for text in cells.drop_nulls().unique(maintain_order=True).to_list()}
    found = []
    for measure in dict.fromkeys(name for name in names.values() if name and name not in SPECIAL):
        texts = [text for text, name in names.items() if name == measure]
        unit = next((understand(text).unit for text in texts if understand(text).unit), None)
        roles = [
            replace(role, field=measure, unit=unit or role.unit) if role.field == MEASURED else role
            for role in table.roles
        ]
        kept = tuple(role for role in roles if role.field != LABEL)
        found.append((replace(table, roles=kept), cells.is_in(texts).fill_null(value=False)))
    return found


def joined(frames: Sequence[pl.DataFrame], key: Sequence[str]) -> pl.DataFrame:
    """The records of all measures with those of one key made one, which stands where the first of them stood and
    names the cells of all of them in `source_columns`."""
    whole = pl.concat(frames)
    rest = [name for name in whole.columns if name not in (*key, "source_row", "source_columns")]
    return (
        whole.group_by([*key], maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in rest),
            pl.col("source_row").min(),
            pl.col("source_columns").drop_nulls().str.join(" "),
        )
        .select(whole.columns)
    )
