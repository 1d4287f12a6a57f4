"""Where figures come from: the files, sheets and cells that each was made of, and what those cells say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.headline import Headline
from dashboard.words import say
from pipelines.metrics.desk import OldWarehouseError
from pipelines.tracing import Source as Cells
from pipelines.tracing import cells_of
from pipelines.tracing.codes import code_of
from pipelines.tracing.printing import field_words
from pipelines.tracing.ranges import in_words, ranges_of
from pipelines.words import Language

SHOWN: Final = 3
"""So many ranges are named in one line; of more, how many rows there are."""


@dataclass(frozen=True)
class Row:
    """The cells of one record, and what they say."""

    row: str
    text: str


@dataclass(frozen=True)
class Place:
    """Cells of one sheet: in one line (F9、H9), and record by record."""

    file: str
    sheet: str
    cells: str
    told: tuple[Row, ...]


@dataclass(frozen=True)
class Source:
    """A figure, its code for `lianping trace`, and the places that it was made of; without places `none` says why."""

    metric: str
    figure: str
    code: str
    places: tuple[Place, ...]
    none: str

    @property
    def files(self) -> tuple[str, ...]:
        """The files' names, each once."""
        return tuple(dict.fromkeys(one.file for one in self.places))


def source_of(published: Published, estate: str, one: Headline, lang: Language) -> Source:
    """The places that a headline figure of an estate was made of."""
    metric = published.metric(one.metric)
    if one.value.value is None:
        figure = say("estate.source_none", lang, name=one.name, period=one.when)
    else:
        amount = numbers.amount(metric, one.value.value, lang)
        figure = say("estate.source", lang, name=one.name, period=one.when, amount=amount)
    basis = one.value.basis.partition("+")[0]
    code = code_of(one.metric, one.period, "estate", estate, basis)
    none = one.reason or say("estate.no_rows", lang)
    found: list[Cells] = []
    try:
        found = cells_of(published.desk, one.metric, one.period, "estate", estate, basis, as_of=one.value.as_of)
    except OldWarehouseError:
        none = say("estate.no_cells", lang)
    return Source(one.metric, figure, code, places_in_words(found, lang), "" if found else none)


def places_in_words(found: Sequence[Cells], lang: Language) -> tuple[Place, ...]:
    """The cells sheet by sheet, each record once with all of its fields, in the order of the figure's fields."""
    sheets: dict[tuple[str, str], dict[int, dict[str, tuple[tuple[str, ...], str]]]] = {}
    for one in found:
        rows = sheets.setdefault((one.file, one.sheet), {})
        for told in one.told:
            # Months across: a row holds several records, told apart by their cells.
            rows.setdefault(told.row, {})[f"{one.field} {' '.join(told.cells)}"] = (told.cells, told.value)
    return tuple(
        Place(
            file,
            sheet or say("estate.no_sheet", lang),
            cells_in_words(
                [cell for fields in rows.values() for cells, _ in fields.values() for cell in cells], rows, lang
            ),
            tuple(_row(number, fields, lang) for number, fields in sorted(rows.items())),
        )
        for (file, sheet), rows in sheets.items()
    )


def cells_in_words(cells: Sequence[str], rows: Collection[int], lang: Language) -> str:
    """Cells in one line: up to three ranges, else how many rows."""
    ranges = ranges_of(cells)
    if not ranges:
        return say("estate.row", lang, row=min(rows)) if len(rows) == 1 else say("estate.count_rows", lang, n=len(rows))
    return in_words(ranges, lang) if len(ranges) <= SHOWN else say("estate.count_rows", lang, n=len(rows))


def _row(number: int, fields: dict[str, tuple[tuple[str, ...], str]], lang: Language) -> Row:
    cells = ranges_of(cell for own, _ in fields.values() for cell in own)
    where = in_words(cells, lang) or say("estate.row", lang, row=number)
    told = [
        say("estate.told", lang, field=field_words(key.partition(" ")[0], lang), value=_plain(key, value, lang))
        for key, (_, value) in fields.items()
    ]
    return Row(where, say("estate.semicolon", lang).join(told))


def _plain(key: str, value: str, lang: Language) -> str:
    """A stored value as people read it: money and areas with two decimals, times to the minute, yes and no in words."""
    field = key.partition(" ")[0]
    if value in ("true", "false", ""):
        return say(f"estate.{value or 'unknown'}_value", lang)
    if field.endswith("_at"):
        return value[:16]
    return numbers.number(float(value), 2 if field.endswith(("_yuan", "_m2")) else 0)
