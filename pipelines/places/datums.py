"""Brings coordinates of the Chinese map services to WGS-84 and back, and reads from a heading which datum it names.

Every street has all of them: 高德 and 腾讯 give GCJ-02, 百度 gives BD-09, GPS gives WGS-84, 天地图 and the survey
offices give CGCS2000, which is WGS-84 to within a few decimetres and is taken as such.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Datum = Literal["WGS-84", "GCJ-02", "BD-09", "CGCS2000"]
Degrees = NDArray[np.float64]

_A: Final = 6378245.0
_E2: Final = 0.00669342162296594323
"""Krasovsky's ellipsoid of 1940, in metres, as the GCJ-02 shift uses it."""

_SHIFTED: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: the box within which the map services shift at all."""

_UNSHIFTED: Final = (
    (113.830, 22.150, 114.420, 22.440),
    (114.000, 22.440, 114.420, 22.495),
    (113.535, 22.180, 113.565, 22.212),
    (113.558, 22.115, 113.600, 22.165),
    (120.000, 21.800, 122.100, 25.350),
)
"""Boxes that lie wholly within Hong Kong (2), Macau (2) and Taiwan, where nothing is shifted. They are drawn inside
the borders on purpose: a place in Shenzhen or Zhuhai must never be taken for unshifted."""

_CHINA: Final = (73.0, 3.0, 136.0, 54.0)

_GCJ_ROUNDS: Final = 5
_BD_ROUNDS: Final = 4
_X_PI: Final = np.pi * 3000.0 / 180.0


def _within(lon: Degrees, lat: Degrees, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _pair(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether places (degrees) lie in the box around China, 73–136° E and 3–54° N. False where a coordinate is NaN.

    It is a box: it also holds parts of the neighbours, and is there to catch swapped or mistyped coordinates.
    """
    return _within(*_pair(lon, lat), _CHINA)


def is_shifted(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether the map services shift the places (degrees): within their box, but not in Hong Kong, Macau or Taiwan."""
    x, y = _pair(lon, lat)
    shifted = _within(x, y, _SHIFTED)
    for box in _UNSHIFTED:
        shifted = shifted & ~_within(x, y, box)
    return shifted


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """What GCJ-02 adds to WGS-84, in degrees; the formula is public since 2010 (googollee/eviltransform, PRCoords)."""
    x, y = lon - 105.0, lat - 35.0
    both = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += (both + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += (both + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    w = 1.0 - _E2 * np.sin(np.radians(lat)) ** 2
    metres_north = np.radians(_A * (1.0 - _E2) / w**1.5)
    metres_east = np.radians(_A / np.sqrt(w) * np.cos(np.radians(lat)))
    return east / metres_east, north / metres_north


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """WGS-84 degrees as GCJ-02 degrees; places that are not shifted (`is_shifted`) and NaN stay as they are."""
    x, y = _pair(lon, lat)
    shifted = is_shifted(x, y)
    east, north = _shift(np.where(shifted, x, 105.0), np.where(shifted, y, 35.0))
    return np.where(shifted, x + east, x), np.where(shifted, y + north, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """GCJ-02 degrees as WGS-84 degrees, by fixed-point iteration.

    A round leaves less than 1/100 of the error, so that five of them end below a millimetre (the once-subtracted shift
    that many tools use is up to 3 m off). Whether a place is shifted is told by where it comes from, not where it
    landed.
    """
    x, y = _pair(lon, lat)
    inside = _within(x, y, _SHIFTED)
    safe_x, safe_y = np.where(inside, x, 105.0), np.where(inside, y, 35.0)
    wgs_x, wgs_y = safe_x, safe_y
    for _ in range(_GCJ_ROUNDS):
        east, north = _shift(wgs_x, wgs_y)
        wgs_x, wgs_y = safe_x - east, safe_y - north
    shifted = inside & is_shifted(wgs_x, wgs_y)
    return np.where(shifted, wgs_x, x), np.where(shifted, wgs_y, y)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """GCJ-02 degrees as BD-09 degrees (bd09ll, not the metres of bd09mc). 百度 adds this everywhere in its box."""
    x, y = _pair(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _X_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _X_PI)
    inside = _within(x, y, _SHIFTED)
    return np.where(inside, radius * np.cos(angle) + 0.0065, x), np.where(inside, radius * np.sin(angle) + 0.006, y)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """BD-09 degrees as GCJ-02 degrees, by fixed-point iteration from the usual closed form (which is up to 0.5 m off).

    A round leaves about 1/50 of the error; four of them end below a millimetre.
    """
    x, y = _pair(lon, lat)
    inside = _within(x, y, _SHIFTED)
    radius = np.hypot(x - 0.0065, y - 0.006) - 0.00002 * np.sin((y - 0.006) * _X_PI)
    angle = np.arctan2(y - 0.006, x - 0.0065) - 0.000003 * np.cos((x - 0.0065) * _X_PI)
    gcj_x, gcj_y = radius * np.cos(angle), radius * np.sin(angle)
    for _ in range(_BD_ROUNDS):
        again_x, again_y = gcj02_to_bd09(gcj_x, gcj_y)
        gcj_x, gcj_y = gcj_x - (again_x - x), gcj_y - (again_y - y)
    return np.where(inside, gcj_x, x), np.where(inside, gcj_y, y)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Degrees of a datum as WGS-84 degrees: arrays of the shape given; NaN (a null of polars) stays NaN."""
    if datum == "GCJ-02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "BD-09":
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return _pair(lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """WGS-84 degrees as degrees of a datum; the inverse of `to_wgs84`."""
    if datum == "GCJ-02":
        return wgs84_to_gcj02(lon, lat)
    if datum == "BD-09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    return _pair(lon, lat)


_AXIS: Final = r"(?:lng|lon|long|longitude|lat|latitude|jd|wd|x|y|point|coord|经度|纬度|坐标)"
_WORDS: Final[tuple[tuple[str, Datum], ...]] = (
    (r"bd[-_ ]*09(?![-_ ]*mc)(?:ll)?|百度|baidu", "BD-09"),
    (rf"(?<![a-z])bd[-_ ]*{_AXIS}|{_AXIS}[-_ ]*bd(?![a-z0-9_-])", "BD-09"),
    (r"gcj(?:[-_ ]*0?2)?|火星|国测局|高德|腾讯|amap|gaode|tencent", "GCJ-02"),
    (rf"(?<![a-z])(?:gd|tx|qq)[-_ ]*{_AXIS}|{_AXIS}[-_ ]*(?:gd|tx|qq)(?![a-z])", "GCJ-02"),
    (r"cgcs(?:[-_ ]*2000)?|天地图|tianditu|北斗|epsg[:_ ]*4490", "CGCS2000"),
    (r"(?:国家|大地)2000|2000(?:国家|大地|国家大地)?坐标", "CGCS2000"),
    (r"wgs[-_ ]*(?:19)?84|(?<![a-z])wgs(?![a-z])|(?<![a-z])gps(?![a-z])|84坐标|crs:?84|epsg[:_ ]*4326", "WGS-84"),
)
_CONVERTED: Final = re.compile(
    r"转换?[为成到至]?|换算[为成到至]?|纠偏[为成到至]?|→|->|=>|2(?=wgs|gcj|bd|cgcs)|[-_ ]to[-_ ]|to(?=wgs|gcj|bd|cgcs)"
)
_ORIGIN: Final = re.compile(r"(?:由|从|自).*?(?:转换?|换算|纠偏)(?![为成到至])")


def _named(text: str) -> list[tuple[int, Datum]]:
    found = [(match.start(), datum) for words, datum in _WORDS for match in re.finditer(words, text)]
    return sorted(found)


def read_datum(text: str) -> Datum | None:
    """The datum that a heading, its group, a file's name or a CRS text names (`坐标（高德）`, `lng_bd09`), or None.

    `百度转WGS84` and `WGS84（由百度转换）` name what it was turned into. A text that names two datums without saying
    so names none.
    """
    plain = _ORIGIN.sub(" ", unicodedata.normalize("NFKC", text).lower())
    found = _named(plain)
    datums = {datum for _, datum in found}
    if datums == {"WGS-84", "CGCS2000"}:
        return "CGCS2000"
    if len(datums) > 1 and (turned := _CONVERTED.search(plain, found[0][0])):
        datums = {datum for _, datum in _named(plain[turned.end() :])}
    return datums.pop() if len(datums) == 1 else None
