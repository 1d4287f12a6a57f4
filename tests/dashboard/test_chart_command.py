"""`lianping chart` gives the page's pictures without a browser, and says plainly what it cannot do."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.published import Published
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

Chart = Callable[..., Result]


@pytest.fixture
def chart(demo_warehouse: Path) -> Chart:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["chart", *words, "--warehouse", str(demo_warehouse)])

    return run


def test_a_picture_and_its_workbook_are_written(chart: Chart, demo: Published, tmp_path: Path) -> None:
    out = tmp_path / "图.png"
    done = chart("compare-dots", "--period", "2025Q2", "--metric", "closure_median_hours", "--out", str(out), "--grey")
    assert done.exit_code == 0, done.output
    assert Image.open(out).info["Title"] in done.output.replace("\n", "")
    book = tmp_path / "chart.xlsx"
    done = chart(
        "compare-dots", "--period", "2025Q2", "--metric", "closure_median_hours", "--out", str(book), "--lang", "en"
    )
    assert done.exit_code == 0, done.output
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["Data"]
    written = {row[0]: row[2] for row in sheet.iter_rows(min_row=5, values_only=True)}
    values = demo.values(Question(read_period("2025Q2"), "estate", (), ("closure_median_hours",)))
    assert written == {one.subject: None if one.value is None else pytest.approx(one.value) for one in values}


def test_an_unknown_picture_names_those_there_are(chart: Chart, tmp_path: Path) -> None:
    done = chart("compare-dotz", "--out", str(tmp_path / "a.png"))
    assert done.exit_code == 2
    assert "“compare-dotz”" in done.output
    assert done.output.index("compare-dots") < done.output.index("estate-timeline")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--metric", "satisfaction"), "satisfaction_rate"),
        (("--period", "2025Q5"), "2025Q1"),
        (("--estate", "梧桐三里村"), "梧桐"),
        (("--peers", "别墅"), "基本保障"),
        (("--basis", "x"), "current"),
    ],
)
def test_a_wrong_word_is_named_with_what_may_stand_there(
    chart: Chart, tmp_path: Path, words: tuple[str, str], told: str
) -> None:
    done = chart("compare-dots", *words, "--out", str(tmp_path / "a.png"))
    assert done.exit_code == 2
    assert words[1] in done.output
    assert told in done.output


def test_what_cannot_be_written_leaves_nothing_behind(chart: Chart, tmp_path: Path) -> None:
    done = chart("map", "--out", str(tmp_path / "none" / "a.png"), "--lang", "en")
    assert done.exit_code == 2
    assert "Nothing was written" in done.output.replace("\n", " ")
    folder = tmp_path / "b.png"
    folder.mkdir()
    assert chart("map", "--out", str(folder)).exit_code == 2
    assert [one.name for one in tmp_path.iterdir()] == ["b.png"]
    assert chart("map", "--out", str(tmp_path / "a.gif")).exit_code == 2


def test_the_list_names_every_picture_once(chart: Chart) -> None:
    done = chart("--list")
    assert done.exit_code == 0
    names = [line.split()[0] for line in done.output.splitlines()]
    assert len(names) == len(set(names))
    assert {"compare-dots", "compare-funnel", "estate-timeline", "map"} <= set(names)
    assert chart("map").exit_code == 2
    assert chart().exit_code == 2
