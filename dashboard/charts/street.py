"""The map of the street: communities, estates as polygons or points, or tiles where there are no coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.theme import Mark

State = Literal["value", "missing", "few", "unmanaged"]
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Area:
    """A polygon in local metres, y upwards: rings of its parts. `level`: street, community or estate."""

    level: str
    name: str
    parts: tuple[tuple[Ring, ...], ...]
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Place:
    """An estate's circle: local metres, radius in px at 1:1, the step of the ramp (0 to 3, None without a value)."""

    subject: str
    name: str
    community: str
    x: float
    y: float
    radius: float
    households: int | None
    state: State
    value: float | None
    text: str
    word: str
    step: int | None
    mark: Mark
    is_named: bool


@dataclass(frozen=True)
class Rung:
    """A step of the ramp: its words, and how many estates stand on it."""

    word: str
    count: int


@dataclass(frozen=True)
class StreetMap:
    """Areas below, places above. `is_tiled`: laid out by community, since coordinates are missing. `selected`: ring.

    `is_stars`: stars instead of a metric; then the first of `other_words` says what a missing value means.
    """

    areas: tuple[Area, ...]
    places: tuple[Place, ...]
    rungs: tuple[Rung, ...]
    is_tiled: bool
    selected: str
    name: str
    unit: str
    sizes: tuple[tuple[int, float, str], ...]
    other_words: tuple[str, ...]
    is_stars: bool = False
