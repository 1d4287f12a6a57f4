"""From raw columns or rows to the cells of a `Sheet`: blanks become null, empty margins at the end go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import isfinite
from typing import Final

import polars as pl

from pipelines.reading.sheets import Merge

DECIMALS: Final = 9


def cells_of_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with cells of only white space as null and trailing empties cut off."""
    if not frame.width:
        return frame
    stripped = frame.select(pl.all().str.strip_chars().str.len_bytes() > 0)
    if not all(stripped.select(pl.all().fill_null(value=True).all()).row(0)):
        frame = frame.select(
            pl.when(pl.col(name).str.strip_chars().str.len_bytes() > 0).then(pl.col(name)).alias(name)
            for name in frame.columns
        )
    return trimmed(frame)


def trimmed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the empty rows at its bottom and columns at its right; columns are named "0", "1", …"""
    if frame.is_empty():
        return pl.DataFrame()
    filled = [count < frame.height for count in frame.null_count().row(0)]
    width = max((i + 1 for i, any_filled in enumerate(filled) if any_filled), default=0)
    frame = frame.select(pl.col(name).alias(str(i)) for i, name in enumerate(frame.columns[:width]))
    if not width or any(value is not None for value in frame.row(-1)):
        return frame
    rows = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    return frame.head(rows[-1] + 1)


def cells_of_rows(rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """The cells of a sheet given row by row; short rows are filled up with nulls."""
    columns = zip_longest(*rows)
    frame = pl.DataFrame([pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)])
    if not frame.width:
        return pl.DataFrame()
    return cells_of_frame(frame)


def merges_within(merges: Iterable[Merge], cells: pl.DataFrame) -> tuple[Merge, ...]:
    """The merges cut to the filled area; those that are one cell or none after that are left out."""
    kept = []
    for top, left, bottom, right in merges:
        cut = Merge(top, left, min(bottom, cells.height - 1), min(right, cells.width - 1))
        if cut.top <= cut.bottom and cut.left <= cut.right and (cut.top, cut.left) != (cut.bottom, cut.right):
            kept.append(cut)
    return tuple(sorted(set(kept)))


def plain_number(text: str) -> str:
    """A number as written in XML (`1.5E3`, `8.0`) without exponent and idle zeros; other text as it is.

    Rounded to nine decimals, as the decoder of .xlsx does, so that one figure reads alike from every format.
    """
    try:
        value = round(float(text), DECIMALS)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if value == int(value):
        return str(int(value))
    return format_plainly(value)


def format_plainly(value: float) -> str:
    """The shortest decimal that means the same number, without an exponent."""
    text = repr(value)
    if "e" not in text:
        return text
    digits, exponent = text.split("e")
    sign = "-" if digits.startswith("-") else ""
    whole, _, fraction = digits.lstrip("-").partition(".")
    return f"{sign}0.{'0' * (-int(exponent) - len(whole))}{whole}{fraction}"
