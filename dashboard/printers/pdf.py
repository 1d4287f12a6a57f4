"""Prints a report as a PDF: typeset by Typst with the fonts that come along, bookmarks, pictures as vectors.

The document is written as data (JSON); the layout reads it, so that no text can turn into markup.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from dashboard.fonts import FOLDER
from dashboard.printers.captions import (
    alternative,
    bare,
    caption_word,
    clean,
    closing,
    glued,
    head_size,
    numbered,
    share_of,
)
from dashboard.printers.docx import LONG, most_high, sheet_of
from dashboard.printers.docx_page import ONE_PAGE, Sheet
from dashboard.printers.fitting import KEPT, fitted
from dashboard.printers.flow import POINTS_PER_MM, TYPST, ends_open, flowing
from dashboard.stories.report import Block, Grid, Heading, Paragraph, Picture, Points, Report, Signature
from dashboard.words import say

LAYOUT: Final = Path(__file__).with_name("pdf.typ")


def pdf(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The document. `progress` is told how many blocks of how many are done."""
    sheet = sheet_of(report)
    painted: dict[int, str] = {}
    for place, block in enumerate(report.blocks):
        if isinstance(block, Picture):
            painted[id(block)] = bare(block.figure, "svg", report.lang, is_narrow=True).decode()
        if progress is not None:
            progress(place + 1, len(report.blocks))
    report = flowing(report, sheet, TYPST, lambda one: _high(one, painted[id(one)], report, sheet))
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
                        {"is": "text", "number": "", "lead": clean(block.lead), "text": glued(clean(block.text)),
                         "note": block.tone == "note",
                         "open": ends_open(block.text) or isinstance(_after(report, place), Signature)}
                    )  # fmt: skip
                case Points():
                    for at, text in enumerate(block.texts):
                        lead = block.leads[at] if block.leads else ""
                        number = f"{block.first + at}. "
                        blocks.append(
                            {
                                "is": "text",
                                "number": number,
                                "lead": clean(lead),
                                "text": glued(clean(text)),
                                "note": False,
                                "open": False,
                            }
                        )
                case Picture():
                    file = f"figure{counted[place].number}.svg"
                    (folder / file).write_text(painted[id(block)], encoding="utf-8")
                    share = share_of(block.figure) * 100
                    blocks.append(
                        {"is": "picture", "file": file, "alt": alternative(block.figure), "share": share,
                         "comment": clean(block.comment), **_caption(report, place)}
                    )  # fmt: skip
                case Grid():
                    blocks.append({"is": "table", **_table(block, report, sheet), **_caption(report, place)})
                case Signature():
                    blocks.append({"is": "signature", "lines": [clean(one) for one in block.lines]})
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
            "red_head_size": head_size(clean(report.red_head), sheet.wide_mm * POINTS_PER_MM),
            "document_number": say("report.document_number", report.lang, year=report.year),
            "most": most_high(report),
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
            "closing": closing(report, is_brief=sheet is ONE_PAGE),
        }
        (folder / "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "main.typ").write_text(LAYOUT.read_text(encoding="utf-8"), encoding="utf-8")
        made = typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), format="pdf")
    assert isinstance(made, bytes)  # noqa: S101 - one document, for the type checker
    return made


def _after(report: Report, place: int) -> Block | None:
    return report.blocks[place + 1] if place + 1 < len(report.blocks) else None


def _caption(report: Report, place: int) -> dict[str, Any]:
    one = numbered(report)[place]
    word = caption_word(one.block, report.lang)
    between, stop = ("", "　") if report.lang == "zh" else (" ", ". ")
    return {"caption": f"{word}{between}{one.number}{stop}{one.caption}", "under": one.note}


def _high(block: Picture, content: str, report: Report, sheet: Sheet) -> float:
    """Points that a picture takes from top to bottom on the sheet."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', content)
    across, down = (float(found[1]), float(found[2])) if found else (1.0, 1.0)
    wide = sheet.wide_mm * POINTS_PER_MM * share_of(block.figure)
    return min(wide * down / across, sheet.high_mm * POINTS_PER_MM * most_high(report))


def _table(block: Grid, report: Report, sheet: Sheet) -> dict[str, Any]:
    shape = fitted(block, report, sheet.table, sheet.wide_mm * POINTS_PER_MM)
    return {
        "heads": list(shape.heads),
        "numbers": [one.is_number for one in block.table.columns],
        "rows": [list(row) for row in shape.rows],
        "total": block.has_total,
        "widths": list(shape.widths),
        "size": shape.size,
        "long": len(shape.rows) > KEPT,
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
