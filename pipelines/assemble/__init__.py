"""Makes the warehouse's tables out of what was read from many files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.assemble.consistency import inconsistent, same_day_closings, summed_answers
from pipelines.assemble.datums import in_place
from pipelines.assemble.episodes import episodes_of
from pipelines.assemble.fates import OUTCOMES, all_quarantined, ledger_of, submissions_of
from pipelines.assemble.faults import FILE_FINDINGS, Docket
from pipelines.assemble.keys import missing, repeated
from pipelines.assemble.plausibility import implausible, implausible_estates
from pipelines.assemble.ranges import out_of_range
from pipelines.assemble.stacking import Stack, stack, table_schema
from pipelines.assemble.standing import with_stands
from pipelines.assemble.succession import merge_registers, succeed
from pipelines.assemble.whereabouts import register_of, settle_estates
from pipelines.kinds import KINDS
from pipelines.staged import PRINTED_SCHEMA, PRINTED_TOTALS_SCHEMA, Submission

if TYPE_CHECKING:
    from pipelines.settings import Settings

BOUNDARY_SCHEMA: Final = pl.Schema(
    {
        "level": pl.String,
        "name": pl.String,
        "geometry": pl.String,
        "crs_declared": pl.String,
        "crs_found": pl.String,
        "source_file": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
    }
)
PRINTED: Final = pl.Schema([*PRINTED_SCHEMA.items(), ("source_file", pl.String)])
"""The table `printed`: rates printed beside fees, for the checks."""
PRINTED_TOTALS: Final = pl.Schema(
    [
        *((name, kind) for name, kind in PRINTED_TOTALS_SCHEMA.items() if name != "layout"),
        ("estate", pl.String),
        ("source_file", pl.String),
    ]
)
"""The table `printed_totals`: what total rows print, for the checks. `estate`: the one that all spanned rows are of."""
COUNT_SCHEMA: Final = pl.Schema({"source_file": pl.String, "table": pl.String, "rows": pl.Int64})


@dataclass(frozen=True)
class Assembled:
    """The tables of a warehouse.

    `tables` holds every table of the contract's section 2, `printed` and `printed_totals`. `ledger` is
    `fates.FILE_LEDGER`, `history` is `succession.HISTORY_SCHEMA`; `rows_loaded` counts the rows of each file in each
    table (`COUNT_SCHEMA`).
    """

    tables: dict[str, pl.DataFrame]
    ledger: pl.DataFrame
    history: pl.DataFrame
    rows_loaded: pl.DataFrame


def assemble(
    submissions: Sequence[Submission],
    settings: Settings,  # noqa: ARG001 - the shape that the build hands to every step
    boundaries: Sequence[Mapping[str, object]] = (),
    boundary_findings: Sequence[Mapping[str, object]] = (),
    known_estates: pl.DataFrame | None = None,
    *,
    loaded_at: datetime,
) -> Assembled:
    """The tables made of all submissions, the latest word on each key standing.

    `boundaries` are rows of `BOUNDARY_SCHEMA` in addition to the submissions' own, `boundary_findings` rows of
    `faults.FILE_FINDINGS`; `known_estates` has at least the column `estate`; it makes names known without
    loading them.
    """
    stacked, docket = stack(submissions), Docket()
    stacked, faults = settle_estates(stacked, register_of(stacked, known_estates))
    totals = _printed_totals(stacked)
    stacked = docket.enter(stacked, faults)
    stacked = docket.enter(stacked, missing(stacked))
    stacked = docket.enter(summed_answers(stacked), out_of_range(stacked))
    stacked = same_day_closings(stacked)
    stacked = docket.enter(stacked, inconsistent(stacked))
    stacked, became = _single(stacked, docket)
    docket.enter(stacked, implausible_estates(stacked.frames["estates"]))
    own = [{"source_file": one.file, **row} for one in stacked.submissions for row in one.boundaries]
    drawn = pl.DataFrame([*own, *boundaries], schema=BOUNDARY_SCHEMA).with_columns(pl.col("source_sheet").fill_null(""))
    stacked, shifted, misdrawn = in_place(stacked, drawn)
    docket.enter(stacked, shifted)
    registers = stacked.frames["estates"]
    stacked, history, more, gone = _latest(stacked)
    docket.enter(stacked, implausible(stacked))

    tables = {kind: _table(stacked, kind) for kind in KINDS}
    tables["episodes"] = episodes_of(tables["estates"], tables["events"], registers)
    tables["boundaries"] = drawn
    tables["printed"] = _printed(submissions)
    tables["printed_totals"] = totals
    tables["quarantine"] = all_quarantined(stacked, docket.quarantine_frame())
    extra = pl.DataFrame([*(dict(row) for row in boundary_findings), *misdrawn], schema=FILE_FINDINGS)
    tables["findings"] = _findings(stacked, docket, more, extra)

    outcomes = pl.concat(
        [*became, *gone, tables["quarantine"].select(*OUTCOMES.names()[:-1], pl.lit("quarantined").alias("outcome"))]
    )
    ledger = ledger_of(stacked, outcomes)
    counted = [
        tables[name]
        .group_by("source_file")
        .len("rows")
        .select("source_file", pl.lit(name).alias("table"), pl.col("rows").cast(pl.Int64))
        for name in (*KINDS, "boundaries")
    ]
    rows_loaded = pl.concat(counted).sort("source_file", "table")
    tables["submissions"] = submissions_of(
        stacked, rows_loaded, quarantine=tables["quarantine"], ledger=ledger, outcomes=outcomes, at=loaded_at
    )
    return Assembled(tables, ledger, history, rows_loaded)


def _single(stacked: Stack, docket: Docket) -> tuple[Stack, list[pl.DataFrame]]:
    """Each submission without records that share a key, and what became of those."""
    outcomes: list[pl.DataFrame] = []
    for kind in KINDS:
        before = stacked.frames[kind]
        faults, kept = repeated(stacked, kind)
        if kept.height == before.height and not faults:
            continue
        entered = docket.enter(stacked, faults).frames[kind]
        stacked = stacked.with_frames({kind: kept.join(entered.select("_rec"), on="_rec", how="semi")})
        outcomes.append(_became(kind, before.join(kept.select("_rec"), on="_rec", how="anti"), "repeated"))
    return stacked, outcomes


def _latest(stacked: Stack) -> tuple[Stack, pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """The stack with the latest record of each key; the replaced ones; findings of the register; outcomes."""
    histories: list[pl.DataFrame] = []
    outcomes: list[pl.DataFrame] = []
    register = stacked.frames["estates"]
    merged, silent, findings = merge_registers(stacked)
    frames = {"estates": merged}
    histories.append(silent)
    spoke = register.join(
        silent.select("source_file", "source_sheet", "source_row"),
        on=["source_file", "source_sheet", "source_row"],
        how="anti",
    )
    outcomes.append(_became("estates", spoke, "loaded"))
    for kind in KINDS:
        if kind != "estates":
            frames[kind], old = succeed(stacked, kind)
            histories.append(old)
            outcomes.append(_became(kind, frames[kind], "loaded"))
    history = pl.concat(histories)
    outcomes.append(history.select(*OUTCOMES.names()[:-1], pl.format(">{}", "replaced_by_file").alias("outcome")))
    return stacked.with_frames(frames), history, findings, outcomes


def _became(kind: str, frame: pl.DataFrame, outcome: str) -> pl.DataFrame:
    return frame.select(
        pl.lit(kind).alias("kind"), "source_file", "source_sheet", "source_row", pl.lit(outcome).alias("outcome")
    )


def _table(stacked: Stack, kind: str) -> pl.DataFrame:
    return with_stands(stacked, stacked.frames[kind]).select(table_schema(kind).names())


def _printed(submissions: Sequence[Submission]) -> pl.DataFrame:
    """The printed rates of all files but copies; in a replaced sheet they find no record any more."""
    parts = [
        one.reading.printed.with_columns(pl.lit(one.file).alias("source_file"))
        for one in submissions
        if one.unchanged_of is None and one.reading.printed.height
    ]
    return pl.concat([PRINTED.to_frame(), *parts])


def _printed_totals(stacked: Stack) -> pl.DataFrame:
    """The printed totals of all files but copies, with the estate where all of a column is of one."""
    parts, offset = [], 0
    for one in stacked.submissions:
        if one.unchanged_of is None:
            if one.reading.printed_totals.height:
                own = one.reading.printed_totals.with_columns(pl.lit(one.file).alias("source_file"))
                parts.append(own.with_columns(pl.col("layout") + offset))
            offset += len(one.reading.layouts)
    if not parts:
        return PRINTED_TOTALS.to_frame()
    told = pl.concat(parts).with_columns(pl.col("source_sheet").fill_null(""))
    layouts = told["layout"].unique().implode()
    single = [
        frame.filter(pl.col("_layout").is_in(layouts))
        .group_by(pl.col("_layout").alias("layout"))
        .agg(pl.col("estate").first(), pl.col("estate").n_unique().alias("estates"))
        .filter(pl.col("estates") == 1)
        .select("layout", "estate")
        for kind in told["kind"].unique()
        if (frame := stacked.frames[kind]).height
    ]
    named = pl.concat(single) if single else pl.DataFrame(schema={"layout": pl.UInt32, "estate": pl.String})
    return told.join(named, on="layout", how="left", maintain_order="left").select(PRINTED_TOTALS.names())


def _findings(stacked: Stack, docket: Docket, *more: pl.DataFrame) -> pl.DataFrame:
    """All findings, file by file: those of reading, then those of assembling."""
    parts = [docket.findings_frame(), *more]
    for one in stacked.submissions:
        if one.unchanged_of is None and one.reading.findings.height:
            own = one.reading.findings.with_columns(pl.lit(one.file).alias("source_file"))
            parts.insert(0, own.select(FILE_FINDINGS.names()).cast(FILE_FINDINGS))
    return pl.concat(parts).with_columns(pl.col("source_sheet").fill_null("")).sort("source_file", maintain_order=True)
