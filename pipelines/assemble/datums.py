"""Puts right a register whose coordinates are of another datum than it says, as the boundaries show."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault
from pipelines.assemble.stacking import Stack
from pipelines.mending.names import canonical
from pipelines.places.detect import Suspicion, mislabelled, reinterpret, suspect

_CELLS: Final = ("lon", "lat")


def in_place(stacked: Stack, boundaries: pl.DataFrame) -> tuple[Stack, list[Fault]]:
    """The registers in WGS-84, and an `implausible` fault at the first coordinate of each that was not.

    Each file's estates are held against their own boundaries, else those of their communities. Coordinates that prove
    to be of another datum are converted; those that were converted once too often go back. Where the boundaries are at
    fault nothing is moved: reading them says so.
    """
    frame = stacked.frames["estates"]
    placed = frame.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    areas = _areas(boundaries)
    if placed.is_empty() or not areas:
        return stacked, []
    faults: list[Fault] = []
    for (_file,), layer in placed.group_by("_file", maintain_order=True):
        within = [
            areas.get(("estate", canonical(estate))) or areas.get(("community", canonical(community or "")))
            for estate, community in layer.select("estate", "community").iter_rows()
        ]
        lon, lat = layer["lon"].to_numpy(), layer["lat"].to_numpy()
        found = suspect(lon, lat, "WGS-84", within, areas_claimed="WGS-84", trusted="areas")
        if found is not None and found.layer == "points":
            faults.append(_told(layer, found))
            lon, lat = reinterpret(lon, lat, "WGS-84", found.likely)
            moved = layer.select("_rec", pl.Series("lon", lon), pl.Series("lat", lat))
            frame = frame.update(moved, on="_rec", how="left")
    return stacked.with_frames({"estates": frame}), faults


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
