"""Prints a report as a PDF: typeset by Typst with the fonts that come along, bookmarks, pictures as vectors.

The document is written as data (JSON); the layout reads it, so that no text can turn into markup.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from dashboard.charts.run import RunChart
from dashboard.charts.times import Expenses
from dashboard.fonts import FOLDER
from dashboard.printers.captions import alternative, bare, caption_word, clean, numbered
from dashboard.printers.docx import LONG, sheet_of
from dashboard.printers.docx_page import ONE_PAGE
from dashboard.stories.report import Grid, Heading, Paragraph, Picture, Points, Report, Signature
from dashboard.words import say

LAYOUT: Final = Path(__file__).with_name("pdf.typ")


def pdf(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The document. `progress` is told how many blocks of how many are done."""
    sheet = sheet_of(report)
    counted = numbered(report)
    with tempfile.TemporaryDirectory(prefix="lianping-") as name:
        folder = Path(name)
        blocks: list[dict[str, Any]] = []
        for place, block in enumerate(report.blocks):
            match block:
                case Heading():
                    blocks.append(
                        {"is": "heading", "text": clean(block.text), "level": block.level, "new": block.on_new_page}
                    )
                case Paragraph():
                    blocks.append(
                        {"is": "text", "number": "", "lead": clean(block.lead), "text": clean(block.text),
                         "note": block.tone == "note"}
                    )  # fmt: skip
                case Points():
                    for at, text in enumerate(block.texts):
                        lead = block.leads[at] if block.leads else ""
                        number = f"{block.first + at}. "
                        blocks.append(
                            {"is": "text", "number": number, "lead": clean(lead), "text": clean(text), "note": False}
                        )
                case Picture():
                    file = f"figure{counted[place].number}.svg"
                    (folder / file).write_bytes(bare(block.figure, "svg", report.lang))
                    share = 75 if isinstance(block.figure.chart, RunChart | Expenses) else 100
                    blocks.append(
                        {"is": "picture", "file": file, "alt": alternative(block.figure), "share": share,
                         "comment": clean(block.comment), **_caption(report, place)}
                    )  # fmt: skip
                case Grid():
                    blocks.append({"is": "table", **_table(block), **_caption(report, place)})
                case Signature():
                    blocks.append({"is": "signature", "lines": [clean(one) for one in block.lines]})
            if progress is not None:
                progress(place + 1, len(report.blocks))
        data = {
            "lang": report.lang,
            "official": report.is_official,
            "brief": sheet is ONE_PAGE,
            "long": report.kind in LONG,
            "edition": say(f"report.{report.edition}", report.lang),
            "title": clean(report.title),
            "subtitle": clean(report.subtitle),
            "scope": clean(report.scope),
            "author": clean(report.street),
            "red_head": clean(report.red_head),
            "body": sheet.body,
            "line": sheet.line,
            "title_size": sheet.title,
            "small": sheet.small,
            "table": sheet.table,
            "margins": list(sheet.margins),
            "indent": sheet.indent,
            "blocks": blocks,
            "caveats": [clean(one) for one in report.caveats],
            "definitions": [[clean(one.term), clean(one.text)] for one in report.definitions],
            "words": {key: say(f"report.contents_{key}", report.lang) for key in ("caveats", "definitions", "lineage")},
            "lead": say("report.lead", report.lang, subject=""),
            "closing": say("report.version_line", report.lang, as_of=report.as_of, version=report.version)
            + ("" if sheet is ONE_PAGE else " " * (report.lang == "en") + say("report.trace_line", report.lang)),
        }
        (folder / "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "main.typ").write_text(LAYOUT.read_text(encoding="utf-8"), encoding="utf-8")
        made = typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), format="pdf")
    assert isinstance(made, bytes)  # noqa: S101 - one document, for the type checker
    return made


def _caption(report: Report, place: int) -> dict[str, Any]:
    one = numbered(report)[place]
    word = caption_word(one.block, report.lang)
    between, stop = ("", "　") if report.lang == "zh" else (" ", ". ")
    return {"caption": f"{word}{between}{one.number}{stop}{one.caption}", "under": one.note}


def _table(block: Grid) -> dict[str, Any]:
    table = block.table
    signs = {"better": "● ", "worse": "◆ "}
    return {
        "heads": [[clean(one.heading), clean(one.unit)] for one in table.columns],
        "numbers": [one.is_number for one in table.columns],
        "rows": [
            [
                ("" if cell.text.startswith(("●", "◆")) else signs.get(cell.mark or "", "")) + clean(cell.text)
                for cell in row
            ]
            for row in table.rows
        ],
        "total": block.has_total,
        "widths": list(block.widths or (1.0,) * len(table.columns)),
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
