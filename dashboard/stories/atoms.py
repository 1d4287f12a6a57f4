"""What all stories are made of: figures, tables, cells, links, and what must be said beside each number."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.charts.kinds import Chart
from dashboard.theme import Mark


@dataclass(frozen=True)
class Link:
    """Where a click leads: a page (``""`` is the first) and the words of the view that change."""

    page: str
    changes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Footnote:
    """What stands under a picture on paper, in this order. `code` names the figure."""

    definition: str
    sample: str
    period: str
    as_of: str
    source: str
    version: str
    code: str


@dataclass(frozen=True)
class Figure:
    """A picture with what must be said with it. `id` is what the command line and the download call it.

    `title` is the finding in a sentence, `subtitle` the measure and the period, `label` what who can't see it hears.
    """

    id: str
    title: str
    subtitle: str
    chart: Chart
    footnote: Footnote
    label: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table. `unit` stands under the heading; `is_number` aligns right."""

    heading: str
    unit: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: its text as people read it, the value behind it, a mark, a link, a bar (0 to 1), a second line."""

    text: str
    value: float | str | None = None
    mark: Mark | None = None
    link: Link | None = None
    share: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its heading. `note` stands below it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Control:
    """Something to choose in a page's heading: the word of the view that it changes, and the options (value, text)."""

    word: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]
