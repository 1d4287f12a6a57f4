"""A desk on which a test lays rows of values, to see what the reader makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipelines.mending.profiles import Profiles
from pipelines.reading.blocks import Block, find_blocks
from pipelines.reading.read import read_file
from pipelines.reading.recognising import recognise
from pipelines.reading.roles import Role, Table
from pipelines.reading.sheets import Grid, Merge, Sheet
from pipelines.settings import Settings
from pipelines.staged import Reading

Rows = Sequence[Sequence[Any] | str]
"""Values from A1 on; a text alone is a row of one cell, a tuple a formula with its stored result."""


@dataclass(frozen=True)
class Seen:
    """A file as it was read, in plain values for comparing."""

    reading: Reading

    def records(self, kind: str) -> list[dict[str, Any]]:
        """The records of a kind: the fields that hold something, and `row`."""
        frame = self.reading.records.get(kind)
        beside = ("source_sheet", "layout", "source_columns")
        found = frame.drop(*beside, strict=False).rename({"source_row": "row"}).to_dicts() if frame is not None else []
        return [{name: value for name, value in one.items() if value is not None} for one in found]

    def stood(self, kind: str) -> list[tuple[int, str]]:
        """The row of each record of a kind, and its `source_columns`."""
        layouts = self.reading.layouts
        return [
            (one["source_row"], one.get("source_columns") or layouts[one["layout"]].stands)
            for one in self.reading.records[kind].to_dicts()
        ]

    def column(self, kind: str, *fields: str) -> list[Any]:
        """Some fields of each record of a kind, as tuples; bare values if it is one field."""
        found = [tuple(one.get(name) for name in fields) for one in self.records(kind)]
        return [one[0] for one in found] if len(fields) == 1 else found

    @property
    def told(self) -> list[tuple[str, str, str | None, str | None]]:
        """Code, cell, field and raw value of each finding."""
        return list(self.reading.findings.select("code", "source_cell", "field", "raw_value").iter_rows())

    def messages(self, code: str) -> list[tuple[str, str]]:
        """What the findings of a code say, in Chinese and in English."""
        found = self.reading.findings.filter(pl.col("code") == code)
        return list(found.select("message_zh", "message_en").iter_rows())

    @property
    def fates(self) -> dict[int, str]:
        """The fate of each row that holds something, with its reason if there is one."""
        ledger = self.reading.ledger
        assert ledger.select("source_sheet", "source_row").is_unique().all()
        told = ledger.select("source_row", "fate", "reason").iter_rows()
        return {row: f"{fate}: {reason}" if reason else fate for row, fate, reason in told}

    @property
    def kept_out(self) -> list[tuple[str, str]]:
        """Code and cell of each record in quarantine."""
        return list(self.reading.quarantine.select("code", "source_cell").iter_rows())

    @property
    def everything(self) -> str:
        """All texts that the reading holds anywhere, to look for what must not be there."""
        frames = [*self.reading.records.values(), self.reading.findings, self.reading.quarantine, self.reading.ledger]
        return " ".join(str(frame.to_dicts()) for frame in frames) + str(self.reading.layouts)


def _rows(rows: Rows) -> list[list[Any]]:
    return [[one] if isinstance(one, str) else list(one) for one in rows]


def _merge(place: str) -> Merge:
    found = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", place)
    assert found
    return Merge(int(found[2]) - 1, ord(found[1]) - 65, int(found[4]) - 1, ord(found[3]) - 65)


def write_workbook(path: Path, sheets: dict[str, Rows], merges: Sequence[str] = ()) -> None:
    """An .xlsx of these sheets; merged ranges are those of the first sheet."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for place, (name, rows) in enumerate(sheets.items()):
            page = book.add_worksheet(name)
            values = _rows(rows)
            for top, left, bottom, right in map(_merge, merges if place == 0 else ()):
                page.merge_range(top, left, bottom, right, "")
            for row, cells in enumerate(values):
                for column, value in enumerate(cells):
                    if isinstance(value, tuple):
                        page.write_formula(row, column, value[0], None, value[1])
                    elif isinstance(value, date):
                        page.write_datetime(row, column, value)
                    elif isinstance(value, str):
                        page.write_string(row, column, value)
                    elif value is not None:
                        page.write(row, column, value)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Seen]:
    """Reads rows through a real .xlsx: `read(rows, merges=("A1:C1",), sheet="3月", file="收费/a.xlsx")`.

    Rows may be a dict of sheets instead.
    """

    def one(
        rows: Rows | dict[str, Rows], *, merges: Sequence[str] = (), sheet: str = "Sheet1", file: str = "表.xlsx"
    ) -> Seen:
        path = tmp_path / "sent.xlsx"
        write_workbook(path, rows if isinstance(rows, dict) else {sheet: rows}, merges)
        return Seen(read_file(path, file, Profiles(), Settings()))

    return one


@pytest.fixture
def read_path() -> Callable[[Path], Seen]:
    """Reads a file that a test wrote itself."""
    return lambda path: Seen(read_file(path, path.name, Profiles(), Settings()))


@pytest.fixture
def sheet() -> Callable[..., Sheet]:
    """A sheet of these rows, of which each cell is text as the openers give it."""

    def one(rows: Rows, *, merges: Sequence[str] = (), name: str = "Sheet1") -> Sheet:
        values = _rows(rows)
        width = max(len(cells) for cells in values)
        columns = {
            str(column): [
                None if column >= len(cells) or cells[column] is None else str(cells[column]) for cells in values
            ]
            for column in range(width)
        }
        cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        return Sheet(name, cells, tuple(_merge(place) for place in merges))

    return one


@pytest.fixture
def blocks(sheet: Callable[..., Sheet]) -> Callable[..., list[Block]]:
    """The tables found in these rows."""
    return lambda rows, merges=(): find_blocks(sheet(rows, merges=merges))[1]


@pytest.fixture
def table(sheet: Callable[..., Sheet]) -> Callable[..., tuple[Grid, Table | None]]:
    """The first table of these rows, recognised, and its grid."""

    def one(rows: Rows, *, merges: Sequence[str] = (), around: str = "") -> tuple[Grid, Table | None]:
        grid, found = find_blocks(sheet(rows, merges=merges))
        return grid, recognise(grid, found[0], around)

    return one


@pytest.fixture
def roles(table: Callable[..., tuple[Grid, Table | None]]) -> Callable[..., list[Role]]:
    """What each column of these rows holds."""

    def one(rows: Rows, *, merges: Sequence[str] = (), around: str = "") -> list[Role]:
        found = table(rows, merges=merges, around=around)[1]
        assert found is not None, "no kind"
        return list(found.roles)

    return one
