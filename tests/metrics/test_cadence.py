"""Who bills by the quarter is judged by quarters: months cut out of one bill are not three points of a chart."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import bill, cost, desk_of, estate, value

from pipelines.metrics.periods import steps

QUARTERS = steps("quarter", date(2021, 1, 1), date(2025, 12, 31))
MONTHS = steps("month", date(2024, 1, 1), date(2025, 12, 31))
NOISE = [0.80, 0.82, 0.81, 0.79, 0.80, 0.83, 0.81, 0.80, 0.78, 0.81, 0.82, 0.80, 0.81]


def quarterly(rates: list[float]) -> list[dict[str, object]]:
    return [
        bill(one.start.isoformat(), one.end.isoformat(), 900, 900 * rate)
        for one, rate in zip(QUARTERS, rates, strict=False)
    ]


def test_five_bills_by_the_quarter_are_too_few_for_a_verdict() -> None:
    desk = desk_of(estates=[estate()], fees=quarterly([*NOISE[:4], 0.98]), filed="2028-06-30")
    for metric in ("collection_rate", "fee_income_per_m2_month"):
        assert value(desk, metric, "2022Q1").verdict == "too_short"


def test_a_jump_after_thirteen_quarters_is_found() -> None:
    desk = desk_of(estates=[estate()], fees=quarterly([*NOISE, 0.98]), filed="2028-06-30")
    assert value(desk, "collection_rate", "2024Q2").verdict == "improving"
    assert value(desk, "collection_rate", "2024Q1").verdict == "no_change"


@pytest.mark.parametrize("metric", ["cost_per_m2_month", "labour_share"])
def test_costs_told_by_the_quarter_are_one_point_a_quarter(metric: str) -> None:
    spent = [cost(one.start.isoformat(), one.end.isoformat(), 900) for one in QUARTERS[:6]]
    spent += [cost(one.start.isoformat(), one.end.isoformat(), 90, category="绿化养护") for one in QUARTERS[:6]]
    assert value(desk_of(estates=[estate()], costs=spent), metric, "2022Q2").verdict == "too_short"


def test_months_of_their_own_stay_points_though_they_are_all_alike() -> None:
    paid = [bill(one.start.isoformat(), one.end.isoformat(), 100, 100) for one in MONTHS[:14]]
    desk = desk_of(estates=[estate()], fees=paid, filed="2028-06-30")
    assert value(desk, "collection_rate", "2025-02").verdict == "no_change"
