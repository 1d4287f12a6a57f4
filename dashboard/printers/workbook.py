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
LINE: Final = 22
"""Pixels of a row of data."""
UPRIGHT: Final = 700.0
LYING: Final = 1020.0
"""Pixels across A4 between the margins, upright and lying."""
WIDEST: Final = 30
"""Characters of the widest column of data."""
SEEN: Final = 30
"""So many rows are seen at once on a screen."""


_GRIDLINES: Final = {"visible": True, "line": {"color": PAPER.rule, "width": 0.5}}


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


def insert_figure(book: Any, sheet_name: str, figure: Figure, lang: Language, *, is_printed: bool = False) -> None:
    """Adds a sheet with the figure's data and, where programs know its kind, a native chart beside them.

    With `is_printed` the chart stands below the data, as wide as they are, so that both fill the paper.
    """
    data = grid(figure.chart, lang)
    sheet = book.add_worksheet(sheet_name)
    widths = _data_sheet(book, sheet, figure, data, lang)
    wide = sum(widths)
    chart = _chart(book, figure, data, sheet_name, lang)
    if chart is None or not is_printed:
        if chart is not None:
            sheet.insert_chart(2, len(data.columns) + 1, chart)
        elif wide <= UPRIGHT:
            sheet.set_portrait()
        return
    is_tall = wide <= UPRIGHT * 1.33
    page, deep = (UPRIGHT, LYING) if is_tall else (LYING, UPRIGHT)
    across = min(max(wide, page * 0.9), page * 1.3)
    scale = min(1.0, page / max(across, wide))
    high = min(float(chart.height), deep * 0.86 / scale)
    chart.set_size({"width": int(across), "height": int(high)})
    row = sheet.dim_rowmax + 2
    sheet.insert_chart(row, 0, chart)
    if (row + 2) * LINE + high > deep * 0.92 / scale:
        sheet.set_h_pagebreaks([row])
    if row > SEEN:
        style = book.add_format({"font_name": FONT, "font_size": 10, "font_color": PAPER.ink2})
        below = say("picture.chart_below", lang, row=row + 1)
        sheet.write_string(1, 0, " ".join(one for one in (figure.subtitle, below) if one), style)
    if is_tall:
        sheet.set_portrait()
    more = max(0, -(-int(across - wide) // 64))
    sheet.print_area(0, 0, row + int(high / LINE) + 1, len(data.columns) - 1 + more)


def _data_sheet(book: Any, sheet: Any, figure: Figure, data: Grid, lang: Language) -> list[float]:
    """Writes the data; how wide the columns are, in pixels."""
    sheet.set_default_row(LINE * 0.75)
    wide: list[float] = []
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
        width = min(max(longest + 2, 11), WIDEST)
        sheet.set_column(place, place, width)
        wide.append(width * 7 + 5)
    apart = [
        one.kind == "text" and place > 0 and data.columns[place - 1].kind != "text"
        for place, one in enumerate(data.columns)
    ]
    formats = [
        _format(book, one, {**plain, "indent": 1} if is_apart else plain)
        for one, is_apart in zip(data.columns, apart, strict=True)
    ]
    quoted = book.add_format({**plain, "quote_prefix": True})
    for row, cells in enumerate(data.rows):
        for place, value in enumerate(cells):
            _write(sheet, FIRST + row, place, value, formats[place], quoted)
    sheet.freeze_panes(FIRST, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.repeat_rows(FIRST - 2, FIRST - 1)
    sheet.set_footer(f"&L{say('picture.version', lang, text=figure.footnote.version)}&R&P / &N")
    return wide


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
        bars = {
            "type": "custom",
            "line": {"color": PAPER.ink2, "width": 0.75},
            "plus_values": cells(6, FIRST, end),
            "minus_values": cells(5, FIRST, end),
        }
        has_bars = any(row[5] is not None for row in data.rows)
        shown = series(2, PAPER.bar, **({"y_error_bars": _refs(bars, sheet)} if has_bars else {}))
        chart.add_series({**shown, "categories": cells(0, FIRST, end), "values": cells(2, FIRST, end)})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        form = "0%" if data.columns[2].kind == "percent" else "General"
        chart.set_x_axis({"min": 0, "num_format": form, "major_gridlines": _GRIDLINES})
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
                "min": float(f"{min(ends['x']) * 0.9:.2g}"),
                "num_format": f"0.{'0' * drawn.x_decimals}" if drawn.x_decimals else "0",
                "crossing": "min",
                "major_gridlines": {"visible": False},
            }
        )
        least = float(f"{min(ends['y']) * 0.95:.2g}")
        chart.set_y_axis(
            {"name": drawn.y_word, "min": least, "crossing": "min", "num_format": "0", "major_gridlines": _GRIDLINES}
        )
        height = 460
    elif isinstance(drawn, RunChart):
        chart = book.add_chart({"type": "line"})
        chart.add_series(line(3, PAPER.ink2, marker=_dot(PAPER.ink2)))
        for column, colour, dash in ((4, PAPER.dot, "dash"), (5, PAPER.dot, "solid"), (6, PAPER.dot, "solid")):
            if any(row[column] is not None for row in data.rows):
                chart.add_series(line(column, colour, line={"color": colour, "width": 1, "dash_type": dash}))
        chart.set_x_axis({"interval_unit": max(1, -(-len(data.rows) // 12)), "num_font": {"size": 9}})
        low = [row[column] for row in data.rows for column in (3, 5) if isinstance(row[column], float)]
        form = "0%" if data.columns[3].kind == "percent" else "General"
        axis = {"min": _below(low), "num_font": {"size": 9}, "num_format": form, "major_gridlines": _GRIDLINES}
        chart.set_y_axis(axis)
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
    head = book.add_format({"font_name": FONT, "font_size": 10, "text_wrap": True, "bottom": 1, "align": "right"})
    across = book.add_format({"font_name": FONT, "font_size": 10, "num_format": "#,##0"})
    for place, name in enumerate(names[: max(wide, len(names))]):
        there.write_string(start, place, name, head)
    for row, one in enumerate(drawn.limits):
        there.write_number(start + 1 + row, 0, one.x, across)
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
    low = drawn.y_low // 5 * 5
    chart.set_y_axis({"name": drawn.y_word, "min": round(low / scale, 4), "max": round(drawn.y_high / scale, 4),
                      "num_format": "0%" if percent else "0", "major_gridlines": _GRIDLINES})  # fmt: skip
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
