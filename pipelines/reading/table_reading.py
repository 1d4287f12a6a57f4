"""What reading one table gives: records, findings, and what traces and checks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.findings import Finding
from pipelines.staged import PRINTED_SCHEMA, PRINTED_TOTALS_SCHEMA, Layout


@dataclass
class TableReading:
    """What one table gave."""

    kind: str
    records: list[pl.DataFrame] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    fates: list[tuple[int, str, str]] = field(default_factory=list)
    counted: list[pl.DataFrame] = field(default_factory=list)
    printed: pl.DataFrame = field(default_factory=PRINTED_SCHEMA.to_frame)
    printed_totals: pl.DataFrame = field(default_factory=PRINTED_TOTALS_SCHEMA.to_frame)

    def add_layout(self, layout: Layout) -> int:
        """Keeps a layout; returns the number by which its records name it."""
        self.layouts.append(layout)
        return len(self.layouts) - 1
