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
    that were counted together into one record only the first has the record in `records_loaded`.
    """
    places = ["source_file", "source_sheet", "source_row"]
    is_loaded, is_out = pl.col("outcome") == "loaded", pl.col("outcome") == "quarantined"
    fates = outcomes.group_by(places).agg(
        is_loaded.sum().cast(pl.Int64).alias("records_loaded"),
        is_out.sum().cast(pl.Int64).alias("records_quarantined"),
        (pl.col("outcome") == "repeated").any().alias("_repeated"),
        pl.col("outcome").filter(pl.col("outcome").str.starts_with(">")).first().str.slice(1).alias("_by"),
    )
    fates = pl.concat([fates, _counted(stacked, outcomes)], how="diagonal")
    fates = (
        fates.group_by(places).agg(
            pl.col("records_loaded", "records_quarantined").sum(),
            pl.col("_repeated").any(),
            pl.col("_by").drop_nulls().first(),
            pl.col("_with").drop_nulls().first(),
            pl.col("_with_loaded").any(),
            pl.col("_with_out").any(),
        )
        if fates["_with"].is_not_null().any()
        else fates
    )
    rows = [
        one.reading.ledger.with_columns(pl.lit(one.file).alias("source_file")).select(
            "source_file", *LEDGER_SCHEMA.names()
        )
        for one in stacked.submissions
        if one.unchanged_of is None and one.reading.ledger.height
    ]
    if not rows:
        return pl.DataFrame(schema=FILE_LEDGER)
    ledger = (
        pl.concat(rows)
        .with_columns(pl.col("source_row").cast(pl.Int64))
        .join(fates, on=places, how="left", maintain_order="left")
    )
    data = pl.col("fate") == "data"
    loaded = (pl.col("records_loaded") > 0) | pl.col("_with_loaded").fill_null(value=False)
    out = (pl.col("records_quarantined") > 0) | pl.col("_with_out").fill_null(value=False)
    fate = pl.when(loaded).then(pl.lit("loaded")).when(out).then(pl.lit("quarantined")).otherwise(pl.lit("skipped"))
    reason = (
        pl.when(pl.col("_with").is_not_null() & (pl.col("_with") != pl.col("source_row")))
        .then(pl.format("counted into row {}", pl.col("_with")))
        .when(loaded | out)
        .then(pl.col("reason"))
        .when(pl.col("_repeated"))
        .then(pl.lit("duplicate"))
        .when(pl.col("_by").is_not_null())
        .then(pl.format("replaced by {}", pl.col("_by")))
        .otherwise(pl.coalesce(pl.col("reason"), pl.lit("no values")))
    )
    return ledger.with_columns(
        pl.when(data).then(fate).otherwise(pl.col("fate")).alias("fate"),
        pl.when(data).then(reason).otherwise(pl.col("reason")).alias("reason"),
        pl.col("records_loaded", "records_quarantined").fill_null(0),
    ).select(FILE_LEDGER.names())


def _counted(stacked: Stack, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The physical rows that were counted into a record: that record's row, and what became of it."""
    schema = {"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "_with": pl.Int64,
              "_with_loaded": pl.Boolean, "_with_out": pl.Boolean}  # fmt: skip
    parts = [
        one.reading.counted.with_columns(pl.lit(one.file).alias("source_file"))
        for one in stacked.submissions
        if one.unchanged_of is None and one.reading.counted.height
    ]
    if not parts:
        return pl.DataFrame(schema=schema)
    fates = outcomes.group_by("kind", "source_file", "source_sheet", "source_row").agg(
        (pl.col("outcome") == "loaded").any().alias("_with_loaded"),
        (pl.col("outcome") == "quarantined").any().alias("_with_out"),
    )
    counted = pl.concat(parts).with_columns(pl.col("source_row", "counted_row").cast(pl.Int64))
    counted = counted.join(fates, on=["kind", "source_file", "source_sheet", "source_row"], how="left")
    return counted.select(
        "source_file",
        "source_sheet",
        pl.col("counted_row").alias("source_row"),
        pl.col("source_row").alias("_with"),
        "_with_loaded",
        "_with_out",
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
