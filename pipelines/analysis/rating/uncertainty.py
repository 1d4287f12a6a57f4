"""How sure a star is: what the true qualities could be behind a sample, and which star each of them would deserve.

The prior is stated and the same for every criterion: the subjects' true values are spread around a common centre, as
far as they are seen to differ beyond chance (`pipelines.analysis.rating.priors`). Shares are beta-binomial, estimates
with an interval and means of scorers normal-normal; scorers' disagreement is pooled over all subjects. Counts of all
cases (money, facts) are exact. The criteria are independent given the truth.

Draws of a criterion share their random numbers over the subjects, so leaving a subject out changes nobody's luck.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, digamma, expit, ndtri, polygamma  # type: ignore[import-untyped]

from pipelines.analysis.rating.accounts import Account, Line
from pipelines.analysis.rating.evidence import Datum, Evidence
from pipelines.analysis.rating.ladders import Ladder
from pipelines.analysis.rating.priors import posterior_means, posterior_shares, residual_variance
from pipelines.analysis.rating.results import Chances
from pipelines.analysis.rating.rounding import half_up
from pipelines.analysis.rating.rubric import Criterion, Rubric
from pipelines.analysis.rating.scoring import least_star, worst_filled

FloatArray = NDArray[np.float64]
DRAWS: Final = 2000
_EVENLY: Final = np.linspace(-6.0, 6.0, 33)
_FAR: Final = 1e6
_HARDLY: Final = 1e-3
NO_CAP: Final = 99


@dataclass(frozen=True)
class Belief:
    """What a true value could be: `beta` with a and b, or `normal` with mean and standard deviation."""

    kind: Literal["beta", "normal"]
    one: float
    other: float

    def deviates(self, values: FloatArray) -> FloatArray:
        """At how many standard deviations of a normal each value stands."""
        if self.kind == "normal":
            return (values - self.one) / self.other
        below: FloatArray = ndtri(betainc(self.one, self.other, np.clip(values, 0.0, 1.0)))
        return below


def beliefs(data: Sequence[Datum], *, pooled: bool = True) -> list[Belief | None]:
    """For one criterion, what each subject's true value could be, given all; None where it is known exactly.

    `pooled` False takes each subject's own sample at its word (plug-in), for comparison only.
    """
    if not any(one.nature != "exact" and one.value is not None for one in data):
        return [None] * len(data)
    nature = next(one.nature for one in data if one.nature != "exact" and one.value is not None)
    return (_of_shares if nature == "share" else _of_means)(data, pooled=pooled)


def _of_shares(data: Sequence[Datum], *, pooled: bool) -> list[Belief | None]:
    known = [one.value is not None and one.sample is not None and one.nature == "share" for one in data]
    n = np.array([one.sample if ok else 0.0 for one, ok in zip(data, known, strict=True)], dtype=np.float64)
    share = np.array([one.value if ok else 0.0 for one, ok in zip(data, known, strict=True)], dtype=np.float64)
    hits = np.clip(share, 0.0, 1.0) * n
    a, b = posterior_shares(hits, n) if pooled else (hits + _HARDLY, n - hits + _HARDLY)
    return [Belief("beta", float(one), float(two)) if ok else None for one, two, ok in zip(a, b, known, strict=True)]


def _of_means(data: Sequence[Datum], *, pooled: bool) -> list[Belief | None]:
    values = np.array([np.nan if one.value is None else one.value for one in data], dtype=np.float64)
    variances = _variances(data)
    mean, spread = posterior_means(values, variances) if pooled else (values, np.sqrt(variances))
    return [
        Belief("normal", float(m), float(s)) if np.isfinite(m) and np.isfinite(s) and s > 0 else None
        for m, s in zip(mean, spread, strict=True)
    ]


def _variances(data: Sequence[Datum]) -> FloatArray:
    """The sampling variance of each value: of its own interval, or of the mean of scorers who differ."""
    names = sorted({score.scorer for one in data for score in one.scores})
    table = np.array([[_share_by(one, name) for name in names] for one in data], dtype=np.float64)
    within = residual_variance(table) if names else math.nan
    return np.array([_variance(one, within) for one in data], dtype=np.float64)


def _variance(datum: Datum, within: float) -> float:
    if datum.nature == "estimate" and datum.spread:
        return datum.spread**2
    if datum.nature == "scores" and datum.scores and math.isfinite(within):
        return within / len({one.scorer for one in datum.scores})
    return math.nan


def _share_by(datum: Datum, scorer: str) -> float:
    most = sum(one.most for one in datum.scores if one.scorer == scorer)
    return sum(one.given for one in datum.scores if one.scorer == scorer) / most if most > 0 else math.nan


def chances(
    rubric: Rubric,
    evidence: Sequence[Evidence],
    accounts: Sequence[Account],
    *,
    seed: int,
    draws: int = DRAWS,
    pooled: bool = True,
) -> list[Chances | None]:
    """How sure each star is; the accounts are those of the evidence, in the same order. None where there is no score.

    The same seed gives the same answer. Vetoes and caps cut the drawn stars off too; a floor (满意度低于底线) is looked
    at in every draw.
    """
    scores, floors = drawn(rubric, evidence, accounts, seed=seed, draws=draws, pooled=pooled)
    stars = _stars(rubric, half_up(scores, rubric.decimals))
    found: list[Chances | None] = []
    for row, account in enumerate(accounts):
        if account.score is None or (account.no_star_reason is not None and account.no_star_reason.code == "service"):
            found.append(None)
            continue
        own = np.maximum(stars[row], least_star(rubric, account.items))
        capped = np.minimum(np.minimum(own, floors[row]), min(_certain_caps(rubric, account), default=NO_CAP))
        told, counts = np.unique(capped, return_counts=True)
        low, high = np.quantile(scores[row], (0.1, 0.9))
        share = {int(star): float(count) / draws for star, count in zip(told, counts, strict=True)}
        found.append(Chances(share, float(low), float(high)))
    return found


def _certain_caps(rubric: Rubric, account: Account) -> list[int]:
    """All caps but those of floors that were kept or not by a sample."""
    sampled = {one.id for one in account.lines if one.status == "scored"}
    doubtful = {one.id for one in rubric.vetoes if one.criterion in sampled}
    # A veto with a floor may have been entered by hand as well; then somebody decided it.
    return [one.at for one in account.caps if one.id not in doubtful or one.decider]


def _stars(rubric: Rubric, rounded: FloatArray) -> NDArray[np.int64]:
    ordered = sorted(rubric.thresholds, key=lambda one: one.at)
    ranks = np.array([0, *(one.stars for one in ordered)], dtype=np.int64)
    return ranks[np.searchsorted([one.at for one in ordered], rounded, side="right")]


def drawn(
    rubric: Rubric,
    evidence: Sequence[Evidence],
    accounts: Sequence[Account],
    *,
    seed: int,
    draws: int = DRAWS,
    pooled: bool = True,
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Scores before rounding, subjects by draws; and the cap that floors set in each draw (NO_CAP: none)."""
    beside = [rubric.base + sum(one.points for one in account.items) for account in accounts]
    scores = np.repeat(np.array(beside, dtype=np.float64)[:, None], draws, axis=1)
    floors = np.full(scores.shape, NO_CAP, dtype=np.int64)
    for place, criterion in enumerate(rubric.criteria):
        lines = [one.lines[place] for one in accounts]
        data = [
            replace(one.data[criterion.id], value=None) if line.status != "scored" else one.data[criterion.id]
            for one, line in zip((_with(one, criterion.id) for one in evidence), lines, strict=True)
        ]
        z, order = _luck(criterion.id, seed, draws)
        climbs = [
            _Climb(criterion, one.peer_group, datum, belief, line)
            for one, datum, belief, line in zip(evidence, data, beliefs(data, pooled=pooled), lines, strict=True)
        ]
        scores += _points(climbs, z)[:, order]
        for veto in rubric.vetoes:
            if veto.criterion == criterion.id and veto.floor is not None:
                below = np.array([_below(one, veto.floor, z) for one in climbs])[:, order]
                floors = np.where(below, np.minimum(floors, veto.cap_at), floors)
    return np.maximum(scores, 0.0), floors


def _with(evidence: Evidence, criterion: str) -> Evidence:
    return evidence if criterion in evidence.data else replace(evidence, data={**evidence.data, criterion: Datum(None)})


@dataclass(frozen=True)
class _Climb:
    """One subject's true value on one criterion's ladder."""

    criterion: Criterion
    peer_group: str | None
    datum: Datum
    belief: Belief | None
    line: Line


def _points(climbs: Sequence[_Climb], z: FloatArray) -> FloatArray:
    """What each adds to the score at each (rising) deviate: subjects by deviates."""
    added = np.zeros((len(climbs), z.size))
    together: dict[tuple[object, ...], list[int]] = {}
    for row, one in enumerate(climbs):
        if not one.line.counted or one.line.max_points == 0:
            continue
        ladder = one.criterion.ladder_for(one.peer_group)
        times, plus, share = worst_filled(one.criterion, one.datum, one.peer_group)
        if one.belief is None or times <= 0:
            added[row] = one.line.added
        elif ladder.shape == "linear" and one.belief.kind == "beta":
            together.setdefault((ladder.at, ladder.points), []).append(row)
        else:
            added[row] = _climbed(ladder, one.belief, times, plus, z) * (share * one.line.weight / one.line.max_points)
    for rows in together.values():
        _slopes([climbs[row] for row in rows], rows, z, added)
    return added


def _slopes(climbs: Sequence[_Climb], rows: Sequence[int], z: FloatArray, added: FloatArray) -> None:
    """Fills in the rows of those whose shares climb the same sloping ladder.

    A share is looked up at its rungs and at the quantiles that a normal on the logit scale would have; between these,
    points are linear in the deviate.
    """
    ladder = climbs[0].criterion.ladder_for(climbs[0].peer_group)
    fills = [worst_filled(one.criterion, one.datum, one.peer_group) for one in climbs]
    times, plus = np.array([one[0] for one in fills])[:, None], np.array([one[1] for one in fills])[:, None]
    a = np.array([one.belief.one if one.belief else np.nan for one in climbs])[:, None]
    b = np.array([one.belief.other if one.belief else np.nan for one in climbs])[:, None]
    spread = np.sqrt(polygamma(1, a) + polygamma(1, b))
    values = np.hstack([(np.array(ladder.at) - plus) / times, expit(digamma(a) - digamma(b) + spread * _EVENLY)])
    edges = np.clip(ndtri(betainc(a, b, np.clip(values, 0.0, 1.0))), -_FAR, _FAR)
    order = np.argsort(edges, axis=1, kind="stable")
    edges = np.take_along_axis(edges, order, axis=1)
    points = np.interp(np.take_along_axis(values, order, axis=1) * times + plus, ladder.at, ladder.points)
    for row, one, fill, at, given in zip(rows, climbs, fills, edges, points, strict=True):
        added[row] = np.interp(z, at, given * (fill[2] * one.line.weight / one.line.max_points))


def _below(climb: _Climb, floor: float, z: FloatArray) -> NDArray[np.bool_]:
    if climb.line.status != "scored" or climb.line.scored_value is None:
        return np.zeros(z.shape, dtype=np.bool_)
    times, plus, _ = worst_filled(climb.criterion, climb.datum, climb.peer_group)
    if climb.belief is None or times <= 0:
        return np.full(z.shape, climb.line.scored_value < floor)
    edge = float(climb.belief.deviates(np.array([(floor - plus) / times]))[0])
    return np.less(z, edge)


def _luck(criterion: str, seed: int, draws: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """Normal deviates of a criterion, one in each of `draws` equal slices, upwards; and the order they come in."""
    generator = np.random.Generator(np.random.PCG64([seed, zlib.crc32(criterion.encode())]))
    slices: FloatArray = ndtri((np.arange(draws) + generator.random(draws)) / draws)
    return slices, generator.permutation(draws)


def _climbed(ladder: Ladder, belief: Belief, times: float, plus: float, z: FloatArray) -> FloatArray:
    """The points of a normal, or of any ladder of steps, at each (rising) deviate."""
    edges = belief.deviates((np.array(ladder.at) - plus) / times)
    if ladder.shape == "linear":
        return np.interp(z, edges, ladder.points)
    points = np.array(ladder.points)
    if ladder.rising:
        reached: FloatArray = np.append(0.0, points)[np.searchsorted(edges, z, side="right")]
    else:
        reached = np.append(points, 0.0)[np.searchsorted(edges, z, side="left")]
    return reached
