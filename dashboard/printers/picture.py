"""Prints a figure for a report or a slide: PNG at 300 dpi, SVG or PDF, in colour or for black-and-white printing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final, Literal

import altair as alt
import vl_convert
from altair.utils import schemapi

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.stars import StarBoard
from dashboard.charts.street import StreetMap
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise, Squares, Timeline
from dashboard.fonts import FOLDER
from dashboard.printers.picture_dots import dot_plot, strip
from dashboard.printers.picture_fields import funnel, quadrants
from dashboard.printers.picture_runs import run_chart, trends
from dashboard.printers.picture_stars import star_board
from dashboard.printers.picture_street import street_map
from dashboard.printers.picture_times import ageing, category_bars, expenses, promise, squares, timeline
from dashboard.printers.plate import PAPERS, Drawn, Paper, Width, footnote, heading
from dashboard.printers.properties import titled_pdf, titled_png, titled_svg
from dashboard.printers.shapes import Box, Line, Polygon, Shape, altair
from dashboard.stories.atoms import Figure
from dashboard.theme import FALLBACK, GREY, PAPER, Ink, Mark
from dashboard.words import say
from pipelines.words import Language

Form = Literal["png", "svg", "pdf"]
FORMS: Final[tuple[Form, ...]] = ("png", "svg", "pdf")
DPI: Final = 300.0


def picture(figure: Figure, *, form: Form, lang: Language, width: Width = "a4", grey: bool = False) -> bytes:
    """The figure as a file: finding, measure, marks, chart and footnote; its title is among the file's properties."""
    _fonts()
    with schemapi.debug_mode(
        arg=False
    ):  # checking each part against the schema takes as long as drawing; the tests check
        spec = json.dumps(plate(figure, lang=lang, width=width, grey=grey).to_dict(validate=False))
    about = figure.label or figure.subtitle
    if form == "png":
        painted = vl_convert.vegalite_to_png(spec, scale=1, ppi=DPI, show_warnings=False)
        return titled_png(painted, figure.title, about)
    if form == "svg":
        drawn = vl_convert.vegalite_to_svg(spec, show_warnings=False)
        return titled_svg(drawn, figure.title, about, FALLBACK).encode()
    return titled_pdf(vl_convert.vegalite_to_pdf(spec), figure.title, about)


def plate(figure: Figure, *, lang: Language, width: Width = "a4", grey: bool = False) -> alt.LayerChart:
    """The whole picture as an Altair chart in points (1/72 inch). Where it is shown, give `theme=None`."""
    paper, ink = PAPERS[width], GREY if grey else PAPER
    head = heading(figure, _legend(figure.chart, lang), paper=paper, ink=ink)
    body = drawn(figure.chart, paper=paper, ink=ink, lang=lang)
    foot = footnote(figure, paper=paper, ink=ink, lang=lang)
    between = paper.foot * 1.2 if foot.shapes else 0.0
    under = max(head.height + body.height + between, paper.height - foot.height - max(paper.margin, 2.0))
    spare = max(under - head.height - body.height - between, 0.0) * 0.35
    shapes = [*head.shapes, *_moved(body.shapes, head.height + spare), *_moved(foot.shapes, under)]
    return altair(shapes, paper.width, round(under + foot.height + max(paper.margin, 2.0)), ink)


def drawn(chart: Chart, *, paper: Paper, ink: Ink, lang: Language) -> Drawn:
    """The chart alone, as shapes from y = 0 on."""
    match chart:
        case DotPlot():
            return dot_plot(chart, paper=paper, ink=ink)
        case Strip():
            return strip(chart, paper=paper, ink=ink)
        case FunnelChart():
            return funnel(chart, paper=paper, ink=ink)
        case Quadrants():
            return quadrants(chart, paper=paper, ink=ink)
        case RunChart():
            return run_chart(chart, paper=paper, ink=ink)
        case Trends():
            return trends(chart, paper=paper, ink=ink)
        case StreetMap():
            return street_map(chart, paper=paper, ink=ink, lang=lang)
        case StarBoard():
            return star_board(chart, paper=paper, ink=ink)
        case Timeline():
            return timeline(chart, paper=paper, ink=ink)
        case Ageing():
            return ageing(chart, paper=paper, ink=ink)
        case CategoryBars():
            return category_bars(chart, paper=paper, ink=ink, lang=lang)
        case Expenses():
            return expenses(chart, paper=paper, ink=ink)
        case Promise():
            return promise(chart, paper=paper, ink=ink)
        case Squares():
            return squares(chart, paper=paper, ink=ink)


def _legend(chart: Chart, lang: Language) -> Sequence[tuple[Mark, str]]:
    """The marks that a kind of picture uses, in words: better, same, worse, caution."""
    order: tuple[Mark, ...] = ("better", "same", "worse", "caution")
    there: set[Mark | None]
    if isinstance(chart, DotPlot):
        words = chart.legend
        told = zip(order, (*words[:3], words[3] if "△" in words[3] else f"△ {words[3]}"), strict=True)
        return [(mark, text) for mark, text in told if text]
    if isinstance(chart, RunChart | Trends):
        runs = [chart] if isinstance(chart, RunChart) else chart.charts
        there = {step.mark for run in runs for step in run.steps} | {run.mark for run in runs}
        if isinstance(chart, RunChart) and chart.verdict and there <= {chart.mark, None}:
            return ()  # The verdict below the chart says what its one mark means.
        return [(one, say(f"picture.{one}_run", lang)) for one in order if one in there]
    if isinstance(chart, FunnelChart):
        there = {spot.mark for spot in chart.spots}
        return [
            (one, say(f"picture.beyond_{one}" if one != "caution" else "picture.caution", lang))
            for one in order
            if one in there
        ]
    if isinstance(chart, Quadrants | StreetMap):
        spots = chart.spots if isinstance(chart, Quadrants) else chart.places
        there = {spot.mark for spot in spots}
        hidden: set[Mark] = {"same"} if isinstance(chart, StreetMap) else set()
        return [(one, say(f"picture.{one}", lang)) for one in order if one in there and one not in hidden]
    if isinstance(chart, Ageing):
        return [("same", say("picture.within", lang)), ("worse", say("picture.over", lang))]
    return ()


def _moved(shapes: Sequence[Shape], down: float) -> list[Shape]:
    moved: list[Shape] = []
    for one in shapes:
        if isinstance(one, Polygon):
            moved.append(replace(one, points=tuple((x, y + down) for x, y in one.points)))
        elif isinstance(one, Line | Box):
            moved.append(replace(one, y=one.y + down, y2=one.y2 + down))
        else:
            moved.append(replace(one, y=one.y + down))
    return moved


@cache
def _fonts() -> None:
    vl_convert.register_font_directory(str(FOLDER))
