from __future__ import annotations

import json
import random
import sqlite3
import struct
import subprocess
import sys
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pipelines.places.archives import MOST_BYTES
from pipelines.places.boundaries import BoundaryReading, Known, read_boundaries
from pipelines.places.datums import from_wgs84

NOBODY = Known()
KNOWN = Known(estates={"柳岸小区", "金桂园", "翠湖一期"}, communities={"柳岸社区", "春晖社区"}, street="柳园街道")


def square(west, south, size=0.01):
    """A square wound clockwise, in degrees: the wrong way round for GeoJSON."""
    east, north = round(west + size, 7), round(south + size, 7)
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


def right(west, south, size=0.01):
    """The same square as GeoJSON text as it must come out: counter-clockwise."""
    ring = square(west, south, size)[::-1]
    return shapely.from_geojson(json.dumps({"type": "Polygon", "coordinates": [ring]}))


def shaped(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def feature(ring, **properties):
    return shaped({"type": "Polygon", "coordinates": [ring]}, **properties)


def collection(*features, **members):
    return {"type": "FeatureCollection", **members, "features": list(features)}


def read(folder, data, file="边界.geojson", known=NOBODY, declared=None):
    path = folder / file.rsplit("/", 1)[-1]
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode())
    return read_boundaries(path, file, known, declared or {})


def told(reading):
    return [(row["level"], row["name"]) for row in reading.rows]


def faults(reading):
    return [(one.code, one.severity, one.cell, one.field) for one in reading.findings]


def assert_shape(row, expected, metres=0.5):
    shape = shapely.from_geojson(row["geometry"])
    assert shape.is_valid
    assert shapely.is_ccw(shape.exterior)
    assert shapely.hausdorff_distance(shape, expected) * 111_320 < metres


def test_a_plain_layer_becomes_rows_with_wgs84_polygons_by_the_right_hand_rule(tmp_path):
    data = collection(
        feature(square(118.70, 32.00, 0.1), 名称="柳园街道"),
        feature(square(118.70, 32.01), 名称="柳岸社区"),
        feature(square(118.70, 32.05), 名称="金桂园小区"),
    )
    expected = [
        ("street", "柳园街道", [[118.7, 32.1], [118.7, 32.0], [118.8, 32.0], [118.8, 32.1], [118.7, 32.1]]),
        ("community", "柳岸社区", [[118.7, 32.02], [118.7, 32.01], [118.71, 32.01], [118.71, 32.02], [118.7, 32.02]]),
        ("estate", "金桂园小区", [[118.7, 32.06], [118.7, 32.05], [118.71, 32.05], [118.71, 32.06], [118.7, 32.06]]),
    ]
    assert read(tmp_path, data, "2025/边界.geojson") == BoundaryReading(
        rows=[
            {
                "level": level,
                "name": name,
                "geometry": json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":")),
                "crs_declared": None,
                "crs_found": "WGS-84",
                "source_file": "2025/边界.geojson",
                "source_sheet": "",
                "source_row": number,
            }
            for number, (level, name, ring) in enumerate(expected, 1)
        ],
        findings=[],
        features=3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "members", "properties", "declared", "crs_declared"),
    [
        ("社区边界（高德）.geojson", {}, {}, {}, "GCJ-02"),
        ("社区.geojson", {"crs": {"type": "name", "properties": {"name": "GCJ02"}}}, {}, {}, "GCJ-02"),
        ("社区.geojson", {"coordinate_system": "火星坐标系"}, {}, {}, "GCJ-02"),
        ("社区.geojson", {}, {"坐标系": "腾讯"}, {}, "GCJ-02"),
        ("社区.geojson", {}, {}, {"社区*.geojson": "高德坐标"}, "高德坐标"),
        ("a/社区（百度）.geojson", {}, {}, {"a/*": "GCJ-02"}, "GCJ-02"),
    ],
)
def test_gcj02_is_told_by_file_name_content_or_settings(tmp_path, file, members, properties, declared, crs_declared):
    ring = [list(map(float, from_wgs84(*vertex, "GCJ-02"))) for vertex in square(118.7, 32.0)]
    reading = read(
        tmp_path, collection(feature(ring, name="柳岸社区", **properties), **members), file, declared=declared
    )
    assert reading.findings == []
    assert [(row["crs_declared"], row["crs_found"]) for row in reading.rows] == [(crs_declared, "GCJ-02")]
    assert_shape(reading.rows[0], right(118.7, 32.0))


def frame(crs=4326, **columns):
    rings = [square(118.70, 32.00), square(118.72, 32.00), square(118.74, 32.00)]
    columns = columns or {"SQMC": ["柳岸社区", "春晖社区", "望江社区"], "BZ": ["", "二〇二五年", ""]}
    shapes = [shapely.Polygon(ring) for ring in rings]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_crs(crs)


def zipped(folder, data, encoding="UTF-8", *, without=(".cpg",), inside="", stem="社区边界", named="边界.zip"):
    work = folder / "shp"
    work.mkdir(exist_ok=True)
    data.to_file(work / f"{stem}.shp", encoding=encoding, engine="pyogrio")
    with zipfile.ZipFile(folder / named, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(work.iterdir()):
            if part.suffix not in without:
                archive.write(part, f"{inside}{part.name}")
    return folder / named


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("without", [(".cpg",), ()])
def test_a_zipped_shapefile_in_a_folder_is_read_in_either_encoding_with_or_without_cpg(tmp_path, encoding, without):
    path = zipped(tmp_path, frame(4490), encoding, without=without, inside="柳园街道/2025/")
    reading = read_boundaries(path, "边界.zip", NOBODY, {})
    assert reading.findings == []
    assert told(reading) == [("community", "柳岸社区"), ("community", "春晖社区"), ("community", "望江社区")]
    assert {(row["crs_declared"], row["crs_found"], row["source_sheet"]) for row in reading.rows} == {
        ("EPSG:4490", "CGCS2000", "社区边界")
    }
    assert [row["source_row"] for row in reading.rows] == [1, 2, 3]
    assert_shape(reading.rows[1], right(118.72, 32.0))


def test_a_wrong_cpg_does_not_spoil_chinese_names(tmp_path):
    path = zipped(tmp_path, frame(), "GBK", without=(".cpg",))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("社区边界.cpg", "UTF-8")
    assert told(read_boundaries(path, "边界.zip", NOBODY, {}))[0] == ("community", "柳岸社区")


def test_a_zip_made_on_chinese_windows_gives_its_layer_a_readable_name(tmp_path):
    path = zipped(tmp_path, frame(), "GBK", stem="layerx")
    path.write_bytes(path.read_bytes().replace(b"layerx", "社区图".encode("gbk")))
    reading = read_boundaries(path, "边界.zip", NOBODY, {})
    assert {row["source_sheet"] for row in reading.rows} == {"社区图"}


@pytest.mark.parametrize(
    ("epsg", "found"),
    [(4528, "EPSG:4528"), (4549, "EPSG:4549"), (3857, "EPSG:3857"), (32650, "EPSG:32650"), (4498, "EPSG:4498")],
)
def test_a_declared_grid_in_metres_is_turned_into_degrees(tmp_path, epsg, found):
    reading = read_boundaries(zipped(tmp_path, frame(epsg)), "边界.zip", NOBODY, {})
    assert reading.findings == []
    assert {(row["crs_declared"], row["crs_found"]) for row in reading.rows} == {(f"EPSG:{epsg}", found)}
    assert_shape(reading.rows[2], right(118.74, 32.0))


def test_metres_without_a_prj_are_told_by_their_zone_or_by_the_estates(tmp_path):
    estates = Known(points={"甲": (118.705, 32.005), "乙": (118.745, 32.006)})
    zoned = read_boundaries(zipped(tmp_path, frame(4528), without=(".prj",), named="1.zip"), "1.zip", NOBODY, {})
    near = read_boundaries(zipped(tmp_path, frame(4549), without=(".prj",), named="2.zip"), "2.zip", estates, {})
    said = read_boundaries(tmp_path / "2.zip", "2.zip", NOBODY, {"2.zip": "EPSG:4549"})
    for reading, declared, found in (
        (zoned, None, "EPSG:4528"),
        (near, None, "EPSG:4549"),
        (said, "EPSG:4549", "EPSG:4549"),
    ):
        assert reading.findings == []
        assert {(row["crs_declared"], row["crs_found"]) for row in reading.rows} == {(declared, found)}
        assert_shape(reading.rows[0], right(118.70, 32.0))


def test_metres_that_fit_every_meridian_are_refused_with_advice(tmp_path):
    reading = read_boundaries(zipped(tmp_path, frame(4549), without=(".prj",)), "边界.zip", NOBODY, {})
    assert reading.rows == []
    assert faults(reading) == [("unparseable", "error", f"#{n}", "crs_found") for n in (1, 2, 3)]
    assert "street.toml" in reading.findings[0].message_zh
    assert len(reading.quarantine) == 3


def test_a_declaration_that_leads_out_of_china_is_corrected_with_a_warning(tmp_path):
    wrong = frame(4528).set_crs(4326, allow_override=True)
    reading = read_boundaries(zipped(tmp_path, wrong), "边界.zip", NOBODY, {})
    assert faults(reading) == [("implausible", "warning", "", "crs_declared")]
    assert {(row["crs_declared"], row["crs_found"]) for row in reading.rows} == {("EPSG:4326", "EPSG:4528")}
    assert_shape(reading.rows[0], right(118.70, 32.0))


def test_a_name_that_says_gcj02_beats_the_wgs84_that_programs_declare_but_is_reported(tmp_path):
    data = frame()
    data.geometry = shapely.transform(data.geometry.to_numpy(), lambda xy: np.column_stack(from_wgs84(*xy.T, "GCJ-02")))
    reading = read_boundaries(zipped(tmp_path, data), "社区（高德）.zip", NOBODY, {})
    assert faults(reading) == [("implausible", "warning", "", "crs_declared")]
    assert {(row["crs_declared"], row["crs_found"]) for row in reading.rows} == {("EPSG:4326", "GCJ-02")}
    assert_shape(reading.rows[0], right(118.70, 32.0))


def test_swapped_axes_are_put_right_with_a_warning(tmp_path):
    ring = [[lat, lon] for lon, lat in square(118.7, 32.0)]
    reading = read(tmp_path, collection(feature(ring, name="柳岸社区")))
    assert faults(reading) == [("implausible", "warning", "", "crs_declared")]
    assert_shape(reading.rows[0], right(118.7, 32.0))


def test_every_layer_of_a_geopackage_is_read_and_its_styles_are_not(tmp_path):
    path = tmp_path / "边界.gpkg"
    frame().iloc[:1].assign(SQMC="柳园街道")[["SQMC", "geometry"]].to_file(path, layer="街道", engine="pyogrio")
    frame().to_file(path, layer="社区", engine="pyogrio")
    frame(NAME=["柳岸", "金桂园", "翠湖一期"]).to_file(path, layer="小区", engine="pyogrio")
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, styleName TEXT)")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 's')"
        )
        base.execute("INSERT INTO layer_styles VALUES (1, '社区')")
    reading = read_boundaries(path, "边界.gpkg", KNOWN, {})
    assert reading.findings == []
    assert [(row["source_sheet"], row["level"], row["name"], row["source_row"]) for row in reading.rows] == [
        ("街道", "street", "柳园街道", 1),
        ("社区", "community", "柳岸社区", 1),
        ("社区", "community", "春晖社区", 2),
        ("社区", "community", "望江社区", 3),
        ("小区", "estate", "柳岸小区", 1),
        ("小区", "estate", "金桂园", 2),
        ("小区", "estate", "翠湖一期", 3),
    ]
    assert {row["crs_declared"] for row in reading.rows} == {"EPSG:4326"}


def test_a_file_is_read_as_what_it_is_whatever_its_ending(tmp_path):
    frame().to_file(tmp_path / "a.gpkg", layer="社区", engine="pyogrio")
    (tmp_path / "a.geojson").write_bytes((tmp_path / "a.gpkg").read_bytes())
    assert len(read_boundaries(tmp_path / "a.geojson", "a.geojson", NOBODY, {}).rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_geojson_in_gbk_or_with_a_bom_is_read(tmp_path, encoding):
    text = json.dumps(collection(feature(square(118.7, 32.0), 社区名称="春晖社区")), ensure_ascii=False)
    assert told(read(tmp_path, text.encode(encoding))) == [("community", "春晖社区")]


ESTATES = [("estate", "金桂园"), ("estate", "翠湖")]
COMMUNITIES = [("community", "柳岸社区"), ("community", "春晖社区")]


@pytest.mark.parametrize(
    ("rows", "file", "expected"),
    [
        ([{"XQMC": "金桂园", "SSSQ": "柳岸社区"}, {"XQMC": "翠湖", "SSSQ": "柳岸社区"}], "a.geojson", ESTATES),
        (
            [
                {"code": "A01", "小区名称": "金桂园", "社区": "柳岸社区", "街道": "柳园街道"},
                {"code": "A02", "小区名称": "翠湖", "社区": "柳岸社区", "街道": "柳园街道"},
            ],
            "a.geojson",
            ESTATES,
        ),
        (
            [
                {"社区": "柳岸社区", "街道": "柳园街道", "书记": "某某某"},
                {"社区": "春晖社区", "街道": "柳园街道", "书记": "某某"},
            ],
            "a.geojson",
            COMMUNITIES,
        ),
        (
            [{"name": "柳园", "级别": "街道"}, {"name": "柳岸", "级别": "社区"}, {"name": "金桂园", "级别": "小区"}],
            "a.geojson",
            [("street", "柳园"), ("community", "柳岸"), ("estate", "金桂园")],
        ),
        (
            [{"name": "Willow", "level": "community"}, {"name": "Laurel Court", "level": "estate"}],
            "a.geojson",
            [("community", "Willow"), ("estate", "Laurel Court")],
        ),
        (
            [{"名称": "柳岸"}, {"名称": "春晖"}],
            "柳园街道社区边界.geojson",
            [("community", "柳岸"), ("community", "春晖")],
        ),
        ([{"名称": "金桂园"}, {"名称": "翠湖"}], "小区范围.geojson", ESTATES),
        ([{"名称": "柳岸社区居民委员会"}, {"名称": "春晖社区居委会"}], "a.geojson", COMMUNITIES),
        ([{"id": "7"}], "柳园街道边界.geojson", [("street", "柳园街道")]),
    ],
)
def test_name_and_level_are_found_in_any_attribute(tmp_path, rows, file, expected):
    shapes = [feature(square(118.7 + 0.02 * n, 32.0), **row) for n, row in enumerate(rows)]
    reading = read(tmp_path, collection(*shapes), file)
    assert (told(reading), reading.findings) == (expected, [])


def test_known_names_settle_name_column_level_and_spelling(tmp_path):
    rows = [{"A": "甲地块", "B": "柳岸"}, {"A": "乙地块", "B": "翠湖 一期"}, {"A": "丙地块", "B": "金桂园小区"}]
    shapes = [feature(square(118.7 + 0.02 * n, 32.0), **row) for n, row in enumerate(rows)]
    reading = read(tmp_path, collection(*shapes), "小区.geojson", KNOWN)
    assert told(reading) == [("estate", "柳岸小区"), ("estate", "翠湖一期"), ("estate", "金桂园")]


def test_the_polygon_that_holds_all_others_is_the_street(tmp_path):
    data = collection(
        feature(square(118.70, 32.00, 0.1), 名称="柳园"),
        feature(square(118.71, 32.01), 名称="柳岸"),
        feature(square(118.75, 32.05), 名称="春晖"),
    )
    assert told(read(tmp_path, data, "社区边界.geojson")) == [
        ("street", "柳园"),
        ("community", "柳岸"),
        ("community", "春晖"),
    ]


def test_features_of_no_known_level_are_reported_not_guessed(tmp_path):
    reading = read(
        tmp_path,
        collection(feature(square(118.7, 32.0), name="东片"), feature(square(118.8, 32.0), name="西片")),
        "a.geojson",
    )
    assert reading.rows == []
    assert faults(reading) == [("missing_value", "error", f"#{n}", "level") for n in (1, 2)]


def test_each_faulty_feature_is_named_and_kept_in_quarantine_while_the_others_load(tmp_path):
    good = feature(square(118.70, 32.0), name="柳岸社区")
    data = collection(
        good,
        feature(square(118.72, 32.0), name=None, 联系电话="13800000000"),
        feature(square(-71.06, 42.3), name="远方社区"),
        shaped({"type": "Point", "coordinates": [118.7, 32.0]}, name="点社区"),
        shaped({"type": "LineString", "coordinates": square(118.7, 32.0)}, name="线社区"),
        shaped(None, name="无形社区"),
        shaped({"type": "Polygon", "coordinates": [[[118.7], "x"]]}, name="残社区"),
        feature([[118.7, 32.0], [118.8, 32.0], [118.7, 32.0], [118.7, 32.0]], name="扁社区"),
        "不是要素",
    )  # fmt: skip
    reading = read(tmp_path, data)
    assert told(reading) == [("community", "柳岸社区")]
    assert faults(reading) == [
        ("missing_value", "error", "#2", "name"),
        ("out_of_range", "error", "#3", "geometry"),
        ("unparseable", "error", "#4", "geometry"),
        ("unparseable", "error", "#5", "geometry"),
        ("missing_value", "error", "#6", "geometry"),
        ("unparseable", "error", "#7", "geometry"),
        ("unparseable", "error", "#8", "geometry"),
        ("unparseable", "error", "#9", "geometry"),
    ]
    assert [(row["source_row"], row["code"]) for row in reading.quarantine] == [
        (2, "missing_value"), (3, "out_of_range"), (4, "unparseable"), (5, "unparseable"),
        (6, "missing_value"), (7, "unparseable"), (8, "unparseable"), (9, "unparseable"),
    ]  # fmt: skip
    assert "13800000000" not in json.dumps(reading.quarantine, ensure_ascii=False)
    assert json.loads(reading.quarantine[1]["content"])["name"] == "远方社区"
    assert all(one.message_zh and one.message_en for one in reading.findings)


def test_a_boundary_that_crosses_itself_is_mended_and_reported(tmp_path):
    bow = [[118.70, 32.00], [118.71, 32.01], [118.71, 32.00], [118.70, 32.01], [118.70, 32.00]]
    reading = read(tmp_path, collection(feature(bow, name="柳岸社区")))
    assert faults(reading) == [("implausible", "warning", "#1", "geometry")]
    shape = shapely.from_geojson(reading.rows[0]["geometry"])
    assert shape.is_valid
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(0.00005)


def test_holes_and_several_parts_stay_and_heights_go(tmp_path):
    ring = [[x, y, 12.5] for x, y in square(118.70, 32.00)]
    hole = [[x, y, 12.5] for x, y in square(118.704, 32.004, 0.002)]
    other = [[x, y, 12.5] for x, y in square(118.72, 32.00)]
    data = {"type": "MultiPolygon", "coordinates": [[ring, hole], [other]]}
    reading = read(tmp_path, collection({"type": "Feature", "properties": {"name": "柳岸社区"}, "geometry": data}))
    shape = shapely.from_geojson(reading.rows[0]["geometry"])
    assert reading.findings == []
    assert not shape.has_z
    assert shape.area == pytest.approx(0.0002 - 0.000004)
    assert [shapely.is_ccw(ring) for part in shape.geoms for ring in (part.exterior, *part.interiors)] == [
        True,
        False,
        True,
    ]


def test_the_same_boundary_twice_is_kept_once_and_different_ones_are_refused(tmp_path):
    data = collection(
        feature(square(118.70, 32.0), name="柳岸社区"),
        feature(square(118.72, 32.0), name="春晖社区"),
        feature(square(118.70, 32.0)[::-1], name="柳岸社区"),
        feature(square(118.74, 32.0), name="春晖社区"),
    )
    reading = read(tmp_path, data)
    assert [(row["name"], row["source_row"]) for row in reading.rows] == [("柳岸社区", 1)]
    assert faults(reading) == [
        ("conflict", "error", "#2", "name"),
        ("duplicate", "warning", "#3", "name"),
        ("conflict", "error", "#4", "name"),
    ]
    assert [row["source_row"] for row in reading.quarantine] == [2, 4]


def test_a_strange_declaration_in_the_settings_is_reported_and_ignored(tmp_path):
    reading = read(tmp_path, collection(feature(square(118.7, 32.0), name="柳岸社区")), declared={"*": "地方坐标"})
    assert faults(reading) == [("implausible", "warning", "", "crs_declared")]
    assert reading.rows[0]["crs_declared"] is None


def bomb(folder):
    blank = bytes(1 << 22)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.shp", "w") as part:
        for _ in range(MOST_BYTES // len(blank) + 2):
            part.write(blank)
    return folder / "bomb.zip"


def liar(folder):
    """A bomb whose directory says that it is small."""
    path = bomb(folder)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 1000)
    path.write_bytes(raw)
    return path


def escaping(folder):
    return zipped(folder, frame(), inside="../../")


def cut(folder):
    path = zipped(folder, frame())
    path.write_bytes(path.read_bytes()[:400])
    return path


def flipped(folder):
    path = zipped(folder, frame())
    raw = bytearray(path.read_bytes())
    raw[60:200] = bytes(140)
    path.write_bytes(raw)
    return path


def without_shp(folder):
    return zipped(folder, frame(), without=(".shp",))


def garbled(folder):
    with zipfile.ZipFile(folder / "g.zip", "w") as archive:
        archive.writestr("a.shp", b"\x00\x01nonsense" * 50)
        archive.writestr("a.dbf", b"nonsense" * 50)
    return folder / "g.zip"


def broken_gpkg(folder):
    frame().to_file(folder / "a.gpkg", engine="pyogrio")
    raw = (folder / "a.gpkg").read_bytes()
    (folder / "a.gpkg").write_bytes(raw[:100] + bytes(len(raw) - 100))
    return folder / "a.gpkg"


def text(content):
    def write(folder):
        (folder / "a.geojson").write_bytes(content)
        return folder / "a.geojson"

    return write


@pytest.mark.parametrize(
    "make",
    [
        bomb, liar, escaping, cut, flipped, without_shp, garbled, broken_gpkg,
        text(b""), text(b"{"), text(b'{"type": "FeatureCollection"}'), text(b"[" * 200_000), text(b"\xff\xfe{}"),
        text(b'{"type": "FeatureCollection", "features": []}'), text(b'{"a": 1}'), text("不是边界".encode()),
        text(b'{"type": "Topology", "objects": 3}'), text(b'{"geometryType": "x", "features": [1]}'),
        lambda folder: folder / "absent.geojson",
    ],
)  # fmt: skip
def test_what_cannot_be_read_gives_one_unreadable_file_finding(tmp_path, make):
    reading = read_boundaries(make(tmp_path), "a", NOBODY, {})
    assert (reading.rows, reading.quarantine, reading.rejected) == ([], [], True)
    assert faults(reading) == [("unreadable_file", "error", "", None)]
    assert not (tmp_path.parent / "社区边界.shp").exists()


def test_junk_beside_a_shapefile_is_not_unpacked(tmp_path):
    path = zipped(tmp_path, frame())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._社区边界.shp", b"x")
        archive.writestr("说明.exe", b"x" * 1000)
    assert len(read_boundaries(path, "边界.zip", NOBODY, {}).rows) == 3


def test_a_shapefile_without_its_index_or_attributes_is_still_opened(tmp_path):
    path = zipped(tmp_path, frame(), without=(".shx", ".cpg"), named="1.zip")
    assert len(read_boundaries(path, "1.zip", NOBODY, {}).rows) == 3
    bare = zipped(tmp_path, frame(), without=(".dbf", ".cpg"), named="2.zip")
    assert faults(read_boundaries(bare, "2.zip", NOBODY, {})) == [
        ("missing_value", "error", f"#{n}", "name") for n in (1, 2, 3)
    ]


def test_a_damaged_prj_does_not_keep_the_shapefile_from_being_read(tmp_path):
    path = zipped(tmp_path, frame(4528), without=(".prj", ".cpg"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("社区边界.prj", b'PROJCS["\x8a\xff broken')
    reading = read_boundaries(path, "边界.zip", NOBODY, {})
    assert reading.findings == []
    assert {(row["crs_declared"], row["crs_found"]) for row in reading.rows} == {(None, "EPSG:4528")}


@pytest.mark.parametrize("seed", range(60))
def test_flipped_bytes_never_raise(tmp_path, seed):
    draw = random.Random(seed)
    shapefile = zipped(tmp_path, frame(), "GBK")
    with zipfile.ZipFile(shapefile) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(sorted(parts))
    raw = bytearray(parts[name])
    for _ in range(draw.choice([1, 5, 40])):
        raw[draw.randrange(len(raw))] = draw.randrange(256)
    with zipfile.ZipFile(shapefile, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, bytes(raw) if part == name else content)
    reading = read_boundaries(shapefile, "边界.zip", NOBODY, {})
    assert len(reading.rows) + len(reading.quarantine) == reading.features


def test_a_load_without_boundaries_does_not_import_the_slow_libraries():
    slow = ("geopandas", "pyogrio", "shapely", "pyproj", "pandas")
    code = "import sys, pipelines.places.boundaries, pipelines.places.detect; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(slow) & set(done.stdout.split())
