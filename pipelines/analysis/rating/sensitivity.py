"""Whether a star hangs on a choice: the weights within the panel's accepted range, one criterion, one scorer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.analysis.rating.accounts import Account, Line
from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.results import Sensitivity
from pipelines.analysis.rating.rounding import half_up
from pipelines.analysis.rating.rubric import Rubric
from pipelines.analysis.rating.scoring import Trial, least_star, score, star_of, without_scorers


def sensitivity(rubric: Rubric, evidence: Evidence, account: Account, start: date, end: date) -> Sensitivity:
    """What the star would be otherwise. The account is the evidence's own, and has a score."""
    given = account.stars or 0
    lowest, highest = (
        min([max(star_of(rubric, one), least_star(rubric, account.items)), *(cap.at for cap in account.caps)])
        for one in extremes(rubric, account)
    )
    criteria = {
        line.id: stars
        for line in account.lines
        if line.counted
        and (stars := score(rubric, evidence, start, end, Trial({}, frozenset({line.id}))).stars or 0) != given
    }
    names = sorted({one.scorer for datum in evidence.data.values() for one in datum.scores})
    scorers = {
        name: stars
        for name in names
        if (stars := score(rubric, without_scorers(evidence, {name}), start, end).stars or 0) != given
    }
    return Sensitivity(lowest, highest, criteria, scorers)


def extremes(rubric: Rubric, account: Account) -> tuple[float, float]:
    """The lowest and highest rounded score over all accepted weights of the dimensions.

    The score is a weighted mean of the dimensions' shares, so its extremes give the heaviest weights to the best (or
    worst) dimensions and the lightest to the others: as many cases as there are dimensions decide it.
    """
    shares = sorted(
        (_share(lines), one.accepted, _base(rubric, one.id, lines) / one.weight)
        for one in rubric.dimensions
        if (lines := [line for line in account.lines if line.dimension == one.id and line.counted]) and one.weight
    )
    beside = rubric.base + sum(one.points for one in account.items)
    if not shares:
        only = float(half_up(max(0.0, beside), rubric.decimals))
        return only, only
    found = []
    for heavy_from in range(len(shares) + 1):
        for up in (True, False):
            weights = [
                base * (accepted[1] if (place >= heavy_from) is up else accepted[0])
                for place, (_, accepted, base) in enumerate(shares)
            ]
            if sum(weights) > 0:
                mean = sum(w * one[0] for w, one in zip(weights, shares, strict=True)) / sum(weights)
                found.append(float(half_up(max(0.0, beside + rubric.total * mean), rubric.decimals)))
    return min(found), max(found)


def _share(lines: Sequence[Line]) -> float:
    return sum(one.added for one in lines) / sum(one.weight for one in lines)


def _base(rubric: Rubric, dimension: str, lines: Sequence[Line]) -> float:
    """The points of the dimension's criteria that count."""
    counted = {one.id for one in lines}
    return sum(one.points for one in rubric.criteria if one.dimension == dimension and one.id in counted)
