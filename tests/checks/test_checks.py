"""Each check speaks up about a case made for it, says what would explain it, and is silent about sound figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hand_made import bill, desk_of, estate, ticket, wave

from pipelines.checks import SCHEMA, Suspicion, catalogue, checks_table, run_checks


def found(check: str, **tables: Any) -> list[Suspicion]:
    return [one for one in run_checks(desk_of(**tables).connection) if one.id == check]


def told(check: str, **tables: Any) -> list[tuple[str, float, float, str]]:
    return [(one.subject, round(one.found, 2), round(one.expected, 2), one.why) for one in found(check, **tables)]


BILL = {
    "waived_yuan": 1_003.0,
    "prepaid_yuan": 2_509.0,
    "opening_arrears_yuan": 20_011.0,
    "arrears_recovered_yuan": 4_007.0,
    "households_due": 100,
    "households_paid": 80,
}


def rate(
    percent: float, heading: str = "收缴率", receivable: float = 66_203.0, received: float = 49_401.0
) -> dict[str, Any]:
    amounts = {"receivable_yuan": receivable, "received_yuan": received}
    span = {"period_start": date(2025, 1, 1), "period_end": date(2025, 1, 31)}
    return {"kind": "fees", "source_cell": "F1", "heading": heading, "rate": percent / 100, **span, **amounts}


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (80.0, "households"),
        (78.41, "with_prepaid"),
        (70.83, "without_prepaid"),
        (80.67, "with_recovered"),
        (75.77, "net_of_waived"),
        (76.13, "waived_as_received"),
        (61.95, "with_opening_arrears"),
        (57.3, "over_all_due"),
        (90.0, "unexplained"),
        (74.62, None),
        (74.6, None),
        (75.0, None),
    ],
)
def test_a_printed_collection_rate_is_recomputed_and_told_what_gives_it(printed: float, why: str | None) -> None:
    bills = [bill("2025-01-01", "2025-01-31", 66_203.0, 49_401.0, **BILL)]
    there = told("printed_collection", estates=[estate()], fees=bills, printed=[rate(printed)])
    assert there == ([("甲", printed, 74.62, why)] if why else [])


def test_a_printed_rate_of_households_is_held_against_households() -> None:
    tables = {"estates": [estate()], "fees": [bill("2025-01-01", "2025-01-31", 66_203.0, 49_401.0, **BILL)]}
    assert told("printed_collection", **tables, printed=[rate(80.0, "户数收缴率")]) == []
    wrong = found("printed_collection", **tables, printed=[rate(74.62, "户数收缴率")])
    assert [(one.expected, one.why, one.evidence) for one in wrong] == [(80.0, "amounts", ("a.xlsx F1",))]


def test_a_rate_of_the_table_beside_is_not_taken_for_ones_own() -> None:
    bills = [
        bill("2025-01-01", "2025-01-31", 66_203.0, 49_401.0, source_row=5),
        bill("2025-01-01", "2025-01-31", 31_007.0, 30_003.0, "乙", source_row=5),
    ]
    rates = [rate(74.62) | {"source_row": 5}, rate(96.76, "收缴率", 31_007.0, 30_003.0) | {"source_row": 5}]
    assert told("printed_collection", estates=[estate(), estate("乙")], fees=bills, printed=rates) == []


def test_amounts_in_ten_thousands_with_two_decimals_are_not_taken_for_exact() -> None:
    bills = [bill("2025-01-01", "2025-01-31", 66_200.0, 49_400.0)]
    assert (
        told("printed_collection", estates=[estate()], fees=bills, printed=[rate(74.75, "收缴率", 66_200.0, 49_400.0)])
        == []
    )
    bills = [bill("2025-01-01", "2025-01-31", 66_203.0, 49_401.0)]
    assert len(told("printed_collection", estates=[estate()], fees=bills, printed=[rate(74.75)])) == 1


COUNTS = {"very_satisfied": 30, "satisfied": 50, "neutral": 15, "dissatisfied": 3, "very_dissatisfied": 2}


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (0.4, "of_issued"),
        (0.95, "with_neutral"),
        (0.3, "very_satisfied_alone"),
        (0.806, "mean_score"),
        (0.88, "unexplained"),
    ],
)
def test_a_printed_satisfaction_is_recomputed_and_told_what_gives_it(printed: float, why: str) -> None:
    row = wave("2025-03-31", 100, 80, issued=200, reported_rate=printed) | COUNTS
    wanted = [("甲", round(100 * printed, 2), 80.0, why)]
    assert told("printed_satisfaction", estates=[estate()], surveys=[row]) == wanted


@pytest.mark.parametrize(("printed", "satisfied"), [(0.80, 80), (0.8025, 80.25), (0.667, 66.7), (0.91, 91.6)])
def test_a_printed_satisfaction_that_is_rounded_or_cut_off_is_sound(printed: float, satisfied: float) -> None:
    row = wave("2025-03-31", 100, satisfied, reported_rate=printed) | {"satisfied": satisfied}
    assert told("printed_satisfaction", estates=[estate()], surveys=[row]) == []


@pytest.mark.parametrize(("rate", "fires"), [(0.93, True), (0.917, False), (0.916, False), (0.92, False), (0.9, True)])
def test_a_rate_that_no_whole_number_of_answers_gives(rate: float, fires: bool) -> None:
    rows = [wave("2025-03-31", 12, round(rate * 12), reported_rate=rate)]
    wanted = [("甲", round(100 * rate, 2), 91.67, "no_whole_number")] if fires else []
    assert told("whole_answers", estates=[estate()], surveys=rows) == wanted


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"prepaid_yuan": 60}, "prepaid"),
        ({"arrears_recovered_yuan": 60}, "arrears"),
        ({"prepaid_yuan": 30, "arrears_recovered_yuan": 30}, "prepaid_and_arrears"),
        ({"opening_arrears_yuan": 80}, "opening_arrears"),
        ({"households_due": 100, "households_paid": 80}, "prepaid_mixed"),
        ({}, "unexplained"),
        ({"prepaid_yuan": 5}, "unexplained"),
    ],
)
def test_more_received_than_receivable_is_explained_from_its_own_sheet(more: dict[str, float], why: str) -> None:
    rows = [bill("2025-01-01", "2025-01-31", 100, 150, **more), bill("2025-02-01", "2025-02-28", 100, 100)]
    fees = told("received_over_receivable", estates=[estate()], fees=rows)
    assert fees == [("甲", 150.0, 100.0, why)]


@pytest.mark.parametrize(
    ("receivable", "more", "why"),
    [
        (900, {"waived_yuan": 100}, None),
        (800, {"waived_yuan": 200}, "net_of_waived"),
        (1500, {"opening_arrears_yuan": 500}, "with_arrears"),
        (600, {"households_due": 60}, "part_of_households"),
        (3000, {}, "three_months"),
        (12_000, {}, "twelve_months"),
        (0.1, {}, "unit"),
        (700, {}, "unexplained"),
        (1080, {}, None),
    ],
)
def test_area_times_price_is_held_against_the_receivable(
    receivable: float, more: dict[str, float], why: str | None
) -> None:
    rows = [bill("2025-01-01", "2025-01-31", receivable, None, **more)]
    there = told("stock_times_price", estates=[estate(fee_yuan_per_m2_month=1.0)], fees=rows)
    assert there == ([("甲", receivable, 1000.0, why)] if why else [])


def test_months_before_the_price_changed_are_not_held_against_the_price_of_today() -> None:
    changed = [{"estate": "甲", "event_date": date(2025, 2, 1), "event_type": "fee_changed"}]
    rows = [bill("2025-01-01", "2025-01-31", 300, None), bill("2025-02-01", "2025-02-28", 1000, None)]
    facts = [estate(fee_yuan_per_m2_month=1.0)]
    assert told("stock_times_price", estates=facts, fees=rows, events=changed) == []
    assert told("stock_times_price", estates=facts, fees=rows) == [("甲", 300.0, 1000.0, "unexplained")]


def test_a_bill_for_the_year_is_held_against_twelve_months() -> None:
    facts = [estate(fee_yuan_per_m2_month=1.0)]
    assert told("stock_times_price", estates=facts, fees=[bill("2025-01-01", "2025-12-31", 12_000, None)]) == []
    (short,) = told("stock_times_price", estates=facts, fees=[bill("2025-01-01", "2025-12-31", 8_000, None)])
    assert short == ("甲", 8_000.0, 12_000.0, "unexplained")


DAYS = [f"2025-{month:02}-{day:02}" for month in (1, 2) for day in range(3, 23)]
USUAL = [ticket(f"{day}T08:00", f"{day}T17:00") for day in DAYS]


def burst(day: str, number: int, **more: Any) -> list[dict[str, Any]]:
    return [ticket("2025-03-01T08:00", f"{day}T16:{minute:02}", **more) for minute in range(number)]


def test_many_closings_in_the_last_hours_of_a_quarter_are_told_with_each_row() -> None:
    (one,) = found("mass_closure", estates=[estate()], tickets=[*USUAL, *burst("2025-03-31", 9, reopened=True)])
    assert (one.subject, one.by, one.why, one.found, one.expected) == ("甲", "estate", "quarter_end", 9, 1)
    assert one.zh == "甲 2025-03-31：季末前集中办结 9 件（其中 9 件后来重办），平日一天至多约 1 件。"
    assert one.evidence == tuple(f"a.xlsx {row}" for row in range(40, 49))
    assert (one.source_file, one.source_sheet, one.source_row) == ("a.xlsx", "", 40)


def test_the_same_closings_amid_a_month_or_at_the_usual_pace_are_sound() -> None:
    assert found("mass_closure", estates=[estate()], tickets=[*USUAL, *burst("2025-03-18", 9)]) == []
    assert found("mass_closure", estates=[estate()], tickets=[*USUAL, *burst("2025-03-31", 7)]) == []
    busy = [*burst("2025-03-18", 9), *burst("2025-03-19", 9), *burst("2025-03-31", 9)]
    assert found("mass_closure", estates=[estate()], tickets=busy) == []


def test_a_limit_that_many_tickets_share_is_a_cut_off_too() -> None:
    rows = [*USUAL, *burst("2025-03-18", 9, due_at="2025-03-18T18:00")]
    assert [one.why for one in found("mass_closure", estates=[estate()], tickets=rows)] == ["limit_end"]


def test_dates_without_a_time_count_to_their_day() -> None:
    rows = [*USUAL, *(ticket("2025-03-01T08:00", "2025-03-31T00:00") for _ in range(9))]
    assert [one.why for one in found("mass_closure", estates=[estate()], tickets=rows)] == ["quarter_end"]


def test_a_company_is_named_where_its_estates_close_together() -> None:
    names = ["甲", "乙", "丙"]
    rows = [*USUAL, *(row | {"estate": name} for name in names for row in burst("2025-03-31", 4))]
    there = found("mass_closure", estates=[estate(name) for name in names], tickets=rows)
    assert [(one.subject, one.by, one.found) for one in there] == [("物业一", "company", 12)]


@pytest.mark.parametrize(
    ("more", "responses", "share", "why"),
    [
        ({"mode": "二维码"}, 100, 0.9, "mode"),
        ({"conducted_by": "自测"}, 100, 0.9, "conducted_by"),
        ({}, 300, 0.9, "answers"),
        ({}, 100, 0.9, None),
        ({"mode": "二维码"}, 100, 0.72, None),
        ({}, 300, 0.72, None),
    ],
)
def test_satisfaction_that_jumps_with_the_mode_or_the_answers(
    more: dict[str, str], responses: float, share: float, why: str | None
) -> None:
    rows = [wave("2024-12-31", 100, 70), wave("2025-06-30", responses, responses * share, **more)]
    there = told("satisfaction_jump", estates=[estate(households=5000)], surveys=rows)
    assert there == ([("甲", 90.0, 70.0, why)] if why else [])


def test_a_sound_street_gives_an_empty_table_of_the_same_shape() -> None:
    table = checks_table(desk_of(estates=[estate()]).connection)
    assert (table.height, table.schema) == (0, SCHEMA)


def test_every_check_has_its_sql_which_begins_with_its_grain_and_is_explained_in_both_languages() -> None:
    from pipelines.checks import FOLDER

    assert {path.stem for path in FOLDER.glob("*.sql")} == set(catalogue())
    document = (FOLDER.parents[1] / "docs/CHECKS.md").read_text(encoding="utf-8")
    for one in catalogue().values():
        sql = (FOLDER / f"{one.id}.sql").read_text(encoding="utf-8")
        assert sql.startswith("-- one row per ")
        assert all(f"${name}" in sql for name in one.params)
        assert all(f"'{code}'" in sql for code in one.why)
        assert f"## `{one.id}`" in document
        assert one.zh in document
        assert one.en in document
