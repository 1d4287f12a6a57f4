"""Fees and costs on small streets: what overlaps is never added, what is cut counts by days, free months don't."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import bill, cost, desk_of, estate, value

JANUARY = ("2025-01-01", "2025-01-31")
FEBRUARY = ("2025-02-01", "2025-02-28")
MARCH = ("2025-03-01", "2025-03-31")
QUARTER = ("2025-01-01", "2025-03-31")


def test_complete_months_count_and_the_quarter_that_tells_them_again_is_only_compared() -> None:
    months = [bill(*JANUARY, 100, 80), bill(*FEBRUARY, 100, 70), bill(*MARCH, 100, 60)]
    desk = desk_of(estates=[estate()], fees=[*months, bill(*QUARTER, 310, 300)])
    found = value(desk, "collection_rate", "2025Q1")
    assert (found.value, found.numerator, found.denominator) == pytest.approx((0.7, 210, 300))
    differences = desk.connection.execute(
        "SELECT month, round(difference_yuan, 2) FROM mart_fee_overlaps WHERE is_long ORDER BY month"
    ).fetchall()
    assert [one[1] for one in differences] == [6.78, -3.56, 6.78]


def test_incomplete_months_are_not_added_to_the_quarter_that_holds_them() -> None:
    desk = desk_of(
        estates=[estate()], fees=[bill(*JANUARY, 100, 80), bill(*FEBRUARY, 100, 70), bill(*QUARTER, 310, 300)]
    )
    found = value(desk, "collection_rate", "2025Q1")
    assert (found.numerator, found.denominator) == pytest.approx((300, 310))


@pytest.mark.parametrize(
    ("buildings", "second", "wanted"),
    [
        (2, 60, (90, 120)),  # all buildings are there: they count
        (3, 60, (100, 130)),  # a building is missing: the estate's own row counts
        (3, 70, (98, 130)),  # their number is short of the register, but they come to the same
    ],
)
def test_buildings_count_where_they_are_complete_else_the_estate(buildings: int, second: float, wanted: object) -> None:
    rows = [
        bill(*JANUARY, 130, 100),
        bill(*JANUARY, 60, 50, building="1号楼"),
        bill(*JANUARY, second, 40 if second == 60 else 48, building="2号楼"),
    ]
    found = value(desk_of(estates=[estate(buildings=buildings)], fees=rows), "collection_rate", "2025-01")
    assert (found.numerator, found.denominator) == pytest.approx(wanted)


def test_bills_that_only_partly_lie_in_the_period_count_by_their_days() -> None:
    desk = desk_of(estates=[estate()], fees=[bill(*QUARTER, 900, 450)])
    found = value(desk, "collection_rate", "2025-01")
    assert (found.numerator, found.denominator) == pytest.approx((450 * 31 / 90, 900 * 31 / 90))
    assert "prorated" in found.caveats
    assert "prorated" not in value(desk, "collection_rate", "2025Q1").caveats


def test_rates_are_pooled_by_adding_and_dividing_once() -> None:
    desk = desk_of(
        estates=[estate("甲"), estate("乙"), estate("丙")],
        fees=[bill(*JANUARY, 100, 100), bill(*JANUARY, 900, 450, "乙")],
    )
    found = value(desk, "collection_rate", "2025-01", "示例街道", "street")
    assert (found.value, found.coverage) == (pytest.approx(0.55), "2/3")
    assert value(desk, "collection_rate", "2025-01", "丙").reason == "not_reported"


def test_a_company_answers_for_the_days_on_which_it_ran_the_estate() -> None:
    came = [
        {"estate": "甲", "event_date": "2024-01-01", "event_type": "company_in", "company": "物业一"},
        {"estate": "甲", "event_date": "2025-01-10", "event_type": "company_out", "company": "物业一"},
        {"estate": "甲", "event_date": "2025-01-21", "event_type": "company_in", "company": "物业二"},
    ]
    events = [{**one, "event_date": date.fromisoformat(one["event_date"])} for one in came]
    desk = desk_of(
        estates=[estate(company="物业二")], events=events, fees=[bill(*JANUARY, 310, 155), bill(*FEBRUARY, 280, 280)]
    )
    first, second = (value(desk, "collection_rate", "2025Q1", name, "company") for name in ("物业一", "物业二"))
    assert (first.numerator, first.denominator) == pytest.approx((50, 100))
    assert (second.numerator, second.denominator) == pytest.approx((55 + 280, 110 + 280))
    assert "partial_period" in first.caveats
    assert value(desk, "collection_rate", "2025Q1").denominator == pytest.approx(590)


def test_months_of_free_service_are_left_out_of_collection_and_count_as_no_income() -> None:
    served = estate(takeover_date=date(2025, 1, 1), charging_date=date(2025, 3, 1))
    desk = desk_of(
        estates=[served],
        fees=[bill(*FEBRUARY, 100, 0), bill(*MARCH, 100, 90)],
        costs=[cost(*JANUARY, 50), cost(*FEBRUARY, 50), cost(*MARCH, 50)],
    )
    assert value(desk, "collection_rate", "2025Q1").value == pytest.approx(0.9)
    found = value(desk, "break_even_ratio", "2025Q1")
    assert (found.value, "free_service" in found.caveats) == (pytest.approx(90 / 150), True)
    january = value(desk, "collection_rate", "2025-01")
    assert (january.value, january.reason) == (None, "free_service")


def test_a_month_without_a_fee_report_is_unknown_to_the_break_even_ratio() -> None:
    desk = desk_of(estates=[estate()], fees=[bill(*JANUARY, 100, 90)], costs=[cost(*JANUARY, 60), cost(*FEBRUARY, 999)])
    found = value(desk, "break_even_ratio", "2025Q1")
    assert (found.numerator, found.denominator) == pytest.approx((90, 60))


def test_an_estate_that_nobody_runs_has_no_rate_rather_than_zero() -> None:
    desk = desk_of(
        estates=[estate(company=None, governance_mode="无物业"), estate("乙")], fees=[bill(*JANUARY, 1, 1, "乙")]
    )
    assert (value(desk, "collection_rate", "2025-01").reason, value(desk, "cost_per_m2_month", "2025-01").reason) == (
        "unmanaged",
        "unmanaged",
    )


def test_cost_is_divided_by_the_months_that_have_costs() -> None:
    desk = desk_of(
        estates=[estate()], costs=[cost(*JANUARY, 1000), cost(*JANUARY, 500, category="绿化养护"), cost(*MARCH, 1500)]
    )
    found = value(desk, "cost_per_m2_month", "2025Q1")
    assert (found.value, found.denominator, found.caveats) == (
        pytest.approx(1.5),
        pytest.approx(2000),
        ("partial_period",),
    )
    assert value(desk, "labour_share", "2025Q1").value == pytest.approx(2500 / 3000)


def test_costs_across_tiers_carry_a_caveat_and_groups_of_peers_are_tiers() -> None:
    desk = desk_of(
        estates=[estate(service_tier="基本保障"), estate("乙", service_tier="高档个性")],
        costs=[cost(*JANUARY, 500), cost(*JANUARY, 3000, "乙")],
    )
    assert "cost_tier" in value(desk, "cost_per_m2_month", "2025-01", "示例街道", "street").caveats
    found = value(desk, "cost_per_m2_month", "2025-01", "高档个性", "peer_group")
    assert (found.value, found.caveats) == (3.0, ())
