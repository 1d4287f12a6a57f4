from datetime import date

import pytest

from dashboard import numbers
from pipelines.metrics.catalogue import catalogue
from pipelines.metrics.periods import Period, read_period

RATE = catalogue()["satisfaction_rate"]
HOURS = catalogue()["closure_median_hours"]
COST = catalogue()["cost_per_m2_month"]


def test_rates_are_percent_and_their_changes_points() -> None:
    assert numbers.amount(RATE, 0.828, "zh") == "82.8%"
    assert numbers.change(RATE, 0.016, "zh") == "+1.6 百分点"
    assert numbers.change(RATE, -0.141, "en") == "\u221214.1 pp"
    assert numbers.interval(RATE, 0.815, 0.839, "zh") == "95%区间 81.5–83.9"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert numbers.change(RATE, -0.0001, "zh") == "0.0 百分点"


def test_hours_above_seventy_two_are_also_days() -> None:
    assert numbers.amount(HOURS, 43.5, "zh") == "43.5 小时"
    assert numbers.amount(HOURS, 984.0, "zh") == "41 天"
    assert numbers.amount(HOURS, 84.0, "en") == "3.5 days"


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    assert [numbers.amount(one, None, "zh") for one in (RATE, HOURS, COST)] == ["—"] * 3
    assert numbers.money(None, "zh") == numbers.households(None, "en") == numbers.day(None, "zh") == "—"


def test_a_cost_has_the_sign_of_the_currency_first_in_english() -> None:
    assert numbers.amount(COST, 0.97, "zh") == "0.97 元/㎡･月"
    assert numbers.amount(COST, 0.97, "en") == "¥0.97/m²･month"
    assert [numbers.change(COST, one, "en") for one in (0.02, -0.02)] == ["+¥0.02/m²･month", "−¥0.02/m²･month"]


def test_money_is_in_ten_thousands_from_one_on() -> None:
    assert [numbers.money(one, "zh") for one in (9_800, 5_238_000)] == ["9,800 元", "523.8 万元"]
    assert [numbers.money(one, "en") for one in (9_800, 5_238_000)] == ["¥9,800", "¥5.238 m"]


def test_households_in_running_text_are_in_ten_thousands() -> None:
    assert numbers.households(39_972, "zh", running=True) == "4.00 万户"
    assert numbers.households(9_980, "zh", running=True) == "9,980 户"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026", "2026年", "2026"),
        ("2026H1", "2026年上半年", "2026 H1"),
        ("2026Q2", "2026年二季度", "2026 Q2"),
        ("2026-06", "2026年6月", "Jun 2026"),
        ("2026-W29", "2026年第29周", "2026 week 29"),
        ("2026-04-02..2026-06-30", "2026年4月2日—6月30日", "2 Apr — 30 Jun 2026"),
    ],
)
def test_a_period_has_its_name_and_its_code(text: str, zh: str, en: str) -> None:
    period = read_period(text)
    assert numbers.period(period, "zh") == zh
    assert numbers.period(period, "en") == en
    assert numbers.code(period) == text


def test_days_are_written_with_the_year_where_it_is_needed() -> None:
    assert numbers.day(date(2026, 7, 19), "zh") == "7月19日"
    assert numbers.day(date(2026, 7, 19), "en", year=True) == "19 Jul 2026"
    assert numbers.span(Period(date(2025, 12, 30), date(2026, 1, 2)), "zh") == "2025年12月30日—2026年1月2日"
