"""Rates a published street by a rubric: gathers the evidence, scores each subject, says how sure each star is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.improving import improvements
from pipelines.analysis.rating.results import Rated, Rating
from pipelines.analysis.rating.rubric import By, Rubric
from pipelines.analysis.rating.scoring import AS_PUBLISHED, Trial, score
from pipelines.analysis.rating.sensitivity import sensitivity
from pipelines.analysis.rating.uncertainty import DRAWS, chances
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period
from pipelines.rating.evidence import NOTHING_GIVEN, Given, gather
from pipelines.rating.rubric_files import RubricFile

SEED: Final = 20250701


def rate(
    desk: Desk,
    rubric: RubricFile,
    period: Period,
    by: By = "company",
    *,
    given: Given = NOTHING_GIVEN,
    as_of: date | None = None,
    seed: int = SEED,
    draws: int = DRAWS,
) -> Rating:
    """The rating of all subjects of a period. The desk is only read."""
    evidence = gather(desk, rubric.rubric, period, by, given=given, as_of=as_of)
    return rated(rubric.rubric, rubric.sha256, period, by, evidence, seed=seed, draws=draws)


def rated(
    rubric: Rubric,
    sha256: str,
    period: Period,
    by: By,
    evidence: Sequence[Evidence],
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    trial: Trial = AS_PUBLISHED,
) -> Rating:
    """The rating of evidence already gathered (or read from a sealed round), by subject. Reads nothing.

    `trial`: other weights, or criteria left out; for other thresholds, see `with_thresholds`.
    """
    known = sorted(evidence, key=lambda one: one.subject)
    accounts = [score(rubric, one, period.start, period.end, trial) for one in known]
    sure = chances(rubric, known, accounts, seed=seed, draws=draws)
    subjects = tuple(
        Rated(
            account=account,
            chances=chance,
            improvements=improvements(rubric, one, account),
            sensitivity=None if account.score is None else sensitivity(rubric, one, account, period.start, period.end),
        )
        for one, account, chance in zip(known, accounts, sure, strict=True)
    )
    return Rating(rubric, sha256, period.start, period.end, by, seed, draws, subjects)


def with_thresholds(rubric: Rubric, at: dict[int, float]) -> Rubric:
    """The rubric with other thresholds (stars → score) for a trial; the others stay. ValueError where they cross."""
    moved = tuple(replace(one, at=at.get(one.stars, one.at)) for one in rubric.thresholds)
    ordered = [one.at for one in sorted(moved, key=lambda one: one.stars)]
    if ordered != sorted(set(ordered)):
        raise ValueError("thresholds must rise with the stars")
    return replace(rubric, thresholds=moved)
