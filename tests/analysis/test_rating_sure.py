"""How sure a star is, what it hangs on, and what would raise it: exact where that can be counted."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rating_made import (
    COLLECTION,
    END,
    PLAIN,
    SATISFACTION,
    START,
    account,
    criterion,
    evidence,
    exact,
    rubric,
    scored,
    share,
    veto_entry,
)
from scipy.stats import beta

from pipelines.analysis.rating.evidence import Datum, Evidence
from pipelines.analysis.rating.improving import improvements
from pipelines.analysis.rating.ladders import linear, steps
from pipelines.analysis.rating.priors import posterior_means, posterior_shares, residual_variance
from pipelines.analysis.rating.rubric import Dimension, Rubric
from pipelines.analysis.rating.sensitivity import extremes, sensitivity
from pipelines.analysis.rating.uncertainty import beliefs, chances

WHOLE_SHARE = linear([(0.0, 0.0), (1.0, 100.0)])
ONE = rubric([criterion("one", 100.0, ladder=WHOLE_SHARE)])


def _sure(made: Rubric, several: list[Evidence], seed: int = 1, draws: int = 4000) -> list[dict[int, float]]:
    found = chances(made, several, [account(made, one) for one in several], seed=seed, draws=draws)
    return [dict(one.by_star) if one else {} for one in found]


def test_with_nobody_to_borrow_from_the_probabilities_are_those_of_jeffreys_beta() -> None:
    found = _sure(ONE, [evidence({"one": share(0.8, 50)})])[0]
    edges = [0.0, *(0.4 + star / 10 - 0.0005 for star in range(1, 6)), 1.0]
    expected = np.diff(beta(40.5, 10.5).cdf(edges))
    for star in range(6):
        assert found.get(star, 0.0) == pytest.approx(expected[star], abs=0.002)
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_ladder_of_steps_is_counted_exactly_too() -> None:
    made = rubric([criterion("one", 100.0, ladder=steps([(0.0, 0.7, 55.0), (0.7, 0.85, 75.0), (0.85, 1.01, 100.0)]))])
    found = _sure(made, [evidence({"one": share(0.8, 50)})])[0]
    law = beta(40.5, 10.5)
    assert found == pytest.approx({1: law.cdf(0.7), 3: law.cdf(0.85) - law.cdf(0.7), 5: law.sf(0.85)}, abs=0.001)


def test_what_is_counted_in_full_is_certain() -> None:
    assert _sure(ONE, [evidence({"one": exact(0.8)})]) == [{4: 1.0}]


def test_few_answers_are_drawn_towards_the_others_and_many_are_not() -> None:
    several = [share(value, 400) for value in (0.78, 0.8, 0.82, 0.79, 0.81)]
    small, large = (beliefs([*several, share(0.5, n)])[-1] for n in (10, 4000))
    assert small is not None
    assert large is not None
    assert 0.6 < small.one / (small.one + small.other) < 0.8
    assert large.one / (large.one + large.other) == pytest.approx(0.5, abs=0.005)


def test_a_posterior_is_a_beta_between_the_sample_and_the_peers() -> None:
    hits, n = np.array([90.0, 80.0, 70.0, 5.0]), np.array([100.0, 100.0, 100.0, 10.0])
    a, b = posterior_shares(hits, n)
    mean = a / (a + b)
    assert np.all(np.diff(mean[:3]) < 0)
    assert 0.5 < mean[3] < 0.75
    assert np.all((mean[:3] > hits[:3] / n[:3]) == np.array([False, False, True]))
    two, _ = posterior_shares(hits[:2], n[:2])
    assert two.tolist() == [90.5, 80.5]


def test_means_of_scorers_are_drawn_to_their_centre_as_far_as_they_differ_by_chance() -> None:
    mean, spread = posterior_means([0.9, 0.8, 0.7, math.nan], [1e-6, 1e-6, 1e-6, 1e-6])
    assert mean[:3] == pytest.approx([0.9, 0.8, 0.7], abs=1e-4)
    assert spread[:3] == pytest.approx([1e-3] * 3, rel=0.05)
    assert math.isnan(mean[3])
    alike, wide = posterior_means([0.81, 0.8, 0.79], [0.01, 0.01, 0.01])
    assert np.ptp(alike) < 0.015
    assert np.all(wide < 0.1)


def test_a_strict_scorer_is_no_disagreement_but_a_whim_is() -> None:
    strict = [[0.9, 0.8, 0.9], [0.8, 0.7, 0.8], [0.7, 0.6, 0.7]]
    assert residual_variance(strict) == pytest.approx(0.0, abs=1e-12)
    whim = [[0.9, 0.7], [0.7, 0.9]]
    # Subjects and scorers explain nothing of ±0.1: Σ 4 × 0.01 on one degree of freedom.
    assert residual_variance(whim) == pytest.approx(0.04)
    assert math.isnan(residual_variance([[0.9], [0.8]]))


def test_scorers_who_disagree_make_a_star_less_sure() -> None:
    made = rubric([criterion("one", 100.0, ladder=WHOLE_SHARE)])

    def at(whim: float) -> float:
        three = [
            evidence(
                {"one": scored(("a", 100 * mean + way * whim), ("b", 100 * mean), ("c", 100 * mean - way * whim))}, name
            )
            for name, mean, way in (("甲", 0.82, 1), ("乙", 0.65, -1), ("丙", 0.95, 1), ("丁", 0.75, -1))
        ]
        return _sure(made, three)[0][4]

    assert at(12) < at(3) <= 1.0
    assert at(0) == 1.0


def test_the_same_seed_gives_the_same_and_nobodys_luck_hangs_on_another() -> None:
    several = [evidence({"satisfaction": share(0.8, 90), "collection": share(0.8, 40)}, name) for name in "甲乙丙丁"]
    assert _sure(PLAIN, several) == _sure(PLAIN, several)
    assert len({str(one) for one in _sure(PLAIN, several)}) == 1
    assert _sure(PLAIN, several, seed=2) != _sure(PLAIN, several)


def test_a_cap_cuts_the_probabilities_off_and_a_floor_is_looked_at_in_every_draw() -> None:
    data = {"satisfaction": share(0.9, 200), "collection": exact(0.9)}
    capped = _sure(PLAIN, [evidence(data, entries=(veto_entry("hazard"),))])[0]
    assert set(capped) == {2}
    near = rubric([SATISFACTION, COLLECTION], vetoes=(replace(PLAIN.vetoes[2], floor=0.88),))
    found = _sure(near, [evidence(data)])[0]
    assert found[1] == pytest.approx(float(beta(180.5, 20.5).cdf(0.88)), abs=0.003)


def test_there_is_no_probability_where_there_is_no_score() -> None:
    assert _sure(PLAIN, [evidence({})]) == [{}]


def test_estates_that_did_not_report_count_as_worst_in_every_draw() -> None:
    part = _sure(ONE, [evidence({"one": share(0.9, 100, reached=0.8)})])[0]
    assert max(part, key=lambda star: part[star]) == 3


def test_the_extremes_over_the_accepted_weights_are_found_at_their_corners() -> None:
    ranges = ((30.0, 20.0, 45.0), (30.0, 25.0, 35.0), (40.0, 30.0, 50.0))
    made = rubric(
        [
            criterion(name, ends[0], ladder=linear([(0.0, 0.0), (1.0, ends[0])]))
            for name, ends in zip("abc", ranges, strict=True)
        ]
    )
    dimensions: tuple[Dimension, ...] = tuple(
        replace(one, accepted=ends[1:]) for one, ends in zip(made.dimensions, ranges, strict=True)
    )
    made = replace(made, dimensions=dimensions, decimals=6)
    values = {"a": 0.9, "b": 0.4, "c": 0.7}
    one = evidence({name: exact(value) for name, value in values.items()})
    low, high = extremes(made, account(made, one))
    corners = [
        100 * (a * 0.9 + b * 0.4 + c * 0.7) / (a + b + c)
        for a in np.linspace(20, 45, 6)
        for b in np.linspace(25, 35, 6)
        for c in np.linspace(30, 50, 6)
    ]
    assert (low, high) == pytest.approx((min(corners), max(corners)), abs=1e-5)


def test_what_a_star_hangs_on_is_named() -> None:
    made = rubric(
        [
            criterion("one", 50.0, ladder=linear([(0.0, 0.0), (1.0, 50.0)])),
            criterion("two", 50.0, ladder=linear([(0.0, 0.0), (1.0, 50.0)])),
        ]
    )
    one = evidence({"one": scored(("甲", 95), ("乙", 80)), "two": exact(0.72)})
    found = sensitivity(made, one, account(made, one), START, END)
    assert (account(made, one).score, account(made, one).stars) == (79.8, 3)
    assert (found.lowest, found.highest) == (3, 3)
    assert found.without_criterion == {"two": 4}
    assert found.without_scorer == {"乙": 4}
    assert not found.robust


def test_an_improvement_says_how_far_and_is_enough_when_done() -> None:
    one = evidence({"satisfaction": share(0.8, 200), "collection": exact(0.7)})
    before = account(PLAIN, one)
    assert (before.score, before.stars, before.to_next) == (53.3, 1, 6.7)
    found = improvements(PLAIN, one, before)
    assert [(each.criterion, each.reaches) for each in found] == [("collection", True), ("satisfaction", True)]
    assert found[1].zh == "satisfaction提高 3.4 个百分点，加 6.8 分，可到2星（每提高 3 个百分点约加 6.0 分）"
    assert found[0].en == (
        "collection up by 5.0 percentage points: 6.7 points more, enough for 2 stars "
        "(about 4.0 for every 3 percentage points)"
    )
    for each in found:
        assert each.to is not None
        better = {**one.data, each.criterion: replace(one.data[each.criterion], value=each.to)}
        assert account(PLAIN, replace(one, data=better)).stars == 2


@given(
    st.floats(0.3, 1).map(lambda one: round(one, 3)),
    st.floats(0.3, 1).map(lambda one: round(one, 3)),
    st.floats(0.6, 1).map(lambda one: round(one, 2)),
)
def test_whatever_improvement_is_named_reaches_the_star_and_one_step_less_does_not(
    one: float, other: float, reached: float
) -> None:
    known = evidence({"satisfaction": share(one, 200, reached=reached), "collection": exact(other)})
    before = account(PLAIN, known)
    for each in improvements(PLAIN, known, before):
        assert each.to is not None
        target = replace(known.data[each.criterion], value=each.to)
        after = account(PLAIN, replace(known, data={**known.data, each.criterion: target}))
        assert after.raw_score == pytest.approx((before.raw_score or 0) + each.gain)
        assert ((after.stars_by_score or 0) > (before.stars_by_score or 0)) is each.reaches
        if each.reaches and (each.change or 0) > 0.0011:
            less = replace(target, value=each.to - 0.0011)
            short = account(PLAIN, replace(known, data={**known.data, each.criterion: less}))
            assert short.stars_by_score == before.stars_by_score


def test_submitting_what_is_missing_comes_first_and_says_the_most_it_can_give() -> None:
    one = evidence({"satisfaction": share(0.9, 200)})
    found = improvements(PLAIN, one, account(PLAIN, one))
    assert [(each.criterion, each.submit, each.gain, each.zh) for each in found] == [
        ("collection", True, 40.0, "补报collection，最多加 40.0 分，可到3星")
    ]


def test_a_time_is_brought_down_and_a_median_never_reached_gets_nothing() -> None:
    made = rubric([criterion("hours", 100.0, unit="hours", ladder=linear([(24.0, 100.0), (124.0, 0.0)]))])
    one = evidence({"hours": Datum(60.0, 40.0, None, "estimate", spread=5.0)})
    found = improvements(made, one, account(made, one))
    assert [each.zh for each in found] == ["hours降低 6.0 小时，加 6.0 分，可到3星（每降低 6 小时约加 6.0 分）"]
    assert [found[0].change, found[0].to] == pytest.approx([6.0, 54.0])
    never = evidence({"hours": Datum(math.inf, 40.0)})
    assert account(made, never).raw_score == 0.0
    assert improvements(made, never, account(made, never)) == ()
