"""Known errors of a sender, put right by a reasoned entry that fails loudly once the source says something else."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pipelines.mending.globs import glob_matches

Action = Literal["set", "skip", "rename"]

FILE: Final = "corrections.toml"
CELL: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
"""How an entry names a cell: its column and its row."""


@dataclass(frozen=True)
class Correction:
    """One entry. `expect` is what the source must still say; `to` what it becomes (not for `skip`).

    `set` changes one cell: `cell`, or the cells below `heading` in the rows that hold all texts of `row`. `skip` leaves
    those rows out. `rename` changes every cell that says `expect`: a heading or the name of an estate.
    """

    file: str
    sheet: str
    action: Action
    expect: str
    reason: str
    to: str | None = None
    cell: str | None = None
    row: tuple[str, ...] = ()
    heading: str | None = None
    since: date | None = None
    by: str = ""
    active: bool = True
    line: int = 1


@dataclass(frozen=True)
class Corrections:
    """All entries, in the order in which they are written. `file` is the path of their file, as people see it."""

    entries: tuple[Correction, ...] = ()
    file: str = FILE

    def of(self, file: str) -> tuple[Correction, ...]:
        """The entries in force that speak of that file."""
        return tuple(one for one in self.entries if one.active and glob_matches(one.file, file))

    def fingerprint(self, file: str | None = None) -> str:
        """A hash that changes when an entry does; with a file, only when one that speaks of the file does."""
        entries = self.entries if file is None else self.of(file)
        return hashlib.sha256(repr(entries).encode()).hexdigest()


@dataclass(frozen=True)
class AppliedCorrection:
    """What an entry did to one cell (`set`, `rename`) or one row (`skip`: `cell` is its first filled cell).

    `row` counts from 1. `was` and `now` are masked texts. A skipped row is empty in the sheet that comes back: its fate
    in the ledger is `skipped`, for this reason.
    """

    file: str
    sheet: str
    cell: str
    row: int
    action: Action
    was: str
    now: str | None
    reason: str
    line: int
