"""Control charts: published vectors, each rule by hand, verdicts by direction, breaks, gaps and targets."""

from __future__ import annotations

import math
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analysis.control import Direction, Flags, Limits, signals, verdict, xmr

NHS = [40, 42, 41, 45, 44, 47, 46, 48, 50, 52, 55, 68]
# Montgomery, Introduction to Statistical Quality Control, example 6.5: costs of processing a loan.
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
LEVEL = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]
UNIT = Limits(mean=0, lower=-3, upper=3, mr_mean=1, mr_limit=3.267, mr_screened=1)


def rounded(limits: Limits) -> tuple[float, ...]:
    return tuple(round(one, 3) for one in astuple(limits))


def test_the_twelve_point_vector_of_the_nhs_has_its_published_limits() -> None:
    assert rounded(xmr(NHS)) == (48.167, 42.581, 53.753, 3.091, 10.098, 2.1)


def test_without_screening_the_wide_range_widens_the_limits() -> None:
    assert rounded(xmr(NHS, screen=False)) == (48.167, 39.945, 56.388, 3.091, 10.098, 3.091)


@pytest.mark.parametrize("later", [[], [250, 400, 305]])
def test_montgomerys_loans_have_his_limits_whatever_comes_after_the_frozen_points(later: list[float]) -> None:
    mean, lower, upper, range_mean, range_limit, _ = rounded(xmr([*LOANS, *later], baseline=20))
    assert (mean, round(lower, 2), round(upper, 2)) == (300.5, 279.78, 321.22)
    assert (range_mean, round(range_limit, 2)) == (7.789, 25.45)


def test_gaps_are_neither_points_nor_zeros() -> None:
    gappy = [None, *NHS[:5], None, None, *NHS[5:], None]
    assert xmr(gappy) == xmr(NHS)
    flags = signals(gappy, xmr(gappy))
    assert [place for place, flag in enumerate(flags) if flag is None] == [0, 6, 7, 15]
    assert [flag for flag in flags if flag] == signals(NHS, xmr(NHS))
    assert verdict(gappy, direction="up").points == (14,)


def test_one_point_has_no_limits() -> None:
    with pytest.raises(ValueError, match="two points"):
        xmr([None, 3])


def field(name: str, values: list[float]) -> list[int]:
    return [getattr(flag, name) for flag in signals(values, UNIT) if flag]


def test_a_point_beyond_a_limit_is_flagged_and_one_on_it_is_not() -> None:
    assert field("outside", [3, 3.1, -3, -3.1, 0]) == [0, 1, 0, -1, 0]


def test_seven_on_one_side_are_a_shift_and_the_mean_breaks_the_run() -> None:
    assert field("shift", [1] * 7) == [1] * 7
    assert field("shift", [1] * 6) == [0] * 6
    assert field("shift", [-1, 1, 1, 1, 1, 1, 1, 1, 1, -1]) == [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    assert field("shift", [-1, -1, -1, 0, -1, -1, -1, -1]) == [0] * 8


def test_seven_rising_or_falling_are_a_trend_and_a_standstill_breaks_it() -> None:
    rise = [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]
    assert field("trend", rise) == [1] * 7
    assert field("trend", rise[:6]) == [0] * 6
    assert field("trend", [0.5, *rise[::-1], 0]) == [-1] * 8 + [0]
    assert field("trend", [*rise[:3], rise[2], *rise[3:]]) == [0] * 8


def test_two_of_three_near_a_limit_are_flagged_only_where_all_three_are_on_that_side() -> None:
    assert field("near", [2.5, 1, 2.5]) == [1, 0, 1]
    assert field("near", [2.5, -1, 2.5]) == [0, 0, 0]
    assert field("near", [-2.5, -2.1, -0.1, 2.5]) == [-1, -1, 0, 0]
    assert field("near", [2.0, 2.0, 2.0]) == [0, 0, 0]
    assert field("near", [2.5, 3.5, 1]) == [0, 0, 0]


@pytest.mark.parametrize(
    ("direction", "codes"),
    [("up", ("improving", "worsening")), ("down", ("worsening", "improving")), ("neither", ("changed", "changed"))],
)
def test_the_direction_of_the_metric_decides_what_is_better(direction: Direction, codes: tuple[str, str]) -> None:
    high, low = (verdict([*LEVEL, value], direction=direction) for value in (40, -20))
    assert (high.code, low.code) == codes
    assert (high.movement, low.movement) == ("up", "down")
    assert (high.reason, high.points) == ("outside", (12,))


def test_each_rule_gives_its_proof() -> None:
    shift = verdict([*LEVEL, *[13, 12.5] * 4], direction="up")
    assert (shift.code, shift.reason, shift.points) == ("improving", "shift", tuple(range(13 - 2, 20)))
    trend = verdict([*LEVEL, 10.1, 10.4, 10.7, 11, 11.3, 11.6, 11.9], direction="down")
    assert (trend.code, trend.reason, trend.points) == ("worsening", "trend", tuple(range(12, 19)))
    near = verdict([*LEVEL, 16.5, 12, 16.5], direction="up")
    assert (near.code, near.reason, near.points) == ("improving", "near", (12, 14))


def test_noise_is_no_real_change_and_a_short_series_is_too_short_to_tell() -> None:
    calm = verdict(LEVEL, direction="up")
    assert (calm.code, calm.reason, calm.points, calm.limits) == ("no_change", "common_cause", (), xmr(LEVEL))
    short = verdict([*LEVEL[:11], None], direction="up")
    assert (short.code, short.reason, short.limits, short.target) == ("too_short", "too_short", None, None)
    assert verdict(LEVEL[:8], direction="up", minimum=8).code == "no_change"
    assert verdict([], direction="up", minimum=0).code == "too_short"


def test_equal_values_are_no_change_though_their_mean_differs_in_the_last_digit() -> None:
    assert xmr([0.7] * 12).mean != 0.7
    assert set(signals([0.7] * 12, xmr([0.7] * 12))) == {Flags()}


def test_a_change_of_company_restarts_the_baseline() -> None:
    values = [*LEVEL, *(value + 30 for value in LEVEL)]
    assert verdict(values, direction="up").code == "improving"
    rebased = verdict(values, direction="up", breaks=[12])
    assert (rebased.code, rebased.limits) == ("no_change", xmr(values[12:]))
    assert verdict(values, direction="up", breaks=[0, 20]).code == "too_short"
    # A break after the last month has not begun yet.
    assert verdict(values, direction="up", breaks=[12, 24]) == rebased


def test_on_the_log_scale_the_rules_weigh_factors_and_the_limits_are_amounts() -> None:
    values = [10.0, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 55]
    plain, log = (verdict(values, direction="up", scale=each) for each in ("plain", "log"))
    assert (plain.code, plain.scale) == ("improving", "plain")
    assert (log.code, log.scale) == ("no_change", "log")
    assert log.limits is not None
    assert log.limits.mean == pytest.approx(math.prod(values) ** (1 / 13))
    assert log.limits.upper / log.limits.mean == pytest.approx(log.limits.mean / log.limits.lower)
    assert log.limits.mr_screened == pytest.approx((2**11 * 2.75) ** (1 / 12))
    assert verdict(values, direction="up", scale="log", target=1e6).target == "never"
    # A month of nothing has no logarithm.
    assert verdict([0, *values], direction="up", scale="log").scale == "plain"


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [(1, "reached_always", "never"), (11, "sometimes", "sometimes"), (30, "never", "reached_always")],
)
def test_a_target_outside_the_limits_is_always_or_never_reached(target: float, up: str, down: str) -> None:
    assert verdict(LEVEL, direction="up", target=target).target == up
    assert verdict(LEVEL, direction="down", target=target).target == down
    assert verdict(LEVEL, direction="neither", target=target).target is None


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=40), st.lists(st.integers(0, 50)))
def test_turning_a_series_upside_down_turns_every_flag(values: list[float | None], breaks: list[int]) -> None:
    flipped = [None if value is None else -value for value in values]
    one, other = verdict(values, direction="up", breaks=breaks), verdict(flipped, direction="down", breaks=breaks)
    assert (one.code, one.reason, one.points) == (other.code, other.reason, other.points)
