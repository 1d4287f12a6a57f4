"""Who is rated in a period, and for what: the estates of each subject, how large, for how long, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.analysis.rating.rubric import By
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period

_RAN = """
SELECT
    estate, company, state, from_day, to_day, first_day,
    least(to_day, $end::DATE) - greatest(from_day, $start::DATE) + 1 AS days
FROM (SELECT *, min(from_day) OVER (PARTITION BY estate, company) AS first_day FROM mart_spells)
WHERE from_day <= $end::DATE AND to_day >= $start::DATE
ORDER BY estate, from_day
"""
_UNKNOWN_SINCE = 1


@dataclass(frozen=True)
class Tenure:
    """A subject of a rating. `estates`: estate → its weight, households × the share of the period that it was run."""

    subject: str
    estates: Mapping[str, float]
    households: float
    peer_group: str | None
    state: str
    service_days: int | None


def tenures(desk: Desk, period: Period, by: By) -> tuple[Tenure, ...]:
    """The estates of the register, or the companies that ran any, in the period; by name.

    A name that no register lists is perhaps a misspelling, and is told as a finding of the load; it is not rated.
    """
    ran = fetched(desk.connection, _RAN, {"start": period.start, "end": period.end})
    places = desk.places.select("estate", "households", "peer_group")
    known = places["households"].drop_nulls()
    # An estate whose size nobody reported weighs as much as the one in the middle.
    typical = float(str(known.median())) if len(known) else 1.0
    whole = (period.end - period.start).days + 1
    rows = (
        ran.join(places, on="estate", how="left")
        .with_columns(
            subject=pl.col(by),
            homes=pl.col("households").cast(pl.Float64).fill_null(typical),
            share=pl.col("days") / whole,
        )
        .filter(pl.col("subject").is_not_null(), ~pl.col("estate").is_in(list(desk.unregistered)))
    )
    return tuple(
        _tenure(str(subject[0]), group, period)
        for subject, group in sorted(rows.group_by("subject"), key=lambda one: str(one[0][0]))
    )


def _tenure(subject: str, rows: pl.DataFrame, period: Period) -> Tenure:
    weights: dict[str, float] = {}
    groups: dict[str, float] = {}
    for row in rows.to_dicts():
        weight = row["homes"] * row["share"]
        weights[row["estate"]] = weights.get(row["estate"], 0.0) + weight
        if row["peer_group"] is not None:
            groups[row["peer_group"]] = groups.get(row["peer_group"], 0.0) + weight
    last = rows.filter(pl.col("to_day") >= period.end)
    states = set(last["state"])
    return Tenure(
        subject=subject,
        estates=weights,
        households=float(rows.unique("estate")["homes"].sum()),
        peer_group=max(sorted(groups), key=lambda one: groups[one]) if groups else None,
        state="unmanaged" if states == {"unmanaged"} else "managed",
        service_days=_served(last, period),
    )


def _served(last: pl.DataFrame, period: Period) -> int | None:
    """How long the company of the last day has served where it has longest; None where nobody knows, or nobody does."""
    there = last.filter(pl.col("company").is_not_null())
    if there.is_empty():
        return None
    since = there["first_day"].to_list()
    days = [None if day.year <= _UNKNOWN_SINCE else (period.end - day).days + 1 for day in since]
    told = [one for one in days if one is not None]
    return None if len(told) < len(days) else max(told)
