"""The definition lock: no plain difference between figures that count different things; a bridge instead."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hand_made import bill, cost, desk_of, estate, value, wave

from pipelines.analysis.bridging import months_free
from pipelines.metrics.comparing import RefusedError, bridge, change, difference, ranked, trend
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

JANUARY = ("2025-01-01", "2025-01-31")
FEBRUARY = ("2025-02-01", "2025-02-28")


def yuying() -> Desk:
    """A quarter at 40 %; then a year's fee for ten months' money: 68 % once the two waived months are taken off."""
    return desk_of(
        estates=[estate("育英")],
        fees=[
            bill("2023-10-01", "2023-12-31", 1000, 400, "育英"),
            bill("2024-01-01", "2024-12-31", 1200, 680, "育英", waived_yuan=200),
        ],
    )


def test_no_plain_delta_between_forty_and_sixty_eight_percent_can_be_had() -> None:
    desk = yuying()
    before = value(desk, "collection_rate", "2023Q4", "育英")
    after = value(desk, "collection_rate", "2024", "育英", basis="current_net")
    assert (before.value, after.value) == pytest.approx((0.40, 0.68))
    with pytest.raises(RefusedError) as refused:
        difference(before, after)
    assert refused.value.why == "basis"
    assert "口径不同" in refused.value.zh
    assert "The bases differ" in refused.value.en
    for attempt in (lambda: trend([before, after]), lambda: ranked([before, after], best="high")):
        with pytest.raises(RefusedError):
            attempt()


def test_the_bridge_shows_what_the_offer_made_of_the_rate() -> None:
    fall = bridge(yuying(), Question(read_period("2024"), by="estate"), "current_net", "current", "育英")
    assert (fall.start.value, fall.end.value) == (Fraction(68, 100), Fraction(680, 1200))
    assert float(fall.end.value) == pytest.approx(0.567, abs=5e-4)
    assert [(step.zh, float(step.amount)) for step in fall.steps] == [("应收恢复为减免前", pytest.approx(-0.11333333))]
    assert months_free(0.68).end.value == fall.end.value


def test_prepayments_that_cannot_be_told_apart_make_a_basis_of_their_own() -> None:
    rows = [
        bill(*JANUARY, 100, 40, households_due=100, households_paid=40, prepaid_yuan=0, source_file="月报.xlsx"),
        bill(*FEBRUARY, 100, 68, households_due=100, households_paid=40, source_file="预缴.xlsx"),
    ]
    desk = desk_of(estates=[estate()], fees=rows)
    before, after = (value(desk, "collection_rate", month) for month in ("2025-01", "2025-02"))
    assert (before.basis, after.basis) == ("current", "current+prepaid")
    assert "prepaid_mixed" in after.caveats
    with pytest.raises(RefusedError, match="bases differ"):
        difference(before, after)
    by_households = [value(desk, "collection_rate_households", month) for month in ("2025-01", "2025-02")]
    assert difference(*by_households) == pytest.approx(0)


def test_a_change_is_computed_over_the_estates_that_reported_both_times() -> None:
    fees = [bill(*JANUARY, 100, 50), bill(*JANUARY, 900, 900, "乙"), bill(*FEBRUARY, 100, 60)]
    desk = desk_of(estates=[estate(), estate("乙")], fees=fees)
    january, february = (Question(read_period(month)) for month in ("2025-01", "2025-02"))
    found = change(desk, "collection_rate", january, february, "示例街道")
    assert (found.before, found.after, found.change) == pytest.approx((0.5, 0.6, 0.1))
    assert (found.estates, found.left_out) == (("甲",), {"乙": "only_before"})


def test_bills_of_different_age_are_not_compared() -> None:
    rows = [
        bill(*JANUARY, 100, 50, source_file="早.xlsx"),
        bill("2024-07-01", "2024-07-31", 100, 90, source_file="早.xlsx"),
    ]
    desk = desk_of(estates=[estate()], fees=rows, filed="2025-02-05")
    with pytest.raises(RefusedError) as refused:
        difference(*(value(desk, "collection_rate", month) for month in ("2024-07", "2025-01")))
    assert refused.value.why == "age"


def test_costs_are_ranked_within_a_tier_unless_asked_otherwise() -> None:
    desk = desk_of(
        estates=[estate(service_tier="基本保障"), estate("乙", service_tier="高档个性")],
        costs=[cost(*JANUARY, 500), cost(*JANUARY, 3000, "乙")],
    )
    both = [value(desk, "cost_per_m2_month", "2025-01", name) for name in ("乙", "甲")]
    with pytest.raises(RefusedError) as refused:
        ranked(both, best="low")
    assert refused.value.why == "tier"
    assert [one.subject for one in ranked(both, best="low", across_tiers=True)] == ["甲", "乙"]


def test_a_rate_that_was_only_reported_is_never_ranked() -> None:
    rows = [wave("2025-03-31", None, None, reported_rate=0.99), wave("2025-03-31", 100, 60, "乙")]
    desk = desk_of(estates=[estate(), estate("乙")], surveys=rows)
    both = [value(desk, "satisfaction_rate", "2025Q1", name) for name in ("甲", "乙")]
    assert [one.subject for one in ranked(both, best="high")] == ["乙"]
    with pytest.raises(RefusedError):
        difference(*both)


def test_the_year_to_date_and_arrears_are_bases_of_their_own() -> None:
    rows = [
        bill(*JANUARY, 100, 50, opening_arrears_yuan=300, arrears_recovered_yuan=30),
        bill(*FEBRUARY, 100, 70, opening_arrears_yuan=320, arrears_recovered_yuan=10),
    ]
    desk = desk_of(estates=[estate()], fees=rows)
    to_date, with_arrears = (
        value(desk, "collection_rate", "2025-02", basis=one) for one in ("year_to_date", "with_arrears")
    )
    assert (to_date.value, to_date.basis) == (pytest.approx(0.6), "year_to_date")
    assert (with_arrears.numerator, with_arrears.denominator) == (80, 420)
    assert (
        value(
            desk_of(estates=[estate()], fees=[bill(*JANUARY, 1, 1)]), "collection_rate", "2025-01", basis="with_arrears"
        ).reason
        == "not_on_this_basis"
    )
    assert to_date.period_start == date(2025, 2, 1)
