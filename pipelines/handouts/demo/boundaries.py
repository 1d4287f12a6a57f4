"""The demo street on the map: outlines drawn by hand, written in the datums that real files come in."""

from __future__ import annotations

import json
import math
import struct
from datetime import date, datetime
from typing import Final

from pyproj import Transformer

from pipelines.handouts.demo.sent import Sent
from pipelines.handouts.demo.world import COMMUNITIES, ESTATES, FICTION, STREET, Estate, chance
from pipelines.handouts.demo.write import packed

Point = tuple[float, float]

_WEST, _NORTH = 117.28, 35.02
_STEP: Final = 3.4
_SEMI_MAJOR: Final = 6378245.0
_ECCENTRICITY2: Final = 0.00669342162296594323
"""Krasovsky's ellipsoid, which the shifted datum of Chinese maps is defined on."""

_OUTLINE: Final = {
    "柳岸社区": ((59, 197), (241, 130), (321, 141), (309, 227), (397, 279), (362, 355), (288, 354), (244, 408),
                 (183, 407), (143, 471), (49, 478), (40, 427)),
    "云锦社区": ((321, 141), (460, 159), (632, 111), (678, 120), (659, 211), (573, 255), (617, 345), (592, 391),
                 (631, 471), (571, 530), (500, 509), (481, 415), (397, 412), (362, 355), (397, 279), (309, 227)),
    "望湖社区": ((678, 120), (872, 159), (967, 312), (957, 379), (841, 369), (822, 390), (740, 390), (692, 480),
                 (631, 471), (592, 391), (617, 345), (573, 255), (659, 211)),
    "梧桐社区": ((362, 355), (397, 412), (351, 490), (372, 533), (313, 625), (348, 676), (333, 764), (221, 742),
                 (79, 656), (49, 478), (143, 471), (183, 407), (244, 408), (288, 354)),
    "石桥社区": ((397, 412), (481, 415), (500, 509), (571, 530), (631, 471), (692, 480), (720, 517), (703, 609),
                 (638, 640), (638, 744), (413, 780), (333, 764), (348, 676), (313, 625), (372, 533), (351, 490)),
    "松风社区": ((692, 480), (740, 390), (822, 390), (841, 369), (957, 379), (938, 522), (976, 704), (833, 770),
                 (638, 744), (638, 640), (703, 609), (720, 517)),
}  # fmt: skip
_STREET: Final = ((59, 197), (241, 130), (321, 141), (460, 159), (632, 111), (678, 120), (872, 159), (967, 312),
                  (957, 379), (938, 522), (976, 704), (833, 770), (638, 744), (413, 780), (333, 764), (221, 742),
                  (79, 656), (49, 478), (40, 427))  # fmt: skip
DRAWN_FROM: Final = 300
"""Estates of at least so many households have an outline; the others are points."""

_PRJ: Final = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def _wgs84(x: float, y: float) -> Point:
    lon = _WEST + x * _STEP / (111320 * math.cos(math.radians(_NORTH)))
    return round(lon, 7), round(_NORTH - y * _STEP / 110940, 7)


def centre(one: Estate) -> Point:
    """Longitude and latitude of an estate in WGS-84 degrees."""
    return _wgs84(*one.place)


def gcj02(lon: float, lat: float) -> Point:
    """The place as 高德 and 腾讯 give it. The published polynomial of the GCJ-02 shift; degrees in, degrees out."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave * 2.0 / 3.0
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave * 2.0 / 3.0
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = math.radians(lat)
    curve = 1 - _ECCENTRICITY2 * math.sin(angle) ** 2
    north = north * 180.0 / (_SEMI_MAJOR * (1 - _ECCENTRICITY2) / (curve * math.sqrt(curve)) * math.pi)
    east = east * 180.0 / (_SEMI_MAJOR / math.sqrt(curve) * math.cos(angle) * math.pi)
    return lon + east, lat + north


def baidu(lon: float, lat: float) -> Point:
    """A GCJ-02 place as 百度 gives it (BD-09)."""
    turn = math.pi * 3000.0 / 180.0
    distance = math.hypot(lon, lat) + 0.00002 * math.sin(lat * turn)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * turn)
    return distance * math.cos(angle) + 0.0065, distance * math.sin(angle) + 0.006


def outline(one: Estate) -> list[Point]:
    """The estate's outline in WGS-84: a closed ring of seven uneven corners, counter-clockwise."""
    draw = chance(f"outline {one.name}")
    radius = 52 * (one.households / 9980) ** 0.27
    corners: list[Point] = []
    for step in range(7):
        angle = 2 * math.pi * (step + draw.uniform(-0.25, 0.25)) / 7
        length = radius * draw.uniform(0.8, 1.05)
        corners.append(_wgs84(one.place[0] + length * math.cos(angle), one.place[1] - length * math.sin(angle)))
    return [*corners, corners[0]]


def areas() -> dict[str, list[Point]]:
    """Street and communities as closed rings in WGS-84, clockwise."""
    rings = {STREET: _STREET, **{name: _OUTLINE[name] for name in COMMUNITIES}}
    return {name: [_wgs84(*corner) for corner in (*ring, ring[0])] for name, ring in rings.items()}


def _estates_layer() -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"小区名称": one.name, "社区": one.community, "说明": FICTION},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[round(value, 6) for value in gcj02(*corner)] for corner in outline(one)]],
            },
        }
        for one in ESTATES
        if one.households >= DRAWN_FROM
    ]
    layer = {"type": "FeatureCollection", "name": "小区边界", "features": features}
    return (json.dumps(layer, ensure_ascii=False, indent=1) + "\n").encode()


def _shape_records(rings: list[list[Point]]) -> tuple[bytes, bytes]:
    shapes = index = b""
    for number, ring in enumerate(rings, start=1):
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        body = struct.pack("<i4d3i", 5, min(xs), min(ys), max(xs), max(ys), 1, len(ring), 0)
        body += b"".join(struct.pack("<2d", *corner) for corner in ring)
        index += struct.pack(">2i", (100 + len(shapes)) // 2, len(body) // 2)
        shapes += struct.pack(">2i", number, len(body) // 2) + body
    every = [corner for ring in rings for corner in ring]
    box = struct.pack("<4d", min(x for x, _ in every), min(y for _, y in every),
                      max(x for x, _ in every), max(y for _, y in every))  # fmt: skip

    def header(length: int) -> bytes:
        return (
            struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + length) // 2) + struct.pack("<2i", 1000, 5) + box + bytes(32)
        )

    return header(len(shapes)) + shapes, header(len(index)) + index


def _attributes(rows: list[tuple[str, str, str]]) -> bytes:
    sizes = (("名称", 36), ("级别", 12), ("说明", 40))
    length = 1 + sum(size for _, size in sizes)
    head = struct.pack("<4BIHH20x", 3, 125, 7, 1, len(rows), 32 + 32 * len(sizes) + 1, length)
    for name, size in sizes:
        head += struct.pack("<11sc4xBB14x", name.encode(), b"C", size, 0)
    body = b"".join(
        b" " + b"".join(v.encode().ljust(size) for v, (_, size) in zip(row, sizes, strict=True)) for row in rows
    )
    return head + b"\r" + body + b"\x1a"


def _communities_layer() -> bytes:
    to_metres = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
    rings = areas()
    metric: list[list[Point]] = []
    for ring in rings.values():
        placed = [to_metres.transform(*corner) for corner in ring]
        metric.append([(round(x, 2), round(y, 2)) for x, y in placed])
    shp, shx = _shape_records(metric)
    dbf = _attributes([(name, "街道" if name == STREET else "社区", FICTION) for name in rings])
    stem = "街道社区界"
    return packed([(f"{stem}.shp", shp), (f"{stem}.shx", shx), (f"{stem}.dbf", dbf), (f"{stem}.prj", _PRJ.encode()),
                   (f"{stem}.cpg", b"UTF-8")])  # fmt: skip


def boundary_files() -> list[Sent]:
    """Street and communities as a zipped shapefile in CGCS2000 Gauss-Krüger, estates as GeoJSON in GCJ-02."""
    day = date(2024, 2, 26)
    return [
        Sent(
            "街道/边界/街道社区界.zip",
            datetime(day.year, day.month, day.day, 10, 5),
            "街道物业办",
            _communities_layer(),
        ),
        Sent(
            "街道/边界/小区边界（高德）.geojson",
            datetime(day.year, day.month, day.day, 10, 9),
            "街道物业办",
            _estates_layer(),
        ),
    ]
