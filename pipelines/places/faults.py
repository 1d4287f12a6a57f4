"""Says what is wrong with a drawn area, to people, and which of its faults keep it out of the warehouse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.findings import Finding
from pipelines.places.areas import mend
from pipelines.places.datums import in_china
from pipelines.places.layers import Feature
from pipelines.places.naming import Level, Named
from pipelines.places.systems import System, to_places

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

KIND: Final = "boundaries"
SAME_SHARE: Final = 0.01
"""Two areas are one and the same if what only one of them covers is at most this share of both together."""
WITHIN_SHARE: Final = 0.95
"""The share of each of the others that a street must cover to be told by what it contains."""

_ZH: Final[dict[Level, str]] = {"street": "街道", "community": "社区", "estate": "小区"}


@dataclass(frozen=True)
class Area:
    """A feature on its way to the warehouse: `place` is its area in WGS-84 degrees, once `system` is settled."""

    sheet: str
    feature: Feature
    named: Named
    system: System | None = None
    place: BaseGeometry | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with an area. `refused`: it stays out of the warehouse."""

    area: Area
    code: str
    field: str
    zh: str
    en: str
    raw: str | None = None
    refused: bool = True

    def finding(self) -> Finding:
        """The fault as a finding; a feature's cell is `#` and its number."""
        cell = f"#{self.area.feature.number}"
        return Finding(self.code, self.zh, self.en, self.area.sheet, cell, KIND, self.field, self.raw)

    def quarantined(self) -> dict[str, object]:
        """The area as a row of the quarantine. Of its attributes only the name is kept: others may be personal data."""
        from shapely.geometry import mapping

        feature, named = self.area.feature, self.area.named
        shape = None if feature.shape is None else mapping(feature.shape)
        return {
            "kind": KIND,
            "source_sheet": self.area.sheet,
            "source_row": feature.number,
            "source_cell": f"#{feature.number}",
            "code": self.code,
            "reason_zh": self.zh,
            "reason_en": self.en,
            "content": json.dumps({"name": named.name, "level": named.level, "geometry": shape}, ensure_ascii=False),
        }


def undrawn(area: Area) -> Fault | None:
    """What is wrong with a feature that is no area at all, or has no name; None for a good one."""
    import shapely

    shape, number = area.feature.shape, area.feature.number
    called = f"“{area.named.name}”" if area.named.name else f"第 {number} 个要素"
    called_en = f"“{area.named.name}”" if area.named.name else f"Feature {number}"
    if area.feature.broken or (shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all()):
        return Fault(
            area,
            "unparseable",
            "geometry",
            f"{called}的图形读不出来。请重画或重新导出。",
            f"The shape of {called_en} can't be read: draw or export it again.",
        )
    if shape is None or shape.is_empty:
        return Fault(
            area,
            "missing_value",
            "geometry",
            f"{called}没有图形。请画出它的边界，或删去这个要素。",
            f"{called_en} has no shape: draw its boundary, or delete the feature.",
        )
    if "Polygon" not in shape.geom_type and shape.geom_type != "GeometryCollection":
        zh = "点" if "Point" in shape.geom_type else "线"
        en = "a point" if "Point" in shape.geom_type else "a line"
        return Fault(
            area,
            "unparseable",
            "geometry",
            f"{called}画的是{zh}，边界要画成面。请改为面后再报送。",
            f"{called_en} is drawn as {en}; a boundary must be an area: turn it into one.",
            shape.geom_type,
        )
    if area.named.name is None:
        return Fault(
            area,
            "missing_value",
            "name",
            f"第 {number} 个要素没有名称。请在“名称”一列填写街道、社区或小区的名称。",
            f"Feature {number} has no name: write that of the street, community or estate in a column 名称.",
        )
    return None


def placed(area: Area, system: System) -> tuple[Area | None, Fault | None]:
    """The area in WGS-84, mended where it crossed itself; with what is wrong with it, if anything."""
    import shapely

    shape = shapely.transform(shapely.force_2d(area.feature.shape), lambda xy: to_places(xy, system))
    xy = shapely.get_coordinates(shape)
    name = area.named.name
    if not in_china(xy[:, 0], xy[:, 1]).all():
        off = xy[~in_china(xy[:, 0], xy[:, 1])][0]
        raw = f"{off[0]:.6f}, {off[1]:.6f}"
        return None, Fault(
            area,
            "out_of_range",
            "geometry",
            f"“{name}”的边界有顶点（{raw}）不在中国境内。请检查坐标系和经纬度次序。",
            f"The boundary of “{name}” has a vertex ({raw}) outside China: check the coordinate system "
            f"and the order of longitude and latitude.",
            raw,
        )
    mended = mend(shape)
    if mended is None:
        return None, Fault(
            area,
            "unparseable",
            "geometry",
            f"“{name}”的边界围不成面。请重画。",
            f"The boundary of “{name}” encloses nothing: draw it again.",
        )
    done = replace(area, system=system, place=mended.area)
    if mended.fault is None:
        return done, None
    return done, Fault(
        area,
        "implausible",
        "geometry",
        f"“{name}”的边界线自相交（{mended.fault}），已自动修补后采用。请对照原图核对。",
        f"The boundary of “{name}” crosses itself ({mended.fault}); it was mended and is used: compare "
        "it with the drawing.",
        mended.fault,
        refused=False,
    )


def with_levels(areas: Sequence[Area], told: Level | None) -> tuple[list[Area], list[Fault]]:
    """Areas with a level, and faults of those without.

    Where a feature doesn't say: one that holds all the others is the street; else it is what its layer or file
    speaks of (`told`), else what the registers know by a like name, else what all others below the street are, if
    these are at least half.
    """
    found = [one.named.level for one in areas]
    if len(areas) >= 3 and "street" not in found:
        for index, one in enumerate(areas):
            if found[index] is None and all(_holds(one, other) for other in areas if other is not one):
                found[index] = "street"
    for index, one in enumerate(areas):
        if found[index] is None and told is None and len(one.named.spelt) == 1:
            found[index] = next(iter(one.named.spelt))
    below = {level for level in found if level not in {None, "street"}}
    if told is None and len(below) == 1 and 2 * sum(level in below for level in found) >= len(found):
        told = below.pop()
    good, faults = [], []
    for one, level in zip(areas, found, strict=True):
        if settled := level or told:
            good.append(replace(one, named=one.named.at(settled)))
            continue
        name = one.named.name
        zh = f"看不出“{name}”是街道、社区还是小区。请加一列“级别”，填街道、社区或小区。"
        en = (
            f"It can't be told whether “{name}” is a street, a community or an estate: add a column 级别 that says "
            f"街道, 社区 or 小区."
        )
        faults.append(Fault(one, "missing_value", "level", zh, en))
    return good, faults


def _holds(street: Area, other: Area) -> bool:
    if street.place is None or other.place is None:
        return False
    shared = street.place.intersection(other.place).area
    return bool(street.place.area > other.place.area and shared >= WITHIN_SHARE * other.place.area)


def without_twins(areas: Sequence[Area]) -> tuple[list[Area], list[Fault]]:
    """The areas of a file without those that have one name at one level: the same area twice is kept once
    (`duplicate`), different ones are all refused (`conflict`)."""
    groups: dict[tuple[str, str], list[Area]] = {}
    for one in areas:
        groups.setdefault((str(one.named.level), str(one.named.name)), []).append(one)
    kept, faults = [], []
    for group in groups.values():
        first, *others = group
        kind = _ZH[first.named.level] if first.named.level else ""
        numbers = "、".join(f"#{one.feature.number}" for one in group)
        if all(_same(first, other) for other in others):
            kept.append(first)
            faults += [
                Fault(
                    one,
                    "duplicate",
                    "name",
                    f"{kind}“{one.named.name}”的边界重复（{numbers}），只保留第一个。",
                    f"The boundary of “{one.named.name}” is there twice ({numbers}); the first is kept.",
                    one.named.name,
                    refused=False,
                )
                for one in others
            ]
        else:
            faults += [
                Fault(
                    one,
                    "conflict",
                    "name",
                    f"{kind}“{one.named.name}”有几个不同的边界（{numbers}），都没有采用。请只留一个；若是不相连的几块，"
                    f"请合并为一个多部件面。",
                    f"“{one.named.name}” has different boundaries ({numbers}); none is used: keep one, or merge "
                    f"separate pieces into one multipart area.",
                    one.named.name,
                )
                for one in group
            ]
    order = {id(one): index for index, one in enumerate(areas)}
    return sorted(kept, key=lambda one: order[id(one)]), faults


def _same(one: Area, other: Area) -> bool:
    if one.place is None or other.place is None:
        return False
    return bool(one.place.symmetric_difference(other.place).area <= SAME_SHARE * one.place.union(other.place).area)
