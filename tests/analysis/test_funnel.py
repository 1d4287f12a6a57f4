"""Funnels: exact limits against the distributions, overdispersion by hand, and what is flagged."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom, poisson

from pipelines.analysis.funnel import proportions, rates

LEVELS = {"low_998": 0.001, "low_95": 0.025, "high_95": 0.975, "high_998": 0.999}


def test_proportion_limits_are_spiegelhalters_interpolated_binomial_quantiles() -> None:
    sizes = np.array([16, 45, 600, 3200])
    frame = pl.DataFrame({"estate": list("abcd"), "s": [13, 36, 480, 2560], "n": sizes})
    funnel = proportions(frame, "s", "n")
    assert (funnel.centre, funnel.tau2, funnel.groups) == (3089 / 3861, 0, 4)
    for name, p in LEVELS.items():
        r = binom.ppf(p, sizes, funnel.centre)
        alpha = (binom.cdf(r, sizes, funnel.centre) - p) / binom.pmf(r, sizes, funnel.centre)
        assert funnel.frame[name].to_list() == pytest.approx(list((r - alpha) / sizes))


def test_rate_limits_are_interpolated_poisson_quantiles() -> None:
    exposure = np.array([0.5, 2.0, 40.0])
    funnel = rates(pl.DataFrame({"c": [1, 6, 120], "x": exposure}), "c", "x", centre=3.0)
    for name, p in LEVELS.items():
        r = poisson.ppf(p, 3 * exposure)
        alpha = (poisson.cdf(r, 3 * exposure) - p) / poisson.pmf(r, 3 * exposure)
        assert funnel.frame[name].to_list() == pytest.approx(list(np.maximum(r - alpha, 0) / exposure))


def test_the_same_share_is_chance_in_a_small_estate_and_a_signal_in_a_large_one() -> None:
    frame = pl.DataFrame({"s": [11, 660, 5000, None, 0], "n": [16, 960, 6250, 10, 0]})
    found = proportions(frame, "s", "n", centre=0.8, overdispersion=False).frame
    assert found["flag"].to_list() == ["inside", "below_998", "inside", None, None]
    assert found["z"].to_list() == [
        pytest.approx((11 / 16 - 0.8) / np.sqrt(0.16 / 16)),
        pytest.approx((660 / 960 - 0.8) / np.sqrt(0.16 / 960)),
        0,
        None,
        None,
    ]


def test_overdispersion_widens_the_limits_by_tau_squared_from_winsorised_scores() -> None:
    counts, sizes = np.array([50, 60, 70, 80, 90, 40, 95, 65, 75, 85]), np.full(10, 100)
    funnel = proportions(pl.DataFrame({"s": counts, "n": sizes}), "s", "n")
    variance = 0.71 * 0.29 / 100
    z = (counts / 100 - 0.71) / np.sqrt(variance)
    phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    # With equal sizes the moment estimate is (I·phi − (I − 1)) · s² / (I − 1).
    tau2 = (10 * phi - 9) * variance / 9
    assert (funnel.phi, funnel.tau2) == (pytest.approx(phi), pytest.approx(tau2))
    assert funnel.frame["z"].to_list() == pytest.approx(list((counts / 100 - 0.71) / np.sqrt(variance + tau2)))
    assert funnel.frame["low_95"][0] == pytest.approx(0.71 - 1.959964 * np.sqrt(variance + tau2))
    assert funnel.frame["flag"].to_list() == [*["inside"] * 5, "below_95", *["inside"] * 4]
    strict = proportions(pl.DataFrame({"s": counts, "n": sizes}), "s", "n", overdispersion=False)
    assert strict.frame["flag"].to_list().count("inside") < 6


def test_one_estate_in_fifty_that_is_truly_different_is_found() -> None:
    rng = np.random.default_rng(7)
    sizes = rng.integers(50, 400, 50)
    counts = rng.binomial(sizes, 0.8)
    counts[17] = int(0.5 * sizes[17])
    flags = proportions(pl.DataFrame({"s": counts, "n": sizes}), "s", "n").frame["flag"]
    assert [place for place, flag in enumerate(flags) if flag.endswith("998")] == [17]


def test_a_share_above_one_and_negative_counts_are_refused_and_nothing_is_flagged_without_data() -> None:
    with pytest.raises(ValueError, match="exceed"):
        proportions(pl.DataFrame({"s": [3], "n": [2]}), "s", "n")
    with pytest.raises(ValueError, match="negative"):
        rates(pl.DataFrame({"s": [-3], "n": [2]}), "s", "n")
    empty = proportions(pl.DataFrame({"s": [0], "n": [0]}), "s", "n")
    assert (empty.groups, empty.frame["flag"].to_list()) == (0, [None])


def test_a_small_estate_whose_every_case_counts_is_not_flagged_where_that_is_common() -> None:
    found = proportions(
        pl.DataFrame({"hits": [13, 900], "n": [13, 1000]}), "hits", "n", centre=0.9, overdispersion=False
    )
    assert found.frame["flag"].to_list() == ["inside", "inside"]
