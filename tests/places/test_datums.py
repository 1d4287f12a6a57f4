from __future__ import annotations

import csv
from pathlib import Path

import eviltransform
import numpy as np
import polars as pl
import prcoords
import pytest

from pipelines.places.datums import (
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    is_shifted,
    read_datum,
    to_wgs84,
    wgs84_to_gcj02,
)

ESTATES = Path(__file__).resolve().parents[2] / "../shared/real/estates/beijing_estates_with_bd09.csv"

PUBLISHED = {
    "eviltransform": (
        (wgs84_to_gcj02, eviltransform.wgs2gcj),
        (gcj02_to_wgs84, eviltransform.gcj2wgs_exact),
        (gcj02_to_bd09, eviltransform.gcj2bd),
        (bd09_to_gcj02, eviltransform.bd2gcj),
        (
            lambda x, y: to_wgs84(x, y, "BD-09"),
            lambda lat, lon: eviltransform.gcj2wgs_exact(*eviltransform.bd2gcj(lat, lon)),
        ),
        (lambda x, y: from_wgs84(x, y, "BD-09"), eviltransform.wgs2bd),
    ),
    "prcoords": (
        (wgs84_to_gcj02, lambda lat, lon: prcoords.wgs_gcj((lat, lon))),
        (gcj02_to_wgs84, lambda lat, lon: prcoords.gcj_wgs_bored((lat, lon))),
        (gcj02_to_bd09, lambda lat, lon: prcoords.gcj_bd((lat, lon))),
        (bd09_to_gcj02, lambda lat, lon: prcoords.bd_gcj_bored((lat, lon))),
        (lambda x, y: to_wgs84(x, y, "BD-09"), lambda lat, lon: prcoords.bd_wgs_bored((lat, lon))),
        (lambda x, y: from_wgs84(x, y, "BD-09"), lambda lat, lon: prcoords.wgs_bd((lat, lon))),
    ),
}


def metres(ours, theirs):
    east = (ours[0] - theirs[0]) * 111_320.0 * np.cos(np.radians(ours[1]))
    return np.hypot(east, (ours[1] - theirs[1]) * 111_320.0)


def grid_over_china():
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.arange(74.0, 135.0, 0.61), np.arange(18.2, 53.5, 0.53)))
    far = np.ones(lon.shape, dtype=bool)
    for east in (-0.02, 0.0, 0.02):
        for north in (-0.02, 0.0, 0.02):
            far &= is_shifted(lon + east, lat + north)
    return lon[far], lat[far]


def assert_within_a_metre(ours, theirs, lon, lat):
    published = np.array([theirs(y, x) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)])
    assert np.max(metres(ours(lon, lat), (published[:, 1], published[:, 0]))) < 1.0


@pytest.mark.parametrize("library", sorted(PUBLISHED))
@pytest.mark.parametrize("which", range(6))
def test_every_conversion_agrees_within_a_metre_with_published_ones_all_over_china(library, which):
    lon, lat = grid_over_china()
    assert len(lon) > 5000
    assert_within_a_metre(*PUBLISHED[library][which], lon, lat)


@pytest.mark.skipif(not ESTATES.exists(), reason="../shared/real/estates is not here")
@pytest.mark.parametrize("library", sorted(PUBLISHED))
@pytest.mark.parametrize("which", range(6))
def test_every_conversion_agrees_within_a_metre_with_published_ones_on_real_estates(library, which):
    with ESTATES.open(encoding="utf-8-sig", newline="") as rows:
        places = [(float(row["lng_bd09"]), float(row["lat_bd09"])) for row in csv.DictReader(rows)]
    assert len(places) == 480
    assert_within_a_metre(*PUBLISHED[library][which], *np.array(places).T)


@pytest.mark.parametrize("datum", ["WGS-84", "GCJ-02", "BD-09", "CGCS2000"])
def test_there_and_back_is_the_same_place_within_a_millimetre(datum):
    lon, lat = grid_over_china()
    assert np.max(metres(to_wgs84(*from_wgs84(lon, lat, datum), datum), (lon, lat))) < 0.001


def test_published_examples_come_out_to_the_last_digit_of_a_centimetre():
    """The worked examples in the manual of wandergis/coordtransform."""
    told = [wgs84_to_gcj02(116.404, 39.915), gcj02_to_bd09(116.404, 39.915), bd09_to_gcj02(116.404, 39.915)]
    assert [(round(float(lon), 6), round(float(lat), 6)) for lon, lat in told] == [
        (116.410244, 39.916404),
        (116.410369, 39.921337),
        (116.397627, 39.908656),
    ]


def test_a_null_of_a_polars_column_stays_empty_and_the_shape_stays():
    lon, lat = to_wgs84(pl.Series([116.4, None]), pl.Series([39.9, None]), "GCJ-02")
    assert np.isnan(lon).tolist() == np.isnan(lat).tolist() == [False, True]
    assert to_wgs84(np.full((2, 3), 116.4), np.full((2, 3), 39.9), "BD-09")[0].shape == (2, 3)


def test_hong_kong_macau_taiwan_and_abroad_are_not_shifted_but_their_neighbours_are():
    places = {
        "香港中环": (114.158, 22.282, False),
        "香港元朗": (114.035, 22.445, False),
        "澳门半岛": (113.545, 22.195, False),
        "澳门氹仔": (113.565, 22.155, False),
        "台北": (121.565, 25.033, False),
        "东京": (139.69, 35.69, False),
        "深圳福田": (114.055, 22.522, True),
        "深圳蛇口": (113.915, 22.480, True),
        "深圳南澳": (114.480, 22.535, True),
        "珠海拱北": (113.550, 22.220, True),
        "平潭": (119.790, 25.500, True),
    }
    told = {name: bool(is_shifted(lon, lat)) for name, (lon, lat, _) in places.items()}
    assert told == {name: shifted for name, (_, _, shifted) in places.items()}
    assert [float(one) for one in to_wgs84(114.158, 22.282, "GCJ-02")] == [114.158, 22.282]


def test_swapped_missing_and_foreign_coordinates_are_not_in_china():
    assert in_china([116.4, 39.9, np.nan, -71.1, 121.5], [39.9, 116.4, 39.9, 42.3, 31.2]).tolist() == [
        True, False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("坐标（高德）", "GCJ-02"),
        ("纬度\n（腾讯）", "GCJ-02"),
        ("火星坐标系", "GCJ-02"),
        ("国测局坐标", "GCJ-02"),
        ("ＧＣＪ－０２", "GCJ-02"),
        ("gcj02_lng", "GCJ-02"),
        ("高德/腾讯坐标", "GCJ-02"),
        ("lng_gd", "GCJ-02"),
        ("lng_bd09", "BD-09"),
        ("BD09LL 经度", "BD-09"),
        ("bd_lng", "BD-09"),
        ("百度坐标", "BD-09"),
        ("天地图经度", "CGCS2000"),
        ("2000坐标", "CGCS2000"),
        ("国家2000大地坐标系", "CGCS2000"),
        ("CGCS2000（等同WGS84）", "CGCS2000"),
        ("EPSG:4490", "CGCS2000"),
        ("WGS84", "WGS-84"),
        ("GPS经度", "WGS-84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "WGS-84"),
        ("百度转WGS84", "WGS-84"),
        ("WGS84（由百度转换）", "WGS-84"),
        ("gcj02towgs84", "WGS-84"),
        ("经度", None),
        ("高德、百度", None),
        ("bd09mc_x", None),
        ("building_x", None),
        ("2000年建筑面积", None),
        ("建档日期", None),
        ("", None),
    ],
)
def test_a_heading_names_its_datum(text, datum):
    assert read_datum(text) == datum
