"""Small streets written by hand: rows in, a desk out, by way of the same marts and catalogue as a load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.assemble.episodes import episodes_of
from pipelines.marts import put, run
from pipelines.metrics.asking import ask
from pipelines.metrics.catalogue import FOLDER, catalogue_tables
from pipelines.metrics.desk import Desk, open_desk
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.street import Settings
from pipelines.tables import SCHEMAS

Rows = Sequence[Mapping[str, Any]]
NEEDED = (
    *("estates", "fees", "costs", "tickets", "surveys", "inspections", "income", "events", "actions"),
    *("printed", "printed_totals", "history", "ledger", "quarantine"),
)


def estate(name: str = "甲", **facts: Any) -> dict[str, Any]:
    known = {
        "community": "东社区",
        "street": "示例街道",
        "company": "物业一",
        "households": 100,
        "floor_area_m2": 1000.0,
    }
    return {"estate": name, **known, **facts}


def bill(
    start: str, end: str, receivable: float, received: float | None, name: str = "甲", **more: Any
) -> dict[str, Any]:
    span = {"period_start": date.fromisoformat(start), "period_end": date.fromisoformat(end)}
    return {"estate": name, **span, "receivable_yuan": receivable, "received_yuan": received, **more}


def cost(start: str, end: str, amount: float, name: str = "甲", category: str = "人员费用") -> dict[str, Any]:
    span = {"period_start": date.fromisoformat(start), "period_end": date.fromisoformat(end)}
    return {"estate": name, **span, "category": category, "amount_yuan": amount}


def ticket(opened: str, closed: str | None = None, name: str = "甲", **more: Any) -> dict[str, Any]:
    times = {key: datetime.fromisoformat(value) for key, value in more.items() if key.endswith("_at")}
    closed_at = datetime.fromisoformat(closed) if closed else None
    return {"estate": name, "opened_at": datetime.fromisoformat(opened), "closed_at": closed_at, **more, **times}


def wave(end: str, responses: float | None, satisfied: float | None, name: str = "甲", **more: Any) -> dict[str, Any]:
    day = date.fromisoformat(end)
    span = {"period_start": day.replace(day=1), "period_end": day, "question": "总体", "mode": "入户"}
    return {"estate": name, **span, "responses": responses, "satisfied_total": satisfied, **more}


def desk_of(settings: Settings | None = None, folder: Path = FOLDER, filed: str = "2026-01-31", **tables: Rows) -> Desk:
    """A desk on a warehouse with these rows; every sheet was filed on that day unless a row names its `source_file`."""
    chosen = settings or Settings()
    connection = duckdb.connect()
    frames = {}
    for name in NEEDED:
        rows = [
            {"source_file": "a.xlsx", "source_sheet": "", "source_row": place, **row}
            for place, row in enumerate(tables.get(name, ()))
        ]
        frames[name] = pl.DataFrame(rows, schema=SCHEMAS[name]) if rows else SCHEMAS[name].to_frame()
    frames["episodes"] = episodes_of(frames["estates"], frames["events"])
    files = sorted({file for frame in frames.values() for file in frame["source_file"]})
    listed = [
        {"source_file": file, "loaded_at": datetime(2026, 2, 1), "filed_on": date.fromisoformat(filed)}
        for file in files
    ]
    frames["submissions"] = pl.concat([SCHEMAS["submissions"].to_frame(), pl.DataFrame(listed)], how="diagonal_relaxed")
    for name, frame in frames.items():
        put(connection, name, frame)
    run(connection, chosen)
    for name, frame in catalogue_tables(chosen, folder).items():
        put(connection, name, frame)
    return open_desk(connection)


def value(desk: Desk, metric: str, period: str, subject: str = "甲", by: str = "estate", **more: Any) -> Value:
    """The one value asked for."""
    if "as_of" in more:
        more["as_of"] = date.fromisoformat(more["as_of"])
    found = ask(desk, Question(read_period(period), by=by, subjects=(subject,), metrics=(metric,), **more))
    assert len(found) == 1
    return found[0]
