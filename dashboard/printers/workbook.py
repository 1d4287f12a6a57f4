"""Prints a figure as a workbook: its data, what must be said with them, and a chart that can be changed by hand.

Written for Excel and WPS alike. Whatever text the data hold is written as text, never as a formula.
"""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.stars import StarBoard
from dashboard.charts.street import StreetMap
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Timeline
from dashboard.printers.grids import Content, Grid, Heading, grid
from dashboard.stories.atoms import Figure
from dashboard.theme import PAPER
from dashboard.words import say
from pipelines.words import Language

FONT: Final = "Microsoft YaHei"
FIRST: Final = 4
"""Row (from 0) of the first data: title, subtitle, headings and units stand above."""
RISKY: Final = ("=", "+", "-", "@")
WIDE: Final = 900
ROW: Final = 24


def workbook(figure: Figure, *, lang: Language) -> bytes:
    """The workbook: data with a native chart beside them, and a sheet of notes in the order of the footnote."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    )
    book.set_properties({"title": figure.title, "subject": figure.subtitle, "comments": figure.footnote.definition})
    insert_figure(book, say("picture.sheet_data", lang), figure, lang)
    _notes_sheet(book, book.add_worksheet(say("picture.sheet_notes", lang)), figure, lang)
    book.close()
    return stream.getvalue()


def insert_figure(book: Any, sheet_name: str, figure: Figure, lang: Language) -> None:
    """Adds a sheet with the figure's data and, where programs know its kind, a native chart beside them."""
    data = grid(figure.chart, lang)
    _data_sheet(book, book.add_worksheet(sheet_name), figure, data, lang)
    chart = _chart(book, figure, data, sheet_name, lang)
    if chart is not None:
        book.get_worksheet_by_name(sheet_name).insert_chart(2, len(data.columns) + 1, chart)


def _data_sheet(book: Any, sheet: Any, figure: Figure, data: Grid, lang: Language) -> None:
    plain, head = (
        {"font_name": FONT, "font_size": 10},
        {"bottom": 1, "bold": False, "text_wrap": True, "valign": "bottom"},
    )
    sheet.write_string(0, 0, figure.title, book.add_format({**plain, "font_size": 13}))
    sheet.write_string(1, 0, figure.subtitle, book.add_format({**plain, "font_color": PAPER.ink2}))
    for place, one in enumerate(data.columns):
        align = "left" if one.kind == "text" else "right"
        sheet.write_string(FIRST - 2, place, one.text, book.add_format({**plain, "align": align, "text_wrap": True}))
        unit = one.unit
        sheet.write_string(
            FIRST - 1, place, unit, book.add_format({**plain, **head, "align": align, "font_color": PAPER.ink2})
        )
        texts = [str(row[place]) for row in data.rows if isinstance(row[place], str)]
        longest = max([_units(one.text) * 0.7, *map(_units, texts)], default=8.0)
        sheet.set_column(place, place, min(max(longest + 2, 11), 42))
    formats = [_format(book, one, plain) for one in data.columns]
    quoted = book.add_format({**plain, "quote_prefix": True})
    for row, cells in enumerate(data.rows):
        for place, value in enumerate(cells):
            _write(sheet, FIRST + row, place, value, formats[place], quoted)
    sheet.freeze_panes(FIRST, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{say('picture.version', lang, text=figure.footnote.version)}&R&P/&N")


def _format(book: Any, heading: Heading, plain: dict[str, Any]) -> Any:
    decimals = "." + "0" * heading.decimals if heading.decimals else ""
    shown = {
        "text": "General", "number": f"#,##0{decimals}", "percent": f"0{decimals}%", "whole": "#,##0",
        "date": "yyyy-mm-dd",
    }  # fmt: skip
    return book.add_format({**plain, "num_format": shown[heading.kind]})


def _write(sheet: Any, row: int, column: int, value: Content, style: Any, quoted: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, quoted if value.startswith(RISKY) else style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), style)
    else:
        sheet.write_number(row, column, value, style)


def _notes_sheet(book: Any, sheet: Any, figure: Figure, lang: Language) -> None:
    plain = {"font_name": FONT, "font_size": 10, "valign": "top"}
    note = figure.footnote
    lines = [("title", figure.title), ("subtitle", figure.subtitle)]
    lines += [
        ("word_definition", note.definition), ("word_sample", note.sample), ("word_period", note.period),
        ("word_as_of", note.as_of), ("word_source", note.source), ("word_version", note.version),
        ("word_code", note.code),
    ]  # fmt: skip
    label, text = book.add_format({**plain, "font_color": PAPER.ink2}), book.add_format({**plain, "text_wrap": True})
    for row, (key, said) in enumerate(lines):
        sheet.write_string(row, 0, say(f"picture.{key}", lang), label)
        sheet.write_string(row, 1, said, text)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 92)


def _chart(book: Any, figure: Figure, data: Grid, sheet: str, lang: Language) -> Any | None:
    """The native chart of the fitting kind, None where there is nothing to draw."""
    if not data.rows:
        return None
    drawn = figure.chart
    last = FIRST + len(data.rows) - 1

    def cells(column: int, first: int = FIRST, end: int = last) -> list[Any]:
        return [sheet, first, column, end, column]

    def series(column: int, colour: str, **more: Any) -> dict[str, Any]:
        return {"name": [sheet, FIRST - 2, column], "categories": cells(0), "values": cells(column), "gap": 60,
                "fill": {"color": colour}, "border": {"none": True}, **more}  # fmt: skip

    def line(column: int, colour: str, **more: Any) -> dict[str, Any]:
        return {"name": [sheet, FIRST - 2, column], "categories": cells(0), "values": cells(column),
                "line": {"color": colour, "width": 1.5}, **more}  # fmt: skip

    height = max(320, min(ROW * len(data.rows) + 120, 1400))
    if isinstance(drawn, DotPlot):
        known = sum(one.value is not None for one in drawn.rows)
        end = FIRST + max(known, 1) - 1
        chart = book.add_chart({"type": "bar"})
        bars = {"type": "custom", "plus_values": cells(6, FIRST, end), "minus_values": cells(5, FIRST, end)}
        has_bars = any(row[5] is not None for row in data.rows)
        shown = series(2, PAPER.bar, **({"y_error_bars": _refs(bars, sheet)} if has_bars else {}))
        chart.add_series({**shown, "categories": cells(0, FIRST, end), "values": cells(2, FIRST, end)})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    elif isinstance(drawn, StreetMap):
        known = sum(one.value is not None for one in drawn.places)
        chart = book.add_chart({"type": "bar"})
        end = FIRST + max(known, 1) - 1
        chart.add_series({**series(3, PAPER.bar), "categories": cells(0, FIRST, end), "values": cells(3, FIRST, end)})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    elif isinstance(drawn, StarBoard):
        chart = book.add_chart({"type": "bar"})
        chart.add_series(series(3, PAPER.bar))
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    elif isinstance(drawn, FunnelChart):
        chart = _funnel(book, drawn, sheet, cells, last, len(data.columns), lang)
        height = 460
    elif isinstance(drawn, Quadrants):
        chart = book.add_chart({"type": "scatter"})
        labels = [{"value": one.name} for one in drawn.spots]
        chart.add_series(
            {"name": data.columns[2].text, "categories": cells(1), "values": cells(2), "marker": _dot(PAPER.ink2),
             "data_labels": {"custom": labels, "value": True, "position": "right", "font": {"size": 8}}}
        )  # fmt: skip
        ends = {"x": [one.x for one in drawn.spots], "y": [one.y for one in drawn.spots]}
        chart.set_x_axis(
            {
                "name": drawn.x_word,
                "min": min(ends["x"]) * 0.9,
                "crossing": "min",
                "major_gridlines": {"visible": False},
            }
        )
        chart.set_y_axis({"name": drawn.y_word, "min": min(ends["y"]) * 0.95, "crossing": "min"})
        height = 460
    elif isinstance(drawn, RunChart):
        chart = book.add_chart({"type": "line"})
        chart.add_series(line(3, PAPER.ink2, marker=_dot(PAPER.ink2)))
        for column, colour, dash in ((4, PAPER.dot, "dash"), (5, PAPER.dot, "solid"), (6, PAPER.dot, "solid")):
            if any(row[column] is not None for row in data.rows):
                chart.add_series(line(column, colour, line={"color": colour, "width": 1, "dash_type": dash}))
        low = [row[column] for row in data.rows for column in (3, 5) if isinstance(row[column], float)]
        chart.set_y_axis({"min": _below(low), "num_font": {"size": 9}})
        height = 360
    elif isinstance(drawn, Trends):
        chart = book.add_chart({"type": "line"})
        colours = (PAPER.ink, PAPER.accent, PAPER.better, PAPER.dot, PAPER.worse, PAPER.bar)
        for place in range(len(drawn.charts)):
            chart.add_series(line(3 + place, colours[place % len(colours)]))
        low = [value for row in data.rows for value in row[3:] if isinstance(value, float)]
        chart.set_y_axis({"min": _below(low), "num_font": {"size": 9}})
        chart.show_blanks_as("gap")
        height = 400
    elif isinstance(drawn, Timeline):
        chart = book.add_chart({"type": "bar", "subtype": "stacked"})
        chart.add_series({"name": [sheet, FIRST - 2, 1], "categories": cells(0), "values": cells(1),
                          "fill": {"none": True},
                          "border": {"none": True}})  # fmt: skip
        chart.add_series(series(3, PAPER.dot))
        first = min(one.start for one in drawn.spells)
        chart.set_x_axis({"min": (first - date(1899, 12, 30)).days, "num_format": "yyyy"})
        chart.set_y_axis({"reverse": True})
    elif isinstance(drawn, CategoryBars):
        chart = book.add_chart({"type": "bar", "subtype": "stacked"})
        chart.add_series(series(1, PAPER.dot))
        chart.add_series(series(2, PAPER.bar))
        chart.set_y_axis({"reverse": True})
    elif isinstance(drawn, Expenses | Ageing | Strip):
        chart = book.add_chart({"type": "bar"})
        chart.add_series(series(1, PAPER.dot))
        chart.set_y_axis({"reverse": True})
    else:
        return None
    chart.set_title({"name": figure.title, "name_font": {"size": 12, "bold": False, "name": FONT}, "overlay": False})
    many = isinstance(drawn, RunChart | Trends | CategoryBars | FunnelChart)
    chart.set_legend({"position": "bottom"} if many else {"none": True})
    chart.set_size({"width": WIDE, "height": height})
    return chart


def _funnel(book: Any, drawn: FunnelChart, sheet: str, cells: Any, last: int, wide: int, lang: Language) -> Any:
    """Dots and limits. The limits' numbers stand below the data, where the chart finds them."""
    there = book.get_worksheet_by_name(sheet)
    start = last + 3
    percent = drawn.unit == "%"
    style = book.add_format({"font_name": FONT, "font_size": 10, "num_format": "0.0%" if percent else "0.0"})
    names = (
        drawn.x_word, f"{drawn.limit_words[1]} ↓", f"{drawn.limit_words[1]} ↑", f"{drawn.limit_words[0]} ↓",
        f"{drawn.limit_words[0]} ↑", say("picture.centre", lang),
    )  # fmt: skip
    for place, name in enumerate(names[: max(wide, len(names))]):
        there.write_string(start, place, name)
    for row, one in enumerate(drawn.limits):
        there.write_number(start + 1 + row, 0, one.x)
        values = (one.low95, one.high95, one.low998, one.high998, drawn.centre)
        for place, value in enumerate(values, 1):
            there.write_number(start + 1 + row, place, value / 100 if percent else value, style)
    end = start + len(drawn.limits)
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    chart.add_series({"name": drawn.y_word, "categories": cells(1), "values": cells(2), "line": {"none": True},
                      "marker": _dot(PAPER.ink2)})  # fmt: skip
    for place in range(1, 6) if drawn.limits else ():
        chart.add_series(
            {"name": [sheet, start, place], "categories": [sheet, start + 1, 0, end, 0],
             "values": [sheet, start + 1, place, end, place], "marker": {"type": "none"},
             "line": {"color": PAPER.ink if place == 5 else PAPER.dot, "width": 1,
                      "dash_type": "dash" if place < 3 else "solid"}}
        )  # fmt: skip
    scale = 100 if percent else 1
    chart.set_y_axis({"name": drawn.y_word, "min": drawn.y_low / scale, "max": drawn.y_high / scale})
    chart.set_x_axis({"name": drawn.x_word, "min": 0, "major_gridlines": {"visible": False}})
    return chart


def _refs(bars: dict[str, Any], sheet: str) -> dict[str, Any]:
    """Error bars with their ranges as formulas, as the writer wants them."""
    told = dict(bars)
    for key in ("plus_values", "minus_values"):
        _, first, column, end, _ = bars[key]
        letter = chr(ord("A") + column)
        told[key] = f"='{sheet}'!${letter}${first + 1}:${letter}${end + 1}"
    return told


def _dot(colour: str) -> dict[str, Any]:
    return {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}}


def _below(values: list[Any]) -> float | None:
    """Where a line's axis begins: a little under the least value, 0 where that is near."""
    if not values:
        return None
    low, high = min(values), max(values)
    return 0.0 if low <= (high - low) else float(f"{low - (high - low) * 0.15:.2g}")


def _units(text: str) -> float:
    """Width in characters of a Latin digit: a Chinese character takes two."""
    return sum(2.0 if ord(one) > 0x2E80 else 1.0 for one in text)
