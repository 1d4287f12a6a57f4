"""Which records, and which of their fields, the numerator and the denominator of each metric are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.metrics.catalogue import Metric
from pipelines.metrics.counting import counted
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period

FOLDER: Final = Path(__file__).parent
LABOUR: Final = "人员费用"
_MONTH: Final = ["estate", "month", "company", "governance_mode", "state"]
_GROUP: Final = ["estate", "company", "governance_mode"]
_TICKETS: Final = frozenset(
    {
        "closure_median_hours", "closure_ratio", "closure_on_time_rate", "open_tickets", "overdue_tickets",
        "resolution_rate", "response_rate", "ticket_satisfaction_rate", "tickets_per_100_households",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Records whose `field` is one term of the numerator or the denominator (`side`).

    `rows` have estate, company and governance_mode, `source_*`, the field, and `amount`: what the record adds.
    """

    side: str
    field: str
    rows: pl.DataFrame


def parts_of(desk: Desk, metric: Metric, period: Period, basis: str, as_of: date, *, with_excluded: bool) -> list[Part]:
    """The terms of a metric in a period, for all estates. Sums of `amount` by side are numerator and denominator.

    Of `closure_ratio` the denominator is an expectation from the whole street's tickets: only the numerator is here.
    """
    if basis == "households":
        metric = desk.metrics["collection_rate_households"]
    start = date(period.end.year, 1, 1) if basis == "year_to_date" else period.start
    asked = {"start": start, "end": period.end, "as_of": as_of}
    if metric.id in _TICKETS:
        if metric.kind == "stock":
            asked |= {"start": date(1900, 1, 1), "end": as_of}
        tickets = _rows(desk, "tickets", {**asked, "with_excluded": with_excluded})
        found = _of_tickets(metric.id, tickets)
        if metric.id == "tickets_per_100_households":
            found += _per(desk, metric, period, basis, as_of, "households", with_excluded=with_excluded)
        return found
    if metric.id == "satisfaction_rate":
        return _of_surveys(_rows(desk, "surveys", asked))
    if metric.id == "inspection_score":
        scores = _rows(desk, "inspections", {**asked, "basis": basis})
        return [_part("numerator", "score", scores), _part("denominator", "max_score", scores)]
    if metric.id in ("cost_per_m2_month", "labour_share"):
        costs = _rows(desk, "costs", asked)
        if metric.id == "labour_share":
            people = costs.filter(pl.col("category") == LABOUR)
            return [_part("numerator", "amount_yuan", people), _part("denominator", "amount_yuan", costs)]
        areas = _per(desk, metric, period, basis, as_of, "floor_area_m2", with_excluded=False)
        return [_part("numerator", "amount_yuan", _within(costs, areas)), *areas]
    fees = _rows(desk, "fees", asked)
    received = fees.filter(pl.col("received_yuan").is_not_null())
    charged = received.filter(pl.col("state") != "free_service")
    if metric.id == "collection_rate":
        return _of_collection(charged, basis)
    if metric.id == "collection_rate_households":
        known = pl.col("households_due").is_not_null() & pl.col("households_paid").is_not_null()
        billed = fees.filter((pl.col("state") != "free_service") & known)
        return [_part("numerator", "households_paid", billed), _part("denominator", "households_due", billed)]
    if metric.id == "fee_income_per_m2_month":
        areas = _per(desk, metric, period, basis, as_of, "floor_area_m2", with_excluded=False)
        own = _within(charged, areas)
        return [_part("numerator", name, own) for name in ("received_yuan", "arrears_recovered_yuan")] + areas
    if metric.id == "break_even_ratio":
        return _of_balance(received, _rows(desk, "costs", asked))
    raise ValueError(f"nothing is known of the parts of {metric.id}")


def _part(side: str, field: str, rows: pl.DataFrame, sign: float = 1.0) -> Part:
    added = pl.col(field).cast(pl.Float64) * pl.col("share") * sign
    return Part(side, field, rows.filter(pl.col(field).is_not_null()).with_columns(amount=added))


def _counts(side: str, field: str, rows: pl.DataFrame) -> Part:
    return Part(side, field, rows.with_columns(amount=pl.lit(1.0)))


def _of_tickets(metric: str, rows: pl.DataFrame) -> list[Part]:
    closed = rows.filter("is_closed")
    if metric in ("open_tickets", "overdue_tickets"):
        still = rows.filter(~pl.col("is_closed"))
        return [_counts("numerator", "opened_at", still if metric == "open_tickets" else still.filter("is_due"))]
    if metric == "tickets_per_100_households":
        return [_counts("numerator", "opened_at", rows)]
    if metric == "closure_median_hours":
        return [_counts("numerator", "closed_at", closed), _counts("denominator", "opened_at", rows)]
    if metric == "closure_ratio":
        return [_counts("numerator", "closed_at", closed)]
    if metric == "closure_on_time_rate":
        due = rows.filter("is_due")
        return [
            _counts("numerator", "closed_at", due.filter(pl.col("in_time") & pl.col("is_closed"))),
            _counts("denominator", "opened_at", due),
        ]
    if metric == "response_rate":
        answered = rows.filter("is_answered")
        return [
            _counts("numerator", "responded_at", answered.filter("answered_in_time")),
            _counts("denominator", "responded_at", answered),
        ]
    name = "resolved" if metric == "resolution_rate" else "satisfied"
    known = closed.filter(pl.col(name).is_not_null())
    return [_counts("numerator", name, known.filter(name)), _counts("denominator", name, known)]


def _of_surveys(rows: pl.DataFrame) -> list[Part]:
    told, plain = rows.filter("derived"), rows.filter(~pl.col("derived") & pl.col("is_most"))
    most = rows.filter("is_most").with_columns(share=pl.lit(1.0))
    rated = (pl.col("responses") > 0) & pl.col("satisfied_total").is_not_null()
    counted_answers = pl.concat([plain.filter("counts"), told.filter(pl.col("counts") & rated)])
    parts = [
        _part("numerator", "satisfied_total", counted_answers),
        _part("numerator", "reported_rate", told.filter(pl.col("counts") & ~rated.fill_null(value=False))),
        _part("denominator", "responses", most.filter("counts")),
    ]
    return [*parts, _part("value", "reported_rate", plain.filter(~pl.col("counts")))]


def _of_collection(rows: pl.DataFrame, basis: str) -> list[Part]:
    if basis == "with_arrears":
        begins = pl.col("from_day") == pl.col("from_day").min().over("estate")
        rows = rows.with_columns(begins.alias("begins"))
        has = (pl.col("begins") & pl.col("opening_arrears_yuan").is_not_null()).any().over(_GROUP)
        rows = rows.filter(has)
        first = rows.filter("begins").with_columns(share=pl.lit(1.0))
        return [
            _part("numerator", "received_yuan", rows),
            _part("numerator", "arrears_recovered_yuan", rows),
            _part("denominator", "receivable_yuan", rows),
            _part("denominator", "opening_arrears_yuan", first),
        ]
    parts = [_part("numerator", "received_yuan", rows), _part("denominator", "receivable_yuan", rows)]
    return [*parts, _part("denominator", "waived_yuan", rows, -1.0)] if basis == "current_net" else parts


def _of_balance(fees: pl.DataFrame, costs: pl.DataFrame) -> list[Part]:
    """Fees of the months with costs, and costs of the months with a fee report or before charging began."""
    spent = fees.join(costs.select(_MONTH).unique(), on=_MONTH, how="semi", nulls_equal=True)
    free = costs.filter(pl.col("state") == "free_service")
    paid = costs.filter(pl.col("state") != "free_service")
    paired = paid.join(fees.select(_MONTH).unique(), on=_MONTH, how="semi", nulls_equal=True)
    return [
        _part("numerator", "received_yuan", spent),
        _part("numerator", "arrears_recovered_yuan", spent),
        _part("denominator", "amount_yuan", pl.concat([paired, free])),
    ]


def _within(rows: pl.DataFrame, areas: list[Part]) -> pl.DataFrame:
    """Only rows of estates whose area is known: the others are in no figure per square metre."""
    return rows.join(areas[0].rows.select("estate").unique(), on="estate", how="semi")


def _per(
    desk: Desk, metric: Metric, period: Period, basis: str, as_of: date, field: str, *, with_excluded: bool
) -> list[Part]:
    """The register's area or households of each estate, with the denominator that it comes to over the months."""
    rows = counted(desk, metric, [(period, as_of)], basis, with_excluded=with_excluded)
    divided = rows.select(*_GROUP, amount=pl.col("denominator").cast(pl.Float64))
    told = divided.join(_rows(desk, "estates", {}), on="estate", how="inner")
    return [Part("denominator", field, told.filter(pl.col(field).is_not_null()))]


def _rows(desk: Desk, name: str, asked: Mapping[str, object]) -> pl.DataFrame:
    return fetched(desk.connection, _sql(name), asked)


@cache
def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
