"""A document as all printers print it: headings, sentences, pictures, tables, and what must be known to read them.

Stories make a Report (`stories/documents_*.py`); `printers/docx.py`, `pptx.py`, `pdf.py` and `xlsx_report.py` print it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dashboard.stories.atoms import Figure, Footnote, Table
from pipelines.words import Language

Edition = Literal["internal", "public"]
Format = Literal["text", "whole", "one", "two", "percent", "day"]
"""How a column's values are shown: as text, with no, one or two decimals, a fraction as percent, a day."""


class NotReportedError(Exception):
    """Why there is no document, in the words of whoever asked."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is 一、, level 2 （一）. `on_new_page` begins an annex."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Sentences. `lead` stands before them in another type (the estate, the party), `tone` note is set smaller."""

    text: str
    lead: str = ""
    tone: Literal["body", "note"] = "body"


@dataclass(frozen=True)
class Points:
    """Sentences numbered from `first` on, each one paragraph. `leads`: what stands before each, as many as texts or
    none. `finding`: what they say together, the title of their slide."""

    texts: tuple[str, ...]
    leads: tuple[str, ...] = ()
    first: int = 1
    finding: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure with its caption (the figure's title) and, where somebody wrote one, a comment below."""

    figure: Figure
    comment: str = ""


@dataclass(frozen=True)
class Rule:
    """How a column of a table is made of others, for live formulas: its total is the sum of the rows, or each cell is
    column `over` divided by column `under`; `of_total` divides by the total of column `under` instead."""

    column: int
    kind: Literal["sum", "ratio", "of_total"]
    over: int = -1
    under: int = -1


@dataclass(frozen=True)
class Grid:
    """A table with its caption (the table's title), the format of each column and its rules; with `has_total` the last
    row is the total of the rows above. `widths`: of the columns, as shares. `is_hidden`: cells of it are kept back."""

    table: Table
    footnote: Footnote
    formats: tuple[Format, ...]
    rules: tuple[Rule, ...] = ()
    has_total: bool = False
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Who issues the document and when, at its end, to the right."""

    lines: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Points | Picture | Grid | Signature


@dataclass(frozen=True)
class Definition:
    """A term and what it means."""

    term: str
    text: str


@dataclass(frozen=True)
class Trace:
    """Where a picture or table comes from: its code, its title, and what its footnote says of its sources."""

    code: str
    title: str
    period: str
    source: str


@dataclass(frozen=True)
class Report:
    """A whole document. `kind` names it on the command line, `scope` is the line of what and when below the title.

    `is_official`: laid out by GB/T 9704. `year` is that of its number, which stands below a red head.
    `caveats` and `definitions` stand at the end, with where everything comes from.
    """

    kind: str
    title: str
    subtitle: str
    edition: Edition
    lang: Language
    period: str
    scope: str
    street: str
    blocks: tuple[Block, ...]
    conclusion: str = ""
    caveats: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    version: str = ""
    as_of: str = ""
    is_official: bool = True
    red_head: str = ""
    year: int = 0

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures in their order."""
        return tuple(one for one in self.blocks if isinstance(one, Picture))

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables in their order."""
        return tuple(one for one in self.blocks if isinstance(one, Grid))

    @property
    def lineage(self) -> tuple[Trace, ...]:
        """The code of each picture and table, in their order."""
        return tuple(_traces(self.blocks))


def _traces(blocks: tuple[Block, ...]) -> Iterator[Trace]:
    for one in blocks:
        if isinstance(one, Picture | Grid):
            note = one.figure.footnote if isinstance(one, Picture) else one.footnote
            title = one.figure.title if isinstance(one, Picture) else one.table.title
            yield Trace(note.code, title, note.period, note.source)
