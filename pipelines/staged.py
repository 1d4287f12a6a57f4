"""What reading one file gives, before it meets the other files: typed records, findings and the fate of each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

LEDGER_SCHEMA: Final = pl.Schema(
    {"source_sheet": pl.String, "source_row": pl.Int64, "fate": pl.String, "reason": pl.String}
)
"""One row per non-empty physical row. `fate`: `title`, `heading`, `note`, `total`, `skipped`, or `data`, which becomes
`loaded` or `quarantined` once it is known what became of its records."""

QUARANTINE_SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
        "source_cell": pl.String,
        "code": pl.String,
        "reason_zh": pl.String,
        "reason_en": pl.String,
        "content": pl.String,
    }
)
"""One row per record kept out. `content` is the record as JSON: field or heading → text as sent, masked."""

PRINTED_SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
        "source_cell": pl.String,
        "heading": pl.String,
        "text": pl.String,
        "rate": pl.Float64,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "receivable_yuan": pl.Float64,
        "received_yuan": pl.Float64,
    }
)
"""One row per rate that a sheet of fees prints beside its figures and that no record takes: what the cell says, as a
fraction too, and the period and amounts of the record in whose row and group of columns it stands."""

PRINTED_TOTALS_SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
        "source_cell": pl.String,
        "heading": pl.String,
        "field": pl.String,
        "text": pl.String,
        "value": pl.Float64,
        "unit": pl.Float64,
        "step": pl.Float64,
        "row_step": pl.Float64,
        "first_row": pl.Int64,
        "last_row": pl.Int64,
        "widest_row": pl.Int64,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "category": pl.String,
        "item": pl.String,
        "question": pl.String,
        "layout": pl.UInt32,
    }
)
"""One row per number that a total row prints: its cell, the field it sums (`collection_rate` for a rate of fees), the
value in the field's unit, how many of those one printed unit is, to what it and its rows are printed (0: whole), and
the rows that it spans (it may run from `widest_row`). What the records of its column, those of `layout`, share is
given, an empty text for sharing none; null where they differ."""


@dataclass(frozen=True)
class Layout:
    """Where the fields of a group of records stand, and the texts around them.

    `columns` maps a field to its column (from 0). `contexts` are texts that may name the estate where no cell of the
    row does: title of the block, title of the sheet, name of the sheet, name of the file; nearest first.
    `first_column` is where a finding about the whole row points. `stands` is the `source_columns` of its records
    (`pipelines/source_columns.py`).
    """

    sheet: str
    kind: str
    columns: dict[str, int]
    contexts: tuple[str, ...] = ()
    first_column: int = 0
    stands: str = ""


@dataclass(frozen=True)
class Reading:
    """One file, read.

    `records` maps a kind to a frame with the contract's columns of that kind (without `source_file`), and
    `layout` (UInt32, an index into `layouts`), and where cells differ from what the layout says also `source_columns`
    (else null or not there). The estate (or an inspection's subject) is as the cell says it, or null
    where only the context tells it. A record is in `records` or in `quarantine`, never in both.
    `counted` maps rows that were counted together into one record: kind, source_sheet, source_row (of the record),
    counted_row (each physical row in it). `printed` (PRINTED_SCHEMA) holds rates that nothing is made of but checks,
    `printed_totals` (PRINTED_TOTALS_SCHEMA) what total rows print. `entered_at` is the 登记时间 of what was typed
    into a screen (`pipelines/entries/`).
    """

    records: dict[str, pl.DataFrame]
    layouts: tuple[Layout, ...]
    findings: pl.DataFrame
    quarantine: pl.DataFrame
    ledger: pl.DataFrame
    counted: pl.DataFrame
    filed_on: date | None = None
    modified: datetime | None = None
    entered_at: datetime | None = None
    rejected: bool = False
    printed: pl.DataFrame = field(default_factory=PRINTED_SCHEMA.to_frame)
    printed_totals: pl.DataFrame = field(default_factory=PRINTED_TOTALS_SCHEMA.to_frame)


@dataclass(frozen=True)
class Submission:
    """A file and what is known of its arrival. `file` is the path below the folder that was loaded, with `/`."""

    file: str
    sha256: str
    received_at: datetime
    mtime: datetime
    reading: Reading
    sender: str | None = None
    size: int = 0
    unchanged_of: str | None = None
    boundaries: list[dict[str, object]] = field(default_factory=list)
