"""Follows a figure to the cells of the submissions from which its definition recomputes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipelines.metrics.counting import with_subject
from pipelines.metrics.desk import Desk, OldWarehouseError
from pipelines.metrics.periods import Period
from pipelines.metrics.question import UnknownError
from pipelines.source_columns import Stood, stood
from pipelines.tracing.parts import parts_of
from pipelines.tracing.ranges import ranges_of

_LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
_READ_FROM: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "satisfied_total": (
        ("satisfied_total",),
        ("very_satisfied", "satisfied"),
        ("reported_rate", "responses"),
        ("answer",),
    ),
    "responses": (("responses",), _LEVELS, ("answer",)),
    "households_due": (("households_due",), ("receivable_yuan",)),
    "households_paid": (("households_paid",), ("received_yuan",)),
    "score": (("score",), ("deduction", "max_score")),
}
"""Field → what it may have been read from; the first that the record has any of counts."""


@dataclass(frozen=True)
class Told:
    """What one record says in one field: its cells (`C9` or `C9:C40`), the value as stored (yuan, m², local time,
    true or false), and what it adds to the numerator or denominator."""

    row: int
    cells: tuple[str, ...]
    value: str
    amount: float


@dataclass(frozen=True)
class Source:
    """The cells of one field in one sheet that a figure is made of.

    `side` is `numerator`, `denominator`, or `value` where only a reported rate is known. `sheet` is empty for CSV.
    `cells` are ranges such as C4:C31; a field that stood in no cell (told by a profile or a title) has none.
    """

    side: str
    field: str
    file: str
    sheet: str
    cells: tuple[str, ...]
    told: tuple[Told, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the records, each once."""
        return tuple(sorted({one.row for one in self.told}))

    @property
    def values(self) -> tuple[str, ...]:
        """The values as stored, record by record."""
        return tuple(one.value for one in self.told)

    @property
    def amount(self) -> float:
        """What all of them add to their side."""
        return sum(one.amount for one in self.told)


def cells_of(
    desk: Desk,
    metric: str,
    period: Period,
    by: str = "street",
    subject: str | None = None,
    basis: str | None = None,
    *,
    as_of: date | None = None,
    with_excluded: bool = False,
) -> list[Source]:
    """The cells that a figure is made of, side by side and sheet by sheet; all subjects of the level for None.

    Amounts of a side add up to the figure's numerator or denominator: money and areas by the share of days that counts,
    tickets one each. Raises UnknownError for a metric that there is not, OldWarehouseError
    where the version was made before cells were kept.
    """
    if metric not in desk.metrics:
        raise UnknownError("metric", metric, tuple(desk.metrics))
    if not desk.remembered(("tells cells",), lambda: _tells_cells(desk)):
        raise OldWarehouseError
    one = desk.metrics[metric]
    parts = parts_of(desk, one, period, basis or one.bases[0], as_of or desk.as_of, with_excluded=with_excluded)
    found: dict[tuple[str, str, str, str], list[Told]] = {}
    for part in parts:
        rows = with_subject(desk, part.rows, by) if part.rows.height else part.rows.with_columns(subject=None)
        for row in rows.to_dicts():
            if subject is None or row["subject"] == subject:
                for place, told in _told(part.field, row):
                    found.setdefault((part.side, part.field, *place), []).append(told)
    return [_source(key, told) for key, told in sorted(found.items(), key=lambda item: _order(item[0]))]


def _tells_cells(desk: Desk) -> bool:
    return "source_columns" in {str(row[0]) for row in desk.connection.execute("DESCRIBE fees").fetchall()}


def places_of(sources: list[Source]) -> list[tuple[str, str, tuple[str, ...]]]:
    """File, sheet and all cells of a figure there, whichever field they hold."""
    whole: dict[tuple[str, str], list[str]] = {}
    for one in sources:
        whole.setdefault((one.file, one.sheet), []).extend(cell for told in one.told for cell in told.cells)
    return [(file, sheet, ranges_of(cells)) for (file, sheet), cells in whole.items()]


def _source(key: tuple[str, str, str, str], told: list[Told]) -> Source:
    """One record counts once, though several of its months lie in the period."""
    whole: dict[tuple[int, tuple[str, ...], str], float] = {}
    for one in told:
        spot = (one.row, one.cells, one.value)
        whole[spot] = whole.get(spot, 0.0) + one.amount
    merged = tuple(Told(*spot, amount) for spot, amount in sorted(whole.items()))
    return Source(*key, ranges_of(cell for one in merged for cell in one.cells), merged)


def _told(field: str, row: Mapping[str, Any]) -> list[tuple[tuple[str, str], Told]]:
    file, sheet, number = str(row["source_file"]), str(row["source_sheet"] or ""), int(row["source_row"])
    places = _places(field, row["source_columns"], number, sheet, file)
    value, amount = _plain(row[field]), float(row["amount"])
    if not places:
        return [((file, sheet), Told(number, (), value, amount))]
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in places:
        grouped.setdefault((one.file, one.sheet), []).extend(one.cells)
    first, *others = grouped.items()
    told = [(first[0], Told(number, tuple(first[1]), value, amount))]
    return [*told, *((place, Told(number, tuple(cells), value, 0.0)) for place, cells in others)]


def _places(field: str, text: str | None, row: int, sheet: str, file: str) -> list[Stood]:
    known = stood(text, row, sheet, file)
    for names in _READ_FROM.get(field, ((field,),)):
        if names[0] in known or (len(names) > 1 and any(name in known for name in names)):
            return [known[name] for name in names if name in known]
    return []


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _order(key: tuple[str, str, str, str]) -> tuple[int, str, str, str]:
    return ("numerator", "denominator", "value").index(key[0]), key[1], key[2], key[3]
