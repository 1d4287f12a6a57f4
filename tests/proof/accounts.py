"""Balances a warehouse against the files it was made of: every row there, once, and what became of its records."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
from independent import CannotTellError, Rows, rows_of

KINDS = ("estates", "fees", "costs", "tickets", "surveys", "inspections", "income", "events", "actions")
SHEETS = (".xlsx", ".xls", ".ods", ".csv")


def mistakes(warehouse: duckdb.DuckDBPyConnection, raw: Path) -> list[str]:
    """What does not balance, in words; empty when all does. `raw` is the folder that was loaded."""
    return [*_rows(warehouse, raw), *_records(warehouse)]


def _rows(warehouse: duckdb.DuckDBPyConnection, raw: Path) -> list[str]:
    """Each row of each file has one fate, and nothing else has."""
    listed = dict(warehouse.execute("SELECT source_file, status FROM submissions").fetchall())
    sent = {path.relative_to(raw).as_posix(): path for path in raw.rglob("*") if path.suffix in SHEETS}
    sent.pop("arrivals.csv", None)
    found = [f"{file}: not listed" for file in sent if file not in listed]
    ledger: dict[str, Counter[tuple[str, int]]] = {}
    for file, sheet, row in warehouse.execute("SELECT source_file, source_sheet, source_row FROM ledger").fetchall():
        ledger.setdefault(file, Counter())[sheet, row] += 1
    found += [f"{file}: in the ledger, but not sent" for file in ledger if file not in sent]
    refused = Counter(
        file
        for (file,) in warehouse.execute(
            "SELECT source_file FROM findings WHERE code = 'unreadable_file' AND source_sheet = ''"
        ).fetchall()
    )
    for file, path in sorted(sent.items()):
        told = ledger.get(file, Counter())
        status = listed.get(file)
        if status in ("rejected", "unchanged"):
            if told or refused[file] != (status == "rejected"):
                found.append(f"{file}: {status}, {len(told)} rows, {refused[file]} refusals")
            continue
        try:
            held: Rows = rows_of(path)
        except CannotTellError:
            continue
        if told != Counter(held):
            missing, surplus = sorted(Counter(held) - told), sorted(told - Counter(held))
            found.append(f"{file}: not in the ledger {missing[:5]}, only or again in the ledger {surplus[:5]}")
    return found


def _records(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """The records that a row is said to have given are in the tables, in quarantine or in the history.

    A register's row counts as loaded while it still says something: what it says may stand in the merged row of its
    estate, which is traced to the latest register only.
    """
    place = "source_file, source_sheet, source_row"
    tables = " UNION ALL ".join(f"SELECT '{kind}' AS kind, {place} FROM {kind}" for kind in KINDS)
    rows = warehouse.execute(
        f"""
        WITH loaded AS (SELECT {place}, count(*) AS n FROM ({tables}) GROUP BY ALL),
             out AS (SELECT {place}, count(*) AS n FROM quarantine GROUP BY ALL)
        SELECT {place}, fate, reason, records_loaded, records_quarantined,
               coalesce(loaded.n, 0) AS in_tables, coalesce(out.n, 0) AS in_quarantine
        FROM ledger LEFT JOIN loaded USING ({place}) LEFT JOIN out USING ({place})
        """
    ).fetchall()
    others = " UNION ALL ".join(f"SELECT {place} FROM {kind}" for kind in KINDS if kind != "estates")
    of_others = set(warehouse.execute(others).fetchall())
    found = []
    for file, sheet, row, fate, reason, loaded, kept_out, in_tables, in_quarantine in rows:
        where = f"{file} {sheet} {row}: {fate} {reason}"
        if kept_out != in_quarantine:
            found.append(f"{where}: {kept_out} kept out, {in_quarantine} in quarantine")
        merged = loaded == in_tables + 1 and (file, sheet, row) not in of_others
        if loaded != in_tables and not merged:
            found.append(f"{where}: {loaded} loaded, {in_tables} in the tables")
        with_others = (reason or "").startswith("counted into row")
        right = {
            "loaded": loaded > 0 or with_others,
            "quarantined": loaded == 0 and (kept_out > 0 or with_others),
        }.get(fate, loaded == 0 and kept_out == 0)
        if not right:
            found.append(f"{where}: {loaded} loaded, {kept_out} kept out")
    known = {row[:3] for row in rows}
    for table in (*KINDS, "quarantine", "history"):
        placed = warehouse.execute(f"SELECT DISTINCT {place} FROM {table}").fetchall()
        strange = [one for one in placed if one not in known and Path(one[0]).suffix in SHEETS]
        found += [f"{table}: {one} is no row of the ledger" for one in strange]
    return found
