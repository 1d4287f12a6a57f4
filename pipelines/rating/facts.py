"""Tells facts from the submissions: what was reported of what was due, whether a contract runs; or as entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.analysis.rating.evidence import Datum, Entry
from pipelines.analysis.rating.rubric import By, Source
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.rating.criteria_tables import ENTERED
from pipelines.rating.tenure import Tenure

_MONTHS: Final = """
WITH due AS (
    SELECT DISTINCT estate, company, month, from_day, to_day
    FROM mart_estate_months
    WHERE state <> 'unmanaged' AND from_day <= $end::DATE AND to_day >= $start::DATE AND from_day <= $as_of::DATE
)
SELECT
    estate, company, count(DISTINCT month) AS due,
    count(DISTINCT month) FILTER (EXISTS (
        FROM {table} AS told
        WHERE told.estate = due.estate AND told.period_start <= due.to_day AND told.period_end >= due.from_day
    )) AS told
FROM due
GROUP BY ALL
"""
_WAVES: Final = "SELECT DISTINCT estate FROM mart_surveys WHERE period_end BETWEEN $start::DATE AND $end::DATE"
_CONTRACTS: Final = "SELECT estate FROM estates WHERE contract_end >= $end::DATE"
_SENT: Final = """
SELECT community, count(*) AS due, count(*) FILTER (status = 'received') AS told
FROM expected
WHERE due_on BETWEEN $start::DATE AND least($end::DATE, $as_of::DATE) AND status <> 'not_due'
GROUP BY ALL
"""
_TABLES: Final = {"fees_reported": "fees", "costs_reported": "costs"}


def fact_data(
    desk: Desk,
    name: str,
    left: Sequence[Period],
    by: By,
    found: Sequence[Tenure],
    entries: Sequence[Entry],
    period: Period,
    as_of: date,
) -> dict[str, Datum]:
    """By subject a fact as a share from 0 to 1.

    `fees_reported`, `costs_reported`: months told ÷ months due (`n`), estates weighed alike; `surveys_reported`,
    `contract_in_force`, `tickets_reported`: households of the estates of which it holds ÷ all. `sent_on_time`: tables
    that came by the day the street set ÷ tables due, of the estates' communities. A fact entered by hand is what was
    entered last.
    """
    if name.startswith(ENTERED):
        return {one.subject: _entered(name, one.subject, entries, period) for one in found}
    if name in _TABLES:
        return _months(desk, name, left, by, found, as_of)
    if name == "sent_on_time":
        return _on_time(desk, found, period, as_of)
    if name == "tickets_reported":
        return _tickets(desk, left, by, found, as_of)
    query = _WAVES if name == "surveys_reported" else _CONTRACTS
    days = {"start": period.start, "end": period.end} if query is _WAVES else {"end": min(period.end, as_of)}
    there = set(fetched(desk.connection, query, days)["estate"])
    return {one.subject: _held(name, one, there) for one in found}


def _entered(name: str, subject: str, entries: Sequence[Entry], period: Period) -> Datum:
    known = [
        one
        for one in entries
        if one.id == name.removeprefix(ENTERED) and one.subject == subject and one.in_force(period.start, period.end)
    ]
    if not known:
        return Datum(None, absence="not_submitted", source=name)
    last = max(known, key=lambda one: one.on)
    return Datum(min(1.0, max(0.0, last.times)), source=f"{name} {last.on} {last.evidence}")


def _held(name: str, one: Tenure, there: set[str]) -> Datum:
    whole = sum(one.estates.values())
    held = [estate for estate in one.estates if estate in there]
    told = f"{name} {len(held)}/{len(one.estates)}"
    value = sum(one.estates[estate] for estate in held) / whole if whole else 0.0
    return Datum(min(1.0, value), float(len(one.estates)), source=told)


def _months(
    desk: Desk, name: str, left: Sequence[Period], by: By, found: Sequence[Tenure], as_of: date
) -> dict[str, Datum]:
    due: dict[str, int] = {}
    told: dict[str, int] = {}
    for piece in left:
        days = {"start": piece.start, "end": piece.end, "as_of": as_of}
        for row in fetched(desk.connection, _MONTHS.replace("{table}", _TABLES[name]), days).to_dicts():
            subject = row["estate"] if by == "estate" else row["company"]
            if subject is not None:
                due[subject] = due.get(subject, 0) + int(row["due"])
                told[subject] = told.get(subject, 0) + int(row["told"])
    return {one.subject: _of_months(name, told.get(one.subject, 0), due.get(one.subject, 0)) for one in found}


def _of_months(name: str, told: int, due: int) -> Datum:
    if not due:
        return Datum(None, absence="not_applicable", source=name)
    return Datum(min(1.0, told / due), float(due), source=f"{name} {told}/{due}")


def _on_time(desk: Desk, found: Sequence[Tenure], period: Period, as_of: date) -> dict[str, Datum]:
    days = {"start": period.start, "end": period.end, "as_of": as_of}
    there = {str(row[0]) for row in desk.connection.execute("SHOW TABLES").fetchall()}
    rows = fetched(desk.connection, _SENT, days).to_dicts() if "expected" in there else []
    by_community = {str(row["community"]): (int(row["told"]), int(row["due"])) for row in rows}
    homes = dict(desk.places.select("estate", "community").iter_rows())
    data: dict[str, Datum] = {}
    for one in found:
        parts = [
            (weight, *by_community[homes[estate]])
            for estate, weight in one.estates.items()
            if homes.get(estate) in by_community
        ]
        due = sum(weight * asked for weight, _, asked in parts)
        told = sum(weight * came for weight, came, _ in parts)
        absent = Datum(None, absence="not_applicable", source="sent_on_time")
        data[one.subject] = Datum(told / due, source="sent_on_time") if due else absent
    return data


def _tickets(desk: Desk, left: Sequence[Period], by: By, found: Sequence[Tenure], as_of: date) -> dict[str, Datum]:
    from pipelines.rating.measured import measured

    heard = measured(desk, Source("metric", "tickets_per_100_households"), left, by, found, as_of)
    return {
        name: Datum(datum.reached if datum.absence != "not_submitted" else 0.0, source="tickets_reported")
        for name, datum in heard.items()
    }
