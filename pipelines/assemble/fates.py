"""Gives every physical row its one fate, and every submission its status and counts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from pipelines.assemble.faults import FILE_QUARANTINE
from pipelines.assemble.stacking import TRACE_SCHEMA, Stack, joined, local
from pipelines.staged import LEDGER_SCHEMA

FILE_LEDGER: Final = joined(
    {"source_file": pl.String}, LEDGER_SCHEMA, {"records_loaded": pl.Int64, "records_quarantined": pl.Int64}
)
"""The ledger of staged.py, with the file, what became of a `data` row, and of how many records."""

SUBMISSION_SCHEMA: Final = joined(
    {
        "source_file": pl.String,
        "sha256": pl.String,
        "loaded_at": pl.Datetime("us"),
        "status": pl.String,
        "rows_loaded": pl.Int64,
        "rows_quarantined": pl.Int64,
        "rows_skipped": pl.Int64,
        "sender": pl.String,
        "received_at": pl.Datetime("us"),
        "filed_on": pl.Date,
        "size": pl.Int64,
        "unchanged_of": pl.String,
    }
)

OUTCOMES: Final = joined({"kind": pl.String}, TRACE_SCHEMA, {"outcome": pl.String})
"""What became of a record: `loaded`, `quarantined`, `repeated`, or the name of the file that replaced it after `>`."""


_WITH: Final = ["_with_loaded", "_with_out"]


def all_quarantined(stacked: Stack, added: pl.DataFrame) -> pl.DataFrame:
    """The records that reading kept out, and those that assembling `added`."""
    parts = [added]
    for one in stacked.submissions:
        if one.unchanged_of is None and one.reading.quarantine.height:
            lost = one.reading.quarantine.with_columns(pl.lit(one.file).alias("source_file"))
            parts.append(lost.select(FILE_QUARANTINE.names()).cast(FILE_QUARANTINE))
    return pl.concat(parts)


def ledger_of(stacked: Stack, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The ledger of all files as `FILE_LEDGER`, from what became of each record (`OUTCOMES`).

    A row is `loaded` when one of its records stands in a table, `quarantined` when one was kept out and none stands,
    else `skipped`, because its records repeat others, were replaced by a later submission, or it holds none. Of rows
    that were counted together into one record only the first has the record in `records_loaded`. Rows are matched by a
    64-bit hash of their place.
    """
    parts = [
        one.reading.ledger.select(pl.lit(one.file).alias("source_file"), *LEDGER_SCHEMA.names())
        for one in stacked.submissions
        if one.unchanged_of is None and one.reading.ledger.height
    ]
    if not parts:
        return pl.DataFrame(schema=FILE_LEDGER)
    ledger = pl.concat(parts).with_columns(pl.col("source_row").cast(pl.Int64), _place())
    known = outcomes.select("outcome", _place())
    fates = known.group_by("_place").agg(
        (pl.col("outcome") == "loaded").sum().cast(pl.Int64).alias("records_loaded"),
        (pl.col("outcome") == "quarantined").sum().cast(pl.Int64).alias("records_quarantined"),
    )
    rare = known.filter(~pl.col("outcome").is_in(["loaded", "quarantined"]))
    gone = rare.group_by("_place").agg(
        pl.col("outcome").filter(pl.col("outcome").str.starts_with(">")).first().str.slice(1).alias("_by")
    )
    ledger = ledger.join(fates, on="_place", how="left", maintain_order="left")
    ledger = ledger.join(
        gone.with_columns(pl.lit(value=True).alias("_gone")), on="_place", how="left", maintain_order="left"
    )
    ledger = ledger.join(_counted(stacked, outcomes), on="_place", how="left", maintain_order="left")
    data = pl.col("fate") == "data"
    loaded = (pl.col("records_loaded") > 0) | pl.col("_with_loaded")
    out = (pl.col("records_quarantined") > 0) | pl.col("_with_out")
    fate = pl.when(loaded).then(pl.lit("loaded")).when(out).then(pl.lit("quarantined")).otherwise(pl.lit("skipped"))
    reason = (
        pl.when(pl.col("_with") != pl.col("source_row"))
        .then(pl.format("counted into row {}", pl.col("_with")))
        .when(loaded | out)
        .then(pl.col("reason"))
        .when(pl.col("_by").is_not_null())
        .then(pl.format("replaced by {}", pl.col("_by")))
        .when(pl.col("_gone"))
        .then(pl.lit("duplicate"))
        .otherwise(pl.coalesce(pl.col("reason"), pl.lit("no values")))
    )
    return ledger.with_columns(
        pl.when(data).then(fate).otherwise(pl.col("fate")).alias("fate"),
        pl.when(data).then(reason).otherwise(pl.col("reason")).alias("reason"),
        pl.col("records_loaded", "records_quarantined").fill_null(0),
    ).select(FILE_LEDGER.names())


def _place(row: str = "source_row") -> pl.Expr:
    """One number for a physical row of a sheet of a file."""
    return pl.struct("source_file", "source_sheet", pl.col(row).alias("source_row")).hash().alias("_place")


def _counted(stacked: Stack, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The physical rows that were counted into a record: that record's row, and what became of it."""
    parts = [
        one.reading.counted.with_columns(pl.lit(one.file).alias("source_file"))
        for one in stacked.submissions
        if one.unchanged_of is None and one.reading.counted.height
    ]
    if not parts:
        return pl.DataFrame(schema=joined({"_place": pl.UInt64, "_with": pl.Int64}, dict.fromkeys(_WITH, pl.Boolean)))
    record = ["kind", "source_file", "source_sheet", "source_row"]
    fates = outcomes.group_by(record).agg(
        (pl.col("outcome") == what).any().alias(name)
        for name, what in zip(_WITH, ("loaded", "quarantined"), strict=True)
    )
    counted = pl.concat(parts).with_columns(pl.col("source_row", "counted_row").cast(pl.Int64))
    counted = counted.join(fates, on=record, how="left")
    return counted.group_by(_place("counted_row")).agg(
        pl.col("source_row").first().alias("_with"), pl.col(_WITH).any(ignore_nulls=True)
    )


def submissions_of(
    stacked: Stack,
    loaded: pl.DataFrame,
    *,
    quarantine: pl.DataFrame,
    ledger: pl.DataFrame,
    outcomes: pl.DataFrame,
    at: datetime,
) -> pl.DataFrame:
    """One row a file as `SUBMISSION_SCHEMA`. `loaded` counts rows by source_file and table.

    A file is `superseded` when records of it came in and later submissions have replaced every one.
    """
    rows_in = dict(loaded.group_by("source_file").agg(pl.col("rows").sum()).iter_rows())
    rows_out = dict(quarantine.group_by("source_file").len().iter_rows())
    skipped = dict(ledger.filter(pl.col("fate") == "skipped").group_by("source_file").len().iter_rows())
    standing = set(outcomes.filter(pl.col("outcome") == "loaded")["source_file"].unique())
    overtaken = set(outcomes.filter(pl.col("outcome").str.starts_with(">"))["source_file"].unique())
    rows: list[dict[str, object]] = []
    for one in stacked.submissions:
        if one.unchanged_of is not None:
            status = "unchanged"
        elif one.reading.rejected:
            status = "rejected"
        else:
            status = "superseded" if one.file in overtaken - standing else "loaded"
        rows.append(
            {
                "source_file": one.file,
                "sha256": one.sha256,
                "loaded_at": local(at),
                "status": status,
                "rows_loaded": rows_in.get(one.file, 0),
                "rows_quarantined": rows_out.get(one.file, 0),
                "rows_skipped": skipped.get(one.file, 0),
                "sender": one.sender,
                "received_at": local(one.received_at),
                "filed_on": one.reading.filed_on,
                "size": one.size,
                "unchanged_of": one.unchanged_of,
            }
        )
    return pl.DataFrame(rows, schema=SUBMISSION_SCHEMA).sort("source_file")
