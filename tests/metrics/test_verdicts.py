"""Verdicts on series: baselines begin anew with a company, planted stories are found, noise is let alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hand_made import bill, desk_of, estate, ticket, value

from pipelines.analysis.control import verdict
from pipelines.analysis.false_rates import false_rate
from pipelines.metrics.asking import ask
from pipelines.metrics.catalogue import catalogue
from pipelines.metrics.desk import Desk
from pipelines.metrics.judging import Point, finest, immature, judge, rare, scale_of, shape_of
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


def test_a_street_whose_last_month_is_not_told_by_all_is_provisional_and_gets_no_verdict() -> None:
    late = [row for row in monthly([*NOISE, 0.81, 0.80], name="乙") if row["period_start"] < date(2025, 2, 1)]  # type: ignore[operator]
    desk = desk_of(estates=[estate(), estate("乙")], fees=[*monthly([*NOISE, 0.81, 0.98]), *late], filed="2027-06-30")
    whole = value(desk, "collection_rate", "2025-02", "示例街道", "street")
    assert (whole.coverage, whole.verdict, "provisional" in whole.caveats) == ("1/2", None, True)
    # What did report is judged, and so is the month before.
    assert value(desk, "collection_rate", "2025-02", "甲").verdict == "improving"
    before = value(desk, "collection_rate", "2025-01", "示例街道", "street")
    assert (before.coverage, before.verdict, before.caveats) == ("2/2", "no_change", ())
    quarter = value(desk, "collection_rate", "2025-01-01..2025-02-28", "乙")
    assert (quarter.verdict, "provisional" in quarter.caveats) == (None, True)


def test_an_estate_that_stopped_reporting_long_ago_or_weighs_little_holds_nothing_up() -> None:
    gone = [row for row in monthly([0.8] * 14, name="乙") if row["period_start"] < date(2024, 7, 1)]  # type: ignore[operator]
    small = [{**row, "receivable_yuan": 4.0, "received_yuan": 3.2} for row in monthly([0.8] * 13, name="丙")]
    desk = desk_of(
        estates=[estate(), estate("乙"), estate("丙")],
        fees=[*monthly([*NOISE, 0.81, 0.80]), *gone, *small],
        filed="2027-06-30",
    )
    for period, provisional in (("2024-07", True), ("2024-12", True), ("2025-01", False), ("2025-02", False)):
        found = value(desk, "collection_rate", period, "示例街道", "street")
        assert ("provisional" in found.caveats) is provisional, period


def shares(months: int, cases: int, good: Sequence[int], of_all: int | None = None) -> list[Point]:
    return [Point(one, good[place] / cases, cases, of_all=of_all) for place, one in enumerate(MONTHS[:months])]


LAST = MONTHS[17]


def test_a_stock_gets_no_verdict_however_it_climbs() -> None:
    climbing = [Point(one, float(place), float(place)) for place, one in enumerate(MONTHS[:18])]
    found = judge(catalogue()["open_tickets"], climbing, (), LAST)
    assert (found.code, found.caveats, found.chart, len(found.series)) == (None, ("carried_over",), None, 18)


def test_a_share_that_hardly_ever_fails_is_not_charted_month_by_month() -> None:
    metric = catalogue()["resolution_rate"]
    # 8 cases a month of which one fails in every third month: seven good months in a row are nothing special.
    mostly = [8 if place % 3 or place > 10 else 7 for place in range(18)]
    found = judge(metric, shares(18, 8, mostly), (), LAST)
    assert (found.code, found.caveats, found.chart) == ("too_short", ("rare",), None)
    # Nothing ever failed: no rule is broken.
    assert judge(metric, shares(18, 8, [8] * 18), (), LAST).code == "no_change"
    # Ten times as many cases are enough.
    assert judge(metric, shares(18, 80, [10 * each - 1 for each in mostly]), (), LAST).code is not None
    assert rare(metric, shares(18, 19, [17] * 18)) is False
    weeks, months = shares(18, 8, mostly), shares(18, 80, [72, 70] * 9)
    assert finest(metric, [weeks, months], 5) is months


def test_a_last_month_of_which_less_is_known_than_of_the_others_is_provisional() -> None:
    metric = catalogue()["ticket_satisfaction_rate"]
    told = [36, 35, 34, 36, 37, 35] * 3
    settled = shares(18, 40, told, of_all=45)
    assert judge(metric, settled, (), LAST).code == "no_change"
    assert not immature(settled)
    young = [*settled[:17], Point(LAST, 1.0, 20.0, of_all=45)]
    found = judge(metric, young, (), LAST)
    assert (found.code, found.caveats) == (None, ("provisional",))


def test_costs_are_judged_by_their_logarithms_and_shares_as_they_are() -> None:
    by_id = catalogue()
    assert {one: scale_of(by_id[one]) for one in ("cost_per_m2_month", "closure_ratio", "collection_rate")} == {
        "cost_per_m2_month": "log",
        "closure_ratio": "log",
        "collection_rate": "plain",
    }
    amounts = [1.0, 1.2, 0.9, 1.1] * 4
    points = [Point(one, amounts[place], 1.0) for place, one in enumerate(MONTHS[:16])]
    assert judge(by_id["cost_per_m2_month"], points, (), MONTHS[15]).chart == verdict(
        amounts, direction="down", scale="log"
    )


def test_every_metric_has_a_false_rate_or_no_chart() -> None:
    stated = {one.id: shape_of(one) for one in catalogue().values()}
    assert {name for name, shape in stated.items() if shape is None} == {
        "satisfaction_rate", "open_tickets", "overdue_tickets"
    }  # fmt: skip
    assert (stated["collection_rate"], stated["cost_per_m2_month"], stated["closure_median_hours"]) == (
        "normal",
        "skewed",
        "times",
    )
    for shape in filter(None, stated.values()):
        assert 0 < false_rate(shape, 12) < 0.08
        assert false_rate(shape, 13) == false_rate(shape, 18)
        assert false_rate(shape, 500) == false_rate(shape, 78)
    with pytest.raises(ValueError, match="fewer than 12"):
        false_rate("normal", 11)


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


def test_a_street_is_not_better_because_its_worst_estate_is_no_longer_inspected() -> None:
    def inspected(name: str, level: int, months: int) -> list[dict[str, object]]:
        return [
            {
                "subject": name, "subject_kind": "estate", "estate": name, "criterion": criterion,
                "period_start": month.start, "period_end": month.end, "score": level + place % 3, "max_score": 100,
            }
            for place, month in enumerate(MONTHS[:months])
            for criterion in ("保洁", "绿化", "安保")
        ]  # fmt: skip

    desk = desk_of(
        estates=[estate(), estate("乙"), estate("丙")],
        inspections=[*inspected("甲", 80, 18), *inspected("乙", 81, 18), *inspected("丙", 50, 12)],
        tickets=[ticket("2025-08-05 10:00")],
    )
    found = value(desk, "inspection_score", "2025-06", "示例街道", "street")
    assert (found.verdict, found.caveats) == ("no_change", ())
    # The month after the last inspection is not a late one.
    assert value(desk, "inspection_score", "2025-04-01..2025-07-31", "示例街道", "street").verdict == "no_change"
