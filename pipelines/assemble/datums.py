"""Puts right a register whose coordinates are of another datum than it says, as the boundaries show."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault
from pipelines.assemble.stacking import Stack
from pipelines.mending.names import canonical
from pipelines.places.detect import Suspicion, mislabelled, reinterpret, suspect, suspect_areas

_CELLS: Final = ("lon", "lat")


def in_place(stacked: Stack, boundaries: pl.DataFrame) -> tuple[Stack, list[Fault], list[dict[str, object]]]:
    """The registers in WGS-84, an `implausible` fault at the first coordinate of each that was not, and findings about
    boundaries that are not.

    Each file's estates are held against their own boundaries, else those of their communities. Coordinates that prove
    to be of another datum are converted; those that were converted once too often go back. Where several registers all
    stand off in the same way, or only the boundaries can explain it, the boundaries are at fault: they are named, and
    nothing is moved.
    """
    frame = stacked.frames["estates"]
    placed = frame.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    areas = _areas(boundaries)
    if placed.is_empty() or not areas:
        return stacked, [], []
    layers = [layer for _, layer in placed.group_by("_file", maintain_order=True)]
    founds = [_suspected(layer, areas) for layer in layers]
    drawn = _misdrawn(layers, founds, areas)
    if drawn is not None:
        return stacked, [], [_about(file, drawn) for file in boundaries["source_file"].drop_nulls().unique().sort()]
    faults: list[Fault] = []
    for layer, found in zip(layers, founds, strict=True):
        if found is not None and found.layer == "points":
            faults.append(_told(layer, found))
            lon, lat = reinterpret(layer["lon"].to_numpy(), layer["lat"].to_numpy(), "WGS-84", found.likely)
            moved = layer.select("_rec", pl.Series("lon", lon), pl.Series("lat", lat))
            frame = frame.update(moved, on="_rec", how="left")
    return stacked.with_frames({"estates": frame}), faults, []


def _suspected(layer: pl.DataFrame, areas: dict[tuple[str, str], str]) -> Suspicion | None:
    lon, lat = layer["lon"].to_numpy(), layer["lat"].to_numpy()
    return suspect(lon, lat, "WGS-84", _within(layer, areas), areas_claimed="WGS-84", trusted="areas")


def _within(layer: pl.DataFrame, areas: dict[tuple[str, str], str]) -> list[str | None]:
    """The area in which each estate should lie."""
    return [
        areas.get(("estate", canonical(estate))) or areas.get(("community", canonical(community or "")))
        for estate, community in layer.select("estate", "community").iter_rows()
    ]


def _misdrawn(
    layers: list[pl.DataFrame], founds: list[Suspicion | None], areas: dict[tuple[str, str], str]
) -> Suspicion | None:
    """What is wrong with the boundaries, if it is they that stand off."""
    alone = next((found for found in founds if found is not None and found.layer == "areas"), None)
    if alone is not None or len(layers) < 2 or len({found and found.likely for found in founds}) > 1 or None in founds:
        return alone
    whole = pl.concat(layers)
    return suspect_areas(whole["lon"].to_numpy(), whole["lat"].to_numpy(), _within(whole, areas), "WGS-84")


def _about(file: str, found: Suspicion) -> dict[str, object]:
    words = mislabelled(found, kind="boundaries")
    zh = "本次没有换算边界，也没有移动小区坐标。"
    en = "Neither boundaries nor estates were moved this time."
    row = words.row() | {"message_zh": f"{words.message_zh}{zh}", "message_en": f"{words.message_en} {en}"}
    return {"source_file": file, **row}


def _told(layer: pl.DataFrame, found: Suspicion) -> Fault:
    words = mislabelled(found, kind="estates")
    record = int(layer["_rec"][0])
    return Fault(
        "estates",
        record,
        "implausible",
        f"{words.message_zh}本次已按此换算。",
        f"{words.message_en} They were converted accordingly this time.",
        _CELLS,
        words.raw_value,
    )


def _areas(boundaries: pl.DataFrame) -> dict[tuple[str, str], str]:
    """(level, name) → the area, of estates and communities."""
    rows = boundaries.filter(pl.col("level").is_in(["estate", "community"]) & pl.col("geometry").is_not_null())
    return {
        (level, canonical(name)): area
        for level, name, area in rows.select("level", "name", "geometry").drop_nulls().iter_rows()
    }
