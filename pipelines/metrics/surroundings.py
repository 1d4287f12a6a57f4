"""What lies around a figure: a subject's estates, who ran them, which tickets came; and why a figure is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.metrics.catalogue import Metric
from pipelines.metrics.counting import with_subject
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period

FOLDER: Final = Path(__file__).parent / "around"


@dataclass(frozen=True)
class Surroundings:
    """One period at one level. `states`: subject → state → days; `came`: subject → tickets opened, excluded of them."""

    as_of: date
    begun: bool
    sizes: Mapping[str, int]
    states: Mapping[str, Mapping[str, int]]
    came: Mapping[str, tuple[int, int]]
    in_part: frozenset[str]
    without_area: frozenset[str]
    heard_of: Mapping[str, int]

    def estates(self, subject: str) -> int:
        """How many estates the subject has in the period."""
        return self.sizes.get(subject, 0)

    def heard(self, subject: str) -> int:
        """How many estates of the subject lie in a community that reported any ticket in the period."""
        return self.heard_of.get(subject, 0)

    def excluded(self, subject: str) -> int:
        """How many tickets of the period are excluded."""
        return self.came.get(subject, (0, 0))[1]

    def ran_in_part(self, subject: str) -> bool:
        """Whether a company or mode ran one of its estates for a part of the period only."""
        return subject in self.in_part

    def reason(self, metric: Metric, subject: str, basis: str) -> str:
        """Why a subject has no row at all."""
        if not self.begun and metric.kind != "stock":
            return "not_begun"
        opened, excluded = self.came.get(subject, (0, 0))
        if "tickets" in metric.sources and opened > excluded:
            if metric.id == "closure_on_time_rate":
                return "no_limit"
            return "no_area" if metric.kind == "rate" else "not_known"
        if "tickets" in metric.sources and self.heard(subject):
            return "no_area" if metric.kind == "rate" else "no_tickets"
        if not self.estates(subject):
            return "ran_none"
        days = self.states.get(subject, {})
        told = {state: count for state, count in days.items() if state in ("unmanaged", "free_service")}
        if told and sum(told.values()) == sum(days.values()) and "tickets" not in metric.sources:
            if told.get("free_service") and "fees" in metric.sources:
                return "free_service"
            if told.get("unmanaged") == sum(days.values()):
                return "unmanaged"
        if metric.unit == "yuan_per_m2_month" and subject in self.without_area:
            return "no_area"
        return "not_on_this_basis" if basis != metric.bases[0] else "not_reported"


def surroundings(desk: Desk, period: Period, by: str, as_of: date) -> Surroundings:
    """What lies around the figures of a period at a level."""
    asked = {"start": period.start, "end": period.end}
    ran = with_subject(desk, fetched(desk.connection, _sql("who_ran"), asked), by)
    opened = fetched(desk.connection, _sql("tickets_opened"), {**asked, "as_of": as_of})
    came = with_subject(desk, opened, by).group_by("subject").agg(pl.col("opened").sum(), pl.col("excluded").sum())
    sender = pl.coalesce("community", "estate")
    homes = desk.places.select("estate", "community")
    senders = opened.join(homes, on="estate", how="left").select(sender=sender)["sender"].unique()
    heard = ran.join(homes, on="estate", how="left").filter(sender.is_in(senders.to_list()))
    states: dict[str, dict[str, int]] = {}
    for subject, state, days in ran.group_by("subject", "state").agg(pl.col("days").sum()).iter_rows():
        states.setdefault(subject, {})[state] = days
    whole = (period.end - period.start).days + 1
    in_part: list[str] = []
    if by in ("company", "governance_mode"):
        parts = ran.group_by("subject", "estate").agg(pl.col("days").sum())
        in_part = parts.filter(pl.col("days") < whole)["subject"].to_list()
    bare = desk.places.filter(pl.col("floor_area_m2").is_null())["estate"].to_list() if by == "estate" else []
    return Surroundings(
        as_of=as_of,
        begun=period.start <= as_of,
        sizes=dict(ran.group_by("subject").agg(pl.col("estate").n_unique()).iter_rows()),
        states=states,
        came={subject: (int(all_), int(out)) for subject, all_, out in came.iter_rows()},
        in_part=frozenset(in_part),
        without_area=frozenset(bare),
        heard_of=dict(heard.group_by("subject").agg(pl.col("estate").n_unique()).iter_rows()),
    )


@cache
def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
