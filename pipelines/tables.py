"""The tables of the warehouse: their columns and types, which every load writes, empty or not."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.assemble import BOUNDARY_SCHEMA, PRINTED, PRINTED_TOTALS
from pipelines.assemble.episodes import EPISODE_SCHEMA
from pipelines.assemble.fates import FILE_LEDGER, SUBMISSION_SCHEMA
from pipelines.assemble.faults import FILE_FINDINGS, FILE_QUARANTINE
from pipelines.assemble.succession import HISTORY_SCHEMA
from pipelines.kinds import KINDS

SOURCE: Final = pl.Schema({"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64})
"""The three columns that trace a row to its cells."""

STOOD: Final = pl.Schema({"source_columns": pl.String})
"""In which cells the fields of a row stood, as `pipelines/source_columns.py` writes it."""

META_SCHEMA: Final = pl.Schema({"key": pl.String, "value": pl.String})
"""What is known of the version itself: version, built_at, code_version, inputs, files, summary."""

SCHEMAS: Final[dict[str, pl.Schema]] = {
    **{name: pl.Schema([*kind.schema().items(), *SOURCE.items(), *STOOD.items()]) for name, kind in KINDS.items()},
    "episodes": EPISODE_SCHEMA,
    "boundaries": BOUNDARY_SCHEMA,
    "findings": FILE_FINDINGS,
    "submissions": SUBMISSION_SCHEMA,
    "quarantine": FILE_QUARANTINE,
    "ledger": FILE_LEDGER,
    "history": HISTORY_SCHEMA,
    "printed": PRINTED,
    "printed_totals": PRINTED_TOTALS,
    "meta": META_SCHEMA,
}
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
