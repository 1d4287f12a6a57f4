"""Lists the versions of the warehouse, and tells between two of them which figures moved because of which file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines import arrivals
from pipelines.metrics.fetching import fetched
from pipelines.warehouse import current, open_one, versions

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

LEVELS: Final = ("street", "community", "estate")
FIGURES: Final = """
SELECT metric, basis, level, subject, period_start, period_end, value
FROM metric_steps
WHERE list_contains($levels::VARCHAR[], level) AND basis <> 'as_of'
"""
KEY: Final = ("metric", "basis", "level", "subject", "period_start", "period_end")


@dataclass(frozen=True)
class Version:
    """A version: when it was built, of how many files, and whether it is the one being served."""

    name: str
    built_at: datetime
    files: int
    is_current: bool


@dataclass(frozen=True)
class FileChange:
    """A file that came (`came`), was withdrawn (`withdrawn`), is gone (`gone`) or was replaced by a later one
    (`superseded`) between two versions. `by` and `reason` tell of a withdrawal."""

    file: str
    how: str
    sender: str
    when: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class FigureChange:
    """A figure that moved. None: there was none. `files`: those of the changed files that tell of it."""

    metric: str
    zh: str
    en: str
    unit: str
    level: str
    subject: str
    first: date
    last: date
    before: float | None
    after: float | None
    files: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What changed from one version to a later one."""

    old: str
    new: str
    files: tuple[FileChange, ...]
    figures: tuple[FigureChange, ...]


def versions_of(warehouse: Path) -> tuple[Version, ...]:
    """The versions whose files are there, latest first."""
    served = current(warehouse)
    found = []
    for name in reversed(versions(warehouse)):
        connection = open_one(warehouse, name)
        try:
            meta = dict(fetched(connection, "SELECT key, value FROM meta WHERE key <> 'summary'").iter_rows())
        finally:
            connection.close()
        built = datetime.fromisoformat(str(meta["built_at"]))
        found.append(Version(name, built, int(str(meta.get("files") or 0)), name == served))
    return tuple(found)


def changes_between(warehouse: Path, inbox: Path, old: str, new: str) -> Changes:
    """What changed from version `old` to version `new`: files, then figures, those of the street first."""
    before, after = open_one(warehouse, old), open_one(warehouse, new)
    try:
        files = _files(before, after, arrivals.known_at(inbox, warehouse).arrivals)
        names = [one.file for one in files]
        brought = pl.concat([_brought(before, names), _brought(after, names)]).unique()
        figures = _figures(before, after, brought)
    finally:
        before.close()
        after.close()
    return Changes(old, new, files, figures)


def _files(before: Connection, after: Connection, log: Mapping[str, arrivals.Arrival]) -> tuple[FileChange, ...]:
    query = "SELECT source_file, sha256, status, sender, received_at, rows_loaded FROM submissions"
    old = {row["source_file"]: row for row in fetched(before, query).to_dicts()}
    new = {row["source_file"]: row for row in fetched(after, query).to_dicts()}
    changes = []
    for file in sorted({*old, *new}):
        was, now = old.get(file), new.get(file)
        row = now or was
        if row is None or (was and now and (was["status"], was["sha256"]) == (now["status"], now["sha256"])):
            continue
        entry = log.get(row["sha256"])
        sender = row["sender"] or file.rpartition("/")[0]
        if now is None:
            changes.append(FileChange(file, "gone", sender, None))
        elif entry and entry.withdrawn and now["status"] == "superseded":
            changes.append(FileChange(file, "withdrawn", sender, entry.withdrawn, entry.reason or ""))
        elif was is None or was["status"] == "superseded":
            changes.append(FileChange(file, "came", sender, now["received_at"]))
        else:
            how = "came" if was["sha256"] != now["sha256"] else now["status"]
            changes.append(FileChange(file, how, sender, now["received_at"]))
    return tuple(changes)


def _brought(connection: Connection, files: Sequence[str]) -> pl.DataFrame:
    query = """
    SELECT DISTINCT kind, estate, community, first_day, last_day, source_file
    FROM mart_brought WHERE list_contains($files::VARCHAR[], source_file)
    """
    return fetched(connection, query, {"files": list(files)})


def _figures(before: Connection, after: Connection, brought: pl.DataFrame) -> tuple[FigureChange, ...]:
    if not all("metric_steps" in fetched(one, "SHOW TABLES")["name"].to_list() for one in (before, after)):
        return ()
    old, new = (fetched(one, FIGURES, {"levels": list(LEVELS)}) for one in (before, after))
    joined = old.join(new, on=KEY, how="full", suffix="_after", coalesce=True, nulls_equal=True)
    apart = (pl.col("value") - pl.col("value_after")).abs() > 1e-9
    moved = joined.filter(apart | (pl.col("value").is_null() != pl.col("value_after").is_null()))
    level = pl.col("level").replace_strict({one: rank for rank, one in enumerate(LEVELS)}, return_dtype=pl.Int64)
    moved = moved.sort(level, pl.col("period_end"), "subject", "metric", descending=[False, True, False, False])
    rows = fetched(after, "SELECT id, zh, en, unit, sources FROM metrics").to_dicts()
    metrics = {row["id"]: row for row in rows}
    facts = brought.to_dicts()
    return tuple(_figure(row, metrics[row["metric"]], facts) for row in moved.to_dicts() if row["metric"] in metrics)


def _figure(row: dict[str, object], metric: dict[str, object], facts: Sequence[dict[str, object]]) -> FigureChange:
    first, last = row["period_start"], row["period_end"]
    assert isinstance(first, date)  # noqa: S101 - a column of days
    assert isinstance(last, date)  # noqa: S101 - a column of days
    sources = metric["sources"]
    kinds = [str(one) for one in sources] if isinstance(sources, list) else []
    files = {
        str(one["source_file"])
        for one in facts
        if str(one["kind"]) in (*kinds, "estates")
        and (row["level"] == "street" or row["subject"] == one[str(row["level"])])
        and _meet(one["first_day"], one["last_day"], first, last)
    }
    before, after = row["value"], row["value_after"]
    return FigureChange(
        str(row["metric"]), str(metric["zh"]), str(metric["en"]), str(metric["unit"]), str(row["level"]),
        str(row["subject"]), first, last,
        before if isinstance(before, float) else None, after if isinstance(after, float) else None,
        tuple(sorted(files)),
    )  # fmt: skip


def _meet(from_day: object, to_day: object, first: date, last: date) -> bool:
    if not isinstance(from_day, date):
        return True
    until = to_day if isinstance(to_day, date) else from_day
    return from_day <= last and until >= first
