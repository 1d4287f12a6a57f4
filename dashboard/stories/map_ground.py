"""Where communities and estates stand: boundaries and coordinates in metres around the street's middle, or tiles.

The register's and the boundary files' places are WGS-84 degrees. They are projected with a transverse Mercator around
the street's own middle (GRS 80), so that lengths and shapes are true to a few millimetres a kilometre.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any, Final

import geopandas
import shapely

from dashboard.charts.street import Area, Ring
from dashboard.published import Published

TILE: Final = 100.0
"""Metres between two estates where none has a place."""
COMMUNITIES_ACROSS: Final = 3
LEAST_PLACED: Final = 0.5
"""With places for a smaller share of the estates than this the map is laid out in tiles."""


@dataclass(frozen=True)
class Ground:
    """Areas and, by estate, a place, in metres, y upwards. `unplaced`: estates below the map for want of a place."""

    areas: tuple[Area, ...]
    places: dict[str, tuple[float, float]]
    is_tiled: bool
    unplaced: tuple[str, ...] = ()


def ground(published: Published) -> Ground:
    """The ground of a version, worked out once."""
    return published.made(("map ground",), lambda: _ground(published))


def _ground(published: Published) -> Ground:
    estates = list(published.rows("map_estates").iter_rows(named=True))
    rows = list(published.rows("map_areas").iter_rows())
    shapes = shapely.from_geojson([text for _, _, text in rows], on_invalid="ignore")
    frame = geopandas.GeoDataFrame(
        {"level": [level for level, _, _ in rows], "name": [name for _, name, _ in rows]},
        geometry=list(shapes),
        crs="EPSG:4326",
    )
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "Point"])]
    points = {
        one["estate"]: (one["lon"], one["lat"]) for one in estates if one["lon"] is not None and one["lat"] is not None
    }
    for name, shape in zip(frame["name"], frame.geometry, strict=True):
        if name not in points and not frame[(frame["name"] == name) & (frame["level"] == "estate")].empty:
            inside = shape.representative_point()
            points[name] = (inside.x, inside.y)
    names = [one["estate"] for one in estates]
    known = [name for name in names if name in points]
    if not names or len(known) < LEAST_PLACED * len(names):
        return _tiled([(one["estate"], one["community"] or "") for one in estates])
    spots = geopandas.GeoSeries([shapely.Point(*points[name]) for name in known], crs="EPSG:4326")
    crs = _local(spots)
    spots = spots.to_crs(crs)
    frame = frame[frame.geometry.geom_type != "Point"].to_crs(crs)
    places = {name: (float(one.x), float(one.y)) for name, one in zip(known, spots, strict=True)}
    areas = tuple(_areas(frame))
    unplaced = tuple(name for name in names if name not in places)
    return Ground(areas, {**places, **_below(unplaced, places, areas)}, is_tiled=False, unplaced=unplaced)


def _local(spots: Any) -> str:
    middle = spots.union_all().envelope.centroid
    return f"+proj=tmerc +lat_0={middle.y:.4f} +lon_0={middle.x:.4f} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs"


def _areas(frame: Any) -> Iterator[Area]:
    """The street first, then communities, then estates. A community's name stands away from the street's middle."""
    if frame.empty:
        return
    middle = frame.geometry.union_all().centroid
    reach = max(frame.total_bounds[2] - frame.total_bounds[0], frame.total_bounds[3] - frame.total_bounds[1])
    for level in ("street", "community", "estate"):
        for name, shape in frame[frame["level"] == level][["name", "geometry"]].itertuples(index=False):
            parts = shape.geoms if shape.geom_type == "MultiPolygon" else (shape,)
            label = shape.representative_point()
            if level == "community":
                label = _outside(shape, middle, reach * 0.05)
            yield Area(level, str(name), tuple(_rings(one) for one in parts), float(label.x), float(label.y))


def _outside(shape: Any, middle: Any, gap: float) -> Any:
    """Just outside a community's border, on the side that is turned away from the street's middle."""
    centre = shape.centroid
    dx, dy = centre.x - middle.x, centre.y - middle.y
    length = sqrt(dx * dx + dy * dy) or 1.0
    far = max(((x - middle.x) * dx + (y - middle.y) * dy) / length for x, y in _corners(shape))
    return shapely.Point(middle.x + dx / length * (far + gap), middle.y + dy / length * (far + gap))


def _corners(shape: Any) -> list[tuple[float, float]]:
    parts = shape.geoms if shape.geom_type == "MultiPolygon" else (shape,)
    return [(float(x), float(y)) for one in parts for x, y, *_ in one.exterior.coords]


def _rings(shape: Any) -> tuple[Ring, ...]:
    return tuple(
        tuple((round(float(x), 1), round(float(y), 1)) for x, y, *_ in ring.coords)
        for ring in (shape.exterior, *shape.interiors)
    )


def _below(
    names: Sequence[str], places: dict[str, tuple[float, float]], areas: Sequence[Area]
) -> dict[str, tuple[float, float]]:
    """Estates without a place in rows under the map."""
    if not names:
        return {}
    corners = [corner for one in areas for part in one.parts for corner in part[0]] + list(places.values())
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom = min(y for _, y in corners)
    step = max((right - left) / 8, 1.0)
    return {
        name: (left + step * (place % 8 + 0.5), bottom - step * (0.7 + 0.6 * (place // 8)))
        for place, name in enumerate(names)
    }


def _tiled(estates: Sequence[tuple[str, str]]) -> Ground:
    """Communities side by side, each a square of estates in the order of their size."""
    groups: dict[str, list[str]] = {}
    for name, community in estates:
        groups.setdefault(community, []).append(name)
    largest = max((len(one) for one in groups.values()), default=1)
    across = ceil(sqrt(largest * 1.5))
    down = ceil(largest / across)
    areas, places = [], {}
    for number, (community, names) in enumerate(sorted(groups.items())):
        left = (number % COMMUNITIES_ACROSS) * (across + 0.6) * TILE
        top = -(number // COMMUNITIES_ACROSS) * (down + 1.0) * TILE
        right, bottom = left + across * TILE, top - down * TILE
        ring = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        areas.append(Area("community", community, ((ring,),), (left + right) / 2, top + TILE * 0.22))
        for place, name in enumerate(names):
            places[name] = (left + (place % across + 0.5) * TILE, top - (place // across + 0.42) * TILE)
    return Ground(tuple(areas), places, is_tiled=True)
