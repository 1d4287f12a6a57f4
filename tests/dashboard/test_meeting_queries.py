"""What is missing on the demo street, as the meeting asks for it."""

from __future__ import annotations

from datetime import date

from dashboard.published import Published


def test_the_fees_of_shiqiao_are_missing_for_the_second_quarter(demo: Published) -> None:
    told = demo.rows("meeting_expected", since=date(2025, 6, 1)).filter(kind="fees", status="missing")
    assert told.select("community", "period_start", "period_end", "due_on", "received_on", "covered_to").rows() == [
        ("石桥社区", date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 10), None, date(2025, 5, 31))
    ]


def test_an_estate_that_fell_silent_is_found_though_its_community_sent(demo: Published) -> None:
    assert demo.rows("meeting_missing").rows() == [
        ("fees", date(2025, 4, 1), date(2025, 6, 30), "锦绣里", "云锦社区", date(2025, 4, 1))
    ]


def test_decisions_come_with_the_due_dates_that_they_had(demo: Published) -> None:
    found = demo.rows("meeting_actions")
    assert found.columns == [
        "action_id", "estate", "action", "owner", "raised_on", "due_on", "done_on", "status", "redated", "entered_at",
    ]  # fmt: skip
    assert found["action_id"].n_unique() == found.height > 100
    assert found["redated"].null_count() == 0
