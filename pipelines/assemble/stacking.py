"""Lays the records of all submissions over one another, earliest submission first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.kinds import KINDS
from pipelines.staged import Layout, Submission

MARKS = pl.Schema({"_file": pl.UInt32, "_layout": pl.UInt32})
HELPERS: Final[dict[str, pl.Schema]] = {
    "estates": pl.Schema({"fee_yuan_per_household_month": pl.Float64}),
    "events": pl.Schema({"type_words": pl.String}),
}
TRACE_SCHEMA = pl.Schema({"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64})
STANDS = pl.Schema({"source_columns": pl.String})
"""Where the fields of a record stood, where its layout does not say it (`pipelines/source_columns.py`)."""
_NO_DATE = datetime(1900, 1, 1)


@dataclass(frozen=True)
class Stack:
    """Submissions in the order of time (a later one replaces), their layouts, and one frame a kind.

    A frame has the contract's columns, the kind's `HELPERS`, those of `TRACE_SCHEMA` and `STANDS`, `_file` and
    `_layout` (indices into `submissions` and `layouts`), and `_rec` (a number unique within the kind that rises with
    time).
    """

    submissions: tuple[Submission, ...]
    layouts: tuple[Layout, ...]
    frames: dict[str, pl.DataFrame]

    def with_frames(self, frames: dict[str, pl.DataFrame]) -> Stack:
        """The same with these frames in place of its own."""
        return replace(self, frames={**self.frames, **frames})


def local(moment: datetime) -> datetime:
    """The moment as Shanghai local time without a zone."""
    return moment if moment.tzinfo is None else moment.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)


def order_of(one: Submission) -> tuple[datetime, datetime, datetime, datetime, str]:
    """What decides which of two submissions is later.

    First the instant at which it was entered on a screen, or the 填报日期, for which a submission without either takes
    the earlier of arrival and modification (so that any two can be compared and the order is total); then the arrival,
    the workbook's own date, the file's date, its name.
    """
    received, mtime = local(one.received_at), local(one.mtime)
    filed, modified = one.reading.filed_on, one.reading.modified
    first = one.reading.entered_at or (datetime.combine(filed, time()) if filed else min(received, mtime))
    return first, received, local(modified) if modified else _NO_DATE, mtime, one.file


def known_at(one: Submission) -> datetime:
    """The last instant that the submission can tell of: the end of the day on which it was filed or arrived."""
    filed = one.reading.filed_on
    arrived = local(one.received_at).date()
    return datetime.combine(max(filed, arrived) if filed else arrived, time(23, 59, 59, 999999))


def stack(submissions: Sequence[Submission]) -> Stack:
    """All records of the submissions that were read themselves (copies and rejected files have none)."""
    ordered = tuple(sorted(submissions, key=order_of))
    layouts: list[Layout] = []
    parts: dict[str, list[pl.DataFrame]] = {kind: [] for kind in KINDS}
    for number, one in enumerate(ordered):
        if one.unchanged_of is None:
            for kind, records in one.reading.records.items():
                if kind in parts and records.height:
                    parts[kind].append(_shaped(kind, records, one.file, number, len(layouts)))
            layouts.extend(one.reading.layouts)
    frames = {kind: pl.concat(found) if found else _empty(kind) for kind, found in parts.items()}
    frames = {
        kind: frame.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("_rec"))
        for kind, frame in frames.items()
    }
    return Stack(ordered, tuple(layouts), frames)


def joined(*parts: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.Schema:
    """One schema of several, in their order."""
    whole = pl.Schema()
    for part in parts:
        for name, dtype in part.items():
            whole[name] = dtype() if isinstance(dtype, type) else dtype
    return whole


def columns_of(kind: str) -> pl.Schema:
    """The columns of a kind's stacked records before those of `TRACE_SCHEMA`, with their types."""
    return joined(KINDS[kind].schema(), HELPERS.get(kind, pl.Schema()))


def table_schema(kind: str) -> pl.Schema:
    """The columns of the warehouse's table of a kind: its fields, then where the row and its fields came from."""
    return joined(KINDS[kind].schema(), TRACE_SCHEMA, STANDS)


def _shaped(kind: str, records: pl.DataFrame, file: str, number: int, offset: int) -> pl.DataFrame:
    have = set(records.columns)
    columns = [
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in columns_of(kind).items()
    ]
    return records.select(
        *columns,
        pl.lit(file).alias("source_file"),
        pl.col("source_sheet").cast(pl.String).fill_null(""),
        pl.col("source_row").cast(pl.Int64),
        (pl.col("source_columns") if "source_columns" in have else pl.lit(None, dtype=pl.String)).alias(
            "source_columns"
        ),
        pl.lit(number, dtype=pl.UInt32).alias("_file"),
        (pl.col("layout").cast(pl.UInt32) + offset).cast(pl.UInt32).alias("_layout"),
    )


def _empty(kind: str) -> pl.DataFrame:
    return pl.DataFrame(schema=joined(columns_of(kind), TRACE_SCHEMA, STANDS, MARKS))
