"""Why there is no figure: nobody is blamed for not reporting what could not be reported."""

from __future__ import annotations

from datetime import date

from hand_made import bill, desk_of, estate, ticket, value

from pipelines.metrics.desk import Desk

HANDED_OVER = [
    {"estate": "甲", "event_date": date(2024, 1, 1), "event_type": "company_in", "company": "物业一"},
    {"estate": "甲", "event_date": date(2025, 1, 1), "event_type": "company_in", "company": "物业二"},
]


def handed_over() -> Desk:
    """An estate that goes from one company to another at new year, with a ticket that stays open since autumn."""
    return desk_of(
        estates=[estate(company="物业二")],
        events=HANDED_OVER,
        fees=[bill("2025-01-01", "2025-01-31", 100, 90)],
        tickets=[ticket("2024-10-08 09:00")],
    )


def test_a_period_that_has_not_begun_is_not_unreported() -> None:
    desk = desk_of(estates=[estate()], fees=[bill("2025-01-01", "2025-01-31", 100, 90)])
    assert value(desk, "collection_rate", "2030").reason == "not_begun"
    assert value(desk, "closure_median_hours", "2025-02").reason == "not_begun"
    assert value(desk, "cost_per_m2_month", "2025-01").reason == "not_reported"


def test_a_company_that_ran_nothing_in_the_period_is_not_silent_but_absent() -> None:
    found = value(handed_over(), "collection_rate", "2025-01", "物业一", "company")
    assert (found.value, found.reason, found.coverage) == (None, "ran_none", "0/0")


def test_open_tickets_stay_with_the_company_that_ran_the_estate_when_they_came() -> None:
    desk = handed_over()
    before, after = (value(desk, "open_tickets", "2025-01", name, "company") for name in ("物业一", "物业二"))
    assert (before.value, before.coverage) == (1, "1/1")
    assert after.value is None
