"""What is missing on the demo street, as the meeting asks for it."""

from __future__ import annotations

from datetime import date

from dashboard.published import Published


def test_the_fees_of_shiqiao_are_told_only_to_may_and_its_estates_are_missing_but_the_one_that_nobody_runs(
    demo: Published,
) -> None:
    found = demo.rows("meeting_late", since=date(2025, 6, 1)).filter(kind="fees").to_dicts()
    assert [(one["community"], one["due_on"], one["covered_to"]) for one in found] == [
        ("石桥社区", date(2025, 7, 10), date(2025, 5, 31))
    ]
    own = demo.desk.places.filter(community="石桥社区")["estate"].to_list()
    assert sorted(found[0]["missing"]) == sorted(set(own) - {"机修厂院"})
    assert not set(found[0]["reported"]) & set(own)


def test_of_requests_no_estate_is_said_to_be_missing_since_it_may_have_none(demo: Published) -> None:
    found = demo.rows("meeting_late", since=date(2025, 6, 1)).filter(kind="tickets").to_dicts()
    assert [(one["reported"], one["missing"]) for one in found] == [(None, None)]


def test_an_estate_that_fell_silent_is_found_though_its_community_sent(demo: Published) -> None:
    asked = {"as_of": date(2025, 7, 6), "before": date(2025, 6, 29)}
    assert demo.rows("meeting_missing", **asked).rows() == [
        ("fees", date(2025, 4, 1), date(2025, 6, 30), "锦绣里", "云锦社区", date(2025, 4, 1))
    ]
    assert demo.rows("meeting_missing", as_of=date(2025, 8, 10), before=date(2025, 8, 3)).is_empty()


def test_decisions_come_with_the_due_dates_that_they_had(demo: Published) -> None:
    found = demo.rows("meeting_actions")
    assert found.columns == [
        "action_id", "estate", "action", "owner", "raised_on", "due_on", "done_on", "status", "redated", "entered_at",
    ]  # fmt: skip
    assert found["action_id"].n_unique() == found.height > 100
    assert found["redated"].null_count() == 0
