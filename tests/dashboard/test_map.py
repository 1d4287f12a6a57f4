"""The map: places in metres, rungs at round numbers, missing values shown as such, and a layout without coordinates."""

from __future__ import annotations

import json
import subprocess
import sys
from math import cos, hypot, radians
from pathlib import Path

import pytest

from dashboard.printers.street_screen import screen_map
from dashboard.published import Published, open_version
from dashboard.selection import Selection
from dashboard.stories.map import report
from dashboard.stories.map_ground import ground
from dashboard.stories.map_rungs import rung_of, rungs, thresholds
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

Q2 = Selection(period="2025Q2")


def test_places_are_true_in_metres(demo: Published) -> None:
    found = ground(demo)
    lonlat = {one: (lon, lat) for one, lon, lat in demo.rows("map_estates").select("estate", "lon", "lat").iter_rows()}
    one, other = "梧桐二村", "云锦新城"
    (x1, y1), (x2, y2) = found.places[one], found.places[other]
    (lon1, lat1), (lon2, lat2) = lonlat[one], lonlat[other]
    flat = hypot((lon2 - lon1) * 111_320 * cos(radians((lat1 + lat2) / 2)), (lat2 - lat1) * 110_940)
    assert hypot(x2 - x1, y2 - y1) == pytest.approx(flat, rel=0.01)
    assert (x2 > x1, y2 > y1) == (lon2 > lon1, lat2 > lat1)
    assert not found.is_tiled
    assert {area.level for area in found.areas} == {"street", "community", "estate"}


def test_circles_carry_the_figures_that_the_metrics_give(demo: Published) -> None:
    story = report(demo, Q2)
    values = {
        one.subject: one for one in demo.values(Question(read_period("2025Q2"), "estate", (), ("satisfaction_rate",)))
    }
    for place in story.chart.places:
        known = values[place.subject].value
        assert place.value == (None if known is None else pytest.approx(known * 100))
        assert (place.state == "value") == (known is not None)
    assert sum(one.count for one in story.chart.rungs) == sum(one.state == "value" for one in story.chart.places)
    states = {one.subject: one.state for one in story.chart.places if one.state != "value"}
    expected = {"unmanaged": "unmanaged", "too_few": "few"}
    assert states == {name: expected.get(values[name].reason or "", "missing") for name in states}
    assert len(set(states.values())) == 3


def test_the_marks_are_those_of_the_comparison(demo: Published) -> None:
    from dashboard.charts.dots import DotPlot
    from dashboard.gallery import figure

    chart = figure(demo, Q2, "compare-dots").chart
    assert isinstance(chart, DotPlot)
    compared = {one.subject: one.mark for one in chart.rows}
    assert {one.subject: one.mark for one in report(demo, Q2).chart.places} == {
        name: compared[name] for name in compared if name in {one.subject for one in report(demo, Q2).chart.places}
    }


def test_the_worst_step_is_the_palest_whatever_the_direction(demo: Published) -> None:
    up, down = demo.metric("satisfaction_rate"), demo.metric("closure_median_hours")
    cuts = (20.0, 30.0, 40.0)
    assert [rung_of(value, cuts, up) for value in (10, 20, 35, 40)] == [0, 1, 2, 3]
    assert [rung_of(value, cuts, down) for value in (10, 20, 35, 40)] == [3, 2, 1, 0]
    told = rungs((10, 22, 24, 45), cuts, down, "en")
    assert [(one.word, one.count) for one in told] == [
        ("40 and above", 1), ("30–40", 0), ("20–30", 2), ("below 20", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values", [(64, 70, 74, 77, 80, 81, 84, 86, 89, 92), (0.91, 0.97, 1.03, 1.12, 2.9), (5.0,), (3.0, 3.0), (0.0,)]
)
def test_rungs_begin_at_round_numbers_at_equal_distance(values: tuple[float, ...]) -> None:
    low, middle, high = thresholds(values)
    assert middle - low == pytest.approx(high - middle)
    assert low < middle < high
    assert f"{middle:.4g}" == f"{middle:.10g}"


def test_the_card_and_the_communities_tell_the_figures_in_both_languages(demo: Published) -> None:
    story = report(demo, Selection(period="2025Q2", estate="梧桐二村", lang="en"))
    assert story.card is not None
    value = demo.value("satisfaction_rate", read_period("2025Q2"), "estate", "梧桐二村").value
    assert story.card.rows[0].text == f"{(value or 0) * 100:.1f}%"
    assert len(story.card.rows) == 4
    assert story.chart.selected == "梧桐二村"
    named = {one.name for one in story.communities}
    assert named == set(demo.desk.subjects("community"))
    assert report(demo, Q2).card is None


def test_a_click_on_the_live_chart_gives_the_estate(demo: Published) -> None:
    spec = screen_map(report(demo, Q2).chart)
    assert [one["name"] for one in spec["params"]] == ["estate"]
    assert spec["params"][0]["select"]["fields"] == ["subject"]
    assert spec["width"] == spec["height"] == "container"
    assert "http" not in json.dumps({key: value for key, value in spec.items() if key != "$schema"})


def test_without_coordinates_estates_stand_in_tiles_by_community(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    lines = ["小区名称,所属社区,户数,建筑面积"] + [f"{name},{town},{size},{size * 80}" for name, town, size in TILES]
    (raw / "小区台账.csv").write_text("\n".join(lines), encoding="utf-8")
    program = Path(sys.executable).with_name("lianping")
    done = subprocess.run([program, "load", raw, "--warehouse", tmp_path / "wh"], capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr.decode()
    published = open_version(tmp_path / "wh")
    story = report(published, Selection())
    assert story.chart.is_tiled
    assert {one.subject for one in story.chart.places} == {name for name, _, _ in TILES}
    boxes = {area.name: area.parts[0][0] for area in story.chart.areas}
    assert set(boxes) == {"东社区", "西社区"}
    for one in story.chart.places:
        xs, ys = zip(*boxes[one.community], strict=True)
        assert min(xs) < one.x < max(xs)
        assert min(ys) < one.y < max(ys)
    assert len({(one.x, one.y) for one in story.chart.places}) == len(TILES)
    assert all(one.state == "missing" for one in story.chart.places)


TILES = (("甲苑", "东社区", 300), ("乙苑", "东社区", 900), ("丙苑", "东社区", 120), ("丁苑", "西社区", 500))
