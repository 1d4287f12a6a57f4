"""Keeps what total rows print: no record takes it, but it can be recomputed from the rows above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from pipelines.findings import address
from pipelines.reading.body import Body
from pipelines.reading.labelled import LABEL, MEASURED, measure_of
from pipelines.reading.printed import amounts_before, is_rate
from pipelines.reading.rates import read_rates
from pipelines.reading.roles import Role, Table
from pipelines.reading.rows import PLAIN_TOTAL
from pipelines.reading.totals import Span, spans_of, sum_word
from pipelines.reading.values import read_values
from pipelines.staged import PRINTED_TOTALS_SCHEMA, Layout

RATE: Final = "collection_rate"
_SUMMED: Final = {"money", "count", "tally", "area"}
_WHOLE: Final = {"count", "tally"}
_KINDS: Final = frozenset({"estates", "fees", "costs", "income", "surveys"})
_IN_COMMON: Final = ("period_start", "period_end", "category", "item", "question")
_PLACES: Final = 8


def printed_totals(
    body: Body,
    layouts: Mapping[int, Layout],
    records: Sequence[pl.DataFrame],
    rows: pl.DataFrame | None = None,
    *,
    counted: bool = False,
) -> pl.DataFrame:
    """What the total rows of a table print in columns of amounts, counts and rates, as PRINTED_TOTALS_SCHEMA.

    `rows` are the table's rows with their fate, where the body holds only some (the default: the body's own). Where
    several rows were `counted` into one record, only totals of the whole table are kept.
    """
    frame = body.frame if rows is None else rows
    none = PRINTED_TOTALS_SCHEMA.to_frame()
    if body.kind not in _KINDS or not records or not frame.select((pl.col("fate") == "total").any()).item():
        return none
    spans = spans_of(frame)
    if counted and spans:
        whole = (min(one.first for one in spans), max(one.last for one in spans))
        spans = [one for one in spans if (one.first, one.last) == whole]
    if not spans:
        return none
    types = {one.name: one.type for one in body.spec.fields}
    found = [none]
    for role in body.table.roles:
        name = role.field or ""
        rate = (body.kind == "fees" and is_rate(role)) or name == "reported_rate"
        if rate and body.kind == "fees":
            number = amounts_before(role, layouts)
        elif rate or types.get(name) in _SUMMED:
            own = [place for place, layout in layouts.items() if layout.columns.get(name) == role.column]
            number = own[0] if len(own) == 1 else None
        else:
            continue
        if number is not None:
            field = RATE if rate and body.kind == "fees" else name
            known = _in_common(records, number)
            found.append(_of_column(body, frame, role, field, spans, known, whole=types.get(name) in _WHOLE))
    return pl.concat(found)


def _in_common(records: Sequence[pl.DataFrame], number: int) -> dict[str, Any]:
    """What all records of a layout share, an empty text where they share having none; None where they differ."""
    frames = [frame for frame in records if frame.height and frame["layout"][0] == number]
    known: dict[str, Any] = {"layout": number}
    for name in _IN_COMMON:
        values = [frame[name] for frame in frames if name in frame.columns]
        one = pl.concat(values).unique() if values else pl.Series([None], dtype=pl.String)
        shared = one[0] if len(one) == 1 else None
        known[name] = "" if len(one) == 1 and shared is None and not name.startswith("period") else shared
    return known


def _of_column(
    body: Body,
    frame: pl.DataFrame,
    role: Role,
    field: str,
    spans: Sequence[Span],
    known: dict[str, Any],
    *,
    whole: bool,
) -> pl.DataFrame:
    if str(role.column) not in frame.columns:
        return PRINTED_TOTALS_SCHEMA.to_frame()
    at = {one.row: one for one in spans}
    told = frame.filter(pl.col("row").is_in(list(at))).select("row", text=pl.col(str(role.column)))
    told = told.filter(pl.col("text").is_not_null() & ~pl.col("text").str.contains(PLAIN_TOTAL))
    if told.is_empty():
        return PRINTED_TOTALS_SCHEMA.to_frame()
    if field in (RATE, "reported_rate"):
        shown = pl.Series([(row, role.column) in body.grid.sheet.percents for row in told["row"]], dtype=pl.Boolean)
        values = read_rates(told["text"], shown, role.unit).values
    else:
        values = read_values(body.kind, role, told["text"], body.context, None).values.cast(pl.Float64)
    bare = pl.col("text").str.replace_all(r"[,，\s]", "").cast(pl.Float64, strict=False)
    ten = (pl.col("value") / bare).abs().log10().round()
    unit = pl.when((bare != 0) & (pl.col("value") != 0)).then(pl.lit(10.0).pow(ten)).fill_null(1.0)
    rows = frame.filter(pl.col("fate") == "data")[str(role.column)]
    finest = max((len(part) for part in rows.str.extract(r"\.(\d+)").drop_nulls()), default=0)
    places = pl.col("text").str.extract(r"\.(\d+)").str.len_chars().fill_null(0).clip(0, _PLACES)
    exact = 0.0 if whole else 1.0
    return (
        told.with_columns(values.alias("value"))
        .filter(pl.col("value").is_not_null())
        .with_columns(unit.alias("unit"))
        .select(
            pl.lit(body.kind).alias("kind"),
            pl.lit(body.sheet).alias("source_sheet"),
            (pl.col("row") + 1).alias("source_row"),
            pl.col("row").map_elements(lambda row: address(row + 1, role.column), pl.String).alias("source_cell"),
            pl.lit(role.heading).alias("heading"),
            pl.lit(field).alias("field"),
            "text",
            "value",
            "unit",
            (exact * pl.col("unit") * pl.lit(0.1).pow(places)).alias("step"),
            (exact * pl.col("unit") * 0.1 ** min(finest, _PLACES)).alias("row_step"),
            *(
                pl.col("row")
                .replace_strict({row: getattr(one, name) + 1 for row, one in at.items()})
                .alias(f"{name}_row")
                for name in ("first", "last", "widest")
            ),
            *(pl.lit(known[name]).cast(PRINTED_TOTALS_SCHEMA[name]).alias(name) for name in (*_IN_COMMON, "layout")),
        )
        .cast(PRINTED_TOTALS_SCHEMA)
    )


def labelled_totals(whole: Table, part: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table whose rows name the measure, with the total rows of one measure (`part`) alone.

    The word (合计) may stand in the first of the rows that total the measures; the rows below it follow it.
    """
    label = str(next(role.column for role in whole.roles if role.field == LABEL))
    column = next(role.column for role in whole.roles if role.field == MEASURED)
    measure = next(role.field for role in part.roles if role.column == column)
    words: dict[int, str] = {}
    kept: list[int] = []
    word: str | None = None
    for row in frame.filter(pl.col("fate") != "blank").iter_rows(named=True):
        if row["fate"] != "total":
            word = None
            continue
        word = sum_word(row) or word
        if word and row[label] and measure_of(row[label], whole.kind) == measure:
            kept.append(row["row"])
            words[row["row"]] = word
    mine = frame.filter((pl.col("fate") != "total") | pl.col("row").is_in(kept))
    told = pl.col("row").replace_strict(words, default=None, return_dtype=pl.String).alias("word")
    return mine.select(told, pl.all())


__all__ = ["labelled_totals", "printed_totals"]
