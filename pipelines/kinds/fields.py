"""What a kind of table is made of: fields with their type, unit and duty, as the data contract names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

Type = Literal[
    "text", "names", "estate", "count", "tally", "number", "money", "area", "fee", "year", "rate", "date", "time",
    "flag", "longitude", "latitude",
]  # fmt: skip

# A tally is a count of answers: whole, unless a profile says that the answers were weighted.
POLARS_TYPE: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "text": pl.String,
    "names": pl.List(pl.String),
    "estate": pl.String,
    "count": pl.Int64,
    "tally": pl.Float64,
    "number": pl.Float64,
    "money": pl.Float64,
    "area": pl.Float64,
    "fee": pl.Float64,
    "year": pl.Int64,
    "rate": pl.Float64,
    "date": pl.Date,
    "time": pl.Datetime("us"),
    "flag": pl.Boolean,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
}


@dataclass(frozen=True)
class Field:
    """One column of a warehouse table. `zh` and `en` name it in messages; `happened` marks a date that tells what
    has happened, which can't be later than the submission."""

    name: str
    type: Type
    zh: str
    en: str
    happened: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of table: its fields in the warehouse's order, the key that makes a row unique, and what it can't do
    without. `measures` are the fields that a record must hold at least one of to be a record at all."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    required: tuple[str, ...]
    measures: tuple[str, ...]
    has_period: bool = False

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    def schema(self) -> pl.Schema:
        """The columns of the warehouse table, without the three that trace a row."""
        columns: dict[str, pl.DataType | type[pl.DataType]] = {}
        for one in self.fields:
            columns[one.name] = POLARS_TYPE[one.type]
        return pl.Schema(columns)


PERIOD: Final = (
    Field("period_start", "date", "期间起", "period start"),
    Field("period_end", "date", "期间止", "period end"),
)
