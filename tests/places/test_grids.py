from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from pipelines.places.grids import Grid, find_crs, read_crs, to_degrees

LON = np.array([118.770, 118.800, 118.800, 118.770])
LAT = np.array([32.030, 32.030, 32.060, 32.060])
ESTATES = (np.array([118.775, 118.780, 118.795]), np.array([32.035, 32.050, 32.055]))


def metres(epsg):
    return Transformer.from_crs("EPSG:4326", f"EPSG:{epsg}", always_xy=True).transform(LON, LAT)


@pytest.mark.parametrize("epsg", [4528, 4527, 4498, 3857])
def test_metres_that_carry_their_zone_tell_their_grid_by_themselves(epsg):
    assert find_crs(*metres(epsg)) == Grid(f"EPSG:{epsg}")


@pytest.mark.parametrize("epsg", [4549, 4548, 32650])
def test_metres_without_a_zone_are_told_by_where_the_estates_are(epsg):
    assert find_crs(*metres(epsg)) is None
    assert find_crs(*metres(epsg), near=ESTATES) == Grid(f"EPSG:{epsg}")


def test_metres_without_a_zone_far_from_every_estate_are_not_told():
    assert find_crs(*metres(4549), near=(np.array([110.9]), np.array([21.5]))) is None


def test_northing_first_is_noticed():
    east, north = metres(4528)
    assert find_crs(north, east) == Grid("EPSG:4528", swapped=True)
    east, north = metres(4549)
    assert find_crs(north, east, near=ESTATES) == Grid("EPSG:4549", swapped=True)


def test_degrees_are_told_in_either_order_and_one_stray_vertex_does_not_matter():
    assert find_crs(LON, LAT) == Grid("EPSG:4326")
    assert find_crs(LAT, LON) == Grid("EPSG:4326", swapped=True)
    assert find_crs(np.append(LON, 0.0), np.append(LAT, 0.0)) == Grid("EPSG:4326")


def test_numbers_of_no_grid_in_china_are_not_told():
    assert find_crs([-71.06, -71.05], [42.35, 42.36]) is None
    assert find_crs([100.0, 300.0], [200.0, 500.0]) is None
    assert find_crs([np.nan], [np.nan]) is None
    assert find_crs([], []) is None


@pytest.mark.parametrize(("epsg", "swapped"), [(4528, False), (4549, True), (3857, False), (32650, False)])
def test_a_grid_turns_back_into_degrees(epsg, swapped):
    x, y = metres(epsg)
    lon, lat = to_degrees(*((y, x) if swapped else (x, y)), Grid(f"EPSG:{epsg}", swapped))
    assert np.allclose(lon, LON, atol=1e-7)
    assert np.allclose(lat, LAT, atol=1e-7)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("EPSG:4549", "EPSG:4549"),
        ("urn:ogc:def:crs:EPSG::4528", "EPSG:4528"),
        ("urn:ogc:def:crs:EPSG:9.9.1:4528", "EPSG:4528"),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490"),
        ("社区边界_epsg4547", "EPSG:4547"),
        ("CGCS2000 3度带 中央经线117", "EPSG:4548"),
        ("中央子午线：120°", "EPSG:4549"),
        ("CM_120E", "EPSG:4549"),
        ("2000坐标39带", "EPSG:4527"),
        ("web墨卡托", "EPSG:3857"),
        ("高德", None),
        ("2025年社区边界", None),
        ("中央经线118", None),
    ],
)
def test_a_text_names_a_grid(text, crs):
    assert read_crs(text) == crs
