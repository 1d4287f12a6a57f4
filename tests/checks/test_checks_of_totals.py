"""Printed totals and the rates beside them are recomputed from their rows, with what gives them where they differ."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hand_made import bill, desk_of, estate, wave

from pipelines.checks import Suspicion, run_checks

SPAN = {"period_start": date(2025, 1, 1), "period_end": date(2025, 1, 31)}
ESTATES = [estate(name) for name in ("甲", "乙", "丙", "丁")]


def rows(*amounts: tuple[str, float, float], **more: Any) -> list[dict[str, Any]]:
    """Bills of January in rows 2, 3, 4 …"""
    return [
        bill("2025-01-01", "2025-01-31", due, paid, name, source_row=place, **more)
        for place, (name, due, paid) in enumerate(amounts, start=2)
    ]


FOUR = rows(("甲", 100.13, 50.0), ("乙", 207.31, 180.0), ("丙", 411.57, 200.0), ("丁", 803.77, 790.0))


def total(value: float, first: int = 2, last: int = 5, **more: Any) -> dict[str, Any]:
    told = {"kind": "fees", "source_row": 9, "source_cell": "C9", "heading": "应收", "field": "receivable_yuan"}
    steps = {"text": str(value), "value": value, "unit": 1.0, "step": 0.01, "row_step": 0.01}
    return {**told, **steps, "first_row": first, "last_row": last, "widest_row": first, **SPAN, **more}


def found(check: str, **tables: Any) -> list[Suspicion]:
    return [one for one in run_checks(desk_of(estates=ESTATES, **tables).connection) if one.id == check]


def told(check: str = "printed_total", **tables: Any) -> list[tuple[str, float, float, str]]:
    return [(one.subject, round(one.found, 2), round(one.expected, 2), one.why) for one in found(check, **tables)]


SUM = 1522.78
SUBTOTALS = [total(307.44, 2, 3, source_row=7, source_cell="C7"), total(1215.34, 4, 5, source_row=8, source_cell="C8")]


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (SUM, None),
        (SUM + 0.02, None),
        (SUM - 803.77, "without_last"),
        (SUM - 207.31, "row_left_out"),
        (SUM + 411.57, "row_twice"),
        (SUM * 10, "tenfold"),
        (SUM + 5.0, "unexplained"),
    ],
)
def test_a_printed_total_is_recomputed_and_told_what_gives_it(printed: float, why: str | None) -> None:
    wanted = [("东社区", round(printed, 2), SUM, why)] if why else []
    assert told(fees=FOUR, printed_totals=[total(printed)]) == wanted


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (SUM * 2, "with_subtotals"),
        (SUM + 307.44, "with_subtotals"),
        (SUM - 307.44, "group_left_out"),
    ],
)
def test_a_total_over_subtotals_is_told_what_became_of_them(printed: float, why: str) -> None:
    there = told(fees=FOUR, printed_totals=[*SUBTOTALS, total(printed)])
    assert there == [("东社区", round(printed, 2), SUM, why)]


def test_a_wrong_subtotal_is_told_and_the_total_that_adds_it_up_says_so() -> None:
    wrong = [SUBTOTALS[0] | {"value": 350.0}, SUBTOTALS[1], total(1565.34)]
    assert [one[3] for one in told(fees=FOUR, printed_totals=wrong)] == ["unexplained", "sum_of_subtotals"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"receivable_yuan": "411.57"}, "with_quarantined"),
        ({"应收": "411.57元"}, "with_quarantined"),
        ({"应收": "待核实"}, "quarantined_unread"),
    ],
)
def test_a_row_in_quarantine_explains_what_is_missing(content: dict[str, str], why: str) -> None:
    kept_out = {"kind": "fees", "source_row": 4, "content": json.dumps(content, ensure_ascii=False)}
    loaded = [one for one in FOUR if one["estate"] != "丙"]
    (one,) = found("printed_total", fees=loaded, printed_totals=[total(SUM)], quarantine=[kept_out])
    assert (round(one.expected, 2), one.why, one.evidence) == (1111.21, why, ("a.xlsx C9", "a.xlsx 2-5", "a.xlsx 4"))


def test_one_reason_in_one_row_is_one_suspicion_with_all_its_cells() -> None:
    other: dict[str, Any] = {"source_cell": "D9", "heading": "实收", "field": "received_yuan"}
    (one,) = found("printed_total", fees=FOUR, printed_totals=[total(SUM + 5), total(1230.0, **other)])
    assert one.evidence == ("a.xlsx C9", "a.xlsx D9", "a.xlsx 2-5")
    assert one.zh == (
        "东社区 2025-01-01 至 2025-01-31：C9（应收）印出的合计为 1,527.78 元，第 2 至 5 行各行之和为 1,522.78 元，"
        "相差 5 元；试过的办法都得不出，请核对底稿（这一行同样的共 2 处）。"
    )


def test_figures_rounded_to_ten_thousands_agree_as_far_as_rounding_goes() -> None:
    steps: dict[str, Any] = {"step": 100.0, "row_step": 100.0}
    assert told(fees=FOUR, printed_totals=[total(SUM + 240, **steps)]) == []
    assert len(told(fees=FOUR, printed_totals=[total(SUM + 260, **steps)])) == 1


def test_a_running_total_and_a_sheet_that_was_replaced_are_silent() -> None:
    assert told(fees=FOUR, printed_totals=[total(SUM, 4, 5, widest_row=2)]) == []
    old = {"kind": "fees", "source_row": 3, "content": json.dumps({"period_start": "2025-01-01"})}
    assert told(fees=FOUR, printed_totals=[total(SUM + 5)], history=[old]) == []


def test_tables_side_by_side_are_added_apart() -> None:
    left = rows(("甲", 100.0, 50.0), ("甲", 200.0, 180.0))
    right = rows(("乙", 900.0, 50.0), ("乙", 700.0, 180.0))
    both = [total(300.0, 2, 3, estate="甲"), total(1600.0, 2, 3, estate="乙", source_cell="G9")]
    assert told(fees=[*left, *right], printed_totals=both) == []
    assert told(fees=[*left, *right], printed_totals=[both[0] | {"value": 305.0}]) == [
        ("甲", 305.0, 300.0, "unexplained")
    ]


def rate(percent: float, heading: str = "收缴率", **more: Any) -> dict[str, Any]:
    one = {"field": "collection_rate", "heading": heading, "source_cell": "E9", "step": 0.0, "row_step": 0.0}
    return total(percent / 100, **{**one, **more})


@pytest.mark.parametrize(
    ("percent", "heading", "why"),
    [
        (80.12, "收缴率", None),
        (80.1, "收缴率", None),
        (70.91, "收缴率", "mean_of_rates"),
        (50.0, "收缴率", "households"),
        (50.0, "户数收缴率", None),
        (33.3, "收缴率", "unexplained"),
    ],
)
def test_a_rate_of_a_total_is_sum_over_sum(percent: float, heading: str, why: str | None) -> None:
    bills = [one | {"households_due": 40, "households_paid": 20} for one in FOUR]
    there = told("printed_total_rate", fees=bills, printed_totals=[rate(percent, heading)])
    assert there == ([("东社区", percent, 80.12, why)] if why else [])


def test_a_rate_that_the_printed_totals_beside_it_give_is_told_once() -> None:
    beside = [total(1600.0), total(800.0, field="received_yuan", source_cell="D9", heading="实收"), rate(50.0)]
    assert told("printed_total_rate", fees=FOUR, printed_totals=beside) == []
    assert {one[3] for one in told(fees=FOUR, printed_totals=beside)} == {"unexplained"}


@pytest.mark.parametrize(
    ("percent", "why"), [(75.0, None), (70.0, "mean_of_rates"), (37.5, "of_issued"), (90.0, "with_neutral")]
)
def test_a_satisfaction_of_a_total_is_pooled_over_its_waves(percent: float, why: str | None) -> None:
    waves = [
        wave("2025-01-31", 300, 240, "甲", issued=600, neutral=45, source_row=2),
        wave("2025-01-31", 100, 60, "乙", issued=200, neutral=15, source_row=3),
    ]
    printed = rate(percent, "满意率", kind="surveys", field="reported_rate", last=3)
    there = told("printed_total_rate", surveys=waves, printed_totals=[printed])
    assert there == ([("东社区", percent, 75.0, why)] if why else [])
