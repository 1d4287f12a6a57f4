"""Tickets and their clock on small streets."""

from __future__ import annotations

import pytest
from hand_made import desk_of, estate, ticket, value

from pipelines.street import Limit, Settings, Tickets


def test_open_tickets_are_censored_at_the_as_of_date_and_never_left_out() -> None:
    rows = [
        ticket("2025-03-01T00:00", "2025-03-02T00:00"),
        ticket("2025-03-01T00:00", "2025-03-03T00:00"),
        ticket("2025-03-01T00:00"),
        ticket("2025-03-01T00:00"),
        ticket("2025-03-01T00:00", "2025-03-31T00:00"),
    ]
    desk = desk_of(estates=[estate()], tickets=rows)
    assert value(desk, "closure_median_hours", "2025-03").value == pytest.approx(30 * 24)
    early = value(desk, "closure_median_hours", "2025-03", as_of="2025-03-10")
    assert (early.value, early.reason, early.numerator, early.n) == (None, "median_not_reached", 2, 5)
    assert value(desk, "open_tickets", "2025-03", as_of="2025-03-10").value == 3
    assert value(desk, "open_tickets", "2025-03").value == 2


def test_a_due_date_without_a_time_runs_to_the_end_of_that_day() -> None:
    rows = [
        ticket("2025-03-03T09:00", "2025-03-05T23:59", due_at="2025-03-05T00:00"),
        ticket("2025-03-03T09:00", "2025-03-06T00:01", due_at="2025-03-05T00:00"),
        *[ticket("2025-03-03T09:00", "2025-03-03T10:00", due_at="2025-03-05T09:00")] * 3,
    ]
    found = value(desk_of(estates=[estate()], tickets=rows), "closure_on_time_rate", "2025-03")
    assert (found.numerator, found.denominator) == (4, 5)


def test_only_tickets_whose_limit_has_passed_are_due() -> None:
    rows = [ticket("2025-03-03T09:00", "2025-03-03T10:00", due_at="2025-03-20T09:00")]
    found = value(desk_of(estates=[estate()], tickets=rows), "closure_on_time_rate", "2025-03", as_of="2025-03-10")
    assert (found.value, found.reason) == (None, "no_limit")


def test_working_days_skip_the_national_holiday_and_count_the_swapped_sundays() -> None:
    settings = Settings(tickets=Tickets(default=Limit(5, "working_days"), limits={"电梯": Limit(24, "hours")}))
    rows = [
        ticket("2024-09-29T10:00", None, ticket_id="1"),  # a Sunday that is worked; five working days after it: 10-11
        ticket("2024-10-11T10:00", None, ticket_id="2"),  # Friday, Saturday 10-12 is worked: 10-17
        ticket("2024-09-29T10:00", None, ticket_id="3", category="电梯"),
        ticket("2030-05-06T10:00", None, ticket_id="4"),  # no notice is known: Monday to Friday
    ]
    desk = desk_of(settings, estates=[estate()], tickets=rows, filed="2030-12-31")
    due = desk.connection.execute(
        "SELECT due_at::VARCHAR, due_by_weekdays FROM mart_tickets ORDER BY ticket_id"
    ).fetchall()
    assert due == [
        ("2024-10-12 00:00:00", False),
        ("2024-10-18 00:00:00", False),
        ("2024-09-30 10:00:00", False),
        ("2030-05-14 00:00:00", True),
    ]


def test_excluded_tickets_are_left_out_unless_asked_for_and_always_told() -> None:
    rows = [ticket("2025-03-03T09:00", "2025-03-03T10:00")] * 5 + [
        ticket("2025-03-03T09:00", "2025-03-09T10:00", excluded_reason="不属于物业")
    ]
    desk = desk_of(Settings(tickets=Tickets(default=Limit(24, "hours"))), estates=[estate()], tickets=rows)
    without, with_them = (value(desk, "closure_on_time_rate", "2025-03", with_excluded=one) for one in (False, True))
    assert (without.value, with_them.value) == (1.0, pytest.approx(5 / 6))
    assert "excluded_present" in without.caveats
    assert with_them.basis == "standard+with_excluded"


def test_a_rate_of_which_little_is_known_says_so() -> None:
    rows = [ticket("2025-03-03T09:00", "2025-03-04T09:00", satisfied=place < 4) for place in range(6)]
    rows += [ticket("2025-03-03T09:00", "2025-03-04T09:00")] * 4
    found = value(desk_of(estates=[estate()], tickets=rows), "ticket_satisfaction_rate", "2025-03")
    assert (found.value, found.known_share) == (pytest.approx(4 / 6), 0.6)
    assert "known_share_low" in found.caveats
    nothing = value(desk_of(estates=[estate()], tickets=rows[6:]), "ticket_satisfaction_rate", "2025-03")
    assert (nothing.value, nothing.reason) == (None, "not_known")


def test_no_ticket_is_zero_where_the_community_reported_and_unknown_where_it_did_not() -> None:
    desk = desk_of(
        estates=[estate(), estate("乙"), estate("丙", community="西社区")], tickets=[ticket("2025-03-03T09:00")]
    )
    quiet, silent = (value(desk, "tickets_per_100_households", "2025-03", name) for name in ("乙", "丙"))
    assert (quiet.value, quiet.coverage) == (0.0, "1/1")
    assert (silent.value, silent.reason, silent.coverage) == (None, "not_reported", "0/1")
    assert value(desk, "closure_median_hours", "2025-03", "乙").reason == "no_tickets"
    assert value(desk, "tickets_per_100_households", "2025-03", as_of="2025-03-31").value == pytest.approx(1.0)


def test_the_street_is_what_closing_is_expected_from() -> None:
    quick = [ticket("2025-03-03T00:00", f"2025-03-{day:02d}T00:00", category="电梯") for day in range(4, 14)]
    slow = [ticket("2025-03-03T00:00", f"2025-03-{day:02d}T00:00", "乙", category="电梯") for day in range(14, 24)]
    desk = desk_of(estates=[estate(), estate("乙")], tickets=[*quick, *slow])
    fast, late = (value(desk, "closure_ratio", "2025-03", name) for name in ("甲", "乙"))
    assert fast.value is not None
    assert late.value is not None
    assert fast.value > 1 > late.value
    assert (fast.denominator or 0) + (late.denominator or 0) == pytest.approx(20)
