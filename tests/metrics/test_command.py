"""The command `lianping metrics`: what it prints, and what it says when it is asked for something that there is not."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import publishing, tables
from pipelines.cli import commands


def run(warehouse: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(commands, ["metrics", *words, "--warehouse", str(warehouse)])
    return done.exit_code, done.stdout, done.stderr


def test_json_has_rates_as_fractions_and_the_keys_of_the_contract(demo_warehouse: Path) -> None:
    code, out, _ = run(demo_warehouse, "--period", "2025-06", "--metric", "collection_rate", "--format", "json")
    (found,) = json.loads(out)
    assert code == 0
    assert list(found) == [
        "subject", "by", "metric", "basis", "value", "numerator", "denominator", "n", "low", "high", "coverage",
        "caveats", "verdict", "reason", "period_start", "period_end", "as_of",
    ]  # fmt: skip
    assert (found["subject"], found["coverage"], round(found["value"], 3)) == ("晴川街道", "26/36", 0.901)
    assert (found["period_start"], found["period_end"], found["reason"]) == ("2025-06-01", "2025-06-30", None)


def test_csv_has_a_row_a_value(demo_warehouse: Path) -> None:
    _, out, _ = run(
        demo_warehouse, "--period", "2025Q1", "--by", "community", "--metric", "open_tickets", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 6
    assert sum(float(row["value"]) for row in rows) == 79


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("zh", ("满意率", "79.7%", "晴川街道")), ("en", ("Satisfaction rate", "79.7%", "95 % interval"))],
)
def test_people_read_percent_units_and_words(demo_warehouse: Path, lang: str, wanted: tuple[str, ...]) -> None:
    _, out, _ = run(demo_warehouse, "--period", "2025Q1", "--by", "estate", "--subject", "梧桐一村", "--lang", lang)
    street = run(demo_warehouse, "--period", "2025Q1", "--lang", lang)[1]
    assert all(word in out + street for word in wanted)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--period", "2025Q1", "--metric", "colection_rate"), "collection_rate？"),
        (("--period", "2025Q1", "--metric", "收缴率"), "是不是：collection_rate？"),
        (("--period", "2025Q1", "--metric", "nope"), "没有指标“nope”。可用的有："),
        (("--period", "2025Q1", "--metric", "nope"), "closure_ratio（办结快慢比）"),
        (("--period", "2025Q1", "--metric", "collection_rate", "--basis", "curent"), "current？"),
        (("--period", "2025Q1", "--by", "estates"), "estate？"),
        (("--period", "2025Q1", "--by", "estate", "--subject", "云绵新城"), "云锦新城？"),
        (("--period", "2025Q5"), "2025-W10"),
        (("--period", "2025-02-30..2025-03-01"), "2025-W10"),
        (("--period", "2025Q1", "--as-of", "gestern"), "2025-03-31"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(
    demo_warehouse: Path, words: tuple[str, ...], told: str
) -> None:
    code, out, err = run(demo_warehouse, *words)
    assert (code, out) == (2, "")
    assert told in err


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "nothing", "--period", "2025Q1")
    assert code == 2
    assert "lianping load" in err


def test_a_warehouse_of_an_older_program_asks_to_be_loaded_again(tmp_path: Path) -> None:
    publishing.publish(tmp_path, "20250630T120000-abcd", tables.shape_all({}))
    code, _, err = run(tmp_path, "--period", "2025Q1")
    assert code == 2
    assert "lianping load" in err


def test_the_known_share_comes_beside_where_programs_ask_for_it(demo_warehouse: Path) -> None:
    words = ("--period", "2025Q1", "--metric", "ticket_satisfaction_rate", "--known-share", "--format")
    (found,) = json.loads(run(demo_warehouse, *words, "json")[1])
    (row,) = csv.DictReader(io.StringIO(run(demo_warehouse, *words, "csv")[1]))
    assert list(found)[-1] == list(row)[-1] == "known_share"
    assert round(found["known_share"], 2) == 0.79
