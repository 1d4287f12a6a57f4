"""Months of bills and costs are counted once, by the days that they cover, whoever ran the estate in them."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import bill, cost, desk_of, estate, value

from pipelines.metrics.desk import Desk

JANUARY = ("2025-01-01", "2025-01-31")
FEBRUARY = ("2025-02-01", "2025-02-28")
MARCH = ("2025-03-01", "2025-03-31")
HOUSEHOLDS = {"households_due": 100.0, "households_paid": 80.0}
MONEY = (
    "collection_rate",
    "collection_rate_households",
    "cost_per_m2_month",
    "fee_income_per_m2_month",
    "break_even_ratio",
    "labour_share",
)


def handed_over() -> Desk:
    """January and February, March missing; the company changes on 16 January."""
    changed = [("2024-01-01", "company_in", "物业一"), ("2025-01-16", "company_in", "物业二")]
    return desk_of(
        estates=[estate(company="物业二")],
        events=[
            {"estate": "甲", "event_date": date.fromisoformat(day), "event_type": kind, "company": company}
            for day, kind, company in changed
        ],
        fees=[bill(*JANUARY, 310, 155, **HOUSEHOLDS), bill(*FEBRUARY, 280, 280, **HOUSEHOLDS)],
        costs=[cost(*JANUARY, 310), cost(*FEBRUARY, 280), cost(*JANUARY, 31, category="绿化养护")],
    )


@pytest.mark.parametrize("metric", MONEY)
def test_a_month_in_which_the_company_changed_is_one_month_of_the_estate(metric: str) -> None:
    desk = handed_over()
    whole = value(desk, metric, "2025-01-01..2025-02-28")
    assert whole.n == 2
    assert value(desk, metric, "2025-01-01..2025-02-28", "示例街道", "street").n == 2
    parts = [value(desk, metric, "2025-01-01..2025-02-28", name, "company").n for name in ("物业一", "物业二")]
    assert parts == [1, 2]


def test_a_missing_month_shows_although_the_company_changed_in_another() -> None:
    desk = desk_of(
        estates=[estate(company="物业二"), estate("乙")],
        events=[
            {"estate": "甲", "event_date": date(2025, 1, day), "event_type": "company_in", "company": name}
            for day, name in ((1, "物业一"), (16, "物业二"))
        ],
        fees=[bill(*JANUARY, 310, 155), bill(*FEBRUARY, 280, 280), bill(*MARCH, 1, 1, "乙")],
    )
    assert "partial_period" in value(desk, "collection_rate", "2025Q1").caveats


def test_vouchers_of_both_halves_of_a_month_make_one_month() -> None:
    halves = [
        cost("2025-01-01", "2025-01-15", 500),
        cost("2025-01-16", "2025-01-31", 500, category="绿化养护"),
    ]
    found = value(desk_of(estates=[estate()], costs=halves), "cost_per_m2_month", "2025-01")
    assert (found.value, found.denominator) == pytest.approx((1.0, 1000))


def test_buildings_billed_for_a_part_of_the_month_add_no_area() -> None:
    rows = [
        bill(*JANUARY, 100, 100, building="1号楼"),
        bill("2025-01-16", "2025-01-31", 50, 50, building="2号楼"),
    ]
    found = value(desk_of(estates=[estate(buildings=2)], fees=rows), "fee_income_per_m2_month", "2025-01")
    assert (found.value, found.denominator) == pytest.approx((0.15, 1000))


def test_amounts_cut_into_days_come_to_the_same_again() -> None:
    desk = desk_of(estates=[estate()], fees=[bill("2025-01-01", "2025-12-31", 1200, 1000, waived_yuan=200.0)])
    found = value(desk, "collection_rate", "2025", basis="current_net")
    assert (found.value, found.numerator, found.denominator) == (1.0, 1000.0, 1000.0)


def test_a_running_total_that_lacks_months_of_the_year_covers_only_a_part() -> None:
    desk = desk_of(estates=[estate()], fees=[bill(*MARCH, 100, 80)])
    assert value(desk, "collection_rate", "2025-03", basis="year_to_date").caveats == ("partial_period",)
    assert value(desk, "collection_rate", "2025-03").caveats == ()
