"""Notices a layer whose coordinates are not of the datum that it claims: estates lie in their polygons, or they don't.

A wrong datum moves a whole layer by 300 to 1,500 m the same way, so estates fall out of their community on one side.
Each way in which it may have happened is tried, and the estates inside their polygon are counted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from pipelines.findings import Finding
from pipelines.places.datums import Datum, Degrees, from_wgs84, to_wgs84

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Origin = Literal[
    "WGS-84",
    "GCJ-02",
    "BD-09",
    "over-converted GCJ-02",
    "over-converted BD-09",
    "BD-09 read as GCJ-02",
    "GCJ-02 read as BD-09",
]
"""What coordinates really are. The last four were turned into WGS-84 from the wrong datum before they came to us;
over-converted ones were WGS-84 already."""

_TAKEN: Final[dict[Origin, tuple[Datum, Datum]]] = {
    "over-converted GCJ-02": ("GCJ-02", "WGS-84"),
    "over-converted BD-09": ("BD-09", "WGS-84"),
    "BD-09 read as GCJ-02": ("GCJ-02", "BD-09"),
    "GCJ-02 read as BD-09": ("BD-09", "GCJ-02"),
}
"""The datum that they were taken for, and the one that they were."""

LEAST_POINTS: Final = 8
LEAST_GAIN: Final = 4
MOST_CHANCE: Final = 1 / 16
LEAST_SHARE: Final = 0.9
MOST_LEFT: Final = 0.5
STEP_METRES: Final = 30.0
EDGE_METRES: Final = 150.0
CAP_METRES: Final = 1000.0
LEAST_PLACED: Final = 0.6
_METRES: Final = 111_320.0


@dataclass(frozen=True)
class Suspicion:
    """A layer that is probably not what it claims to be.

    Of `n` estates, `inside_claimed` lie in their polygon as the layer stands, and `inside_likely` if it is `likely`.
    `layer` is the one at fault; `offset_m` is how far it is off, in metres.
    """

    claimed: Datum
    likely: Origin
    inside_claimed: int
    inside_likely: int
    n: int
    layer: Literal["points", "areas"] = "points"
    offset_m: float = 0.0


def reinterpret(lon: ArrayLike, lat: ArrayLike, claimed: Datum, likely: Origin) -> tuple[Degrees, Degrees]:
    """WGS-84 degrees that were converted from `claimed`, as WGS-84 degrees converted from what they `likely` are."""
    taken_for, really = _TAKEN[likely] if likely in _TAKEN else (claimed, _datum(likely))
    return to_wgs84(*from_wgs84(lon, lat, taken_for), really)


def _datum(origin: Origin) -> Datum:
    return "GCJ-02" if origin == "GCJ-02" else "BD-09" if origin == "BD-09" else "WGS-84"


def reinterpret_area(area: str, claimed: Datum, likely: Origin) -> str:
    """The same for a polygon, as GeoJSON text with 7 decimals."""
    from pipelines.places.areas import area_text

    return area_text(_moved(_shape(area), claimed, likely))


def suspect_points(lon: ArrayLike, lat: ArrayLike, claimed: Datum, areas: Sequence[str | None]) -> Suspicion | None:
    """Whether a layer of points is mislabelled.

    `lon` and `lat` are WGS-84 degrees as converted from the datum that the layer claims (as the warehouse holds them);
    `areas` has for each point the polygon where it should lie, as WGS-84 GeoJSON text, or None.
    The rule looks at points that some origin puts into their polygon or at most 150 m outside (the others are wrong in
    another way): at least 8, and 60 % of those with a polygon. Under the likely origin at least 90 % of them lie so; by
    30 m or more, at least 4 more come nearer than go farther, so many that chance would do it in at most 1 of 16 cases
    (sign test); and the distances outside (at most 1 km each) add up to at most half of what they do as claimed and
    under any third origin. Else None.
    """
    return _suspect(lon, lat, areas, claimed, layer="points")


def suspect_areas(lon: ArrayLike, lat: ArrayLike, areas: Sequence[str | None], claimed: Datum) -> Suspicion | None:
    """Whether a layer of polygons is mislabelled: as `suspect_points`, but the polygons move. `claimed` is theirs."""
    return _suspect(lon, lat, areas, claimed, layer="areas")


def suspect(
    lon: ArrayLike,
    lat: ArrayLike,
    claimed: Datum,
    areas: Sequence[str | None],
    *,
    areas_claimed: Datum,
    trusted: Literal["points", "areas"] | None = None,
) -> Suspicion | None:
    """Which of two layers is mislabelled, if they disagree.

    A plain wrong label explains more than a wrong conversion before. Where both layers could be at fault, it is the one
    that isn't `trusted` (say, the unlabelled one); where neither is trusted, the polygons, because drawing programs
    write WGS-84 on whatever they save.
    """
    points = suspect_points(lon, lat, claimed, areas)
    polygons = suspect_areas(lon, lat, areas, areas_claimed)
    if points is None or polygons is None:
        return points or polygons
    plain = [one for one in (polygons, points) if one.likely not in _TAKEN] or [polygons, points]
    return next((one for one in plain if one.layer != trusted), plain[0])


def mislabelled(found: Suspicion, *, kind: str, sheet: str = "", cell: str = "") -> Finding:
    """The suspicion as a warning for people. It is about the layer: `cell` may point to its heading."""
    zh_layer, en_layer = ("小区坐标", "estate coordinates") if found.layer == "points" else ("边界", "boundaries")
    if found.likely in _TAKEN:
        taken_for, really = _TAKEN[found.likely]
        zh_likely = f"本是 {really}、却被当作 {taken_for} 换算过"
        en_likely = f"were {really} and were converted as if they were {taken_for}"
        zh_do = f"请改交换算之前的坐标，并写明是 {really}"
        en_do = f"send the coordinates as they were before the conversion, and say that they are {really}"
    else:
        zh_likely, en_likely = f"其实是 {found.likely}", f"really are {found.likely}"
        zh_do = f"请核对来源，并在表头或文件名中写明“{found.likely}”"
        en_do = f"check the source and write “{found.likely}” in the heading or the file's name"
    return Finding(
        code="implausible",
        message_zh=f"{zh_layer}按 {found.claimed} 读取时，{found.n} 个小区只有 {found.inside_claimed} 个"
        f"落在应在的边界内；若{zh_likely}，则有 {found.inside_likely} 个"
        f"（整体偏移约 {found.offset_m:.0f} 米）。{zh_do}。",
        message_en=f"Read as {found.claimed}, the {en_layer} put only {found.inside_claimed} of {found.n} estates "
        f"inside their boundary; {found.inside_likely} if they {en_likely} "
        f"(about {found.offset_m:.0f} m off): {en_do}.",
        sheet=sheet,
        cell=cell,
        kind=kind,
        field="lon" if found.layer == "points" else "geometry",
        raw_value=found.claimed,
    )


def _origins(claimed: Datum) -> list[Origin]:
    if claimed in ("WGS-84", "CGCS2000"):
        return ["GCJ-02", "BD-09", *_TAKEN]
    return ["WGS-84", "BD-09" if claimed == "GCJ-02" else "GCJ-02"]


def _shape(area: str) -> BaseGeometry:
    from shapely.geometry import shape

    return shape(json.loads(area))


def _moved(area: BaseGeometry, claimed: Datum, likely: Origin) -> BaseGeometry:
    import shapely

    def move(xy: Degrees) -> Degrees:
        return np.column_stack(reinterpret(xy[:, 0], xy[:, 1], claimed, likely))

    moved: BaseGeometry = shapely.transform(area, move)
    return moved


def _outside(lon: Degrees, lat: Degrees, polygons: Sequence[BaseGeometry], which: Sequence[int]) -> Degrees:
    """How far each point lies outside its polygon, in metres; 0 inside."""
    import shapely

    scale = np.array([np.cos(np.radians(float(np.mean(lat)))) * _METRES, _METRES])
    flat: Any = np.array([shapely.transform(polygon, lambda xy: xy * scale) for polygon in polygons], dtype=object)
    shapely.prepare(flat)
    distance: Degrees = shapely.distance(flat[list(which)], shapely.points(lon * scale[0], lat * scale[1]))
    return distance


def _chance(better: int, worse: int) -> float:
    """How likely chance alone gives as many better ones (one-sided sign test)."""
    cases = better + worse
    return float(sum(comb(cases, k) for k in range(better, cases + 1)) / 2**cases)


def _suspect(
    lon: ArrayLike, lat: ArrayLike, areas: Sequence[str | None], claimed: Datum, *, layer: Literal["points", "areas"]
) -> Suspicion | None:
    all_lon, all_lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    texts = sorted({area for area in areas if area is not None})
    place = {text: index for index, text in enumerate(texts)}
    use = [
        i for i, area in enumerate(areas) if area is not None and np.isfinite(all_lon[i]) and np.isfinite(all_lat[i])
    ]
    if len(use) < LEAST_POINTS:
        return None
    x, y = all_lon[use], all_lat[use]
    which = [place[text] for i in use if (text := areas[i]) is not None]
    polygons = [_shape(text) for text in texts]
    origins = _origins(claimed)
    as_claimed = _outside(x, y, polygons, which)
    if layer == "points":
        moved = [_outside(*reinterpret(x, y, claimed, one), polygons, which) for one in origins]
    else:
        moved = [_outside(x, y, [_moved(polygon, claimed, one) for polygon in polygons], which) for one in origins]
    near = np.min([as_claimed, *moved], axis=0) <= EDGE_METRES
    n = int(near.sum())
    if n < LEAST_POINTS or n < LEAST_PLACED * len(use):
        return None
    totals = [float(np.minimum(far[near], CAP_METRES).sum()) for far in moved]
    at = int(np.argmin(totals))
    before, after = as_claimed[near], moved[at][near]
    others = [float(np.minimum(before, CAP_METRES).sum()), *totals[:at], *totals[at + 1 :]]
    better = int((before - after > STEP_METRES).sum())
    worse = int((after - before > STEP_METRES).sum())
    if (
        better - worse < LEAST_GAIN
        or _chance(better, worse) > MOST_CHANCE
        or (after <= EDGE_METRES).sum() < LEAST_SHARE * n
        or totals[at] > MOST_LEFT * min(others)
    ):
        return None
    away_x, away_y = reinterpret(x, y, claimed, origins[at])
    offset = np.hypot((away_x - x) * np.cos(np.radians(y)), away_y - y).mean() * _METRES
    return Suspicion(
        claimed, origins[at], int((before == 0).sum()), int((after == 0).sum()), n, layer, round(float(offset))
    )
