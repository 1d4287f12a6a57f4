"""Fills a page's template. Whatever comes from spreadsheets is escaped: text stays text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard import numbers
from dashboard.drawings.drawing import draw
from dashboard.drawings.marks import glyph
from dashboard.selection import Selection
from dashboard.stories.atoms import Link
from dashboard.words import say

TEMPLATES: Final = Path(__file__).parent / "templates"


def page_html(template: str, selection: Selection, **values: object) -> str:
    """A template as HTML. In it stand `say(key)`, `href(link)`, `go(page, **changes)`, `draw(chart)` and the values."""
    lang = selection.lang

    def href(link: Link) -> str:
        return selection.href(link.page, **link.changes)

    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            selection=selection,
            lang=lang,
            say=lambda key, **found: say(key, lang, **found),
            href=href,
            go=selection.href,
            draw=lambda chart, **how: draw(chart, lang, href, **how),
            glyph=glyph,
            numbers=numbers,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
