"""Lets later submissions replace what earlier ones said, and keeps what was replaced."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.assemble.faults import FILE_FINDINGS
from pipelines.assemble.keys import key_hash
from pipelines.assemble.stacking import Stack
from pipelines.assemble.standing import completed, with_stands
from pipelines.findings import SEVERITY, address
from pipelines.kinds import KINDS

HISTORY_SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String,
        "source_file": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
        "replaced_by_file": pl.String,
        "content": pl.String,
    }
)
"""One row per record that a later submission replaced; `content` is the record as JSON."""


def succeed(stacked: Stack, kind: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(the frame without records whose key a later submission sent again, the replaced ones as `HISTORY_SCHEMA`).

    Vouchers are replaced as a set: all of the earlier file's under the key go. Keys are compared by a 64-bit hash.
    """
    frame = stacked.frames[kind]
    if frame["_file"].n_unique() < 2:
        return frame, pl.DataFrame(schema=HISTORY_SCHEMA)
    frame = frame.with_columns(key_hash(kind))
    last = frame.group_by("_hash").agg(pl.col("_file").max().alias("_last"))
    frame = frame.join(last, on="_hash", how="left", maintain_order="left").drop("_hash")
    old = pl.col("_file") < pl.col("_last")
    return frame.filter(~old).drop("_last"), replaced(stacked, kind, frame.filter(old))


def replaced(stacked: Stack, kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Records with the number of the submission that replaced them (`_last`), as `HISTORY_SCHEMA`."""
    if frame.is_empty():
        return pl.DataFrame(schema=HISTORY_SCHEMA)
    files = pl.Series([one.file for one in stacked.submissions], dtype=pl.String)
    return frame.select(
        pl.lit(kind).alias("kind"),
        "source_file",
        "source_sheet",
        "source_row",
        pl.lit(files).gather(pl.col("_last")).alias("replaced_by_file"),
        pl.struct(KINDS[kind].schema().names()).struct.json_encode().alias("content"),
    )


def merge_registers(stacked: Stack) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(one row an estate, the register rows that no longer say anything, findings).

    Column by column the latest value counts, an empty cell never erases one, aliases add up (a spelling that is now the
    estate's own name isn't an alias). A merged row is traced to its latest source. A fee per household becomes
    yuan per m² (fee × households ÷ area); where one of these is unknown it stays empty, with a finding.
    """
    frame = stacked.frames["estates"]
    marks = ["source_file", "source_sheet", "source_row", "source_columns", "_file", "_layout", "_rec"]
    facts = [name for name in frame.columns if name not in ("estate", "aliases", *marks)]
    aliases = (
        frame.select("estate", "aliases").explode("aliases").drop_nulls().filter(pl.col("aliases") != pl.col("estate"))
    )
    spoken = aliases.group_by("estate", maintain_order=True).agg(pl.col("aliases").unique(maintain_order=True))
    merged = frame.group_by("estate", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().last() for name in facts), *(pl.col(name).last() for name in marks)
    )
    merged = merged.join(spoken, on="estate", how="left", maintain_order="left").with_columns(
        pl.col("aliases").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )
    merged = _with_all_cells(merged, with_stands(stacked, frame), facts)
    merged, findings = _fee_per_area(stacked, merged)
    later = [
        pl.col(name).is_null()
        | (
            pl.col(name).is_not_null().cum_sum(reverse=True).over("estate") - pl.col(name).is_not_null().cast(pl.UInt32)
            > 0
        )
        for name in facts
    ]
    silent = frame.with_columns(
        pl.col("_file").max().over("estate").alias("_last"), pl.all_horizontal(later).alias("_silent")
    )
    silent = silent.filter(pl.col("_silent") & (pl.col("_file") < pl.col("_last")))
    return merged.select(frame.columns), replaced(stacked, "estates", silent), findings


def _with_all_cells(merged: pl.DataFrame, frame: pl.DataFrame, facts: list[str]) -> pl.DataFrame:
    """The merged rows with the cells of each fact, also where another row or file told it."""
    told: dict[str, str] = {}
    for key, rows in frame.group_by("estate", maintain_order=True):
        records = rows.to_dicts()
        others = {
            name: next(one for one in reversed(records) if one[name] is not None)
            for name in facts
            if records[-1][name] is None and any(one[name] is not None for one in records)
        }
        told[str(key[0])] = completed(records[-1], others)
    texts = pl.Series([told[name] for name in merged["estate"]], dtype=pl.String)
    return merged.with_columns(texts.alias("source_columns"))


def _fee_per_area(stacked: Stack, merged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    per_household, fee = pl.col("fee_yuan_per_household_month"), pl.col("fee_yuan_per_m2_month")
    converted = per_household * pl.col("households") / pl.col("floor_area_m2")
    merged = merged.with_columns(
        pl.coalesce(fee, pl.when(converted.is_finite()).then(converted)).alias(fee.meta.output_name())
    )
    rows: list[dict[str, object]] = []
    for row in merged.filter(per_household.is_not_null() & fee.is_null()).iter_rows(named=True):
        given = (
            stacked.frames["estates"]
            .filter((pl.col("estate") == row["estate"]) & per_household.is_not_null())
            .row(-1, named=True)
        )
        layout = stacked.layouts[given["_layout"]]
        column = layout.columns.get("fee_yuan_per_household_month", layout.columns.get("fee_yuan_per_m2_month"))
        rows.append(
            {
                "source_file": given["source_file"],
                "source_sheet": given["source_sheet"],
                "source_cell": address(given["source_row"], layout.first_column if column is None else column),
                "kind": "estates",
                "field": "fee_yuan_per_m2_month",
                "code": "unmapped_column",
                "severity": SEVERITY["unmapped_column"],
                "raw_value": f"{row['fee_yuan_per_household_month']:g}",
                "message_zh": f"按户收取的物业费（元/户·月）要有户数和建筑面积才能折算成每平方米单价，"
                f"“{row['estate']}”缺少其中一项，单价暂空。请在台账中补填户数和建筑面积。",
                "message_en": "A fee per household needs the households and the floor area to become a fee per m²; "
                f"“{row['estate']}” lacks one of them, so the fee stays empty. Please add them to the register.",
            }
        )
    return merged, pl.DataFrame(rows, schema=FILE_FINDINGS)
