"""The tables of the warehouse: their columns and types, which every load writes, empty or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from pipelines.findings import FINDING_SCHEMA
from pipelines.kinds import KINDS
from pipelines.staged import LEDGER_SCHEMA, QUARANTINE_SCHEMA

Columns = dict[str, pl.DataType | type[pl.DataType]]

SOURCE_FILE: Final[Columns] = {"source_file": pl.String}
SOURCE: Final[Columns] = {"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64}
"""The three columns that trace a row to its cells."""

EPISODES: Final[Columns] = {
    "estate": pl.String,
    "company": pl.String,
    "governance_mode": pl.String,
    "service_start": pl.Date,
    "charging_start": pl.Date,
    "service_end": pl.Date,
}

BOUNDARIES: Final[Columns] = {
    "level": pl.String,
    "name": pl.String,
    "geometry": pl.String,
    "crs_declared": pl.String,
    "crs_found": pl.String,
    "source_file": pl.String,
}

SUBMISSIONS: Final[Columns] = {
    "source_file": pl.String,
    "sha256": pl.String,
    "loaded_at": pl.Datetime("us"),
    "status": pl.String,
    "rows_loaded": pl.Int64,
    "rows_quarantined": pl.Int64,
    "rows_skipped": pl.Int64,
    "sender": pl.String,
}

HISTORY: Final[Columns] = {"kind": pl.String, **SOURCE, "replaced_by": pl.String, "content": pl.String}
"""Rows that a later file replaced: whole, as JSON, and the file that replaced them."""

META: Final[Columns] = {"key": pl.String, "value": pl.String}
"""What is known of the version itself: version, built_at, code_version, inputs, summary, as_of."""


def _schema(*parts: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.Schema:
    return pl.Schema([column for part in parts for column in part.items()])


def _schemas() -> dict[str, pl.Schema]:
    found = {name: _schema(dict(kind.schema()), SOURCE) for name, kind in KINDS.items()}
    found["episodes"] = _schema(EPISODES, SOURCE)
    found["boundaries"] = pl.Schema(BOUNDARIES)
    found["findings"] = _schema(SOURCE_FILE, dict(FINDING_SCHEMA))
    found["submissions"] = pl.Schema(SUBMISSIONS)
    found["quarantine"] = _schema(SOURCE_FILE, dict(QUARANTINE_SCHEMA))
    found["ledger"] = _schema(SOURCE_FILE, dict(LEDGER_SCHEMA))
    found["history"] = pl.Schema(HISTORY)
    found["meta"] = pl.Schema(META)
    return found


SCHEMAS: Final[dict[str, pl.Schema]] = _schemas()
"""Table → its columns, in the warehouse's order."""


def shaped(table: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    """The frame with exactly the table's columns and types, further columns after them; an empty one for None.

    Raises ValueError where a column of the table is missing: a half-filled table must not be published.
    """
    schema = SCHEMAS[table]
    if frame is None:
        return schema.to_frame()
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise ValueError(f"table {table} lacks {', '.join(missing)}")
    further = [name for name in frame.columns if name not in schema]
    return frame.select(*(pl.col(name).cast(kind) for name, kind in schema.items()), *further)


def shape_all(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every table of the warehouse in its shape; tables that no schema names come after them as they are."""
    known = {table: shaped(table, frames.get(table)) for table in SCHEMAS}
    return known | {table: frame for table, frame in frames.items() if table not in SCHEMAS}
