"""What all printers of documents share: pictures without their own caption, numbered captions, notes, clean text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from dashboard.charts.run import RunChart
from dashboard.printers.measure import wide
from dashboard.printers.picture import picture
from dashboard.printers.plate import A4, NARROW, Width
from dashboard.stories.atoms import Figure, Footnote
from dashboard.stories.report import Block, Grid, Picture, Report
from dashboard.words import say
from pipelines.tracing.codes import is_code
from pipelines.words import Language

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
LONGEST: Final = 2000
"""Characters of a text that are printed; what is longer is nobody's name."""
RED_HEAD: Final = 40.0
"""Points of the name of the office above a red line."""
NOTHING: Final = Footnote("", "", "", "", "", "", "")


@dataclass(frozen=True)
class Numbered:
    """A picture or a table with its number and caption."""

    block: Picture | Grid
    number: int
    caption: str
    note: str


def clean(text: str) -> str:
    """The text without what no document may hold (control characters, halves of pairs), cut where it is endless."""
    plain = _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def bare(
    figure: Figure, form: Literal["png", "svg"], lang: Language, width: Width = "a4", *, is_narrow: bool = False
) -> bytes:
    """The chart with its marks alone: title and footnote stand in the document, as text. With `is_narrow` run charts
    are drawn for `share_of` the width, with type as large as on a whole one."""
    width = "narrow" if is_narrow and share_of(figure) < 1 else width
    return picture(replace(figure, title="", subtitle="", footnote=NOTHING), form=form, lang=lang, width=width)


def share_of(figure: Figure) -> float:
    """The share of the type area's width that a picture takes: run charts stand two on a page."""
    return NARROW.width / A4.width if isinstance(figure.chart, RunChart) else 1.0


def alternative(figure: Figure) -> str:
    """What who can't see the picture hears."""
    parts = dict.fromkeys(one for one in (figure.title, figure.label, figure.subtitle) if one)
    return clean("; ".join(parts))


def note_of(footnote: Footnote, lang: Language, extra: str = "") -> str:
    """The lines below a picture or table, in the order of the look: definition … version, trace code."""
    said = [extra] if extra else []
    said += [
        say(f"picture.{key}", lang, text=text.rstrip("。.")) + say("picture.stop", lang)
        for key, text in (
            ("definition", footnote.definition), ("sample", footnote.sample), ("period", footnote.period),
            ("as_of", footnote.as_of), ("source", footnote.source), ("version", footnote.version),
        )
        if text
    ]  # fmt: skip
    between = say("report.and", lang)
    codes = [one for one in footnote.code.split(between) if is_code(one)]
    if codes:
        said.append(say("report.code", lang, code=between.join(codes)) + say("picture.stop", lang))
    return clean((" " if lang == "en" else "").join(said))


def head_size(text: str, room: float) -> float:
    """Points of a red head of one line: 40 where it fits in `room` points, else as large as fits."""
    return min(RED_HEAD, RED_HEAD * room / max(wide(text, RED_HEAD * 1.04), 1.0))


def closing(report: Report, *, is_brief: bool) -> str:
    """The last line: how current the data are, and how a trace code is used where there is one."""
    lang = report.lang
    words = [say("report.version_line", lang, as_of=report.as_of, version=report.version)]
    codes = (code for one in report.lineage for code in one.code.split(say("report.and", lang)))
    if not is_brief and any(is_code(one) for one in codes):
        words.append(say("report.trace_line", lang))
    return (" " if lang == "en" else "").join(words)


def glued(text: str) -> str:
    """The text with amounts that stay on one line with their unit (¥17.0 m, 25.3 h)."""
    return re.sub(r"(?<=\d) (?=(?:m|h|pp|days?)\b)", "\u00a0", text)


def numbered(report: Report) -> dict[int, Numbered]:
    """By the place of its block: each picture and table with its number; pictures and tables are counted apart.

    A definition is written out where it is first needed; later notes name that place.
    """
    found: dict[int, Numbered] = {}
    counts = {"figure": 0, "table": 0}
    first: dict[str, str] = {}
    for place, block in enumerate(report.blocks):
        what = kind_of(block)
        if what is None or not isinstance(block, Picture | Grid):
            continue
        counts[what] += 1
        told = block.figure.footnote if isinstance(block, Picture) else block.footnote
        name = f"{caption_word(block, report.lang)}{'' if report.lang == 'zh' else ' '}{counts[what]}"
        extra = block.table.note if isinstance(block, Grid) else ""
        same = first.get(told.definition, "") if told.definition else ""
        if same:
            told = replace(told, definition=say("report.same_definition", report.lang, name=same))
        elif told.definition:
            first[told.definition] = name
        title = block.figure.title if isinstance(block, Picture) else block.table.title
        note = note_of(told, report.lang, extra)
        found[place] = Numbered(block, counts[what], clean(title), note)
    return found


def kind_of(block: Block) -> Literal["figure", "table"] | None:
    """Whether a block is counted, and as what."""
    return "figure" if isinstance(block, Picture) else "table" if isinstance(block, Grid) else None


def caption_word(block: Picture | Grid, lang: Language) -> str:
    """图 or 表."""
    return say("report.figure" if isinstance(block, Picture) else "report.table", lang)
