"""What one column of a table holds, and a table whose kind is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Final

from pipelines.mending.profiles import SheetProfile
from pipelines.reading.blocks import Block
from pipelines.reading.headings import SPECIAL
from pipelines.reading.periods import Part
from pipelines.reading.units import Unit

KEYS: Final = frozenset({"estate", "community", "building", "period", "subject"})
"""Columns in which an empty cell may mean "the same as above"."""


@dataclass(frozen=True)
class Role:
    """What one column holds: a field, the coordinates that its heading gives to its values (`part` of a period,
    `category`, `item`, `question`, `criterion`, `scorer`), its unit, the maximum score and the datum in its heading.
    A `field` in `SPECIAL` is known and not stored, None means nothing to us. `words` are a profile's value
    words; `extracted` says that a profile's pattern takes the field from part of the cell, `by_shape` that the
    heading's shape told the field and no table of words, `clock` is the column of the
    times of day that belong to a column of dates."""

    column: int
    heading: str
    field: str | None
    part: Part | None = None
    category: str | None = None
    item: str | None = None
    question: str | None = None
    criterion: str | None = None
    scorer: str | None = None
    unit: Unit | None = None
    maximum: float | None = None
    datum: str | None = None
    words: Mapping[str, object] = default(default_factory=dict)
    extracted: bool = False
    clock: int | None = None
    weighted: bool = False
    by_shape: bool = False

    @property
    def key(self) -> tuple[int, str | None]:
        """What tells a role from the others of its table: a profile may take two fields from one column."""
        return (self.column, self.field)

    @property
    def coordinates(self) -> tuple[object, ...]:
        """What tells this column's records from those of the other columns."""
        return (self.part, self.category, self.item, self.question, self.criterion, self.scorer)

    @property
    def wide(self) -> bool:
        """Whether the heading itself carries part of the key."""
        return any(value is not None for value in self.coordinates)

    @property
    def stored(self) -> bool:
        """Whether the column's values reach a record."""
        return self.field is not None and self.field not in SPECIAL


@dataclass(frozen=True)
class Table:
    """A block whose kind is known."""

    kind: str
    block: Block
    roles: tuple[Role, ...]
    profile: SheetProfile | None = None
