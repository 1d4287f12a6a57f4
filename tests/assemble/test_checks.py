from datetime import date, datetime

import pytest

OPENED = datetime(2025, 3, 1, 10)
MARCH = {"period_start": date(2025, 3, 1), "period_end": date(2025, 3, 31)}


@pytest.mark.parametrize(
    ("kind", "row", "code", "cell"),
    [
        (
            "fees",
            {"estate": "甲苑", **MARCH, "receivable_yuan": 5.0, "arrears_recovered_yuan": -1.0},
            "out_of_range",
            "L2",
        ),
        ("estates", {"estate": "甲苑", "lon": 17.2, "lat": 31.8}, "out_of_range", "T2"),
        ("estates", {"estate": "甲苑", "built_year": 1899}, "out_of_range", "I2"),
        ("estates", {"estate": "甲苑", "built_year": 2052}, "out_of_range", "I2"),
        ("estates", {"estate": "甲苑", "households": -3}, "out_of_range", "L2"),
        ("surveys", {"estate": "甲苑", **MARCH, "reported_rate": 1.28}, "out_of_range", "N2"),
        ("tickets", {"estate": "甲苑", "opened_at": datetime(2052, 5, 11, 9, 30)}, "out_of_range", "D2"),
        ("tickets", {"estate": "甲苑", "opened_at": OPENED, "closed_at": datetime(2025, 2, 28)}, "inconsistent", "H2"),
        (
            "fees",
            {"estate": "甲苑", **MARCH, "receivable_yuan": 5.0, "households_due": 9, "households_paid": 10},
            "inconsistent",
            "N2",
        ),
        ("surveys", {"estate": "甲苑", **MARCH, "issued": 5, "responses": 6, "satisfied": 1}, "inconsistent", "G2"),
        ("surveys", {"estate": "甲苑", **MARCH, "responses": 6, "satisfied_total": 7}, "inconsistent", "M2"),
        ("surveys", {"estate": "甲苑", **MARCH, "responses": 6, "satisfied": 4, "neutral": 3}, "inconsistent", "G2"),
        ("tickets", {"estate": "甲苑", "ticket_id": "1"}, "missing_value", "D2"),
        ("surveys", {"estate": "甲苑", **MARCH, "issued": 5}, "missing_value", "G2"),
        ("events", {"estate": "甲苑", "event_type": "other", "note": "某事"}, "missing_value", "C2"),
        ("actions", {"estate": "甲苑", "action": "修灯", "done_on": date(2026, 1, 1)}, "out_of_range", "H2"),
    ],
)
def test_a_wrong_value_is_named_at_its_cell_and_keeps_its_row_out(submit, made, rows, kind, row, code, cell):
    register = [] if kind == "estates" else [{"estate": "甲苑"}]
    files = [submit("台账.xlsx", estates=register)] if register else []
    result = made(*files, submit("x.xlsx", **{kind: [row]}))
    assert rows(result, "findings", "kind", "code", "severity", "source_cell") == [(kind, code, "error", cell)]
    assert rows(result, "quarantine", "kind", "code", "source_row") == [(kind, code, 2)]
    assert result.tables[kind].is_empty() or kind == "estates"


def test_a_closing_dated_on_the_day_of_opening_is_not_before_it(submit, made, rows):
    sent = [{"estate": "甲苑", "ticket_id": "1", "opened_at": OPENED, "closed_at": datetime(2025, 3, 1)}]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", tickets=sent))
    assert rows(result, "tickets", "opened_at", "closed_at") == [(OPENED, OPENED)]
    assert result.tables["findings"].is_empty()


def test_what_happened_may_have_happened_on_the_day_of_filing(submit, made, codes):
    sent = [
        {"estate": "甲苑", "opened_at": datetime(2025, 7, 1, 23)},
        {"estate": "甲苑", "opened_at": datetime(2025, 7, 2)},
    ]
    register = submit("台账.xlsx", estates=[{"estate": "甲苑"}])
    assert codes(made(register, submit("x.xlsx", tickets=sent))) == [("out_of_range", "D3", "x.xlsx")]
    assert codes(made(register, submit("x.xlsx", filed=date(2025, 7, 3), tickets=sent))) == []


def test_equal_rows_of_one_key_are_one_and_different_ones_are_none(submit, made, rows, codes):
    def ticket(number, summary):
        return {"estate": "甲苑", "ticket_id": number, "opened_at": OPENED, "summary": summary}

    sent = [
        ticket("1", "漏水"),
        ticket("1", "漏水"),
        ticket("2", "路灯"),
        ticket("2", "电梯"),
        ticket("3", None),
        ticket("3", "电梯"),
    ]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", tickets=sent))
    assert rows(result, "tickets", "ticket_id", "source_row") == [("1", 2)]
    assert codes(result) == [
        ("duplicate", "A3", "x.xlsx"),
        *(("conflict", f"A{line}", "x.xlsx") for line in (4, 5, 6, 7)),
    ]
    assert "第5行" in result.tables["findings"]["message_zh"][1]
    assert rows(result, "quarantine", "source_row", "code") == [(line, "conflict") for line in (4, 5, 6, 7)]
    fates = result.ledger.filter(source_file="x.xlsx").select("source_row", "fate", "reason").rows()
    assert fates == [
        (1, "heading", None),
        (2, "loaded", None),
        (3, "skipped", "duplicate"),
        *((line, "quarantined", None) for line in (4, 5, 6, 7)),
    ]


def test_tickets_without_a_number_are_known_by_what_they_say(submit, made, rows, codes):
    def ticket(summary):
        return {"estate": "甲苑", "opened_at": OPENED, "category": "漏水", "summary": summary}

    result = made(
        submit("台账.xlsx", estates=[{"estate": "甲苑"}]),
        submit("x.xlsx", tickets=[ticket("一楼"), ticket("二楼"), ticket("一楼")]),
    )
    assert rows(result, "tickets", "summary") == [("一楼",), ("二楼",)]
    assert codes(result) == [("duplicate", "A4", "x.xlsx")]


def test_rows_that_complete_each_other_are_one_row_of_fees(submit, made, rows, codes):
    fees = [
        {"estate": "甲苑", **MARCH, "receivable_yuan": 9.0, "received_yuan": 8.0},
        {"estate": "甲苑", **MARCH, "receivable_yuan": 9.0, "waived_yuan": 1.0, "households_due": 3},
    ]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", fees=fees))
    assert rows(result, "fees", "receivable_yuan", "received_yuan", "waived_yuan", "households_due", "source_row") == [
        (9.0, 8.0, 1.0, 3, 3)
    ]
    assert codes(result) == []


def test_a_row_that_adds_nothing_to_another_is_a_duplicate(submit, made, rows, codes):
    fees = [
        {"estate": "甲苑", **MARCH, "receivable_yuan": 9.0, "received_yuan": 8.0},
        {"estate": "甲苑", **MARCH, "receivable_yuan": 9.0},
    ]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", fees=fees))
    assert rows(result, "fees", "receivable_yuan", "received_yuan", "source_row") == [(9.0, 8.0, 2)]
    assert codes(result) == [("duplicate", "A3", "x.xlsx")]


def test_vouchers_of_one_key_stay_apart_unless_they_are_the_same(submit, made, rows, codes):
    def voucher(amount, line):
        return {"estate": "甲苑", **MARCH, "category": "绿化养护", "amount_yuan": amount, "source_row": line}

    sent = [voucher(5.0, 2), voucher(5.0, 2), voucher(6.0, 3), voucher(5.0, 4)]
    result = made(submit("台账.xlsx", estates=[{"estate": "甲苑"}]), submit("x.xlsx", costs=sent))
    assert rows(result, "costs", "amount_yuan", "source_row") == [(5.0, 2), (5.0, 2), (6.0, 3)]
    assert codes(result) == [("duplicate", "A4", "x.xlsx")]


def test_an_estate_listed_twice_with_different_facts_is_a_conflict(submit, made, codes):
    result = made(
        submit("台账.xlsx", estates=[{"estate": "甲苑", "households": 9}, {"estate": "甲苑小区", "households": 8}])
    )
    assert result.tables["estates"].is_empty()
    assert codes(result) == [("conflict", "A2", "台账.xlsx"), ("conflict", "A3", "台账.xlsx")]
