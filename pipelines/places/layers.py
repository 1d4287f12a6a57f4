"""Opens a file of boundaries and gives its layers as they are: names, attributes, shapes, declared systems."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.places.archives import Shapefile, unpack
from pipelines.reading.sheets import Unreadable

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_FEATURES: Final = 20_000
_CRS_WORDS: Final = ("坐标", "datum", "crs", "srs", "coord_sys", "coordsys", "coordinate_sys")


@dataclass(frozen=True)
class Feature:
    """One feature of a layer, numbered from 1. `shape` is None where it has none, or one that can't be read."""

    number: int
    attributes: dict[str, str | None]
    shape: BaseGeometry | None
    broken: bool = False


@dataclass(frozen=True)
class Layer:
    """One layer. `crs` is what it declares, as PROJ reads it; `words` are texts in it that may name its
    datum; `sheet` is its name in a file that has layers, empty in GeoJSON."""

    name: str
    features: tuple[Feature, ...]
    crs: str | None = None
    words: tuple[str, ...] = ()
    sheet: str = ""


def read_layers(path: Path) -> list[Layer]:
    """The layers of a GeoJSON file, a GeoPackage or a zipped shapefile, told by content rather than by ending.

    Raises Unreadable, for people, where it is none of them, damaged, or beyond 50 MB (zips: 200 MB unpacked) or
    20,000 features.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(
                "文件太大（超过 50 MB），没有读取。请只保留本街道的边界后再报送。",
                "The file is too large (over 50 MB) and was not read: keep only this street's boundaries.",
            )
        with path.open("rb") as start:
            head = start.read(512)
        with tempfile.TemporaryDirectory(prefix="lianping-") as folder:
            if head.startswith(b"PK"):
                return [_shapefile(one) for one in unpack(path, Path(folder))]
            if head.startswith(b"SQLite format 3\x00"):
                copy = Path(folder) / "layers.gpkg"
                shutil.copyfile(path, copy)
                return _geopackage(copy)
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"文件读不出来（{error}）。", f"The file can't be read ({error}).") from error
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return [_geojson(content)]
    raise Unreadable(
        "不是 GeoJSON、GeoPackage 或 shapefile 压缩包。请用制图软件另存为 .geojson 后再报送。"
        if content
        else "文件是空的。请重新导出后再报送。",
        "This is no GeoJSON, GeoPackage or zipped shapefile: save it as .geojson and send it again."
        if content
        else "The file is empty: export it again.",
    )


def _too_many() -> Unreadable:
    return Unreadable(
        "要素超过 20000 个，没有读取。请只保留本街道的边界后再报送。",
        "There are over 20,000 features, so it was not read: keep only this street's boundaries.",
    )


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)) or isinstance(value, dict | list | bytes):
        return None
    text = str(value).strip()
    return text if text and text not in ("NaT", "nan", "None") else None


def _geojson(content: bytes) -> Layer:
    try:
        data = json.loads(_decoded(content))
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"GeoJSON 已损坏，读不出来（{error}）。请重新导出后再报送。",
            f"The GeoJSON is damaged and can't be read ({error}): export it again.",
        ) from error
    if isinstance(data, list):
        data = {"type": "FeatureCollection", "features": data}
    kind = data.get("type")
    if kind == "Feature":
        data = {**data, "type": "FeatureCollection", "features": [data]}
    elif "coordinates" in data or kind == "GeometryCollection":
        data = {**data, "type": "FeatureCollection", "features": [{"properties": {}, "geometry": data}]}
    elif kind == "Topology" or "geometryType" in data:
        return _gdal_layer(content, "", None, None)
    listed = data.get("features")
    if not isinstance(listed, list):
        raise Unreadable(
            "这个 JSON 文件里没有边界（没有 features）。请用制图软件导出为 GeoJSON 后再报送。",
            "This JSON file holds no boundaries (no “features”): export it as GeoJSON.",
        )
    if len(listed) > MOST_FEATURES:
        raise _too_many()
    features = tuple(_feature(number, one) for number, one in enumerate(listed, 1))
    crs = data.get("crs")
    said = crs.get("properties", crs) if isinstance(crs, dict) else crs
    words = [*(said.values() if isinstance(said, dict) else [said]), *_telling(data)]
    name = _text(data.get("name")) or ""
    return Layer(name, features, None, tuple(word for word in map(_text, words) if word) + _own_words(features))


def _telling(data: dict[str, Any]) -> Iterator[object]:
    """The values of a JSON object whose own key speaks of coordinates."""
    for key, value in data.items():
        if key != "coordinates" and isinstance(value, str) and any(word in key.lower() for word in _CRS_WORDS):
            yield value


def _own_words(features: tuple[Feature, ...]) -> tuple[str, ...]:
    """What the attributes of the features say of coordinates, where they all say one thing."""
    words = []
    headings = features[0].attributes if features else {}
    for heading in headings:
        if any(word in heading.lower() for word in _CRS_WORDS):
            said = {feature.attributes.get(heading) for feature in features}
            if len(said) == 1 and (word := said.pop()):
                words.append(word)
    return tuple(words)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("编码既不是 UTF-8 也不是 GB18030 / neither UTF-8 nor GB18030")


def _feature(number: int, data: object) -> Feature:
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    if not isinstance(data, dict):
        return Feature(number, {}, None, broken=True)
    properties = data.get("properties")
    attributes = {str(key): _text(value) for key, value in (properties if isinstance(properties, dict) else {}).items()}
    if isinstance(data.get("id"), str):
        attributes.setdefault("id", _text(data["id"]))
    geometry = data.get("geometry")
    if geometry is None:
        return Feature(number, attributes, None)
    try:
        return Feature(number, attributes, shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return Feature(number, attributes, None, broken=True)


def _geopackage(path: Path) -> list[Layer]:
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            listed = pyogrio.list_layers(path)
    except Exception as error:
        raise _damaged("GeoPackage", error) from error
    return [_gdal_layer(path, str(name), str(name), None) for name, kind in listed if kind is not None]


def _shapefile(one: Shapefile) -> Layer:
    dbf, prj = one.path.with_suffix(".dbf"), one.path.with_suffix(".prj")
    if prj.exists() and not _meant(prj):
        prj.unlink()
    encoding = _dbf_encoding(dbf.read_bytes(), one.cpg) if dbf.exists() else None
    return _gdal_layer(one.path, one.name, None, encoding)


def _meant(prj: Path) -> bool:
    """Whether a .prj means anything; GDAL refuses the whole shapefile for one that doesn't."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_wkt(prj.read_text(encoding="utf-8"))
    except (CRSError, UnicodeDecodeError):
        return False
    return True


def _gdal_layer(source: Path | bytes, name: str, layer: str | None, encoding: str | None) -> Layer:
    import pyogrio
    import pyogrio.raw
    import shapely

    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, _, shapes, columns = pyogrio.raw.read(
                source, layer=layer, encoding=encoding, max_features=MOST_FEATURES + 1, force_2d=True
            )
    except Exception as error:
        raise _damaged(name or "JSON", error) from error
    count = len(columns[0]) if columns else len(shapes) if shapes is not None else 0
    if count > MOST_FEATURES:
        raise _too_many()
    headings = [str(one) for one in meta["fields"]]
    read = shapely.from_wkb(shapes, on_invalid="ignore") if shapes is not None else np.full(count, None)
    features = tuple(
        Feature(
            row + 1,
            {heading: _text(column[row]) for heading, column in zip(headings, columns, strict=True)},
            read[row],
            broken=read[row] is None and shapes is not None and shapes[row] is not None,
        )
        for row in range(count)
    )
    return Layer(name, features, meta["crs"], _own_words(features), sheet=name)


def _dbf_encoding(dbf: bytes, cpg: str | None) -> str:
    """The encoding that more records of a .dbf are valid in, UTF-8 or GB18030. The .cpg is asked only where both are
    as good, because many programs write one that is wrong."""
    if len(dbf) < 32:
        return "UTF-8"
    start, length = int.from_bytes(dbf[8:10], "little"), int.from_bytes(dbf[10:12], "little")
    rows = [dbf[32:start], *(dbf[at : at + length] for at in range(start, len(dbf) - 1, max(length, 1)))][:5000]
    faults = {"UTF-8": 0, "GB18030": 0}
    for row in rows:
        for encoding in faults:
            try:
                row.decode(encoding)
            except UnicodeDecodeError:
                faults[encoding] += 1
    if faults["UTF-8"] != faults["GB18030"]:
        return min(faults, key=lambda encoding: faults[encoding])
    chinese = cpg is not None and any(word in cpg.upper() for word in ("GB", "936", "CN"))
    return "GB18030" if chinese else "UTF-8"


def _damaged(what: str, error: Exception) -> Unreadable:
    return Unreadable(
        f"“{what}”已损坏，读不出来（{error}）。请重新导出后再报送。",
        f"“{what}” is damaged and can't be read ({error}): export it again.",
    )
