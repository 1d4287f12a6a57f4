"""Bridges between collection bases: exact sums, the Yuying figures, and steps that name what changes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analysis.bridging import (
    GROSS,
    Basis,
    Collection,
    Level,
    Step,
    Waterfall,
    bridge,
    collection_rate,
    exact,
    months_free,
    waterfall,
)


def test_68_percent_with_ten_for_twelve_is_56_7_percent_of_gross() -> None:
    found = months_free(0.68)
    assert found.start.value == Fraction(68, 100)
    assert found.end == Level(*GROSS, Fraction(17, 30))
    assert found.steps == (
        Step("预缴12个月物业费，减免其中2个月", "2 of 12 months waived", Fraction(17, 30) - Fraction(17, 25)),
    )
    assert round(float(found.end.value), 3) == 0.567


def test_the_fewer_took_the_offer_the_less_is_taken_off() -> None:
    assert [months_free(0.68, took_offer=share).end.value for share in (0, 0.5, 1)] == [
        Fraction(68, 100),
        Fraction(68, 100) * Fraction(11, 12),
        Fraction(17, 30),
    ]
    for wrong in ({"rate": 1.2}, {"rate": 0.5, "took_offer": 2}, {"rate": 0.5, "waived_months": 13}):
        with pytest.raises(ValueError, match="between 0"):
            months_free(**wrong)  # type: ignore[arg-type]


def test_each_step_between_two_bases_is_named_and_counted() -> None:
    quarter = Collection(
        receivable=1000, received=400, waived=200, prepaid=90, arrears_recovered=60, opening_arrears=300
    )
    assert bridge(quarter, Basis(), Basis(net_of_waivers=True, with_prepayments=True, with_arrears=True)) == Waterfall(
        Level(
            "current_gross", "当期收缴率（减免前应收）", "Current-period rate on the gross receivable", Fraction(2, 5)
        ),
        (
            Step("应收中扣除减免", "Take waivers off the receivable", Fraction(1, 10)),
            Step("实收中计入预收", "Count prepayments as received", Fraction(9, 80)),
            Step("计入往年欠费及其收回", "Count old arrears and what came in", Fraction(-9, 80)),
        ),
        Level(
            "net_of_waivers+with_prepayments+with_arrears",
            "收缴率（减免后应收、含预收、含往年欠费）",
            "Collection rate (receivable after waivers, with prepayments, with old arrears)",
            Fraction(1, 2),
        ),
    )


def test_the_way_back_takes_off_what_was_added_and_no_way_has_no_steps() -> None:
    amounts = Collection(1000, 400, prepaid="90.10")
    back = bridge(amounts, Basis(with_prepayments=True), Basis())
    assert [(step.zh, step.amount) for step in back.steps] == [("实收中剔除预收", -exact("0.0901"))]
    assert bridge(amounts, Basis(), Basis()).steps == ()


MONEY = st.decimals(0, 10**7, places=2)


@given(
    st.builds(Collection, st.decimals(1, 10**7, places=2), MONEY, st.just(0), MONEY, MONEY, MONEY),
    st.builds(Basis, st.booleans(), st.booleans(), st.booleans()),
    st.builds(Basis, st.booleans(), st.booleans(), st.booleans()),
)
def test_a_bridge_adds_up_to_the_last_digit(amounts: Collection, start: Basis, end: Basis) -> None:
    found = bridge(amounts, start, end)
    assert found.start.value == collection_rate(amounts, start)
    assert found.start.value + sum(step.amount for step in found.steps) == collection_rate(amounts, end)


def test_steps_that_do_not_add_up_or_lead_nowhere_are_refused() -> None:
    here, there = Level("a", "甲", "a", Fraction(1, 3)), Level("b", "乙", "b", Fraction(1, 2))
    with pytest.raises(ValueError, match="add up"):
        Waterfall(here, (Step("步", "step", Fraction(1, 7)),), there)
    with pytest.raises(ValueError, match="step between"):
        waterfall([here, there], [])
    with pytest.raises(ValueError, match="receivable"):
        collection_rate(Collection(100, 0, waived=100), Basis(net_of_waivers=True))
    assert waterfall([here, there], [("步", "step")]).steps[0].amount == Fraction(1, 6)
