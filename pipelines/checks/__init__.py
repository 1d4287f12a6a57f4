"""Looks over what was reported with plain arithmetic: figures that contradict each other, shown with their evidence.

One check a `.sql` file, with its words and parameters in `checks.toml`; what two of them do alike is a view or a macro
in `shapes/`. A suspicion is a question to the sender. It changes no figure, verdict or rank: nothing in the metrics
reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from pipelines.metrics.fetching import fetched

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

FOLDER: Final = Path(__file__).parent

_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "id": pl.String,
    "subject": pl.String,
    "by": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "found": pl.Float64,
    "expected": pl.Float64,
    "why": pl.String,
    "zh": pl.String,
    "en": pl.String,
    "source_file": pl.String,
    "source_sheet": pl.String,
    "source_row": pl.Int64,
    "evidence": pl.List(pl.String),
}
SCHEMA: Final = pl.Schema(_COLUMNS)
"""The table `checks`. `evidence`: file, sheet and row of everything that the suspicion rests on."""


@dataclass(frozen=True)
class Check:
    """A check's id, its name, the sentences about a suspicion, its explanations by code and its SQL's parameters."""

    id: str
    zh: str
    en: str
    says_zh: str
    says_en: str
    why: Mapping[str, tuple[str, str]]
    params: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Suspicion:
    """One thing that does not add up: whose, when, what was found and expected (unit: the sentences'), and where.

    `by` is estate or company, `why` the code of what would explain it. `source_row` is the first row of the evidence.
    """

    id: str
    subject: str
    by: str
    period_start: date
    period_end: date
    found: float
    expected: float
    why: str
    zh: str
    en: str
    source_file: str
    source_sheet: str
    source_row: int
    evidence: tuple[str, ...]


@cache
def catalogue() -> dict[str, Check]:
    """All checks by id, in the order of `checks.toml`. Raises TypeError where a stanza lacks something."""
    stanzas = tomllib.loads((FOLDER / "checks.toml").read_text(encoding="utf-8"))
    return {
        name: Check(id=name, **{**stanza, "why": {code: (zh, en) for code, (zh, en) in stanza["why"].items()}})
        for name, stanza in stanzas.items()
    }


def run_checks(connection: Connection) -> list[Suspicion]:
    """All suspicions about the tables and marts of this connection, check by check."""
    for path in sorted((FOLDER / "shapes").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    return [
        _suspicion(check, row)
        for check in catalogue().values()
        for row in fetched(
            connection, (FOLDER / f"{check.id}.sql").read_text(encoding="utf-8"), check.params
        ).to_dicts()
    ]


def checks_table(connection: Connection) -> pl.DataFrame:
    """The suspicions as the table `checks`, in SCHEMA."""
    rows = [{**asdict(one), "evidence": list(one.evidence)} for one in run_checks(connection)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _suspicion(check: Check, row: Mapping[str, Any]) -> Suspicion:
    zh, en = check.why[row["why"]]
    told = {**row, "start": row["period_start"], "end": row["period_end"]}
    kept = {name: row[name] for name in SCHEMA if name not in ("id", "zh", "en", "evidence")}
    return Suspicion(
        **{**kept, "source_sheet": row["source_sheet"] or ""},
        id=check.id,
        zh=check.says_zh.format(**{**told, "why": zh}),
        en=check.says_en.format(**{**told, "why": en}),
        evidence=tuple(row["evidence"]),
    )
