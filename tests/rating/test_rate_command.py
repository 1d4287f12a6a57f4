"""`lianping rate` on the demo street: stars for its companies and estates, plain words where it can't be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import commands
from pipelines.rating.asking import NotRatedError, in_force
from pipelines.rating.rubric_files import DEFAULT

DEMO = Path(__file__).resolve().parents[2] / "data/raw/demo"


@pytest.fixture(scope="module")
def warehouse(demo_street: Path) -> str:
    return str(demo_street / "warehouse")


def _run(warehouse: str, tmp_path: Path, *typed: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(
        commands, ["rate", "--warehouse", warehouse, "--entries", str(tmp_path), "--period", "2025H1", *typed]
    )
    return found.exit_code, found.stdout, found.stderr


def test_the_demo_streets_companies_get_stars_and_every_point_adds_up(warehouse: str, tmp_path: Path) -> None:
    code, out, _ = _run(warehouse, tmp_path, "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert len(told["subjects"]) == 14
    for one in told["subjects"]:
        added = sum(line["points"] / line["max_points"] * line["weight"] for line in one["criteria"])
        assert added == pytest.approx(one["score"], abs=0.0501)
        assert sum(one["star_probability"].values()) == pytest.approx(1)
        assert sum(line["weight"] for line in one["criteria"]) == pytest.approx(100)
    assert len({one["stars"] for one in told["subjects"]}) >= 3
    assert _run(warehouse, tmp_path, "--format", "json")[1] == out


def test_estates_that_nobody_manages_have_no_star_and_a_reason(warehouse: str, tmp_path: Path) -> None:
    _, out, _ = _run(warehouse, tmp_path, "--by", "estate", "--format", "json")
    told = {one["subject"]: one for one in json.loads(out)["subjects"]}
    reasons = [one["no_star_reason"]["code"] for one in told.values() if one["stars"] is None]
    assert reasons.count("unmanaged") == 2
    assert all(one["star_probability"] is None for one in told.values() if one["score"] is None)
    assert len(told) == 36


@pytest.mark.parametrize("rubric", ["alliance", "quanzhou2025", "shandong", "default"])
def test_every_rubric_that_comes_with_the_program_can_be_asked_for(warehouse: str, tmp_path: Path, rubric: str) -> None:
    code, out, _ = _run(warehouse, tmp_path, "--rubric", rubric, "--format", "csv")
    assert code == 0
    assert len(out.splitlines()) == 15


def test_what_can_t_be_done_is_said_with_what_to_type(warehouse: str, tmp_path: Path) -> None:
    broken = tmp_path / "错.toml"
    broken.write_text(DEFAULT.read_text(encoding="utf-8").replace("weight = 30", "weight = 31", 1), encoding="utf-8")
    code, _, told = _run(warehouse, tmp_path, "--rubric", str(broken))
    assert code == 2
    assert f"细则有误，{broken} 第 " in told
    assert "各项分值合计 30，与本维度的 31 分不符" in told
    assert "打不开细则“没有”" in _run(warehouse, tmp_path, "--rubric", "没有")[2]
    assert "company, estate" in _run(warehouse, tmp_path, "--by", "street", "--lang", "en")[2]
    assert _run(warehouse, tmp_path, "--as-of", "昨天")[0] == 2


def test_the_rubric_in_force_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    assert in_force(tmp_path) == "default"
    (tmp_path / "street.toml").write_text('[rating]\nrubric = "shandong"\n', encoding="utf-8")
    assert in_force(tmp_path) == "shandong"
    (tmp_path / "street.toml").write_text('[rating]\nrubric = "own.toml"\n', encoding="utf-8")
    (tmp_path / "own.toml").write_text("", encoding="utf-8")
    assert in_force(tmp_path) == str(tmp_path / "own.toml")
    (tmp_path / "street.toml").write_text("[rating]\nrubrik = 1\n", encoding="utf-8")
    with pytest.raises(NotRatedError, match=r"street\.toml, line 2"):
        in_force(tmp_path)
