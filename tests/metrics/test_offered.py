"""What stands beside the raw rates when it is asked for: shrunk shares, funnel limits; and how many answers suffice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.analysis import funnel
from pipelines.analysis.shrinkage import shrink_proportions
from pipelines.cli import commands

SHARES = {
    "satisfaction_rate", "closure_on_time_rate", "response_rate", "resolution_rate", "ticket_satisfaction_rate",
}  # fmt: skip


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(commands, list(words))
    return done.exit_code, done.stdout, done.stderr


def asked(warehouse: Path, *words: str) -> list[dict[str, Any]]:
    code, out, _ = run("metrics", "--period", "2025Q1", *words, "--format", "json", "--warehouse", str(warehouse))
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def rounded(one: dict[str, Any]) -> dict[str, Any]:
    """The raw value; sums of money may differ in the last digit, by the order in which two threads bring the rows."""
    return {
        name: round(found, 6) if isinstance(found, float) else found for name, found in one.items() if name != "shrunk"
    }


def shown(values: list[dict[str, Any]], metric: str) -> list[dict[str, Any]]:
    return [
        one for one in values if one["metric"] == metric and one["value"] is not None and one["numerator"] is not None
    ]


def test_shares_are_shrunk_towards_the_pooled_share_and_the_raw_values_stay(demo_warehouse: Path) -> None:
    plain, beside = (asked(demo_warehouse, "--by", "estate", *more) for more in ((), ("--shrunk",)))
    assert [rounded(one) for one in beside] == [rounded(one) for one in plain]
    for metric in SHARES:
        peers = shown(beside, metric)
        wanted = shrink_proportions([one["numerator"] for one in peers], [one["denominator"] for one in peers])
        np.testing.assert_allclose([one["shrunk"]["value"] for one in peers], wanted.value, rtol=1e-12)
        np.testing.assert_allclose([one["shrunk"]["weight"] for one in peers], wanted.weight, rtol=1e-12)
        assert all(
            min(one["value"], wanted.centre) - 1e-9 <= one["shrunk"]["value"] <= max(one["value"], wanted.centre) + 1e-9
            for one in peers
        )
    others = [one for one in beside if one["metric"] not in SHARES or one["value"] is None]
    assert others
    assert all(one["shrunk"] is None for one in others)


def test_one_estate_alone_is_drawn_to_the_same_peers_as_among_all(demo_warehouse: Path) -> None:
    words = ("--by", "estate", "--metric", "resolution_rate", "--shrunk", "--funnel")
    everybody = {one["subject"]: one for one in asked(demo_warehouse, *words)}
    assert asked(demo_warehouse, *words, "--subject", "云锦新城") == [everybody["云锦新城"]]


def test_fewer_than_three_subjects_borrow_nothing(demo_warehouse: Path) -> None:
    (street,) = asked(demo_warehouse, "--metric", "resolution_rate", "--shrunk")
    assert street["shrunk"] == {"value": pytest.approx(street["value"]), "weight": 1.0}


@pytest.mark.parametrize("metric", ["resolution_rate", "tickets_per_100_households"])
def test_the_funnel_of_a_level_stands_beside_its_rates(demo_warehouse: Path, metric: str) -> None:
    peers = shown(asked(demo_warehouse, "--by", "estate", "--metric", metric, "--funnel"), metric)
    frame = pl.DataFrame({"cases": [one["numerator"] for one in peers], "of": [one["denominator"] for one in peers]})
    made = (funnel.rates if metric.startswith("tickets") else funnel.proportions)(frame, "cases", "of").frame
    names = ["low_95", "high_95", "low_998", "high_998", "flag"]
    assert [list(one["funnel"].values()) for one in peers] == [list(row) for row in made.select(names).iter_rows()]
    assert {"inside"} < {one["funnel"]["flag"] for one in peers} or metric == "resolution_rate"


def test_csv_has_a_column_a_part_and_people_read_weights_and_limits(demo_warehouse: Path) -> None:
    words = ("metrics", "--period", "2025Q1", "--by", "estate", "--metric", "resolution_rate", "--shrunk", "--funnel",
             "--warehouse", str(demo_warehouse))  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv")[1])))
    assert list(rows[0])[-7:] == [
        "shrunk_value", "shrunk_weight", "funnel_low_95", "funnel_high_95", "funnel_low_998", "funnel_high_998",
        "funnel_flag",
    ]  # fmt: skip
    chinese, english = (run(*words, "--lang", lang)[1] for lang in ("zh", "en"))
    assert all(word in chinese for word in ("收缩估计", "自身权重", "99.8% 漏斗界限", "在界限内，规模足以解释"))
    assert all(word in english for word in ("shrunk", "own weight", "99.8 % funnel limits", "its size explains it"))


def test_the_sizes_of_samples_are_those_of_the_contract() -> None:
    code, out, _ = run("sample", "16", "45", "600", "3200", "9980", "--format", "json")
    found = [(one["households"], one["answers"]) for one in json.loads(out)]
    assert (code, found) == (0, [(16, 16), (45, 41), (600, 235), (3200, 344), (9980, 370)])
    assert run("sample", "600", "--margin", "0.1", "--format", "csv")[1] == "households,margin,answers\n600,0.1,83\n"
    assert "235" in run("sample", "600")[1]
    assert "answers needed" in run("sample", "600", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("600", "--margin", "5"), "0.05"),
        (("600", "--margin", "0"), "0.05"),
        (("0",), "lianping sample 600"),
    ],
)
def test_a_sample_that_there_is_not_is_answered_with_what_to_type(words: tuple[str, ...], told: str) -> None:
    code, out, err = run("sample", *words)
    assert (code, out) == (2, "")
    assert told in err
