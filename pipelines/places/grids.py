"""Tells by where coordinates fall which grid they are of: degrees, CGCS2000 Gauss-Krüger zones, UTM, web Mercator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from pipelines.places.datums import Degrees, in_china

DEGREES: Final = "EPSG:4326"
NEAR_KM: Final = 30.0
"""The farthest that a layer may lie from the street's estates, by a grid that only they can tell."""

_KM: Final = 111.32


@dataclass(frozen=True)
class Grid:
    """A coordinate system (`EPSG:4527`; degrees are `EPSG:4326`), and whether the axes come the other way round."""

    crs: str
    swapped: bool = False


@lru_cache(maxsize=64)
def _transformer(crs: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(crs, DEGREES, always_xy=True)


def to_degrees(x: ArrayLike, y: ArrayLike, grid: Grid) -> tuple[Degrees, Degrees]:
    """Coordinates of a grid as degrees of the same datum; what can't be turned becomes infinite or NaN.

    CGCS2000 is taken as WGS-84. `grid.crs` is anything that PROJ knows; raises pyproj's CRSError for what it doesn't.
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if grid.swapped:
        first, second = second, first
    if grid.crs in (DEGREES, "EPSG:4490", "OGC:CRS84"):
        return first, second
    lon, lat = _transformer(grid.crs).transform(first, second)
    return np.asarray(lon), np.asarray(lat)


def read_crs(text: str) -> str | None:
    """The `EPSG:…` that a text names: by code, or a CGCS2000 zone by 带号 (25–45) or 中央经线 (75–135)."""
    plain = unicodedata.normalize("NFKC", text)
    if match := re.search(r"epsg[\s:_/-]*(?:[\d.]+[:/])?(\d{4,6})(?!\d)", plain, re.IGNORECASE):
        return f"EPSG:{match[1]}"
    if re.search(r"web.?mercator|墨卡托", plain, re.IGNORECASE):
        return "EPSG:3857"
    meridian = re.search(r"(?:中央(?:经线|子午线)|CM[ _]*)[^\d]{0,3}(\d{2,3})(?!\d)", plain, re.IGNORECASE)
    if meridian and 75 <= (degree := int(meridian[1])) <= 135 and degree % 3 == 0:
        return f"EPSG:{4534 + (degree - 75) // 3}"
    if (zone := re.search(r"(?<!\d)(2[5-9]|3\d|4[0-5])(?:度?带|号带)", plain)) or (
        zone := re.search(r"(?:带号|zone)[ _:]*(2[5-9]|3\d|4[0-5])(?!\d)", plain, re.IGNORECASE)
    ):
        return f"EPSG:{4513 + int(zone[1]) - 25}"
    return None


def _metric(east: float, north: float) -> Iterator[tuple[str, bool]]:
    """The metric systems that a pair may be of, likeliest first, and whether they tell without knowing where."""
    zone, rest = divmod(east, 1_000_000.0)
    if 25 <= zone <= 45 and 100_000 <= rest <= 900_000 and 300_000 <= north <= 6_100_000:
        yield f"EPSG:{4513 + int(zone) - 25}", True
    if 8_100_000 <= east <= 15_200_000 and 330_000 <= north <= 7_200_000:
        yield "EPSG:3857", True
    if 13 <= zone <= 23 and 100_000 <= rest <= 900_000 and 300_000 <= north <= 6_100_000:
        yield f"EPSG:{4491 + int(zone) - 13}", True
    if 100_000 <= east <= 900_000 and 1_900_000 <= north <= 6_100_000:
        for index in range(21):
            yield f"EPSG:{4534 + index}", False
        for zone_utm in range(43, 54):
            yield f"EPSG:326{zone_utm}", False


def find_crs(x: ArrayLike, y: ArrayLike, near: tuple[ArrayLike, ArrayLike] | None = None) -> Grid | None:
    """The grid that coordinates without a label are of; None where it can't be told.

    `x`, `y` are all vertices of a layer, in file order. Degrees within China are EPSG:4326, whichever datum; metres
    tell by their size: a zone number before the easting (EPSG 4513–4533 of 3°, 4491–4501 of 6°) or web Mercator.
    Eastings about 500,000 m without a zone number (EPSG 4534–4554, UTM 43–53) fit every meridian: they are told only
    by `near`, places of the street in WGS-84 degrees, as the grid that puts the layer among them, within 30 km.
    """
    first, second = np.asarray(x, dtype=np.float64).ravel(), np.asarray(y, dtype=np.float64).ravel()
    finite = np.isfinite(first) & np.isfinite(second)
    if not finite.any():
        return None
    first, second = first[finite], second[finite]
    mid_x, mid_y = float(np.median(first)), float(np.median(second))
    if bool(in_china(mid_x, mid_y)):
        return Grid(DEGREES)
    if bool(in_china(mid_y, mid_x)):
        return Grid(DEGREES, swapped=True)
    candidates = [(Grid(crs), sure) for crs, sure in _metric(mid_x, mid_y)]
    candidates += [(Grid(crs, swapped=True), sure) for crs, sure in _metric(mid_y, mid_x)]
    candidates = [(grid, sure) for grid, sure in candidates if bool(in_china(*to_degrees(mid_x, mid_y, grid)))]
    if near is None or not np.isfinite(np.asarray(near[0], dtype=np.float64)).any():
        return next((grid for grid, sure in candidates if sure), None)
    ranked = sorted((*_fit(first, second, grid, near), i) for i, (grid, _) in enumerate(candidates))
    if ranked and ranked[0][1] <= NEAR_KM:
        return candidates[ranked[0][2]][0]
    return next((grid for grid, sure in candidates if sure), None)


def _fit(x: Degrees, y: Degrees, grid: Grid, near: tuple[ArrayLike, ArrayLike]) -> tuple[int, float]:
    """How badly a grid fits: places outside the layer's box, then kilometres between the layer's middle and theirs."""
    lon, lat = to_degrees(x, y, grid)
    at_lon, at_lat = np.asarray(near[0], dtype=np.float64), np.asarray(near[1], dtype=np.float64)
    inside = (at_lon >= lon.min()) & (at_lon <= lon.max()) & (at_lat >= lat.min()) & (at_lat <= lat.max())
    mid_lon, mid_lat = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    east = (np.nanmedian(at_lon) - mid_lon) * np.cos(np.radians(mid_lat))
    away = float(np.hypot(east, np.nanmedian(at_lat) - mid_lat)) * _KM
    return int((~inside).sum()), away
