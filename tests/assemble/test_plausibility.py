from datetime import date

import pytest

ESTATE = {"estate": "甲苑", "households": 800, "floor_area_m2": 90000.0, "fee_yuan_per_m2_month": 1.6}


def month(number, receivable, received=None, estate="甲苑", **more):
    start = date(2024, number, 1)
    end = date.fromordinal(date(2024 + number // 12, number % 12 + 1, 1).toordinal() - 1)
    return {
        "estate": estate,
        "period_start": start,
        "period_end": end,
        "receivable_yuan": receivable,
        "received_yuan": received,
        **more,
    }


def test_a_month_in_yuan_among_months_in_ten_thousands_is_flagged_and_loaded(submit, made, rows):
    fees = [month(n, 144000.0 + n) for n in range(1, 12)] + [month(12, 1440000000.0, 100000.0)]
    result = made(submit("台账.xlsx", estates=[ESTATE]), submit("x.xlsx", fees=fees))
    assert rows(result, "findings", "code", "source_cell", "field") == [("implausible", "G13", "receivable_yuan")]
    assert result.tables["fees"].height == 12


@pytest.mark.parametrize(
    ("receivable", "flagged"),
    [(14400.0, True), (144.0, True), (40000.0, False), (250000.0, False), (0.0, False), (144000.0, False)],
)
def test_a_short_month_is_not_a_slip_but_a_moved_decimal_is(submit, made, receivable, flagged):
    fees = [month(n, 140000.0 + 1000 * n) for n in range(1, 12)] + [month(12, receivable)]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", fees=fees))
    assert (result.tables["findings"].height == 1) == flagged


def test_a_single_month_is_compared_with_area_and_fee(submit, made, rows):
    result = made(submit("台账.xlsx", estates=[ESTATE]), submit("x.xlsx", fees=[month(1, 14.4), month(2, 130000.0)]))
    assert rows(result, "findings", "code", "source_cell") == [("implausible", "G2")]


def test_received_above_receivable_is_flagged_beyond_rounding(submit, made, rows):
    fees = [month(1, 100000.0, 100050.0), month(2, 100000.0, 118000.0)]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", fees=fees))
    assert rows(result, "findings", "code", "source_cell", "raw_value") == [("implausible", "H3", "118000")]


def test_a_yearly_insurance_and_one_repair_are_not_slips(submit, made):
    def cost(number, category, amount):
        return {**month(number, None), "category": category, "item": None, "amount_yuan": amount}

    sent = [
        {k: v for k, v in cost(n, "公共设施维护", 300.0 * n).items() if "yuan" not in k or k == "amount_yuan"}
        for n in range(1, 12)
    ]
    sent += [{k: v for k, v in cost(12, "公共设施维护", 60000.0).items() if "yuan" not in k or k == "amount_yuan"}]
    sent += [
        {k: v for k, v in cost(n, "人员费用", 60000.0 + n).items() if "yuan" not in k or k == "amount_yuan"}
        for n in range(1, 13)
    ]
    register = submit("台账.xlsx", estates=[{"estate": "甲苑"}])
    assert made(register, submit("x.xlsx", costs=sent)).tables["findings"].is_empty()
    sent[-1]["amount_yuan"] = 600000.0
    found = made(register, submit("x.xlsx", costs=sent)).tables["findings"]
    assert found.select("code", "source_cell").rows() == [("implausible", "G25")]


def test_an_area_in_the_wrong_unit_is_flagged(submit, made, rows):
    result = made(
        submit(
            "台账.xlsx",
            estates=[{**ESTATE, "floor_area_m2": 9.0}, {"estate": "乙苑", "households": 16, "floor_area_m2": 813.0}],
        )
    )
    assert rows(result, "findings", "code", "source_cell", "kind") == [("implausible", "M2", "estates")]
