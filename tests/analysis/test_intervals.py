"""Intervals: known values, the edges (no answers, censuses, unknown populations), and published margins of error."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from scipy.stats import chi2

from pipelines.analysis.intervals import (
    difference,
    difference_of_shares,
    effective_n,
    margin_of_error,
    poisson_rate,
    pooled_effective_n,
    ratio_oe,
    sample_size,
    score_interval,
    wilson,
    wilson_finite,
    wilson_pooled,
)

REAL = Path(__file__).resolve().parents[2] / "../shared/real"


def test_wilson_gives_the_worked_examples_of_newcombe_1998() -> None:
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(low, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_no_answers_and_missing_counts_give_nan_and_never_zero() -> None:
    low, high = wilson(pl.Series([0, None, 3]), pl.Series([0, 5, 3]))
    assert np.isnan(low).tolist() == [True, True, False]
    assert np.isnan(high).tolist() == [True, True, False]
    assert high[2] == 1.0


@pytest.mark.parametrize(("successes", "n"), [(4, 3), (-1, 3), (0, -2)])
def test_impossible_counts_are_refused(successes: float, n: float) -> None:
    with pytest.raises(ValueError, match=r"between 0 and (n|1)"):
        wilson(successes, n)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level=level)


def test_a_census_is_certain_and_an_unknown_population_gets_no_correction() -> None:
    worth = effective_n([16, 20, 40, 40, 0], [16, 16, 600, math.nan, 45])
    assert worth.tolist() == [math.inf, math.inf, pytest.approx(40 * 599 / 560), 40, 0]
    low, high = wilson_finite([12, 12], [16, 16], [16, math.nan])
    assert [low[0], high[0]] == [0.75, 0.75]
    assert [low[1], high[1]] == [float(one) for one in wilson(12, 16)]


def test_a_finite_population_narrows_the_interval() -> None:
    low, high = wilson_finite(30, 40, 100)
    wide_low, wide_high = wilson(30, 40)
    assert wide_low < low < 0.75 < high < wide_high
    assert wilson(0.75 * 40 * 99 / 60, 40 * 99 / 60) == (pytest.approx(low), pytest.approx(high))


def test_pooling_a_census_of_a_tiny_estate_does_not_make_the_street_certain() -> None:
    assert pooled_effective_n([16, 40], effective_n([16, 40], [16, math.nan])) == pytest.approx(56**2 / 40)
    assert wilson_pooled([12, 30], [16, 40], [16, math.nan]) == (
        pytest.approx(float(score_interval(42 / 56, 56**2 / 40)[0])),
        pytest.approx(float(score_interval(42 / 56, 56**2 / 40)[1])),
    )
    assert wilson_pooled([12, 3], [16, 4], [16, 4]) == (0.75, 0.75)
    assert wilson_pooled([12, 30], [16, 40], [math.nan, math.nan]) == tuple(map(float, wilson(42, 56)))
    assert all(math.isnan(one) for one in wilson_pooled([0], [0], [45]))


def test_poisson_limits_are_those_of_the_chi_square_distribution() -> None:
    counts = np.array([0, 1, 10, 250])
    low, high = poisson_rate(counts, 2.0)
    assert low.tolist() == pytest.approx([0, *(chi2.ppf(0.025, 2 * counts[1:]) / 4)])
    assert high.tolist() == pytest.approx(list(chi2.ppf(0.975, 2 * counts + 2) / 4))
    assert np.isnan(poisson_rate(3, 0)).all()
    with pytest.raises(ValueError, match="negative"):
        poisson_rate(-1, 1)


def test_observed_over_expected_has_the_published_exact_limits() -> None:
    low, high = ratio_oe([10, 0], [10, 1])
    assert np.round(low, 3).tolist() == [0.480, 0.0]
    assert np.round(high, 3).tolist() == [1.839, 3.689]


def test_sample_sizes_are_those_of_the_trade() -> None:
    sizes = {16: 16, 45: 41, 600: 235, 3200: 344, 4032: 351, 9980: 370}
    assert {households: sample_size(households) for households in sizes} == sizes
    assert [sample_size(n, margin=0.04) for n in (7271, 8797)] == [555, 562]
    assert sample_size(1) == 1
    with pytest.raises(ValueError, match="household"):
        sample_size(0)


@given(st.integers(2, 20000))
def test_the_sample_size_is_the_least_that_keeps_the_margin(households: int) -> None:
    size = sample_size(households)
    z = 1.959963984540054
    assert margin_of_error(size, households, z=z) <= 0.05 + 1e-9
    assert size == 1 or margin_of_error(size - 1, households, z=z) > 0.05


def test_newcombe_gives_his_published_difference() -> None:
    low, high = difference([56, 9, 0], [70, 10, 0], [48, 3, 3], [80, 10, 10])
    assert np.round(low, 4).tolist()[:2] == [0.0524, 0.1705]
    assert np.round(high, 4).tolist()[:2] == [0.3339, 0.8090]
    assert np.isnan(low[2])
    assert difference_of_shares(0.8, math.inf, 0.6, math.inf) == (pytest.approx(0.2), pytest.approx(0.2))


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.5, 0.999))
def test_an_interval_holds_its_share_and_grows_with_its_level(successes: int, n: int, level: float) -> None:
    successes = min(successes, n)
    low, high = wilson(successes, n, level=level)
    wider_low, wider_high = wilson(successes, n, level=0.9995)
    assert 0 <= wider_low <= low <= successes / n <= high <= wider_high <= 1


def test_published_margins_of_error_of_354_of_355_landlords_are_found_again() -> None:
    path = REAL / "satisfaction/rsh_tsm_2023_24.xlsx"
    if not path.exists():
        pytest.skip("the published data of ../shared/real are not here")
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("TSM24_LCRA_Perception").to_python()
    heading = next(place for place, row in enumerate(rows) if row[0] == "Landlord name")
    columns = [
        next(place for place, cell in enumerate(rows[heading]) if word in str(cell).replace("\xa0", " "))
        for word in ("tenant population size", "Total sample size achieved", "Estimated margin of error")
    ]
    numbers = np.array([[row[place] for place in columns] for row in rows[heading + 1 :] if row[1]], dtype=float)
    population, sample, published = numbers.T
    ours = np.round(100 * margin_of_error(sample, population), 1)
    assert len(published) == 355
    assert int(np.sum(np.isclose(ours, published, atol=1e-6))) == 354
