"""Reads one column of a table into typed values, by the type of its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.kinds import KINDS
from pipelines.kinds.fields import POLARS_TYPE
from pipelines.mending.personal import mask_column, mask_text
from pipelines.reading import answers, dates, numbers
from pipelines.reading.context import Context
from pipelines.reading.roles import Role
from pipelines.reading.words import blank_to_null, plain

MISREAD: Final = 0.6
"""A column that is not required and of which more than this share can't be read is not what its heading says."""

_SPACES: Final = r"[\s\x{00a0}\x{3000}\x{200b}\x{feff}]+"

UNMASKED: Final = frozenset(
    {
        "estate",
        "company",
        "community",
        "street",
        "aliases",
        "host_estate",
        "category",
        "criterion",
        "subject",
        "ticket_id",
    }
)
"""Names of places and companies and other keys, in which only a person's numbers are masked."""

NUMBERS: Final = frozenset({"phone", "id_card", "bank_card"})
NUMBERING: Final = 0.2
"""Where more than this share of the ticket numbers look like phones, they are a numbering."""
_GAP: Final = r"[^0-9A-Za-z\p{Han}]{0,2}"
_PERSONS: Final = (
    rf"(?:^|[^0-9])1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?:$|[^0-9])|[0-9]{{6}}{_GAP}(?:19|20)[0-9]{{6}}{_GAP}[0-9]{{3}}"
)
"""Whatever is a mobile or an identity card looks like this; few keys do."""


@dataclass(frozen=True)
class Values:
    """One column, read. `raw` is the text as sent (blanks null); `values` are typed; `bad` marks what can't be read.
    `extra` holds further columns that the same cells gave."""

    raw: pl.Series
    values: pl.Series
    bad: pl.Series
    extra: Mapping[str, pl.Series]
    masked: pl.Series | None = None


def read_values(kind: str, role: Role, cells: pl.Series, context: Context, percents: pl.Series | None) -> Values:
    """Reads the cells of one column as the field that its role names."""
    raw = blank_to_null(cells)
    name = role.field or ""
    if role.words:
        raw = _translated(raw, role.words)
    return _by_type(_type_of(kind, name), name, role, raw, context, percents)


def _type_of(kind: str, name: str) -> str:
    special = {
        "answer": "level", "deduction": "number", "submitted_at": "time", "period_from": "date", "period_to": "date",
        "lonlat": "text", "contract_span": "text", "period": "text", "community": "text",
    }  # fmt: skip
    if name in special:
        return special[name]
    return next((f.type for f in KINDS[kind].fields if f.name == name), "text")


def _by_type(type_: str, name: str, role: Role, raw: pl.Series, context: Context, percents: pl.Series | None) -> Values:
    unit = role.unit
    if type_ in ("text", "estate"):
        return _text(name, raw)
    if type_ == "names":
        kept, found = _without_numbers(name, raw)
        return Values(raw, _unique_map(kept, _names, pl.List(pl.String)), _none(raw), {}, found)
    if type_ == "level":
        column = answers.read_levels(raw)
        return Values(raw, column.values, column.bad, {})
    if type_ == "date":
        column = dates.read_dates(raw, context.year)
        return Values(raw, column.values, column.bad, {})
    if type_ == "time":
        times = dates.read_times(raw, context.year)
        return Values(raw, times.values, times.bad, {})
    if type_ == "flag":
        column = answers.read_flags(raw, name)
        return Values(raw, column.values, column.bad, {})
    if type_ == "fee":
        fee = numbers.read_fee(raw, unit if unit and unit.dimension in ("fee", "money") else None)
        return Values(
            raw, fee.values, fee.bad, {"fee_yuan_per_household_month": fee.per_household, "ranges": fee.ranges}
        )
    if type_ == "rate":
        column = numbers.read_rates(raw, percents, unit)
        return Values(raw, column.values, column.bad, {})
    if type_ == "money":
        given = unit if unit and unit.dimension == "money" else context.unit
        given = given if given and given.dimension == "money" else None
        column = numbers.read_money(raw, given)
    elif type_ == "area":
        column = numbers.read_area(raw, unit if unit and unit.dimension == "area" else None)
    elif type_ in ("count", "tally") and not role.weighted:
        column = numbers.read_counts(raw)
    elif type_ == "year":
        column = numbers.read_years(raw)
    elif type_ in ("longitude", "latitude"):
        column = numbers.read_degrees(raw)
    else:
        column = numbers.read_numbers(raw)
    return Values(raw, column.values.cast(POLARS_TYPE.get(type_, pl.Float64)), column.bad, {})


def _text(name: str, raw: pl.Series) -> Values:
    tidy = _tidied(raw)
    if tidy.null_count() == len(tidy):
        return Values(raw, tidy, _none(raw), {})
    masked, found = _without_numbers(name, tidy) if name in UNMASKED else mask_column(tidy)
    return Values(raw, masked, _none(raw), {}, found)


def _without_numbers(name: str, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The cells with the numbers of persons masked, and where there was one."""
    like = cells.str.contains(_PERSONS).fill_null(value=False)
    if not like.any() or (name == "ticket_id" and like.sum() > max(1, NUMBERING * len(cells))):
        return cells, _none(cells)
    told = {text: mask_text(text) for text in cells.filter(like).unique().to_list()}
    said = {text: masked for text, (masked, kinds) in told.items() if NUMBERS & set(kinds)}
    if not said:
        return cells, _none(cells)
    return cells.replace(said), cells.is_in(list(said)).fill_null(value=False)


def _tidied(raw: pl.Series) -> pl.Series:
    """Text without spaces at its ends and line breaks inside; the rest as sent."""
    return raw.to_frame("t").select(pl.col("t").str.replace_all(_SPACES, " ").str.strip_chars())["t"].rename(raw.name)


def _names(text: str) -> list[str]:
    out = plain(text)
    for mark in "，,；;/|\n":
        out = out.replace(mark, "、")
    return [part.strip() for part in out.split("、") if part.strip()]


def _unique_map(raw: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    table = {text: read(text) for text in raw.drop_nulls().unique().to_list()}
    return pl.Series(raw.name, [None if text is None else table[text] for text in raw.to_list()], dtype=dtype)


def _none(raw: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=len(raw), dtype=pl.Boolean, eager=True)


def _translated(raw: pl.Series, words: Mapping[str, object]) -> pl.Series:
    from pipelines.mending.profiles import word_key

    table = {
        text: str(words[word_key(text)]) for text in raw.drop_nulls().unique().to_list() if word_key(text) in words
    }
    if not table:
        return raw
    return blank_to_null(raw.replace(table))
