"""Streets with next to nothing in them are answered too: with reasons, never with zeros."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import bill, desk_of, estate, ticket, value

from pipelines.metrics.asking import ask
from pipelines.metrics.desk import BYS
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question


@pytest.mark.parametrize("by", BYS)
def test_a_register_alone_gives_reasons_and_no_figure(by: str) -> None:
    desk = desk_of(estates=[estate(service_tier="基本保障", governance_mode="专业物业")])
    found = ask(desk, Question(read_period("2025Q1"), by=by))
    assert len(found) == len(desk.metrics)
    assert {(one.value, one.verdict, one.coverage) for one in found} == {(None, None, "0/1")}
    assert {one.reason for one in found} == {"not_reported"}


def test_an_empty_warehouse_has_nobody_to_tell_of() -> None:
    assert ask(desk_of(), Question(read_period("2025Q1"), by="estate")) == []


def test_an_estate_that_no_register_lists_is_told_of_and_kept_out_of_the_totals() -> None:
    desk = desk_of(
        estates=[estate()], tickets=[ticket("2025-03-03T09:00")] * 5 + [ticket("2025-03-03T09:00", name="外")] * 5
    )
    assert value(desk, "open_tickets", "2025-03", "外").caveats == ("unregistered",)
    assert value(desk, "open_tickets", "2025-03", "示例街道", "street").value == 5


def test_the_as_of_date_does_not_believe_in_a_budget_for_the_rest_of_the_year() -> None:
    desk = desk_of(estates=[estate()], fees=[bill("2025-01-01", "2025-12-31", 1200, 300)], filed="2025-04-10")
    assert desk.as_of == date(2025, 4, 10)
    assert "provisional" in value(desk, "collection_rate", "2025").caveats


def test_the_past_can_be_asked_for_as_it_was_known() -> None:
    rows = [ticket("2025-03-03T09:00", "2025-03-20T09:00")] * 6 + [ticket("2025-03-25T09:00")]
    desk = desk_of(estates=[estate()], tickets=rows)
    assert value(desk, "open_tickets", "2025-03", as_of="2025-03-10").value == 6
    assert value(desk, "open_tickets", "2025-03", as_of="2025-03-31").value == 1
