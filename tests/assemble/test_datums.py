import json

import numpy as np
import pytest

from pipelines.places.datums import from_wgs84

NAMES = [f"{name}苑" for name in "甲乙丙丁戊己庚辛壬癸子丑"]
LON = np.array([117.20 + 0.01 * (place % 4) for place in range(12)])
LAT = np.array([31.80 + 0.01 * (place // 4) for place in range(12)])


def square(lon, lat, half=0.001):
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


BOUNDARIES = [
    {"level": "estate", "name": name, "geometry": square(lon, lat), "source_file": "b.geojson", "source_row": row}
    for row, (name, lon, lat) in enumerate(zip(NAMES, LON, LAT, strict=True), 1)
]


@pytest.mark.parametrize(("datum", "flagged"), [("GCJ-02", True), ("BD-09", True), ("WGS-84", False)])
def test_a_register_that_the_boundaries_show_to_be_of_another_datum_is_converted_with_a_warning(
    submit, made, datum, flagged
):
    lon, lat = from_wgs84(LON, LAT, datum)
    register = [{"estate": n, "lon": float(x), "lat": float(y)} for n, x, y in zip(NAMES, lon, lat, strict=True)]
    result = made(submit("台账.xlsx", estates=register), boundaries=BOUNDARIES)
    found = result.tables["findings"].select("code", "severity", "source_cell", "field").rows()
    assert found == ([("implausible", "warning", "T2", "lon")] if flagged else [])
    assert np.allclose(result.tables["estates"]["lon"].to_numpy(), LON, atol=1e-5)
    assert np.allclose(result.tables["estates"]["lat"].to_numpy(), LAT, atol=1e-5)


def test_boundaries_from_which_all_registers_stand_off_alike_are_named_and_nothing_is_moved(submit, made):
    lon, lat = from_wgs84(LON, LAT, "GCJ-02")
    drawn = [{**row, "geometry": square(float(x), float(y))} for row, x, y in zip(BOUNDARIES, lon, lat, strict=True)]
    register = [{"estate": n, "lon": float(x), "lat": float(y)} for n, x, y in zip(NAMES, LON, LAT, strict=True)]
    more = [{"estate": n, "lon": float(x), "lat": float(y)} for n, x, y in zip(NAMES, LON + 1e-5, LAT, strict=True)]
    result = made(submit("台账.xlsx", estates=register), submit("坐标.xlsx", estates=more), boundaries=drawn)
    findings = result.tables["findings"].filter(code="implausible")
    assert findings.select("source_file", "severity").rows() == [("b.geojson", "warning")]
    assert "GCJ-02" in findings["message_zh"][0]
    assert np.allclose(result.tables["estates"]["lon"].to_numpy(), LON, atol=1e-4)
