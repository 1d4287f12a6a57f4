"""Reads the boundaries of a street, its communities and its estates for the warehouse: WGS-84 areas with a name.

Drawn by anyone in any system; what can't be used is named in a finding and kept in quarantine, never raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.findings import Finding
from pipelines.places.areas import area_text
from pipelines.places.datums import read_datum
from pipelines.places.faults import KIND, Area, Fault, placed, undrawn, with_levels, without_twins
from pipelines.places.grids import read_crs
from pipelines.places.layers import Layer, read_layers
from pipelines.places.naming import Known, level_of_layer, name_features
from pipelines.places.systems import declared_for, settle
from pipelines.reading.sheets import Unreadable

__all__ = ["BoundaryReading", "Known", "read_boundaries"]


@dataclass(frozen=True)
class BoundaryReading:
    """One file of boundaries, read.

    `rows` have the columns of the warehouse's `boundaries` (level, name, geometry, crs_declared, crs_found) and
    source_file, source_sheet (the layer; empty for GeoJSON), source_row (the feature's number in it, from 1).
    `quarantine` has the columns of `QUARANTINE_SCHEMA`; a finding about one feature has `#3` as its cell.
    `features` is how many there are; `rejected` is a file that couldn't be read at all.
    """

    rows: list[dict[str, object]]
    findings: list[Finding]
    quarantine: list[dict[str, object]] = field(default_factory=list)
    features: int = 0
    rejected: bool = False


def read_boundaries(path: Path, file: str, known: Known, declared: Mapping[str, str]) -> BoundaryReading:
    """The boundaries in a `.geojson`, `.gpkg` or zipped shapefile. Raises nothing for bad data.

    `file` is the path below the folder that was loaded; `declared` maps patterns of such paths (`*高德*.geojson`) to
    the coordinate system that the street declares for them (`GCJ-02`, `EPSG:4549`), which beats what the file says; a
    datum named in the file, its layer or its own name beats the EPSG code that drawing programs write by themselves.
    """
    try:
        layers = read_layers(path)
    except Unreadable as error:
        return _rejected(error.zh, error.en)
    if not any(layer.features for layer in layers):
        return _rejected(
            "文件里没有边界（没有要素）。请确认导出时选中了图层。",
            "The file holds no boundaries (no features): check that the layer was chosen when exporting.",
        )
    setting = declared_for(file, declared)
    findings: list[Finding] = []
    if setting and not (read_datum(setting) or read_crs(setting)):
        findings.append(_strange_setting(setting))
        setting = None
    areas: list[Area] = []
    faults: list[Fault] = []
    for layer in layers:
        of_layer, of_areas, about = _read_layer(layer, file, known, setting)
        areas += of_layer
        faults += of_areas
        findings += about
    kept, twins = without_twins(areas)
    faults = sorted(faults + twins, key=lambda fault: (fault.area.sheet, fault.area.feature.number))
    return BoundaryReading(
        rows=[row for area in kept if (row := _row(area, file))],
        findings=findings + [fault.finding() for fault in faults],
        quarantine=[fault.quarantined() for fault in faults if fault.refused],
        features=sum(len(layer.features) for layer in layers),
    )


def _read_layer(
    layer: Layer, file: str, known: Known, setting: str | None
) -> tuple[list[Area], list[Fault], list[Finding]]:
    """The areas of a layer that are good, what is wrong with single ones, and what is wrong with the layer."""
    import shapely

    named = name_features(layer, file, known)
    areas = [Area(layer.sheet, feature, one) for feature, one in zip(layer.features, named, strict=True)]
    checked = [(area, undrawn(area)) for area in areas]
    drawn = [area for area, fault in checked if fault is None]
    found = [fault for _, fault in checked if fault is not None]
    if not drawn:
        return [], found, []
    xy = shapely.get_coordinates([area.feature.shape for area in drawn])
    system = settle(layer, xy, file, known, setting)
    if system is None:
        raw = f"{xy[0, 0]:.3f}, {xy[0, 1]:.3f}"
        zh = (
            f"看不出坐标系，无法换算（首个顶点为 {raw}）。请连同 .prj 报送，或在 street.toml 中声明，如 EPSG:4549；"
            f"也可另存为经纬度。"
        )
        en = (
            f"The coordinate system can't be told (the first vertex is {raw}): send the .prj too, declare it in "
            f"street.toml, such as EPSG:4549, or save the file in degrees."
        )
        return [], found + [Fault(area, "unparseable", "crs_found", zh, en, raw) for area in drawn], []
    good: list[Area] = []
    for area in drawn:
        done, fault = placed(area, system)
        good += [done] if done else []
        found += [fault] if fault else []
    told, unknown = with_levels(good, level_of_layer(layer, file))
    about = []
    if system.odd:
        zh, en = system.odd
        about.append(Finding("implausible", zh, en, layer.sheet, "", KIND, "crs_declared", system.declared))
    return told, found + unknown, about


def _row(area: Area, file: str) -> dict[str, object] | None:
    if area.place is None or area.system is None:
        return None
    return {
        "level": area.named.level,
        "name": area.named.name,
        "geometry": area_text(area.place),
        "crs_declared": area.system.declared,
        "crs_found": area.system.found,
        "source_file": file,
        "source_sheet": area.sheet,
        "source_row": area.feature.number,
    }


def _rejected(zh: str, en: str) -> BoundaryReading:
    return BoundaryReading([], [Finding("unreadable_file", zh, en, kind=KIND)], rejected=True)


def _strange_setting(setting: str) -> Finding:
    return Finding(
        code="implausible",
        message_zh=f"street.toml 为这个文件声明的坐标系“{setting}”看不懂，没有采用。请写 GCJ-02、BD-09、"
        f"WGS-84、CGCS2000 或 EPSG:4549 这样的代号。",
        message_en=f"The coordinate system “{setting}” that street.toml declares for this file means nothing to us and "
        f"was not used: write GCJ-02, BD-09, WGS-84, CGCS2000 or a code such as EPSG:4549.",
        kind=KIND,
        field="crs_declared",
        raw_value=setting,
    )
