"""Says of a group of records in which columns their fields stand, and of a counted record which cells went into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.findings import address
from pipelines.reading.body import Body
from pipelines.reading.headings import understand
from pipelines.reading.roles import Role
from pipelines.reading.words import plain
from pipelines.source_columns import column_word, words_of

CELLS: Final = "source_columns"
"""The column of a frame of records whose cells differ from what its layout says; where it is null, the layout holds."""


def standing(body: Body, roles: Sequence[Role]) -> str:
    """The `source_columns` of records with these roles; a maximum score may stand in the heading (`max_score=D3`)."""
    columns: dict[str, list[int]] = {}
    for role in roles:
        if role.field:
            columns.setdefault(role.field, []).extend([role.column, *([] if role.clock is None else [role.clock])])
    words = [column_word(name, dict.fromkeys(found)) for name, found in columns.items()]
    scored = next((role for role in roles if role.maximum and role.field == "score"), None)
    if body.kind == "inspections" and scored and "max_score" not in columns:
        words += [f"max_score={cell}" for cell in _heading_with_maximum(body, scored)]
    return " ".join(words)


def _heading_with_maximum(body: Body, role: Role) -> list[str]:
    for row in reversed(body.table.block.heading_rows):
        merge = body.grid.merge(row, role.column)
        top, left = (merge.top, merge.left) if merge else (row, role.column)
        text = body.grid.text(top, left)
        if text and understand(plain(text)).maximum == role.maximum:
            return [address(top + 1, left)]
    return []


def with_counted_cells(frame: pl.DataFrame, trace: pl.DataFrame, text: str, summed: Sequence[str]) -> pl.DataFrame:
    """The counted records of `frame` with `source_columns`: `summed` fields name all cells counted together.

    `trace` has source_row (of the record) and counted_row (each row in it); `text` is what the layout says.
    """
    between = (pl.col("counted_row").diff().over("source_row") != 1).fill_null(value=True)
    rows = trace.select("source_row", "counted_row").unique().sort("source_row", "counted_row")
    spans = (
        rows.with_columns(between.cum_sum().over("source_row").alias("span"))
        .group_by("source_row", "span", maintain_order=True)
        .agg(pl.col("counted_row").min().alias("first"), pl.col("counted_row").max().alias("last"))
    )
    said: list[pl.Expr] = []
    for name, word in words_of(text).items():
        if name not in summed:
            said.append(pl.lit(word))
            continue
        letters = word.partition("=")[2].split(",")
        parts = [pl.col(f"_{letter}").str.join(",") for letter in letters]
        said.append(pl.concat_str(pl.lit(f"{name}="), pl.concat_str(parts, separator=",")))
    used = sorted({letter for name in summed if name in words_of(text) for letter in _letters(text, name)})
    spans = spans.with_columns(
        pl.when(pl.col("first") == pl.col("last"))
        .then(pl.format(f"{letter}{{}}", "first"))
        .otherwise(pl.format(f"{letter}{{}}:{letter}{{}}", "first", "last"))
        .alias(f"_{letter}")
        for letter in used
    )
    told = spans.group_by("source_row").agg(pl.concat_str(said, separator=" ").first().alias(CELLS))
    return frame.drop(CELLS, strict=False).join(told, on="source_row", how="left", maintain_order="left")


def with_cells_of_rows(frame: pl.DataFrame, text: str, measures: Sequence[str]) -> pl.DataFrame:
    """Records of which each measure stands in a row of its own, with `source_columns` of those that they hold."""
    if CELLS in frame.columns:
        return frame
    said = [
        pl.when(pl.col(name).is_not_null()).then(pl.format(f"{word}{{}}", "source_row"))
        for name, word in words_of(text).items()
        if name in measures
    ]
    none = pl.lit(None, dtype=pl.String)
    return frame.with_columns((pl.concat_str(said, separator=" ", ignore_nulls=True) if said else none).alias(CELLS))


def without_measures(text: str, measures: Sequence[str]) -> str:
    """What the layout says of the fields that stand in a labelled record's first row."""
    return " ".join(word for name, word in words_of(text).items() if name not in measures)


def _letters(text: str, name: str) -> list[str]:
    return words_of(text)[name].partition("=")[2].split(",")
