"""Reads percentages, written in any of the ways in which people write them."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.parsing import BARE, CELL, Column, read_column
from pipelines.reading.quantities import quantity
from pipelines.reading.units import Unit
from pipelines.reading.words import compact

_SIGNED: Final = (
    pl.when(CELL.str.contains(r"^-?[0-9]{1,6}(\.[0-9]{1,12})?%$"))
    .then(CELL.str.strip_suffix("%"))
    .cast(pl.Float64, strict=False)
    / 100
)
"""The fraction of a cell such as `68.5%`."""


def read_rates(cells: pl.Series, percents: pl.Series | None, unit: Unit | None) -> Column:
    """Rates as fractions, as Float64: `68%`, `68`, `0.68`, `百分之六十八`, `六成八` are all 0.68.

    `percents` marks number cells that are shown as a percentage: what they hold is the fraction already. Any other bare
    number up to 1 is a fraction (1 is 100 %), under a heading in % too: people write 0.91 beside 87.5, and hardly
    anyone reports a rate below 1 %. A bare number above 1 is in percent if the heading says % or some bare number in
    the column is above 2; else it is a fraction above 100 % (1.05) and stays, for the caller to report. Nothing is
    clipped. Under a heading in ‰ bare numbers are thousandths.
    """
    sure = cells.to_frame("c").select(BARE).to_series()
    rest = cells.to_frame("c").select(pl.when(sure.is_null()).then("c")).to_series()
    stated, loosely = (
        read_column(rest, _SIGNED, _rate, pl.Float64()),
        read_column(rest, pl.lit(None), _bare, pl.Float64()),
    )
    bare = sure.fill_null(loosely.values)
    shown = pl.zeros(len(cells), dtype=pl.Boolean, eager=True) if percents is None else percents.fill_null(value=False)
    frame = pl.DataFrame({"bare": bare, "stated": stated.values, "shown": shown})
    loose = ~pl.col("shown") & pl.col("stated").is_null() & (pl.col("bare").abs() > 2)
    in_percent = unit == Unit("rate", 0.01) or frame.select(loose.any()).item()
    if unit == Unit("rate", 0.001):
        value = pl.col("bare") / 1000
    elif in_percent:
        value = pl.when(pl.col("bare").abs() > 1).then(pl.col("bare") / 100).otherwise(pl.col("bare"))
    else:
        value = pl.col("bare")
    rate = pl.coalesce("stated", pl.when("shown").then("bare").otherwise(value))
    return Column(frame.select(rate.round(12)).to_series().alias(cells.name), loosely.bad & stated.bad)


def _rate(text: str) -> float | None:
    word = compact(text)
    if match := re.fullmatch(r"百分之(.+)", word):
        value = quantity(match[1])
        return value.value / 100 if value and not value.unit else None
    if match := re.fullmatch(r"([0-9一二三四五六七八九十])成([0-9一二三四五六七八九])?", word):
        tens, ones = (quantity(part) if part else None for part in match.groups())
        return round(((tens.value if tens else 0) * 10 + (ones.value if ones else 0)) / 100, 12)
    found = quantity(text)
    if found is None or found.unit not in {"%", "‰"}:
        return None
    return found.value / (100 if found.unit == "%" else 1000)


def _bare(text: str) -> float | None:
    found = quantity(text)
    return found.value if found is not None and not found.unit else None
