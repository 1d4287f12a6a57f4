"""A whole picture as it stands in a report: finding, measure, marks, chart, and what must be said below, wrapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dashboard.printers.measure import wide, wrapped
from dashboard.printers.shapes import Shape, Words, marked
from dashboard.stories.atoms import Figure
from dashboard.theme import Ink, Mark
from dashboard.words import say
from pipelines.words import Language

Width = Literal["a4", "narrow", "wide"]


@dataclass(frozen=True)
class Paper:
    """Sizes in points: width, margin, least height, and type for title, subtitle, body, axis and footnote."""

    width: float
    margin: float
    height: float
    title: float
    subtitle: float
    body: float
    axis: float
    foot: float


A4: Final = Paper(width=453.5, margin=2.0, height=0.0, title=12.5, subtitle=9.0, body=8.5, axis=7.5, foot=7.5)
"""A column of 16 cm."""
WIDE: Final = Paper(width=720.0, margin=20.0, height=405.0, title=17.0, subtitle=11.5, body=10.5, axis=9.5, foot=8.5)
"""A slide of 10 × 5.625 inches (16:9), higher only where the rows need it."""
NARROW: Final = Paper(width=340.1, margin=2.0, height=0.0, title=12.5, subtitle=9.0, body=8.5, axis=7.5, foot=7.5)
"""Three quarters of a column: a run chart in a document."""
PAPERS: Final[dict[Width, Paper]] = {"a4": A4, "narrow": NARROW, "wide": WIDE}


@dataclass(frozen=True)
class Drawn:
    """A chart drawn from y = 0 on, and its height in points."""

    shapes: tuple[Shape, ...]
    height: float


def heading(figure: Figure, legend: Sequence[tuple[Mark, str]], *, paper: Paper, ink: Ink) -> Drawn:
    """Title, subtitle and legend, from the paper's top."""
    shapes: list[Shape] = []
    left, room, y = paper.margin, paper.width - 2 * paper.margin, max(paper.margin * 0.8, 2.0)
    for text, size, colour in ((figure.title, paper.title, ink.ink), (figure.subtitle, paper.subtitle, ink.ink2)):
        for line in wrapped(text, size, room) if text else ():
            y += size * 1.3
            shapes.append(Words(left, y - size * 0.65, line, colour, size))
        y += size * 0.15
    if legend:
        x, y = left, y + paper.body * 1.7
        for mark, word in legend:
            length = wide(word, paper.body) + paper.body * 2.9
            if x > left and x + length > left + room:
                x, y = left, y + paper.body * 1.5
            shapes += marked(mark, x + 3.6, y - paper.body * 0.65, ink, paper.body * 0.34)
            shapes.append(Words(x + paper.body * 1.15, y - paper.body * 0.65, word, ink.ink2, paper.body))
            x += length
    return Drawn(tuple(shapes), y + paper.body * 0.9)


def footnote(figure: Figure, *, paper: Paper, ink: Ink, lang: Language) -> Drawn:
    """The lines below the chart, in the order: definition, sample, period, as of, source, version, code."""
    note = figure.footnote
    said = [
        say(f"picture.{key}", lang, text=text.rstrip("。.")) + say("picture.stop", lang)
        for key, text in (
            ("definition", note.definition), ("sample", note.sample), ("period", note.period), ("as_of", note.as_of),
            ("source", note.source), ("version", note.version), ("code", note.code),
        )
        if text
    ]  # fmt: skip
    room = paper.width - 2 * paper.margin
    lines: list[str] = []
    joined = ""
    for one in said:
        together = joined + (" " if lang == "en" and joined else "") + one
        if joined and wide(together, paper.foot) > room:
            lines += wrapped(joined, paper.foot, room)
            together = one
        joined = together
    lines += wrapped(joined, paper.foot, room) if joined else []
    step = paper.foot * 1.55
    shapes = tuple(
        Words(paper.margin, (place + 0.5) * step, line, ink.ink2, paper.foot) for place, line in enumerate(lines)
    )
    return Drawn(shapes, len(lines) * step)
