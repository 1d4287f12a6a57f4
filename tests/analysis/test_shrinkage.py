"""Shrinkage: small estates are drawn more, nothing is borrowed without peers, and it is nearer to the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta

from pipelines.analysis.shrinkage import shrink_means, shrink_proportions, variance_of_interval


def test_the_fewer_answers_the_more_a_share_is_drawn_to_the_street() -> None:
    found = shrink_proportions([9, 90, 900, 10, 300], [10, 100, 1000, 20, 1000])
    assert found.centre == pytest.approx(1309 / 2130)
    assert found.weight.tolist() == pytest.approx([n / (n + found.strength) for n in (10, 100, 1000, 20, 1000)])
    raw = np.array([0.9, 0.9, 0.9, 0.5, 0.3])
    assert found.value.tolist() == pytest.approx(list(found.weight * raw + (1 - found.weight) * found.centre))
    prior = (1309.5 / 2131) * found.strength
    assert found.low[0] == pytest.approx(beta.ppf(0.025, 9 + prior, 1 + found.strength - prior))
    assert np.all((found.low < found.value) & (found.value < found.high))


def test_where_estates_do_not_differ_the_peers_are_worth_all_their_answers() -> None:
    found = shrink_proportions([5, 5, 5], [10, 10, 10])
    assert (found.strength, found.value.tolist(), found.weight.tolist()) == (30, [0.5] * 3, [0.25] * 3)


def test_shares_of_0_or_1_throughout_keep_an_open_interval() -> None:
    found = shrink_proportions([0, 0, 0], [5, 10, 0])
    assert found.value.tolist()[:2] == [0, 0]
    assert np.isnan(found.value[2])
    assert np.all((found.low[:2] >= 0) & (found.high[:2] > 0))


def test_with_fewer_than_three_estates_nothing_is_borrowed() -> None:
    share = shrink_proportions([1, 9], [10, 10])
    assert (share.value.tolist(), share.weight.tolist()) == ([0.1, 0.9], [1, 1])
    mean = shrink_means([10, 20], [4, 9])
    assert (mean.value.tolist(), mean.weight.tolist()) == ([10, 20], [1, 1])
    assert mean.high.tolist() == pytest.approx([10 + 1.959964 * 2, 20 + 1.959964 * 3])
    assert np.isnan(shrink_means([math.nan], [1.0]).value).all()


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        shrink_proportions([3], [2])


def test_means_are_drawn_by_dersimonian_and_laird() -> None:
    y, v = np.array([1.0, 2.0, 3.0, 9.0]), np.array([0.1, 0.2, 0.1, 4.0])
    found = shrink_means([*y, math.nan, 5.0], [*v, 1.0, math.inf])
    w = 1 / v
    q = np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2)
    tau2 = (q - 3) / (np.sum(w) - np.sum(w**2) / np.sum(w))
    centre = np.sum(y / (v + tau2)) / np.sum(1 / (v + tau2))
    weight = tau2 / (tau2 + v)
    assert (found.tau2, found.centre) == (pytest.approx(tau2), pytest.approx(centre))
    assert found.value.tolist()[:4] == pytest.approx(list(weight * y + (1 - weight) * centre))
    assert np.isnan(found.value[4:]).all()


def test_shrunk_shares_are_nearer_to_the_truth_than_raw_ones() -> None:
    rng = np.random.default_rng(3)
    truth = rng.beta(16, 4, 400)
    sizes = rng.integers(5, 60, 400)
    counts = rng.binomial(sizes, truth)
    found = shrink_proportions(counts, sizes)
    assert found.strength == pytest.approx(20, rel=0.35)
    assert np.mean((found.value - truth) ** 2) < 0.75 * np.mean((counts / sizes - truth) ** 2)
    assert 0.93 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.97


def test_an_interval_stands_for_a_variance() -> None:
    found = variance_of_interval([8.04, 1.0], [11.96, math.inf])
    assert found[0] == pytest.approx(1.0, rel=1e-4)
    assert np.isnan(found[1])
