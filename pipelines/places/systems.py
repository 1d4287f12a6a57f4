"""Settles in which coordinate system a layer of boundaries is read: what it declares, says, and where it falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

import numpy as np

from pipelines.places.datums import Datum, Degrees, in_china, read_datum, to_wgs84
from pipelines.places.grids import DEGREES, Grid, find_crs, read_crs, to_degrees
from pipelines.places.layers import Layer
from pipelines.places.naming import Known

_IMPLIED: Final[dict[str, Datum]] = {DEGREES: "WGS-84", "EPSG:4490": "CGCS2000"}
_UNLABELLED: Final[Datum] = "WGS-84"
_SWAPPED: Final = (
    "经度和纬度（或横、纵坐标）的次序颠倒了，已换回来读取。请改为先经度、后纬度。",
    "Longitude and latitude are in the wrong order; they were read the other way round: put longitude first.",
)


@dataclass(frozen=True)
class System:
    """The grid and the datum by which a layer is read, what it declared itself (None: nothing), and what is odd about
    that, for people in both languages (None: nothing)."""

    grid: Grid
    datum: Datum
    declared: str | None
    odd: tuple[str, str] | None = None

    @property
    def found(self) -> str:
        """The system in words: the datum for degrees (`GCJ-02`), else the grid (`EPSG:4527`, `EPSG:3857 GCJ-02`)."""
        if self.grid.crs in _IMPLIED:
            return self.datum
        return f"{self.grid.crs} {self.datum}" if self.datum in ("GCJ-02", "BD-09") else self.grid.crs


def to_places(xy: Degrees, system: System) -> Degrees:
    """Coordinates of a layer (n × 2, as in the file) as WGS-84 degrees."""
    lon, lat = to_degrees(xy[:, 0], xy[:, 1], system.grid)
    return np.column_stack(to_wgs84(lon, lat, system.datum))


def declared_for(file: str, declared: Mapping[str, str]) -> str | None:
    """What the street's settings declare for a file: the first pattern that fits its path or its name."""
    name = file.rsplit("/", 1)[-1]
    return next((said for glob, said in declared.items() if fnmatchcase(file, glob) or fnmatchcase(name, glob)), None)


def _declared_grid(crs: str | None) -> str | None:
    """A CRS of the file as `EPSG:…`, or as PROJ's own text where it has no code; None where it says nothing."""
    if not crs:
        return None
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        read = CRS.from_user_input(crs)
    except CRSError:
        return None
    if not (read.is_geographic or read.is_projected) or read.name.lower().startswith(("undefined", "unknown")):
        return None
    code = read.to_epsg(min_confidence=60)
    if code is None:
        return read.to_wkt()
    return DEGREES if code == 4326 else f"EPSG:{code}"


def _spelt(grid: str) -> str:
    """A grid as people write it: its code, or its name where it has none."""
    if grid.startswith("EPSG:"):
        return grid
    from pyproj import CRS

    return str(CRS.from_user_input(grid).name)


def _fits(xy: Degrees, grid: Grid) -> bool:
    lon, lat = to_degrees(xy[:, 0], xy[:, 1], grid)
    return bool(in_china(np.median(lon), np.median(lat)))


def _contradiction(declared: str, datum: Datum) -> tuple[str, str]:
    zh = f"文件声明的坐标系是 {declared}，文件名或内容却写着 {datum}，已按后者换算。请核对，或在 street.toml 中声明。"
    en = (
        f"The file declares {declared}, but its name or content says {datum}, and it was read so: check it, or declare "
        f"it in street.toml."
    )
    return zh, en


def _elsewhere(declared: str, found: str) -> tuple[str, str]:
    zh = f"按声明的坐标系 {declared} 读取，边界不在中国境内；从数值看是 {found}，已按它换算。请改正声明。"
    en = (
        f"Read as declared ({declared}) the boundaries are not in China; by their numbers they are {found}, and were "
        f"read so: correct the declaration."
    )
    return zh, en


def _datum_in(texts: tuple[str, ...]) -> Datum | None:
    """The datum that the first of the texts to name one names."""
    for text in texts:
        if datum := read_datum(text):
            return datum
    return None


def settle(layer: Layer, xy: Degrees, file: str, known: Known, setting: str | None) -> System | None:
    """The system of a layer with the vertices `xy` (n × 2); None where its grid can't be told.

    Datum: the setting, else what the file's content says, else what the names of layer and file say, else what the
    declared CRS implies, else WGS-84. Grid: likewise, as long as it puts the layer into China; else where it falls.
    """
    own = _declared_grid(layer.crs) or next(filter(None, map(read_crs, layer.words)), None)
    named = next(filter(None, map(read_crs, (layer.name, file.rsplit("/", 1)[-1]))), None)
    words = _datum_in(layer.words)
    names = _datum_in((layer.name, file.rsplit("/", 1)[-1]))
    implied = _IMPLIED.get(own) if own else None
    datum = (read_datum(setting) if setting else None) or words or names or implied or _UNLABELLED
    said = [grid for grid in ((read_crs(setting) if setting else None), own, named) if grid]
    declared = setting or (_spelt(own) if own else None) or words or names or named
    near = tuple(zip(*known.points.values(), strict=True)) or None
    if said and _fits(xy, Grid(said[0])):
        odd = None
        if datum in ("GCJ-02", "BD-09") and implied and not setting:
            odd = _contradiction(_spelt(said[0]), datum)
        return System(Grid(said[0]), datum, declared, odd)
    found = find_crs(xy[:, 0], xy[:, 1], (near[0], near[1]) if near else None)
    if found is None:
        return None
    odd = None
    if said:
        odd = _elsewhere(_spelt(said[0]), found.crs)
    elif found.swapped:
        odd = _SWAPPED
    return System(found, datum, declared, odd)
