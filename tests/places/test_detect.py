from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from pipelines.places.datums import from_wgs84, to_wgs84
from pipelines.places.detect import (
    Suspicion,
    mislabelled,
    reinterpret,
    reinterpret_area,
    suspect,
    suspect_areas,
    suspect_points,
)

REAL = Path(__file__).resolve().parents[2] / "../shared/real"
needs_real = pytest.mark.skipif(not (REAL / "boundaries").exists(), reason="../shared/real is not here")

KX, KY = 1 / (111_320 * np.cos(np.radians(32.04))), 1 / 111_320
LON, LAT = 118.78, 32.04


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [[[LON + x * KX, LAT + y * KY] for x, y in ring]]})


def street_of_36_estates(*, communities):
    """A 3 km street in true WGS-84: 6 × 6 estates half a kilometre apart, in 6 communities or in the street alone."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(6) * 560.0 + 100, np.arange(6) * 560.0 + 100))
    if communities:
        at = zip((x // 1500) * 1500, (y // 1000) * 1000, strict=True)
        areas = [box(west, south, west + 1500, south + 1000) for west, south in at]
    else:
        areas = [box(0, 0, 3000, 3000)] * 36
    return LON + x * KX, LAT + y * KY, areas


def moved(areas, datum):
    def to_datum(xy):
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

    return [shapely.to_geojson(shapely.transform(shapely.from_geojson(area), to_datum)) for area in areas]


@pytest.mark.parametrize("communities", [True, False])
def test_a_street_whose_layers_agree_raises_no_suspicion(communities):
    lon, lat, areas = street_of_36_estates(communities=communities)
    assert suspect(lon, lat, "WGS-84", areas, areas_claimed="WGS-84") is None
    assert suspect(lon, lat, "GCJ-02", areas, areas_claimed="BD-09") is None


@pytest.mark.parametrize("communities", [True, False])
@pytest.mark.parametrize("really", ["GCJ-02", "BD-09"])
def test_unlabelled_points_of_another_datum_are_noticed(really, communities):
    lon, lat, areas = street_of_36_estates(communities=communities)
    found = suspect(*from_wgs84(lon, lat, really), "WGS-84", areas, areas_claimed="WGS-84", trusted="areas")
    assert (found.layer, found.claimed, found.likely, found.inside_likely, found.n) == (
        "points", "WGS-84", really, 36, 36,
    )  # fmt: skip
    assert found.inside_claimed <= 32
    assert {"GCJ-02": 400, "BD-09": 900}[really] < found.offset_m < {"GCJ-02": 700, "BD-09": 1500}[really]


@pytest.mark.parametrize(
    ("claimed", "really"), [("GCJ-02", "WGS-84"), ("GCJ-02", "BD-09"), ("BD-09", "GCJ-02"), ("BD-09", "WGS-84")]
)
def test_points_labelled_with_the_wrong_datum_are_noticed(claimed, really):
    lon, lat, areas = street_of_36_estates(communities=True)
    as_claimed = to_wgs84(*from_wgs84(lon, lat, really), claimed)
    found = suspect_points(*as_claimed, claimed, areas)
    assert (found.claimed, found.likely, found.inside_likely) == (claimed, really, 36)


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_points_that_were_converted_once_too_often_are_noticed(datum):
    lon, lat, areas = street_of_36_estates(communities=True)
    found = suspect_points(*to_wgs84(lon, lat, datum), "WGS-84", areas)
    assert (found.likely, found.inside_likely) == (f"over-converted {datum}", 36)


@pytest.mark.parametrize(("really", "taken_for"), [("BD-09", "GCJ-02"), ("GCJ-02", "BD-09")])
def test_points_that_were_converted_from_the_wrong_datum_are_noticed(really, taken_for):
    lon, lat, areas = street_of_36_estates(communities=True)
    stored = to_wgs84(*from_wgs84(lon, lat, really), taken_for)
    found = suspect_points(*stored, "WGS-84", areas)
    assert (found.likely, found.inside_likely) == (f"{really} read as {taken_for}", 36)
    assert np.allclose(reinterpret(*stored, "WGS-84", found.likely), (lon, lat), atol=1e-8)
    assert f"本是 {really}、却被当作 {taken_for} 换算过" in mislabelled(found, kind="estates").message_zh


@pytest.mark.parametrize("communities", [True, False])
@pytest.mark.parametrize("really", ["GCJ-02", "BD-09"])
def test_boundaries_of_another_datum_are_noticed_and_blamed(really, communities):
    lon, lat, areas = street_of_36_estates(communities=communities)
    found = suspect(lon, lat, "WGS-84", moved(areas, really), areas_claimed="WGS-84")
    assert (found.layer, found.claimed, found.likely, found.inside_likely) == ("areas", "WGS-84", really, 36)


def test_of_two_layers_that_contradict_each_other_the_untrusted_one_is_blamed():
    """Points that are GCJ-02 and say nothing, in boundaries rightly labelled GCJ-02: either label could be wrong."""
    lon, lat, areas = street_of_36_estates(communities=True)
    gcj = from_wgs84(lon, lat, "GCJ-02")
    found = [
        suspect(*gcj, "WGS-84", areas, areas_claimed="GCJ-02", trusted=trusted) for trusted in ("areas", "points", None)
    ]
    assert [(one.layer, one.claimed, one.likely) for one in found] == [
        ("points", "WGS-84", "GCJ-02"),
        ("areas", "GCJ-02", "WGS-84"),
        ("areas", "GCJ-02", "WGS-84"),
    ]


def test_too_few_points_scattered_points_and_missing_ones_give_no_verdict():
    lon, lat, areas = street_of_36_estates(communities=True)
    gcj = from_wgs84(lon, lat, "GCJ-02")
    assert suspect_points(gcj[0][:7], gcj[1][:7], "WGS-84", areas[:7]) is None
    assert suspect_points(*gcj, "WGS-84", [None] * 36) is None
    assert suspect_points(np.full(36, np.nan), gcj[1], "WGS-84", areas) is None
    scatter = np.random.default_rng(7).normal(0, 0.02, (2, 36))
    assert suspect_points(lon + scatter[0], lat + scatter[1], "WGS-84", areas) is None


def test_careless_points_around_the_truth_never_raise_suspicion():
    draw = np.random.default_rng(11)
    for metres in (50, 150, 400):
        for communities in (True, False):
            lon, lat, areas = street_of_36_estates(communities=communities)
            for _ in range(15):
                off = draw.normal(0, metres, (2, 36))
                assert suspect_points(lon + off[0] * KX, lat + off[1] * KY, "WGS-84", areas) is None


def test_one_estate_in_six_listed_in_the_wrong_community_does_not_hide_a_wrong_datum():
    lon, lat, areas = street_of_36_estates(communities=True)
    areas[::6] = [box(9000, 9000, 9500, 9500)] * 6
    found = suspect_points(*from_wgs84(lon, lat, "BD-09"), "WGS-84", areas)
    assert (found.likely, found.inside_likely, found.n) == ("BD-09", 30, 30)


def test_reinterpreting_puts_points_and_areas_where_they_belong():
    lon, lat, areas = street_of_36_estates(communities=True)
    wrong = to_wgs84(*from_wgs84(lon, lat, "BD-09"), "GCJ-02")
    right = reinterpret(*wrong, "GCJ-02", "BD-09")
    assert np.allclose(right, (lon, lat), atol=1e-8)
    back = reinterpret_area(moved(areas, "GCJ-02")[0], "WGS-84", "GCJ-02")
    assert shapely.from_geojson(back).equals_exact(shapely.from_geojson(areas[0]), 2e-7, normalize=True)


def test_the_warning_says_what_is_wrong_and_what_to_do_in_both_languages():
    found = mislabelled(
        Suspicion("WGS-84", "GCJ-02", 20, 36, 36, "points", 529), kind="estates", sheet="台账", cell="H3"
    )
    assert found.severity == "warning"
    assert (found.sheet, found.cell, found.kind, found.field, found.raw_value) == (
        "台账",
        "H3",
        "estates",
        "lon",
        "WGS-84",
    )
    assert found.message_zh == (
        "小区坐标按 WGS-84 读取时，36 个小区只有 20 个落在应在的边界内；"
        "若其实是 GCJ-02，则有 36 个（整体偏移约 529 米）。"
        "请核对来源，并在表头或文件名中写明“GCJ-02”。"
    )
    assert found.message_en == (
        "Read as WGS-84, the estate coordinates put only 20 of 36 estates inside their boundary; 36 if they really are "
        "GCJ-02 (about 529 m off): check the source and write “GCJ-02” in the heading or the file's name."
    )


def beijing():
    with (REAL / "estates/beijing_estates_with_bd09.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([float(row[column]) for row in rows]) for column in ("lng_bd09", "lat_bd09"))
    features = json.loads((REAL / "boundaries/北京市.json").read_text(encoding="utf-8"))["features"]
    districts = {one["properties"]["name"].removesuffix("区"): json.dumps(one["geometry"]) for one in features}
    return lon, lat, [districts[row["district"]] for row in rows]


def in_wgs84_once(areas, datum):
    """Each district is converted once, not once an estate."""
    known = {area: reinterpret_area(area, "WGS-84", datum) for area in set(areas)}
    return [known[area] for area in areas]


@needs_real
def test_real_estates_and_districts_agree_when_both_are_labelled_rightly():
    lon, lat, areas = beijing()
    assert (
        suspect(*to_wgs84(lon, lat, "BD-09"), "BD-09", in_wgs84_once(areas, "GCJ-02"), areas_claimed="GCJ-02") is None
    )


@needs_real
@pytest.mark.parametrize("claimed", ["WGS-84", "GCJ-02"])
def test_real_estates_in_the_wrong_datum_are_noticed(claimed):
    lon, lat, areas = beijing()
    found = suspect_points(*to_wgs84(lon, lat, claimed), claimed, in_wgs84_once(areas, "GCJ-02"))
    assert (found.likely, found.inside_likely, found.n) == ("BD-09", 476, 479)
    assert found.inside_claimed < 400


@needs_real
@pytest.mark.parametrize("claimed", ["WGS-84", "BD-09"])
def test_real_districts_in_the_wrong_datum_are_noticed(claimed):
    lon, lat, areas = beijing()
    found = suspect_areas(*to_wgs84(lon, lat, "BD-09"), in_wgs84_once(areas, claimed), claimed)
    assert (found.layer, found.likely, found.inside_likely) == ("areas", "GCJ-02", 476)
    assert found.n >= 479
