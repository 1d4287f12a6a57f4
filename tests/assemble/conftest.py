"""Small submissions for the tests of assembling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from pipelines.assemble import Assembled, assemble
from pipelines.findings import FINDING_SCHEMA, Finding, findings_frame
from pipelines.kinds import KINDS
from pipelines.staged import LEDGER_SCHEMA, QUARANTINE_SCHEMA, Layout, Reading, Submission

COUNTED = {"kind": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "counted_row": pl.Int64}
EXTRA = {"fee_yuan_per_household_month": pl.Float64, "type_words": pl.String}

Rows = list[dict[str, Any]]


def submission(
    file: str,
    *,
    filed: date | None = None,
    received: datetime = datetime(2025, 7, 1, 9),
    contexts: tuple[str, ...] = (),
    findings: list[Finding] | None = None,
    quarantine: Rows | None = None,
    counted: Rows | None = None,
    rejected: bool = False,
    unchanged_of: str | None = None,
    **kinds: Rows,
) -> Submission:
    """A submission of one sheet "S"; row i of a kind stands on row i + 2 unless it says `source_row`; the fields stand
    in the columns of the contract's order, from B on."""
    records: dict[str, pl.DataFrame] = {}
    layouts: list[Layout] = []
    lines: set[int] = {row["counted_row"] for row in counted or ()} | {row["source_row"] for row in quarantine or ()}
    for kind, rows in kinds.items():
        names = [one.name for one in KINDS[kind].fields]
        layouts.append(Layout("S", kind, {name: place for place, name in enumerate(names, 1)}, contexts))
        full = [
            {"source_sheet": "S", "source_row": place, "layout": len(layouts) - 1, **row}
            for place, row in enumerate(rows, 2)
        ]
        extra = {name: dtype for name, dtype in EXTRA.items() if any(name in row for row in rows)}
        schema = {
            **KINDS[kind].schema(),
            **extra,
            "source_sheet": pl.String,
            "source_row": pl.Int64,
            "layout": pl.UInt32,
        }
        records[kind] = pl.DataFrame(full, schema=schema)
        lines |= {row["source_row"] for row in full}
    ledger = [{"source_sheet": "S", "source_row": 1, "fate": "heading", "reason": None}]
    ledger += [{"source_sheet": "S", "source_row": line, "fate": "data", "reason": None} for line in sorted(lines)]
    return Submission(
        file=file,
        sha256="0" * 64,
        received_at=received,
        mtime=received,
        reading=Reading(
            records=records,
            layouts=tuple(layouts),
            findings=findings_frame(findings) if findings else pl.DataFrame(schema=FINDING_SCHEMA),
            quarantine=pl.DataFrame(quarantine or [], schema=QUARANTINE_SCHEMA),
            ledger=pl.DataFrame(ledger, schema=LEDGER_SCHEMA),
            counted=pl.DataFrame(counted or [], schema=COUNTED),
            filed_on=filed,
            rejected=rejected,
        ),
        unchanged_of=unchanged_of,
    )


def assembled(*submissions: Submission, **others: Any) -> Assembled:
    """What the submissions make."""
    return assemble(submissions, None, loaded_at=datetime(2025, 7, 2, 8), **others)  # type: ignore[arg-type]


def flagged(made: Assembled) -> list[tuple[str, str, str]]:
    """The findings as (code, cell, file)."""
    return list(made.tables["findings"].select("code", "source_cell", "source_file").iter_rows())


def shown(made: Assembled, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, as rows."""
    return list(made.tables[table].select(columns).iter_rows())


@pytest.fixture
def submit() -> Callable[..., Submission]:
    """`submission`."""
    return submission


@pytest.fixture
def made() -> Callable[..., Assembled]:
    """`assembled`."""
    return assembled


@pytest.fixture
def codes() -> Callable[[Assembled], list[tuple[str, str, str]]]:
    """`flagged`."""
    return flagged


@pytest.fixture
def rows() -> Callable[..., list[tuple[Any, ...]]]:
    """`shown`."""
    return shown
