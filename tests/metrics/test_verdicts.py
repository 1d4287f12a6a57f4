"""Verdicts on series: baselines begin anew with a company, planted stories are found, noise is let alone."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import bill, desk_of, estate, value

from pipelines.metrics.asking import ask
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period, read_period, steps
from pipelines.metrics.question import Question

MONTHS = steps("month", date(2024, 1, 1), date(2025, 12, 31))


def monthly(rates: list[float], **more: object) -> list[dict[str, object]]:
    """Bills of 100 a month from January 2024, each reported in a sheet of its own."""
    return [
        bill(month.start.isoformat(), month.end.isoformat(), 100, 100 * rate, **more)
        for month, rate in zip(MONTHS, rates, strict=False)
    ]


NOISE = [0.80, 0.82, 0.81, 0.79, 0.80, 0.83, 0.81, 0.80, 0.78, 0.81, 0.82, 0.80]


def test_a_jump_out_of_the_limits_is_improving_and_noise_is_no_change() -> None:
    desk = desk_of(estates=[estate()], fees=monthly([*NOISE, 0.81, 0.98]), filed="2027-06-30")
    assert value(desk, "collection_rate", "2025-01").verdict == "no_change"
    assert value(desk, "collection_rate", "2025-02").verdict == "improving"
    assert value(desk, "collection_rate", "2024-06").verdict == "too_short"


def test_a_new_company_begins_a_new_baseline() -> None:
    came = [
        {"estate": "甲", "event_date": date(2020, 1, 1), "event_type": "company_in", "company": "物业一"},
        {"estate": "甲", "event_date": date(2025, 1, 1), "event_type": "company_in", "company": "物业二"},
    ]
    desk = desk_of(
        estates=[estate(company="物业二")], events=came, fees=monthly([*NOISE, 0.81, 0.98]), filed="2027-06-30"
    )
    assert value(desk, "collection_rate", "2025-02").verdict == "too_short"
    assert value(desk, "collection_rate", "2024-12").verdict == "no_change"


def test_estates_that_join_late_do_not_move_the_trend_of_the_street() -> None:
    others = [row for row in monthly([0.2] * 14, name="乙") if row["period_start"] >= date(2025, 2, 1)]  # type: ignore[operator]
    desk = desk_of(estates=[estate(), estate("乙")], fees=[*monthly([*NOISE, 0.81, 0.80]), *others], filed="2027-06-30")
    found = value(desk, "collection_rate", "2025-02", "示例街道", "street")
    assert (found.value, found.verdict) == (pytest.approx(0.5), "no_change")


def verdicts(desk: Desk, metric: str, period: str, by: str = "estate") -> dict[str, str | None]:
    return {one.subject: one.verdict for one in ask(desk, Question(read_period(period), by=by, metrics=(metric,)))}


def test_the_planted_stories_are_found(demo_desk: Desk) -> None:
    assert verdicts(demo_desk, "closure_median_hours", "2025Q2")["云锦新城"] == "improving"
    assert verdicts(demo_desk, "satisfaction_rate", "2025Q2")["梧桐二村"] == "worsening"
    assert verdicts(demo_desk, "satisfaction_rate", "2025Q2")["望湖里"] is None
    found = {one.subject: one for one in ask(demo_desk, Question(read_period("2025Q1"), by="estate"))}
    assert found["锦绣里"].coverage in ("0/1", "1/1")
    values = {
        (one.metric, one.subject): one
        for one in ask(demo_desk, Question(read_period("2025Q1"), by="estate", verdicts=False))
    }
    assert values["collection_rate", "梧桐一村"].basis == "current+prepaid"
    assert values["collection_rate_households", "梧桐一村"].value == pytest.approx(0.400, abs=5e-4)
    assert values["satisfaction_rate", "松风里"].reason == "too_few"
    small = values["satisfaction_rate", "柳岸公寓"]
    assert (small.low, small.high) == pytest.approx((0.687, 0.982), abs=5e-4)
    autumn = ask(demo_desk, Question(Period(date(2024, 9, 1), date(2024, 11, 30)), by="estate", subjects=("石桥南区",)))
    reasons = {one.metric: one.reason for one in autumn}
    assert (reasons["collection_rate"], reasons["cost_per_m2_month"]) == ("unmanaged", "unmanaged")


def test_the_streets_totals_are_those_that_the_demo_promises(demo_desk: Desk) -> None:
    def told(metric: str, period: str) -> tuple[float | None, str]:
        (one,) = ask(demo_desk, Question(read_period(period), metrics=(metric,), verdicts=False))
        return one.value, one.coverage

    promised = {
        ("satisfaction_rate", "2024Q2"): (0.788, "30/36"),
        ("satisfaction_rate", "2024Q4"): (0.799, "30/36"),
        ("satisfaction_rate", "2025Q1"): (0.818, "32/36"),
        ("satisfaction_rate", "2025Q2"): (0.827, "32/36"),
        ("collection_rate", "2024-01"): (0.850, "31/36"),
        ("collection_rate", "2025-05"): (0.889, "31/36"),
        ("collection_rate", "2025-06"): (0.901, "26/36"),
    }
    for (metric, period), (wanted, coverage) in promised.items():
        assert told(metric, period) == (pytest.approx(wanted, abs=5.1e-4), coverage), (metric, period)
    assert told("open_tickets", "2025-06")[0] == 79
