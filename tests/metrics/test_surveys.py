"""Satisfaction on small streets: small samples are hidden, censuses are sure, missing questions are derived."""

from __future__ import annotations

import pytest
from hand_made import desk_of, estate, value, wave


def test_an_interval_is_corrected_for_a_small_estate() -> None:
    found = value(
        desk_of(estates=[estate(households=48)], surveys=[wave("2025-03-31", 12, 11)]), "satisfaction_rate", "2025Q1"
    )
    assert (found.value, found.low, found.high) == pytest.approx((11 / 12, 0.687, 0.982), abs=5e-4)
    assert found.caveats == ("few",)


def test_where_the_mode_is_unknown_or_people_chose_themselves_nothing_is_corrected() -> None:
    for mode, caveat in ((None, "mode_unknown"), ("二维码", "self_selected")):
        desk = desk_of(estates=[estate(households=48)], surveys=[wave("2025-03-31", 12, 11, mode=mode)])
        found = value(desk, "satisfaction_rate", "2025Q1")
        assert (found.low, found.high) == pytest.approx((0.646, 0.985), abs=5e-4)
        assert caveat in found.caveats


def test_fewer_than_five_answers_are_not_shown() -> None:
    found = value(desk_of(estates=[estate()], surveys=[wave("2025-03-31", 4, 3)]), "satisfaction_rate", "2025Q1")
    assert (found.value, found.numerator, found.low, found.reason, found.n) == (None, None, None, "too_few", 4)


def test_all_households_are_a_census_without_doubt() -> None:
    found = value(
        desk_of(estates=[estate(households=16)], surveys=[wave("2025-03-31", 16, 12)]), "satisfaction_rate", "2025Q1"
    )
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))
    assert "census" in found.caveats


def test_without_an_overall_question_the_mean_of_the_questions_counts_with_the_largest_sample() -> None:
    rows = [wave("2025-03-31", 50, 40, question="环境卫生"), wave("2025-03-31", 40, 24, question="秩序维护")]
    found = value(desk_of(estates=[estate()], surveys=rows), "satisfaction_rate", "2025Q1")
    assert (found.value, found.n, found.caveats) == (pytest.approx(0.7), 50, ("derived",))


def test_the_overall_question_alone_counts_where_there_is_one() -> None:
    rows = [wave("2025-03-31", 50, 40), wave("2025-03-31", 50, 10, question="秩序维护")]
    assert value(desk_of(estates=[estate()], surveys=rows), "satisfaction_rate", "2025Q1").value == pytest.approx(0.8)


def test_a_rate_without_answers_is_shown_as_reported_and_not_pooled() -> None:
    rows = [wave("2025-03-31", None, None, reported_rate=0.95), wave("2025-03-31", 100, 60, "乙")]
    desk = desk_of(estates=[estate(), estate("乙")], surveys=rows)
    found = value(desk, "satisfaction_rate", "2025Q1")
    assert (found.value, found.low, found.verdict) == (0.95, None, None)
    assert "reported_only" in found.caveats
    street = value(desk, "satisfaction_rate", "2025Q1", "示例街道", "street")
    assert (street.value, street.coverage) == (pytest.approx(0.6), "1/2")


def test_a_wave_belongs_to_the_period_of_its_last_day() -> None:
    desk = desk_of(estates=[estate()], surveys=[wave("2025-03-31", 50, 40)])
    assert value(desk, "satisfaction_rate", "2025-03").value == pytest.approx(0.8)
    assert value(desk, "satisfaction_rate", "2025-02").reason == "not_reported"


@pytest.mark.parametrize(
    ("before", "after", "more", "verdict", "caveats"),
    [
        (78, 64, {}, "worsening", ()),
        (64, 78, {}, "improving", ()),
        (70, 72, {}, "no_change", ()),
        (78, 64, {"mode": "二维码"}, None, ("mode_changed", "self_selected")),
    ],
)
def test_two_waves_differ_only_where_the_interval_of_their_difference_leaves_out_zero(
    before: float, after: float, more: dict[str, str], verdict: str | None, caveats: tuple[str, ...]
) -> None:
    rows = [wave("2024-12-31", 100, before), wave("2025-06-30", 100, after, **more)]
    found = value(desk_of(estates=[estate(households=2000)], surveys=rows), "satisfaction_rate", "2025Q2")
    assert (found.verdict, found.caveats) == (verdict, caveats)
    assert value(desk_of(estates=[estate()], surveys=rows[:1]), "satisfaction_rate", "2024Q4").verdict == "too_short"


def test_a_wave_too_small_to_be_shown_gives_no_verdict_either() -> None:
    rows = [wave("2025-02-28", 20, 19), wave("2025-03-31", 4, 0)]
    found = value(desk_of(estates=[estate(households=600)], surveys=rows), "satisfaction_rate", "2025Q1")
    assert (found.n, found.verdict) == (24, "too_short")
