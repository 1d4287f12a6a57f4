"""Turns faults of assembled records into findings at their cells, and into quarantined records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from pipelines.assemble.stacking import Stack, joined
from pipelines.findings import FINDING_SCHEMA, SEVERITY, address
from pipelines.kinds import KINDS
from pipelines.staged import QUARANTINE_SCHEMA

FILE_FINDINGS: Final = joined({"source_file": pl.String}, FINDING_SCHEMA)
FILE_QUARANTINE: Final = joined({"source_file": pl.String}, QUARANTINE_SCHEMA)


@dataclass(frozen=True)
class Fault:
    """One fault of one record. `fields` are tried in turn for the cell; with none of them the finding points to the
    row's first cell. `raw` is what was found."""

    kind: str
    record: int
    code: str
    zh: str
    en: str
    fields: tuple[str, ...] = ()
    raw: str | None = None


@dataclass
class Docket:
    """The findings and quarantined records that assembling has added so far."""

    findings: list[dict[str, object]] = field(default_factory=list)
    quarantine: list[dict[str, object]] = field(default_factory=list)

    def enter(self, stacked: Stack, faults: Sequence[Fault]) -> Stack:
        """Notes the faults, and returns the stack without the records that have an error."""
        frames: dict[str, pl.DataFrame] = {}
        for kind in {fault.kind for fault in faults}:
            frame = stacked.frames[kind]
            mine = [fault for fault in faults if fault.kind == kind]
            records = _rows(frame, {fault.record for fault in mine})
            barred: set[int] = set()
            cells: set[tuple[int, str, str]] = set()
            for fault in mine:
                row = records[fault.record]
                cell, name = _cell(stacked, row, fault)
                if (fault.record, cell, fault.code) in cells:
                    continue
                cells.add((fault.record, cell, fault.code))
                self.findings.append(_finding(row, fault, cell, name))
                if SEVERITY[fault.code] == "error" and fault.record not in barred:
                    barred.add(fault.record)
                    self.quarantine.append(_kept_out(row, fault, cell))
            if barred:
                frames[kind] = frame.filter(~pl.col("_rec").is_in(pl.Series(sorted(barred), dtype=pl.UInt32).implode()))
        return stacked.with_frames(frames)

    def findings_frame(self) -> pl.DataFrame:
        """The findings, with the file that each is about."""
        return pl.DataFrame(self.findings, schema=FILE_FINDINGS)

    def quarantine_frame(self) -> pl.DataFrame:
        """The records kept out, with the file that each came from."""
        return pl.DataFrame(self.quarantine, schema=FILE_QUARANTINE)


def shown(value: object) -> str | None:
    """A value as a clerk would write it: 8, 0.25, 2025-03-01, 2025-03-01 09:30; None stays None."""
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def content(row: dict[str, object], kind: str) -> str:
    """A record as JSON: each field that it has, as text."""
    kept = {one.name: row[one.name] for one in KINDS[kind].fields if row.get(one.name) not in (None, [])}
    return json.dumps(
        {name: "、".join(value) if isinstance(value, list) else shown(value) for name, value in kept.items()},
        ensure_ascii=False,
    )


def _rows(frame: pl.DataFrame, records: Iterable[int]) -> dict[int, dict[str, object]]:
    wanted = pl.Series(sorted(records), dtype=pl.UInt32).implode()
    return {row["_rec"]: row for row in frame.filter(pl.col("_rec").is_in(wanted)).iter_rows(named=True)}


def _cell(stacked: Stack, row: dict[str, object], fault: Fault) -> tuple[str, str | None]:
    layout = stacked.layouts[int(str(row["_layout"]))]
    line = int(str(row["source_row"]))
    for name in fault.fields:
        if name in layout.columns:
            return address(line, layout.columns[name]), fault.fields[0]
    return address(line, layout.first_column), fault.fields[0] if fault.fields else None


def _finding(row: dict[str, object], fault: Fault, cell: str, name: str | None) -> dict[str, object]:
    return {
        "source_file": row["source_file"],
        "source_sheet": row["source_sheet"],
        "source_cell": cell,
        "kind": fault.kind,
        "field": name,
        "code": fault.code,
        "severity": SEVERITY[fault.code],
        "raw_value": fault.raw,
        "message_zh": fault.zh,
        "message_en": fault.en,
    }


def _kept_out(row: dict[str, object], fault: Fault, cell: str) -> dict[str, object]:
    return {
        "source_file": row["source_file"],
        "kind": fault.kind,
        "source_sheet": row["source_sheet"],
        "source_row": row["source_row"],
        "source_cell": cell,
        "code": fault.code,
        "reason_zh": fault.zh,
        "reason_en": fault.en,
        "content": content(row, fault.kind),
    }
