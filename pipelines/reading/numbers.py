"""Reads columns of numbers as people type them: plain numbers, counts, money and areas."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.reading.degrees import read_degrees
from pipelines.reading.fees import FeeColumn, read_fee
from pipelines.reading.parsing import BARE, CELL, Column, bare_times, read_column
from pipelines.reading.quantities import number, quantity, serial, times
from pipelines.reading.rates import read_rates
from pipelines.reading.units import Unit, read_unit
from pipelines.reading.years import read_years

__all__ = [
    "Column",
    "FeeColumn",
    "number",
    "read_area",
    "read_counts",
    "read_degrees",
    "read_fee",
    "read_money",
    "read_numbers",
    "read_rates",
    "read_years",
]


_BEFORE_YUAN: Final = (
    pl.when(CELL.str.contains(r"^-?([0-9]{1,15}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})(\.[0-9]{1,17})?元$"))
    .then(CELL.str.strip_suffix("元").str.replace_all(",", "", literal=True))
    .cast(pl.Float64, strict=False)
)


def read_numbers(cells: pl.Series) -> Column:
    """Numbers of any kind, as Float64."""
    return read_column(cells, BARE, number, pl.Float64())


def read_counts(cells: pl.Series) -> Column:
    """Whole numbers, as Int64: `648户`, `约120`, `2.2万余`, `12.0`; `12.5` is bad."""

    def parse(text: str) -> int | None:
        value = number(text)
        found = quantity(text)
        if value is None or (found and found.unit in {"%", "‰"}):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else None

    whole = pl.when(BARE.floor() == BARE).then(BARE)
    return read_column(cells, whole, parse, pl.Int64())


def read_money(cells: pl.Series, unit: Unit | None) -> Column:
    """Amounts in yuan, as Float64. `unit` is the heading's (None: yuan); the cell's own beats it (`15万元`)."""
    return _measured(cells, unit, "money")


def read_area(cells: pl.Series, unit: Unit | None) -> Column:
    """Areas in m², as Float64. `unit` is the heading's (None: m²); the cell's own beats it (`55万㎡`)."""
    return _measured(cells, unit, "area")


def _measured(cells: pl.Series, unit: Unit | None, dimension: str) -> Column:
    factor = unit.factor if unit is not None and unit.dimension == dimension else 1.0

    def parse(text: str) -> float | None:
        if (shown := serial(text)) is not None:
            return times(shown, factor)
        found = quantity(text)
        if found is None:
            return None
        if not found.unit:
            return found.value if found.scaled else times(found.value, factor)
        own = read_unit(found.unit)
        if own is None or own.dimension != dimension:
            return None
        return times(found.value, own.factor)

    fast = BARE if factor == 1.0 else bare_times(cells, factor)
    return read_column(cells, fast, parse, pl.Float64(), second=_BEFORE_YUAN if dimension == "money" else None)
