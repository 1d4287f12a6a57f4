"""Reads a column of texts at once: common shapes as expressions, each other text once by a parser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pipelines.reading.words import is_blank

EMPTY: Final = object()
"""What a parser gives for a text that says there is no value."""

CELL: Final = pl.col("c").str.strip_chars(" ")
"""The text of a cell, for the expressions that `read_column` is given."""

PLAIN: Final = pl.when(CELL.str.contains(r"^-?[0-9]{1,15}(\.[0-9]{1,17})?$")).then(CELL).cast(pl.Float64, strict=False)
"""The cell as a number, where it is one without any mark."""

_GROUPED: Final = pl.when(CELL.str.contains(r"^-?[1-9][0-9]{0,2}(,[0-9]{3}){1,4}(\.[0-9]{1,17})?$")).then(CELL)

BARE: Final = pl.coalesce(PLAIN, _GROUPED.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False))
"""The cell as a number, where it is one with or without thousands separators."""


@dataclass(frozen=True)
class Column:
    """One column, read. `values` is null where the cell is empty or can't be read; `bad` is True for the latter."""

    values: pl.Series
    bad: pl.Series


def bare_times(cells: pl.Series, factor: float, decimals: int = 4) -> pl.Series:
    """The bare numbers of a column times a factor, rounded bit for bit as `quantities.times` rounds one."""
    values, size = cells.to_frame("c").select(BARE).to_series(), 10.0**decimals
    # Polars divides by a single number through its reciprocal, which leaves dust (30.000000000000004).
    return (values * (factor * size) + 0.5).floor() / pl.repeat(size, len(cells), dtype=pl.Float64, eager=True)


def read_column(
    cells: pl.Series,
    fast: pl.Expr | pl.Series,
    parse: Callable[[str], Any],
    dtype: pl.DataType,
    second: pl.Expr | None = None,
) -> Column:
    """Reads the cells through `fast`: what an expression over `pl.col("c")`, or a series, knows of common shapes.

    The rest, each different text once, goes through the expression `second` if there is one, and what is left through
    `parse`, which gives None for what it can't read and `EMPTY` for what says nothing.
    """
    values = cells.to_frame("c").with_columns(fast.cast(dtype).alias("v"))["v"]
    rest = cells.filter(values.is_null() & cells.is_not_null()).unique()
    if rest.is_empty():
        return Column(values.alias(cells.name), pl.zeros(len(cells), dtype=pl.Boolean, eager=True))
    known = rest.to_frame("c").with_columns((pl.lit(None) if second is None else second).cast(dtype).alias("p"))
    texts = known.filter(pl.col("p").is_null())["c"].to_list()
    parsed = [EMPTY if is_blank(text) else parse(text) for text in texts]
    slow = pl.DataFrame(
        {
            "c": pl.Series(texts, dtype=pl.String),
            "p": pl.Series([None if p is EMPTY else p for p in parsed], dtype=dtype, strict=False),
            "b": pl.Series([p is None for p in parsed], dtype=pl.Boolean),
        }
    )
    looked_up = pl.concat([known.filter(pl.col("p").is_not_null()).with_columns(b=pl.lit(value=False)), slow])
    both = pl.DataFrame({"c": cells, "v": values}).join(looked_up, on="c", how="left", maintain_order="left")
    return Column(
        both.select(pl.coalesce("v", "p")).to_series().alias(cells.name),
        both.select((pl.col("v").is_null() & pl.col("b")).fill_null(value=False)).to_series().alias("bad"),
    )
