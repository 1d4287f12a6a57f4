"""One table on its way to records: its rows, its columns once read, and the faults found on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.findings import Finding, address
from pipelines.kinds import KINDS, Kind
from pipelines.mending.personal import mask_text
from pipelines.reading.context import Context
from pipelines.reading.roles import Role, Table
from pipelines.reading.sheets import Grid
from pipelines.reading.values import Values

COMMUNITY = re.compile(
    r"(?:[(（]?[一二三四五六七八九十\d]+[)）]?\s*[、.．)）]?\s*)?(\S{1,12}(?:社区|居委会|居民委员会|村委会))(?:[(（].*[)）]|[:：])?"
)


@dataclass(frozen=True)
class Problem:
    """Cells of one column that turned out wrong: a mask over the data rows, the column's role, the field meant."""

    mask: pl.Series
    role: Role
    field: str


@dataclass(frozen=True)
class Gap:
    """Rows that lack a key or required field: a mask over the data rows, the field, the column to point to."""

    mask: pl.Series
    field: str
    column: int


@dataclass
class Body:
    """The data rows of a table (`rows`, with `row` from 0), all its rows with their fate, and its columns once read.

    `partial` says that a record's other measures stand in other rows."""

    grid: Grid
    table: Table
    context: Context
    frame: pl.DataFrame
    partial: bool = False
    columns: dict[tuple[int, str | None], Values] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    _told: set[tuple[int, int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Sets the data rows apart."""
        self.rows = self.frame.filter(pl.col("fate") == "data")
        self.index = self.rows["row"]
        self.sheet = self.grid.sheet.name

    @property
    def kind(self) -> str:
        """The kind of the table."""
        return self.table.kind

    @property
    def spec(self) -> Kind:
        """What the kind is made of."""
        return KINDS[self.table.kind]

    def none(self) -> pl.Series:
        """A mask that holds for no data row."""
        return pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)

    def communities(self) -> pl.Series:
        """The community that a line of its own names above each data row (一、松泉社区); null where there is none."""
        lines = self.frame.filter(pl.col("fate") == "note")["row"].to_list()
        texts = {row: [self.grid.text(row, column) for column in self.grid.filled(row)] for row in lines}
        found = {
            row: named[1] for row, one in texts.items() if len(one) == 1 and (named := COMMUNITY.fullmatch(one[0]))
        }
        value = pl.col("row").replace_strict(found, default=None, return_dtype=pl.String).forward_fill()
        return (
            self.frame.select("row", "fate", value.alias("v")).filter(pl.col("fate") == "data")["v"].rename("community")
        )

    def cells(self, column: int) -> pl.Series:
        """The cells of a column in the data rows."""
        name = str(column)
        if name not in self.rows.columns:
            return pl.Series(name, [None] * self.rows.height, dtype=pl.String)
        return self.rows[name]

    def raw(self, place: int, role: Role) -> str:
        """The text of a data row's cell, as sent."""
        return str(self.columns[role.key].raw[place])

    def tell(
        self, code: str, row: int, role: Role | int, name: str | None, raw: str | None, message: tuple[str, str]
    ) -> None:
        """Notes a finding at a cell (`row` as the spreadsheet program numbers it), once a cell and code, masked."""
        column = role if isinstance(role, int) else role.column
        if (row, column, code) in self._told:
            return
        self._told.add((row, column, code))
        shown = mask_text(raw)[0] if raw else raw
        zh, en = (_masked(one, raw, shown) for one in message)
        self.findings.append(Finding(code, zh, en, self.sheet, address(row, column), self.kind, name, shown))

    def keep_out(self, place: int, roles: Sequence[Role], code: str, column: int, message: tuple[str, str]) -> None:
        """Puts the record of a data row into quarantine, whole and masked."""
        content = {}
        for role in roles:
            raw = self.columns[role.key].raw[place]
            if raw is not None:
                content[role.heading or role.field or ""] = mask_text(str(raw))[0]
        row = self.index[place] + 1
        self.quarantine.append(
            {
                "kind": self.kind,
                "source_sheet": self.sheet,
                "source_row": row,
                "source_cell": address(row, column),
                "code": code,
                "reason_zh": mask_text(message[0])[0],
                "reason_en": mask_text(message[1])[0],
                "content": json.dumps(content, ensure_ascii=False),
            }
        )


def _masked(message: str, raw: str | None, shown: str | None) -> str:
    return message.replace(raw, shown) if raw and shown and raw != shown else message
