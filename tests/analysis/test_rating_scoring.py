"""Every point of a star is explained; what is missing, small, new, capped or vetoed counts as the rubric says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rating_made import (
    COLLECTION,
    PLAIN,
    SATISFACTION,
    account,
    criterion,
    evidence,
    exact,
    rubric,
    scored,
    share,
    veto_entry,
)

from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.evidence import Datum, Entry
from pipelines.analysis.rating.ladders import linear, steps
from pipelines.analysis.rating.rounding import half_up
from pipelines.analysis.rating.scoring import Trial, score, without_scorers

MISSING = Datum(None, absence="not_submitted")
SHARES = st.floats(0, 1).map(lambda one: round(one, 3))


def _stars(one: Account) -> int:
    return one.stars or 0


def test_an_account_tells_value_sample_rung_points_and_weight_of_each_line() -> None:
    found = account(PLAIN, evidence({"satisfaction": share(0.84, 200), "collection": exact(0.75)}))
    assert (found.stars, found.score, found.to_next, found.to_previous) == (2, 68.0, 2.0, 8.0)
    assert [
        (one.id, one.status, one.value, one.n, one.step, round(one.points, 6), one.max_points, one.weight)
        for one in found.lines
    ] == [
        ("satisfaction", "scored", 0.84, 200, "0.6..0.9", 48.0, 60.0, 60.0),
        ("collection", "scored", 0.75, None, "0.6..0.9", 20.0, 40.0, 40.0),
    ]
    assert sum(one.added for one in found.lines) == pytest.approx(found.raw_score)


def test_what_was_not_submitted_scores_0_and_keeps_its_weight() -> None:
    found = account(PLAIN, evidence({"satisfaction": share(0.9)}))
    assert (found.score, found.stars) == (60.0, 2)
    assert found.lines[1].missing_zh == "未报送，计 0 分"
    assert found.lines[1].weight == 40.0


def test_a_sample_too_small_to_judge_is_left_out_and_its_weight_given_to_the_others() -> None:
    found = account(PLAIN, evidence({"satisfaction": share(0.2, 29), "collection": exact(0.9)}))
    assert (found.score, found.stars) == (100.0, 5)
    assert [(one.status, one.weight) for one in found.lines] == [("left_out", 0.0), ("scored", 100.0)]
    assert found.lines[0].missing_zh == "样本 29，不足 30，不计并重新分配权重"


def test_a_small_sample_is_no_excuse_where_some_of_it_was_not_submitted() -> None:
    found = account(PLAIN, evidence({"satisfaction": share(0.2, 29, reached=0.5), "collection": exact(0.9)}))
    assert (found.score, [one.status for one in found.lines]) == (40.0, ["missing", "scored"])


def test_estates_that_did_not_report_count_as_worst_or_are_only_noted() -> None:
    data = {"satisfaction": share(0.9, reached=0.8), "collection": exact(0.9)}
    assert account(PLAIN, evidence(data)).score == pytest.approx(64.0)
    noted = rubric([replace(SATISFACTION, partial="noted"), COLLECTION])
    assert account(noted, evidence(data)).score == 100.0


def test_below_the_least_evidence_there_is_no_star_and_the_reason_says_so() -> None:
    few = account(replace(PLAIN, minimum=0.5), evidence({"collection": exact(0.9)}))
    assert (few.stars, few.score) == (None, None)
    assert few.no_star_reason is not None
    assert few.no_star_reason.zh == "有数据可评的只占 40%，不到细则要求的 50%，不定星"
    nothing = account(PLAIN, evidence({}))
    assert nothing.no_star_reason is not None
    assert (nothing.stars, nothing.score, nothing.no_star_reason.code) == (None, None, "no_data")
    small = account(
        PLAIN, evidence({"satisfaction": share(0.9, 4), "collection": Datum(None, absence="not_applicable")})
    )
    assert small.no_star_reason is not None
    assert small.no_star_reason.zh == "样本 4 份，不足以定星"


def test_nobody_is_rated_where_nobody_manages_and_none_that_served_too_short() -> None:
    good = {"satisfaction": share(0.9), "collection": exact(0.9)}
    empty = account(PLAIN, evidence(good, state="unmanaged"))
    assert empty.no_star_reason is not None
    assert empty.no_star_reason.code == "unmanaged"
    short = account(replace(PLAIN, least_service_days=365), evidence(good, service_days=200))
    assert short.no_star_reason is not None
    assert (short.stars, short.score, short.no_star_reason.code) == (None, 100.0, "service")
    assert account(replace(PLAIN, least_service_days=365), evidence(good, service_days=365)).stars == 5


def test_at_the_threshold_is_the_higher_star_and_the_score_is_rounded_once() -> None:
    ladder = linear([(0.0, 0.0), (1.0, 100.0)])
    made = rubric([criterion("one", 100.0, ladder=ladder)])
    found = {value: account(made, evidence({"one": exact(value)})) for value in (0.9, 0.8995, 0.89949, 0.499)}
    assert [(one.score, one.stars) for one in found.values()] == [(90.0, 5), (90.0, 5), (89.9, 4), (49.9, None)]
    assert found[0.499].no_star_reason is not None
    assert found[0.499].no_star_reason.zh == "得分不到最低一档 50 分，不定星"
    assert half_up([0.05, 0.25, 2.675, 79.95], 1).tolist() == [0.1, 0.3, 2.7, 80.0]
    # Two halves, each of which alone would be rounded up, are not rounded up twice.
    halves = rubric([criterion(name, 50.0, ladder=linear([(0.0, 0.0), (1.0, 50.0)])) for name in ("a", "b")])
    assert account(halves, evidence({"a": exact(0.8009), "b": exact(0.8009)})).score == 80.1


def test_bonuses_and_deductions_stop_at_their_caps() -> None:
    good = {"satisfaction": share(0.75), "collection": exact(0.75)}
    times = {"award": 4.0, "penalty": 3.0}
    entries = tuple(Entry("甲", name, date(2025, 2, 1), "文号", "街道", count) for name, count in times.items())
    found = account(PLAIN, evidence(good, entries=entries))
    assert [(one.id, one.points) for one in found.items] == [("award", 3.0), ("penalty", -10.0)]
    assert found.score == 43.0
    tight = account(replace(PLAIN, bonus_cap=1.0, deduction_cap=4.0), evidence(good, entries=entries))
    assert [one.points for one in tight.items] == [1.0, -4.0]


def test_a_veto_caps_the_star_with_its_evidence_and_expires() -> None:
    good = {"satisfaction": share(0.9), "collection": exact(0.9)}
    capped = account(PLAIN, evidence(good, entries=(veto_entry("hazard"),)))
    assert (capped.stars, capped.stars_by_score, capped.score, capped.to_next) == (2, 5, 100.0, None)
    assert [(one.id, one.evidence, one.decider, one.on) for one in capped.caps] == [
        ("hazard", "文号 1", "联盟常委会", date(2025, 3, 1))
    ]
    expired = veto_entry("hazard", on=date(2024, 3, 1), expires=date(2024, 12, 31))
    assert account(PLAIN, evidence(good, entries=(expired,))).stars == 5
    later = veto_entry("hazard", on=date(2025, 7, 1))
    assert account(PLAIN, evidence(good, entries=(later,))).stars == 5
    none = account(PLAIN, evidence(good, entries=(veto_entry("accident"),)))
    assert none.no_star_reason is not None
    assert (none.stars, none.score, none.no_star_reason.zh) == (None, 100.0, "安全事故，不定星")


def test_a_floor_is_a_veto_that_silence_does_not_escape() -> None:
    low = account(PLAIN, evidence({"satisfaction": share(0.49), "collection": exact(0.9)}, entries=()))
    assert [(one.id, one.at, one.zh) for one in low.caps] == [("floor", 1, "满意率低于 50%（49.0%）")]
    silent = account(PLAIN, evidence({"collection": exact(0.9)}))
    assert [one.zh for one in silent.caps] == ["满意率低于 50%（没有数据）"]


def test_missing_evidence_may_cap_the_star_too() -> None:
    made = rubric([SATISFACTION, replace(COLLECTION, missing="cap", cap_at=1)])
    found = account(made, evidence({"satisfaction": share(0.9)}))
    assert (found.stars, [one.id for one in found.caps]) == (1, ["missing:collection"])


def test_a_new_criterion_is_shown_but_not_counted_in_its_first_round() -> None:
    made = rubric([SATISFACTION, replace(COLLECTION, counts_from=date(2025, 7, 1))])
    one = evidence({"satisfaction": share(0.9), "collection": exact(0.6)})
    before, after = account(made, one), score(made, one, date(2025, 7, 1), date(2025, 12, 31))
    assert (before.score, before.lines[1].status, before.lines[1].value) == (100.0, "not_yet", 0.6)
    assert after.score == 60.0


def test_a_peer_group_climbs_its_own_ladder() -> None:
    easier = {"基本保障": linear([(0.3, 0.0), (0.6, 40.0)])}
    made = rubric([SATISFACTION, replace(COLLECTION, ladders=easier)])
    one = evidence({"satisfaction": share(0.9), "collection": exact(0.6)})
    assert [account(made, replace(one, peer_group=group)).score for group in (None, "完善提升", "基本保障")] == [
        60,
        60,
        100,
    ]


def test_whoever_has_no_bad_record_is_not_below_the_star_that_a_rubric_grants_them() -> None:
    made = replace(PLAIN, least_if_clean=2)
    poor = {"satisfaction": share(0.6), "collection": exact(0.6)}
    assert account(made, evidence(poor)).stars == 2
    bad = Entry("甲", "penalty", date(2025, 2, 1), "文号", "街道")
    assert account(made, evidence(poor, entries=(bad,))).stars is None


def test_a_trial_weighs_otherwise_and_leaves_criteria_out() -> None:
    one = evidence({"satisfaction": share(0.9), "collection": exact(0.6)})
    from rating_made import END, START

    assert score(PLAIN, one, START, END, Trial({"satisfaction": 20.0})).score == pytest.approx(33.3)
    assert score(PLAIN, one, START, END, Trial({}, frozenset({"collection"}))).score == 100.0


def test_a_scorer_left_out_takes_only_his_own_scores_with_him() -> None:
    one = evidence({"satisfaction": scored(("甲", 90), ("乙", 60), ("丙", 75))})
    left = without_scorers(one, {"乙"}).data["satisfaction"]
    assert (left.value, left.n, [each.scorer for each in left.scores]) == (0.825, 2.0, ["甲", "丙"])
    assert without_scorers(one, {"甲", "乙", "丙"}).data["satisfaction"].absence == "not_applicable"


@given(SHARES, SHARES, SHARES, st.integers(30, 500))
def test_better_data_never_lowers_a_score_or_a_star(one: float, other: float, held: float, n: int) -> None:
    low, high = sorted((one, other))
    before, after = (
        account(PLAIN, evidence({"satisfaction": share(value, n), "collection": exact(held)})) for value in (low, high)
    )
    assert (after.score or 0) >= (before.score or 0)
    assert _stars(after) >= _stars(before)


@given(SHARES, SHARES, st.sampled_from(["accident", "hazard", "floor"]))
def test_a_veto_only_lowers(one: float, other: float, veto: str) -> None:
    plain = evidence({"satisfaction": share(one), "collection": exact(other)})
    vetoed = replace(plain, entries=(veto_entry(veto),))
    assert _stars(account(PLAIN, vetoed)) <= _stars(account(PLAIN, plain))
    assert account(PLAIN, vetoed).score == account(PLAIN, plain).score


@given(SHARES, SHARES, st.integers(1, 500), st.sampled_from(["satisfaction", "collection", "both"]))
def test_withholding_a_submission_never_helps(one: float, other: float, n: int, kept_back: str) -> None:
    data = {"satisfaction": share(one, n), "collection": exact(other)}
    whole = account(PLAIN, evidence(data))
    gone = data if kept_back == "both" else {kept_back: MISSING}
    silent = account(PLAIN, evidence({**data, **dict.fromkeys(gone, MISSING)}))
    # What was too small to judge was left out; kept back, it counts as 0.
    assert _stars(silent) <= _stars(whole)
    if whole.score is not None:
        assert (silent.score or 0) <= whole.score


@given(
    st.lists(st.tuples(SHARES, st.integers(1, 400), st.integers(1, 60)), min_size=2, max_size=5),
    st.integers(0, 4),
    st.integers(1, 30),
)
def test_keeping_back_one_estates_part_never_helps_a_company(
    estates: list[tuple[float, int, int]], which: int, intensity: int
) -> None:
    """Estates answer as often for their size: then those kept back count as worst for what they are."""
    gone = which % len(estates)

    def pooled(kept: list[tuple[float, int, int]]) -> Datum:
        n = sum(size * intensity for _, size, _ in kept)
        hits = sum(rate * size * intensity for rate, size, _ in kept)
        reached = sum(size for _, size, _ in kept) / sum(size for _, size, _ in estates)
        return share(hits / n, n, reached=reached) if n else MISSING

    whole = account(PLAIN, evidence({"satisfaction": pooled(estates), "collection": exact(0.8)}))
    part = account(
        PLAIN,
        evidence({"satisfaction": pooled([*estates[:gone], *estates[gone + 1 :]]), "collection": exact(0.8)}),
    )
    assert (part.score or 0) <= (whole.score or 0) + 0.1 * (whole.score is None)
    assert _stars(part) <= _stars(whole)


def test_a_falling_ladder_rewards_the_shorter_time_at_its_very_edge() -> None:
    ladder = steps([(0, 24, 5), (24, 72, 3), (72, float("inf"), 0)])
    made = rubric([criterion("hours", 5.0, ladder=ladder, unit="hours")])
    found = [
        account(made, evidence({"hours": exact(value)})).lines[0].points
        for value in (0, 24, 24.1, 72, 500, float("inf"))
    ]
    assert found == [5, 5, 3, 3, 0, 0]
