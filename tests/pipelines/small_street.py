"""A reader of fee lists that needs no spreadsheets: `estate,month,yuan` a line; `hang`, `die` and `break` misbehave."""

from __future__ import annotations

import functools
import os
import time
from datetime import date, datetime
from pathlib import Path

import polars as pl

from pipelines import fingerprints
from pipelines.build import Rules
from pipelines.findings import FINDING_SCHEMA, Finding, findings_frame
from pipelines.kinds import KINDS
from pipelines.staged import LEDGER_SCHEMA, QUARANTINE_SCHEMA, Layout, Reading, Submission
from pipelines.tables import SCHEMAS

FEES = {**KINDS["fees"].schema(), "source_sheet": pl.String, "source_row": pl.Int64, "layout": pl.UInt32}
COUNTED = {"kind": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "counted_row": pl.Int64}


def read(path: Path, file: str, *, diary: Path | None = None) -> Reading:
    text = path.read_text(encoding="utf-8")
    if diary is not None:
        with diary.open("a", encoding="utf-8") as lines:
            lines.write(f"{file}\n")
    if text.startswith("hang"):
        time.sleep(60)
    if text.startswith("spin"):
        while True:
            pass
    if text.startswith("die"):
        os._exit(7)
    if text.startswith("eat"):
        bytearray(3 << 30)
    if text.startswith("break"):
        raise RuntimeError("not foreseen")
    rejected = text.startswith("garbage")
    findings = [Finding("unreadable_file", "不是表格", "not a spreadsheet")] if rejected else []
    rows = [line.split(",") for line in text.splitlines() if line.count(",") == 2]
    bad = [number for number, row in enumerate(rows, start=1) if not row[2].isdigit()]
    findings += [
        Finding("unparseable", "金额写错", "wrong amount", cell=f"C{number}", kind="fees", field="receivable_yuan")
        for number in bad
    ]
    records = [
        {
            "estate": row[0],
            "period_start": date(2025, int(row[1]), 1),
            "period_end": date(2025, int(row[1]), 28),
            "receivable_yuan": float(row[2]),
            "source_sheet": "",
            "source_row": number,
            "layout": 0,
        }
        for number, row in enumerate(rows, start=1)
        if number not in bad
    ]
    return Reading(
        records={"fees": pl.DataFrame(records, schema=FEES)},
        layouts=(Layout("", "fees", {"estate": 0}, (file,)),),
        findings=findings_frame(findings),
        quarantine=QUARANTINE_SCHEMA.to_frame(),
        ledger=LEDGER_SCHEMA.to_frame(),
        counted=pl.DataFrame(schema=COUNTED),
        filed_on=date(2025, 7, 1),
        rejected=rejected,
    )


def assemble(submissions: list[Submission], _register: pl.DataFrame | None, _now: datetime) -> dict[str, pl.DataFrame]:
    fees, findings, listed = [], [], []
    for one in submissions:
        status = "rejected" if one.reading.rejected else "unchanged" if one.unchanged_of else "loaded"
        frame = one.reading.records.get("fees", pl.DataFrame(schema=FEES))
        fees.append(frame.with_columns(source_file=pl.lit(one.file)))
        findings.append(one.reading.findings.with_columns(source_file=pl.lit(one.file)))
        listed.append(
            {
                "source_file": one.file,
                "sha256": one.sha256,
                "loaded_at": one.received_at,
                "status": status,
                "rows_loaded": frame.height,
                "rows_quarantined": sum(one.reading.findings["severity"] == "error"),
                "rows_skipped": 0,
                "sender": one.sender,
            }
        )
    estates = pl.DataFrame(
        {"estate": sorted({row for frame in fees for row in frame["estate"]})}, schema={"estate": pl.String}
    )
    return {
        "fees": pl.concat(fees).with_columns(source_columns=pl.lit("receivable_yuan=C")).select(*SCHEMAS["fees"]),
        "estates": pl.concat([SCHEMAS["estates"].to_frame(), estates], how="diagonal"),
        "findings": pl.concat(findings).select("source_file", *FINDING_SCHEMA),
        "submissions": pl.concat([SCHEMAS["submissions"].to_frame(), pl.DataFrame(listed)], how="diagonal_relaxed"),
    }


def rules_of(folder: Path) -> Rules:
    diary = folder.parent / "diary.txt"
    settings = folder / "street.toml"
    mark = fingerprints.of(settings.read_text(encoding="utf-8") if settings.exists() else "")
    return Rules(
        read=functools.partial(read, diary=diary),
        of_file=lambda _file: mark,
        fingerprint=mark,
        maps=lambda _readings, _register: (read, lambda _file: mark),
        assemble=assemble,
        suggest=lambda _path, _file, _sheet: None,
    )
