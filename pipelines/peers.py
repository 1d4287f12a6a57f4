"""Says which estates are fairly compared with each other: the groups of `street.toml`, else one a service tier."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.street import PeerGroup, Settings

PEER_SCHEMA: Final = pl.Schema(
    {
        "estate": pl.String,
        "community": pl.String,
        "street": pl.String,
        "peer_group": pl.String,
        "peer_group_en": pl.String,
        "size_class": pl.String,
        "age_class": pl.String,
        "housing_type": pl.String,
        "service_tier": pl.String,
        "governance_mode": pl.String,
        "households": pl.Int64,
        "floor_area_m2": pl.Float64,
    }
)
SIZES: Final = ((50, "微型（50 户以下）"), (300, "小型（50—299 户）"), (1000, "中型（300—999 户）"))
LARGE: Final = "大型（1000 户及以上）"
AGES: Final = ((2000, "2000 年以前"), (2010, "2000—2009 年"))
NEW: Final = "2010 年及以后"
STREET: Final = "全街道"
UNGROUPED: Final = ("未分组", "ungrouped")
ALL: Final = ("全部小区", "all estates")


def peers_of(estates: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """One row an estate of the register as `PEER_SCHEMA`; `peer_group` and `street` are never null."""
    streets = estates["street"].drop_nulls().unique()
    street = settings.street.name or (streets[0] if len(streets) == 1 else STREET)
    rows = []
    for estate in estates.iter_rows(named=True):
        zh, en = _group(estate, settings)
        rows.append(
            {
                "estate": estate["estate"],
                "community": estate["community"],
                "street": estate["street"] or street,
                "peer_group": zh,
                "peer_group_en": en,
                "size_class": _class(estate["households"], SIZES, LARGE),
                "age_class": _class(estate["built_year"], AGES, NEW),
                "housing_type": estate["housing_type"],
                "service_tier": estate["service_tier"],
                "governance_mode": estate["governance_mode"],
                "households": estate["households"],
                "floor_area_m2": estate["floor_area_m2"],
            }
        )
    return pl.DataFrame(rows, schema=PEER_SCHEMA)


def _group(estate: dict[str, object], settings: Settings) -> tuple[str, str]:
    for group in settings.peer_groups:
        if _fits(estate, group):
            return group.name, group.name_en
    if settings.peers_by == "none":
        return ALL
    value = estate.get(settings.peers_by)
    return (str(value), str(value)) if value else UNGROUPED


def _fits(estate: dict[str, object], group: PeerGroup) -> bool:
    named = ("service_tier", "housing_type", "governance_mode", "community")
    return (
        _within(estate["households"], group.households_from, group.households_below)
        and _within(estate["built_year"], group.built_from, group.built_before)
        and all(not getattr(group, key) or estate[key] in getattr(group, key) for key in named)
        and (not group.estates or estate["estate"] in group.estates)
    )


def _within(value: object, least: int | None, below: int | None) -> bool:
    if least is None and below is None:
        return True
    if not isinstance(value, int):
        return False
    return (least is None or value >= least) and (below is None or value < below)


def _class(value: object, steps: tuple[tuple[int, str], ...], last: str) -> str | None:
    if not isinstance(value, int):
        return None
    return next((name for below, name in steps if value < below), last)
