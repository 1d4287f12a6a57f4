"""The composites and stars that others have published are found again, from their own data."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from rating_made import account, criterion, evidence, exact, rubric

from pipelines.analysis.rating.composites import arithmetic, between_goalposts, geometric
from pipelines.analysis.rating.ladders import linear
from pipelines.analysis.rating.rubric import Threshold

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/real/reference"
published = pytest.mark.skipif(not REFERENCE.exists(), reason="the published data of ../shared are not here")


def _rows(path: str) -> list[dict[str, str]]:
    with (REFERENCE / path).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(sorted(scores, key=lambda one: -scores[one]), 1)}


def _tai() -> tuple[list[str], dict[str, dict[str, float]], dict[str, tuple[float, float]]]:
    raw = _rows("tai/tai_raw_23.csv")
    names = [one for one in raw[0] if one != "country"]
    posts = {}
    for name, row in zip(names, _rows("tai/tai_goalposts_saisana2005_table1.csv"), strict=True):
        ends = float(row["goalpost_min"]), float(row["goalpost_max"])
        posts[name] = (float(np.log10(ends[0])), float(np.log10(ends[1]))) if name.endswith("_log") else ends
    return names, {row["country"]: {one: float(row[one]) for one in names} for row in raw}, posts


@published
def test_a_rubric_of_eight_equal_criteria_gives_all_23_published_ranks_of_the_technology_index() -> None:
    names, raw, posts = _tai()
    criteria = [criterion(name, 12.5, ladder=linear([(posts[name][0], 0.0), (posts[name][1], 12.5)])) for name in names]
    made = rubric([*(one for one in criteria)], decimals=6)
    scores = {
        country: account(made, evidence({name: exact(value) for name, value in values.items()}, country)).raw_score or 0
        for country, values in raw.items()
    }
    expected = {row["country"]: int(row["EW"]) for row in _rows("tai/tai_ranks_by_weighting_table23.csv")}
    assert _ranks(scores) == expected
    assert len(expected) == 23


@published
def test_the_arithmetic_and_geometric_composites_give_all_23_published_ranks() -> None:
    names, raw, posts = _tai()
    table = np.array([[raw[country][name] for name in names] for country in raw])
    weights = [float(row["EW"]) for row in _rows("tai/tai_weights_table22.csv")]
    scaled = between_goalposts(table, [posts[one][0] for one in names], [posts[one][1] for one in names])
    expected = _rows("tai/tai_ranks_by_aggregation_table38.csv")
    for column, scores in (("LIN", arithmetic(scaled, weights)), ("GME", geometric(table, weights))):
        found = _ranks(dict(zip(raw, scores.tolist(), strict=True)))
        assert found == {row["country"]: int(row[column]) for row in expected}, column


@published
def test_the_asem_index_is_aggregated_exactly_from_its_normalised_indicators() -> None:
    normalised, expected = _rows("asem/ASEM_Normalised.csv"), _rows("asem/ASEM_Aggregated.csv")
    structure = _rows("asem/ASEM_Structure.csv")
    weight = {row["Code"]: float(row["Weight"]) for row in _rows("asem/ASEM_Weights.csv")}
    levels: list[dict[str, list[str]]] = [defaultdict(list) for _ in range(3)]
    for row in structure:
        chain = [row["IndCode"], row["Agg1"], row["Agg2"], row["Agg3"]]
        for level, (part, whole) in enumerate(pairwise(chain)):
            if part not in levels[level][whole]:
                levels[level][whole].append(part)
    known: dict[str, np.ndarray] = {
        row["IndCode"]: np.array([float(one[row["IndCode"]] or "nan") for one in normalised]) for row in structure
    }
    for groups in levels:
        for whole, parts in groups.items():
            table = np.column_stack([known[part] for part in parts])
            known[whole] = arithmetic(table, [weight[part] for part in parts])
    compared = 0
    for whole in [name for groups in levels for name in groups]:
        published_values = np.array([float(one[whole]) for one in expected])
        assert np.allclose(known[whole], published_values, rtol=1e-12, atol=1e-12), whole
        compared += published_values.size
    assert compared == 51 * 11


@published
def test_the_summary_stars_of_44_hospitals_of_44_are_the_rubrics() -> None:
    stars: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows("hcahps/HCAHPSHOSPITAL.csv"):
        if row["HCAHPS Measure ID"].endswith("STAR_RATING"):
            stars[row["Provider ID"]][row["HCAHPS Measure ID"]] = row["Patient Survey Star Rating"]
    whole = [1.0] * 7 + [0.5] * 4
    names = [
        *(f"H_COMP_{one}_STAR_RATING" for one in range(1, 8)),
        "H_CLEAN_STAR_RATING", "H_QUIET_STAR_RATING", "H_HSP_RATING_STAR_RATING", "H_RECMND_STAR_RATING",
    ]  # fmt: skip
    # Nine parts that give up to five points each: the mean of stars is the score ÷ 9, and halves round upwards.
    criteria = [
        criterion(name, 5 * part, ladder=linear([(0.0, 0.0), (5.0, 5 * part)]))
        for name, part in zip(names, whole, strict=True)
    ]
    half_way = tuple(Threshold(star, 9 * (star - 0.5), f"{star}星", f"{star} stars") for star in range(1, 6))
    made = rubric(criteria, thresholds=half_way, decimals=6)
    rated = {name: one for name, one in stars.items() if len(one) == 12 and all(map(str.isdigit, one.values()))}
    found = {
        name: account(made, evidence({part: exact(float(one[part])) for part in names}, name)).stars
        for name, one in rated.items()
    }
    assert found == {name: int(one["H_STAR_RATING"]) for name, one in rated.items()}
    assert len(found) == 44
