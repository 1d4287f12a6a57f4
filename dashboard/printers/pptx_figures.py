"""A figure's slides: its finding as the title, a native chart or table where programs know one, else a picture."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any, Final

from pptx.util import Inches

from dashboard import numbers
from dashboard.charts.dots import DotPlot, DotRow
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart
from dashboard.charts.times import Expenses, Promise, Squares, Timeline
from dashboard.printers.captions import Numbered, alternative, bare
from dashboard.printers.pptx_charts import native
from dashboard.printers.pptx_deck import ROOM, SUB, WIDE, Deck, Item
from dashboard.printers.pptx_tables import sheets, table
from dashboard.printers.pptx_text import box, tall, write
from dashboard.stories.atoms import Cell, Column, Figure, Footnote, Table
from dashboard.stories.report import Format, Grid, Picture
from dashboard.theme import PAPER
from dashboard.words import say
from pipelines.words import Language

DOTS: Final = 18
"""Rows of a dot plot on a slide: more would be too small to read."""


def picture_slides(deck: Deck, one: Numbered, block: Picture, before: Item) -> None:
    """The slides of a figure. `before`: the sentence that it goes with."""
    lang, figure = deck.report.lang, block.figure
    sentence = (before.lead + before.text).partition(". ")[2] if before.is_point else before.lead + before.text
    plain = sentence.rstrip("。.")
    is_said = bool(plain) and (plain == figure.title.rstrip("。.") or figure.id.startswith("meeting-signal-"))
    title = plain if is_said else _title(figure, lang)
    is_said = is_said or plain in title
    under = [text for text in (block.comment, "" if is_said else sentence) if text]
    if not under:
        under = [text for text in (_measure(figure, lang),) if text and text not in title]
    foot = deck.foot_note(figure.footnote)
    parts, rest = _parts(figure.chart, lang)
    top = deck.top(deck.part(title, 9, 9) if len(parts) > 1 else title, under)
    about, lost = alternative(figure), 0.0
    for at, part in enumerate(parts, 1):
        slide = deck.slide(deck.part(title, at, len(parts)), under, foot)
        if rest and at == len(parts):
            lost = tall(rest, SUB, ROOM) + 0.1
            frame = box(slide, deck.left, deck.bottom(foot) - lost + 0.1, ROOM, lost - 0.1)
            write(frame.paragraphs[0], rest, SUB, PAPER.ink2, lang=lang)
        place = (deck.left, top, ROOM, deck.bottom(foot) - top - (lost if at == len(parts) else 0.0))
        _drawn(slide, replace(figure, chart=part), place, about, title, lang)
        more = [figure.chart.legend[3]] if isinstance(figure.chart, DotPlot) and figure.chart.legend[3] else []
        deck.notes(slide, [*deck.told_of(block, one.number, one.caption, about, figure.footnote), *more])


def _title(figure: Figure, lang: Language) -> str:
    """The figure's own finding; where its title merely names a kind of chart, what the chart shows."""
    chart = figure.chart
    if isinstance(chart, FunnelChart) and figure.title == say("compare.funnel_title", lang) and chart.spots:
        out = [one.name for one in chart.spots if one.mark in ("better", "worse")]
        name = chart.y_word if lang == "zh" else chart.y_word[:1].lower() + chart.y_word[1:]
        key = "slides.funnel_out" if out else "slides.funnel_in"
        names = say("report.and", lang).join(out)
        return say(key, lang, name=name, count=len(chart.spots), out=len(out), names=names)
    if isinstance(chart, Timeline) and chart.spells and _is_own(figure, say("estate.timeline", lang, estate="")):
        return say("slides.timeline", lang, title=figure.title, word=chart.spells[-1].word)
    if isinstance(chart, Quadrants) and _is_own(figure, say("compare.quadrant_title", lang, group="", count="")):
        counts = [
            sum((one.x <= chart.x_median) == cheap and (one.y >= chart.y_median) == content for one in chart.spots)
            for cheap, content in ((True, True), (False, False))
        ]
        said = zip((chart.corners[0], chart.corners[3]), counts, strict=True)
        parts = say("report.and", lang).join(say("slides.corner", lang, word=word, count=count) for word, count in said)
        return say("slides.quadrants", lang, title=figure.title, parts=parts)
    if isinstance(chart, Expenses) and chart.rows and _is_own(figure, say("estate.money_title", lang, period="")):
        most = max(chart.rows, key=lambda one: one.share)
        share = numbers.number(most.share * 100, 1)
        return say("slides.costs", lang, title=figure.title, name=most.name, share=share)
    return figure.title


def _is_own(figure: Figure, words: str) -> bool:
    """Whether the title is the page's (these words, filled in), not one that somebody wrote."""
    known = [one for one in re.split(r"[：（(:,，\s]+", words) if one]
    return all(one in figure.title for one in known[:1])


def _measure(figure: Figure, lang: Language) -> str:
    """The measure and its period; a sign's word (really worse) is none."""
    chart = figure.chart
    if isinstance(chart, RunChart) and chart.steps:
        first, last = chart.steps[0], chart.steps[-1]
        words = (first.label or f"{first.start:%Y-%m-%d}", last.label or f"{last.start:%Y-%m-%d}")
        return say("slides.measure", lang, name=chart.name, unit=chart.unit, first=words[0], last=words[1])
    return "" if figure.id.startswith("meeting-signal-") else figure.subtitle


def _parts(chart: Chart, lang: Language) -> tuple[list[Chart], str]:
    """The chart on so many slides, and in words what is not in it: estates without a value, by reason."""
    if not isinstance(chart, DotPlot):
        return [chart], ""
    known = [one for one in chart.rows if one.value is not None]
    groups: dict[str, list[str]] = {}
    for one in chart.rows:
        if one.value is None:
            groups.setdefault(one.reason or one.text, []).append(one.name)
    told = [
        say("slides.no_value_group", lang, names=say("report.and", lang).join(names), reason=reason)
        for reason, names in groups.items()
    ]
    rest = say("slides.no_value", lang, groups=say("slides.no_value_join", lang).join(told)) if told else ""
    if not known:
        return [chart], rest
    count = -(-len(known) // DOTS)
    cuts = [round(at * len(known) / count) for at in range(count + 1)]
    rows: Sequence[Sequence[DotRow]] = [known[first:end] for first, end in itertools.pairwise(cuts)]
    return [replace(chart, rows=tuple(one)) for one in rows], rest


def _drawn(
    slide: Any, figure: Figure, place: tuple[float, float, float, float], about: str, said: str, lang: Language
) -> None:
    """A native chart or table, else the picture, within the place."""
    left, top, width, height = place
    chart = figure.chart
    told = _table_of(chart, lang)
    if isinstance(chart, Timeline):
        top += _image(slide, figure, (left, top, width, height / 2), about, lang) + 0.3
    if told is not None:
        part = sheets(told, ROOM, height, lang)[0]
        table(slide, part, left, top, about, lang)
        return
    if native(slide, chart, place, lang, said) is not None:
        slide.shapes[-1]._element.nvGraphicFramePr.cNvPr.set("descr", about)
    else:
        _image(slide, figure, place, about, lang)


def _image(slide: Any, figure: Figure, place: tuple[float, float, float, float], about: str, lang: Language) -> float:
    """The picture, as large as the place allows; how high it is."""
    shape = slide.shapes.add_picture(BytesIO(bare(figure, "png", lang)), Inches(place[0]), Inches(place[1]))
    scale = min(Inches(place[2]) / shape.width, Inches(place[3]) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape.left = int(Inches(WIDE) / 2 - shape.width / 2)
    shape._element.nvPicPr.cNvPr.set("descr", about)
    return float(shape.height / Inches(1))


def _end(day: date, today: date, lang: Language) -> str:
    """The last day of a spell; one that reaches the end of the data goes on."""
    return numbers.day(day, lang, year=True) if day < today else say("slides.until_now", lang)


def _table_of(chart: Chart, lang: Language) -> Grid | None:
    """What is read sooner as a table than as a picture of few marks."""
    rows: list[tuple[str, ...]]
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    if isinstance(chart, Promise):
        heads = ("day", "event")
        rows = [(numbers.day(chart.raised, lang, year=True), say("slides.promised", lang))]
        rows += [
            (numbers.day(due, lang, year=True), say(f"slides.due_{'again' if at else 'first'}", lang))
            for at, due in enumerate(chart.dues)
        ]
        late = (chart.today - chart.dues[-1]).days if chart.dues else 0
        word = say("slides.late_today", lang, days=late) if chart.is_over and late > 0 else say("slides.today", lang)
        rows.append((numbers.day(chart.today, lang, year=True), word))
        numeric = (False, False)
    elif isinstance(chart, Squares):
        heads = ("squares_told", "squares_count", "squares_names")
        by: dict[str, list[str]] = {}
        for name, told in chart.estates:
            by.setdefault(told, []).append(name)
        order = [one for one in ("missing", "unmanaged", "reported") if one in by]
        comma = say("report.and", lang)
        rows = [(say(f"slides.squares_{one}", lang), str(len(by[one])), comma.join(by[one])) for one in order]
        numeric = (False, True, False)
    elif isinstance(chart, Timeline):
        heads = ("from_day", "to_day", "who")
        rows = [
            (numbers.day(one.start, lang, year=True), _end(one.end, chart.today, lang), one.word)
            for one in chart.spells
        ]
        numeric = (False, False, False)
    else:
        return None
    columns = tuple(
        Column(say(f"{'picture' if isinstance(chart, Timeline) else 'slides'}.{key}", lang), is_number=is_number)
        for key, is_number in zip(heads, numeric, strict=True)
    )
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    formats: list[Format] = ["text" for _ in columns]
    return Grid(Table("told", "", columns, cells), Footnote("", "", "", "", "", "", ""), tuple(formats))
