"""Makes one area out of what a drawing holds: only polygons, valid, wound by the right-hand rule, as GeoJSON text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DECIMALS: Final = 7
"""A unit of the last decimal is about a centimetre."""


@dataclass(frozen=True)
class Mended:
    """An area that is valid now, and why it wasn't before (None where it was)."""

    area: BaseGeometry
    fault: str | None


def polygons_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """The polygons in a geometry of any kind, with their heights dropped; none in points and lines."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(shape)))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def mend(shape: BaseGeometry) -> Mended | None:
    """A geometry as a valid (multi)polygon; None where nothing with an area is left.

    A line that crosses itself is repaired by keeping what it encloses (GEOS make_valid, structure method).
    """
    import shapely

    polygons = polygons_of(shape)
    if not polygons:
        return None
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    fault = None if whole.is_valid else str(shapely.is_valid_reason(whole))
    if fault is not None:
        mended = polygons_of(shapely.make_valid(whole, method="structure", keep_collapsed=False))
        if not mended:
            return None
        whole = mended[0] if len(mended) == 1 else shapely.MultiPolygon(mended)
    return Mended(whole, fault) if whole.area > 0 else None


def area_text(area: BaseGeometry) -> str:
    """A (multi)polygon in degrees as GeoJSON text: 7 decimals, outer rings counter-clockwise (RFC 7946)."""
    import shapely

    snapped = shapely.set_precision(area, 10.0**-DECIMALS)
    parts = [shapely.orient_polygons(part) for part in polygons_of(snapped)]
    rings = [[_ring(part.exterior), *(_ring(hole) for hole in part.interiors)] for part in parts]
    if len(rings) == 1:
        return json.dumps({"type": "Polygon", "coordinates": rings[0]}, separators=(",", ":"))
    return json.dumps({"type": "MultiPolygon", "coordinates": rings}, separators=(",", ":"))


def _ring(ring: Any) -> list[list[float]]:
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
