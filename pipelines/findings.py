"""What is wrong with a submission, as values: a code, a place, what was found and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

Severity = Literal["error", "warning", "info"]

SEVERITY: Final[dict[str, Severity]] = {
    "missing_value": "error",
    "unparseable": "error",
    "out_of_range": "error",
    "inconsistent": "error",
    "duplicate": "warning",
    "conflict": "error",
    "unknown_estate": "warning",
    "implausible": "warning",
    "unmapped_column": "info",
    "unmapped_category": "info",
    "unrecognised_sheet": "warning",
    "unreadable_file": "error",
    "personal_data": "warning",
}
"""The codes of the data contract, section 2, and how severe each is."""

FINDING_SCHEMA: Final = pl.Schema(
    {
        "source_sheet": pl.String,
        "source_cell": pl.String,
        "kind": pl.String,
        "field": pl.String,
        "code": pl.String,
        "severity": pl.String,
        "raw_value": pl.String,
        "message_zh": pl.String,
        "message_en": pl.String,
    }
)
"""The columns of the warehouse's `findings`, without `source_file`."""


@dataclass(frozen=True)
class Finding:
    """One fault. `cell` is an address such as `D7`, empty when it is about a whole sheet or file."""

    code: str
    message_zh: str
    message_en: str
    sheet: str = ""
    cell: str = ""
    kind: str | None = None
    field: str | None = None
    raw_value: str | None = None

    @property
    def severity(self) -> Severity:
        """How severe the code is."""
        return SEVERITY[self.code]

    def row(self) -> dict[str, str | None]:
        """The finding as a row of `FINDING_SCHEMA`."""
        return {
            "source_sheet": self.sheet,
            "source_cell": self.cell,
            "kind": self.kind,
            "field": self.field,
            "code": self.code,
            "severity": self.severity,
            "raw_value": self.raw_value,
            "message_zh": self.message_zh,
            "message_en": self.message_en,
        }


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell: (1, 0) is A1. `row` counts from 1, `column` from 0."""
    return f"{column_letter(column)}{row}"


def findings_frame(findings: list[Finding]) -> pl.DataFrame:
    """The findings as a frame with the columns of `FINDING_SCHEMA`."""
    return pl.DataFrame([f.row() for f in findings], schema=FINDING_SCHEMA)
