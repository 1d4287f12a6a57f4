"""By simulation: stars said to be 80 % sure are right four times in five; fixed thresholds flip fewer stars.

A tenth runs in `make test`. With LIANPING_PROVE=1 it runs whole and writes docs/simulations/rating_*.json, which
docs/RATING.md quotes; a test compares the two. All random numbers come from fixed seeds.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.evidence import Datum, Evidence
from pipelines.analysis.rating.ladders import linear, points_at
from pipelines.analysis.rating.rounding import half_up
from pipelines.analysis.rating.rubric import Criterion, Dimension, Rubric, Source, Threshold
from pipelines.analysis.rating.scoring import score, star_of
from pipelines.analysis.rating.uncertainty import chances

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "docs/simulations"
WHOLE = bool(os.environ.get("LIANPING_PROVE"))
PART = 1 if WHOLE else 10
START, END = date(2025, 1, 1), date(2025, 6, 30)
COMPANIES, ANSWERS = 20, 100
WEIGHTS = (40.0, 30.0, 20.0, 10.0)

pytestmark = pytest.mark.prove


STEEP = ((0.5, 0.0), (0.95, 1.0))
LADDERS = {
    "plain": ((0.0, 0.0), (1.0, 1.0)),
    "alliance": ((0.5, 0.0), (0.7, 0.6), (0.8, 25 / 30), (0.9, 1.0)),
    "steep": STEEP,
}
"""The share of the points for a share of answers; `alliance` is that of satisfaction in the rubric that is shipped."""


def _rubric(weights: tuple[float, ...], ladder: tuple[tuple[float, float], ...] = STEEP) -> Rubric:
    criteria = tuple(
        Criterion(
            f"c{i}", f"c{i}", f"c{i}", "all", w, Source("metric", f"c{i}"), linear([(at, p * w) for at, p in ladder])
        )
        for i, w in enumerate(weights)
    )  # fmt: skip
    stars = tuple(Threshold(star, 40.0 + 10 * star, str(star), str(star)) for star in range(1, 6))
    whole = Dimension("all", "all", "all", sum(weights), (sum(weights), sum(weights)), criteria)
    return Rubric("simulated", "1", "", "", "", "", "", "", sum(weights), (whole,), stars)


def _measured(hits: np.ndarray, size: np.ndarray) -> list[Evidence]:
    return [
        Evidence(f"{row:02}", "company", {f"c{i}": _share(x, n) for i, (x, n) in enumerate(zip(*pair, strict=True))})
        for row, pair in enumerate(zip(hits, size, strict=True))
    ]


def _share(hits: int, n: int) -> Datum:
    return Datum(float(hits / n), float(n), None, "share", float(n))


def _deserved(rubric: Rubric, truth: np.ndarray) -> list[int]:
    points = sum(points_at(one.ladder, truth[:, i]) for i, one in enumerate(rubric.criteria))
    return [star_of(rubric, float(one)) for one in half_up(points, rubric.decimals)]


def record(name: str, figures: dict[str, Any]) -> None:
    if WHOLE:
        (RECORDS / f"{name}.json").write_text(
            json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def test_of_the_stars_said_to_be_80_percent_sure_75_to_85_percent_are_deserved() -> None:
    rubric, rounds = _rubric(WEIGHTS), 2500 // PART
    rng = np.random.default_rng(20250701)
    bins: dict[int, list[bool]] = defaultdict(list)
    errors: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(rounds):
        size = np.maximum(rng.poisson(ANSWERS, (COMPANIES, len(WEIGHTS))), 30)
        truth = np.empty(size.shape)
        for column in range(len(WEIGHTS)):
            # The stated prior: the weight of the peers is uniform, the centre anywhere.
            weight, centre = rng.uniform(0.02, 0.98), rng.uniform(0.7, 0.9)
            strength = ANSWERS * weight / (1 - weight)
            truth[:, column] = rng.beta(centre * strength, (1 - centre) * strength, COMPANIES)
        evidence = _measured(rng.binomial(size, truth), size)
        accounts = [score(rubric, one, START, END) for one in evidence]
        deserved = _deserved(rubric, truth)
        for pooled in (True, False):
            sure = chances(rubric, evidence, accounts, seed=turn, draws=1000, pooled=pooled)
            for account, chance, star in zip(accounts, sure, deserved, strict=True):
                assert chance is not None
                errors[pooled].append(sum((chance.by_star.get(k, 0.0) - (k == star)) ** 2 for k in range(6)))
                if pooled:
                    said = chance.by_star.get(account.stars or 0, 0.0)
                    bins[int(10 * said + 0.5)].append((account.stars or 0) == star)
    brier = {pooled: float(np.mean(found)) for pooled, found in errors.items()}
    told = {
        f"{10 * one - 5}-{10 * one + 5}": {"cases": len(found), "right": round(float(np.mean(found)), 4)}
        for one, found in sorted(bins.items())
        if len(found) >= 2000 // PART
    }
    assert 0.75 <= np.mean(bins[8]) <= 0.85
    assert brier[True] < brier[False]
    if WHOLE:
        assert len(bins[8]) >= 2000
        assert all(abs(one["right"] - (int(name.split("-")[0]) + 5) / 100) <= 0.05 for name, one in told.items())
    figures = {"rounds": rounds, "companies": COMPANIES, "answers": ANSWERS, "by_percent_sure": told}
    record("rating_sure", {**figures, "brier": round(brier[True], 4), "brier_plug_in": round(brier[False], 4)})


def test_fixed_thresholds_flip_fewer_stars_than_quintiles_and_none_when_another_leaves() -> None:
    """Twenty companies of different quality, four criteria: measured twice, and once without one of them."""
    rounds, told = 1000 // PART, {}
    for name, ladder in LADDERS.items():
        rubric, rng = _rubric(WEIGHTS, ladder), np.random.default_rng(20250702)
        by_answers = told[name] = {str(answers): _flips(rubric, rng, answers, rounds) for answers in (30, 100, 300)}
        assert all(one["fixed_leaves"] == 0 < one["quintile_leaves"] for one in by_answers.values())
        # Where a ladder is so steep that a star is narrower than the noise, no thresholds help.
        if name != "steep":
            assert by_answers["100"]["fixed_again"] < by_answers["100"]["quintile_again"]
    record("rating_flips", {"rounds": rounds, "companies": COMPANIES, "by_ladder": told})


def _flips(rubric: Rubric, rng: np.random.Generator, answers: int, rounds: int) -> dict[str, float]:
    flips: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        truth = np.clip(rng.beta(32, 8, (COMPANIES, 1)) + rng.normal(0, 0.03, (COMPANIES, len(WEIGHTS))), 0, 1)
        size = np.full(truth.shape, answers)
        first, second = (_measured(rng.binomial(size, truth), size) for _ in range(2))
        leaver = int(rng.integers(COMPANIES))
        rest = [one for place, one in enumerate(first) if place != leaver]
        stayed = np.arange(COMPANIES) != leaver
        accounts, again, left = ([score(rubric, one, START, END) for one in each] for each in (first, second, rest))
        for method, stars in (("fixed", _fixed), ("quintile", _quintiles)):
            found = stars(accounts)
            flips[f"{method}_again"].append(float(np.mean(found != stars(again))))
            flips[f"{method}_leaves"].append(float(np.mean(found[stayed] != stars(left))))
    return {name: round(float(np.mean(found)), 4) for name, found in sorted(flips.items())}


def _fixed(accounts: list[Account]) -> np.ndarray:
    return np.array([one.stars or 0 for one in accounts])


def _quintiles(accounts: list[Account]) -> np.ndarray:
    """Stars by rank, a fifth of the companies each."""
    scores = np.array([one.raw_score or 0.0 for one in accounts])
    return np.argsort(np.argsort(scores, kind="stable"), kind="stable") * 5 // scores.size


def test_the_engine_gives_the_same_stars_when_another_company_leaves() -> None:
    rubric = _rubric(WEIGHTS)
    rng = np.random.default_rng(20250703)
    size = np.full((COMPANIES, len(WEIGHTS)), ANSWERS)
    evidence = _measured(rng.binomial(size, rng.beta(32, 8, size.shape)), size)
    for rest in (evidence[1:], evidence[:5], [replace(evidence[3], subject="另名")]):
        for one in rest:
            whole = next(each for each in evidence if each.data == one.data)
            found, expected = (score(rubric, each, START, END) for each in (one, whole))
            assert (found.stars, found.score, found.lines) == (expected.stars, expected.score, expected.lines)


@pytest.mark.parametrize("name", ["rating_sure", "rating_flips"])
def test_docs_quote_what_was_recorded(name: str) -> None:
    figures = json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs/RATING.md").read_text(encoding="utf-8")
    if name == "rating_sure":
        quoted = [f"{figures['brier']:.4f}", f"{figures['brier_plug_in']:.4f}"]
        quoted += [
            f"| {said} | {row['cases']:,} | {row['right']:.1%} |" for said, row in figures["by_percent_sure"].items()
        ]
    else:
        quoted = [
            f"| {ladder} | {n} | {row['fixed_again']:.1%} | {row['quintile_again']:.1%} | {row['fixed_leaves']:.0%} | "
            f"{row['quintile_leaves']:.1%} |"
            for ladder, by_answers in figures["by_ladder"].items()
            for n, row in by_answers.items()
        ]
    assert [one for one in quoted if one not in text] == []
