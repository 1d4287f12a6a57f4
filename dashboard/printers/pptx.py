"""Prints a report as slides, 16:9: one message a slide as its title, native charts and tables, more in the notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from itertools import takewhile

from pptx import Presentation
from pptx.util import Inches

from dashboard.printers.captions import clean, numbered
from dashboard.printers.pptx_deck import HIGH, ROOM, WIDE, Deck, Item
from dashboard.printers.pptx_figures import picture_slides
from dashboard.printers.pptx_tables import sheets, table
from dashboard.printers.pptx_text import lines
from dashboard.stories.findings import finding
from dashboard.stories.report import Grid, Heading, Paragraph, Picture, Points, Report, Signature
from dashboard.words import say
from pipelines.words import Language

UNDER: int = 2
"""So many lines of text may stand between a slide's title and its table."""


def pptx(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The presentation. `progress` is told how many blocks of how many are done."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    core = show.core_properties
    core.title, core.subject, core.author = clean(report.title), clean(report.subtitle), clean(report.street)
    core.created = core.modified = datetime.now()
    core.language = "zh-CN" if report.lang == "zh" else "en"
    deck = Deck(show, report)
    intro = list(takewhile(lambda one: isinstance(one, Paragraph), report.blocks))
    deck.cover([one.text for one in intro if isinstance(one, Paragraph)])
    counted = numbered(report)
    texts: list[Item] = []
    said = ""
    for place, block in enumerate(report.blocks):
        match block:
            case Heading():
                deck.texts(texts, said)
                texts, said = [], ""
                deck.enter(block)
            case Paragraph() if place >= len(intro):
                texts.append(Item(block.lead, block.text))
            case Points():
                texts += points(block)
                said = said or block.finding
            case Picture():
                last = texts.pop() if (texts and not texts[-1].is_point) or len(texts) == 1 else Item("", "")
                deck.texts(texts, said)
                texts, said = [], ""
                picture_slides(deck, counted[place], block, last)
            case Grid():
                under = _under(texts)
                if not under:
                    deck.texts(texts, said)
                texts, said = [], ""
                grid_slides(deck, counted[place].number, counted[place].caption, block, under)
            case Signature() | Paragraph():
                pass
        if progress is not None:
            progress(place + 1, len(report.blocks))
    deck.texts(texts, said)
    _ends(deck, report)
    stream = BytesIO()
    show.save(stream)
    return stream.getvalue()


def points(block: Points) -> list[Item]:
    """The numbered sentences."""
    return [
        Item(f"{block.first + at}. " + (block.leads[at] if block.leads else ""), text, is_point=True)
        for at, text in enumerate(block.texts)
    ]


def _ends(deck: Deck, report: Report) -> None:
    """What must be known to read the figures, and how they are defined."""
    lang = report.lang
    deck.room = None
    if report.caveats:
        deck.section = say("report.contents_caveats", lang)
        said = say("slides.caveats_title", lang, count=len(report.caveats)) if len(report.caveats) > 1 else ""
        deck.texts([Item("", one) for one in report.caveats], said)
    if report.definitions:
        deck.section = say("report.contents_definitions", lang)
        terms = [Item(_lead(one.term, lang), one.text) for one in report.definitions]
        key = "definition_title" if len(terms) == 1 else "definitions_title"
        deck.texts(terms, say(f"slides.{key}", lang, count=len(terms)))


def _lead(term: str, lang: Language) -> str:
    """A term before its definition; one that is but a number has its own mark."""
    return term + (" " if lang == "en" else "") if term[-1:] in "、." else say("report.lead", lang, subject=term)


def _under(texts: Sequence[Item]) -> list[str]:
    """The sentences that can stand between the title and the table; none where they are too many or a list."""
    said = [one.lead + one.text for one in texts]
    if not said or any(one.is_point for one in texts) or sum(lines(one, 14, ROOM) for one in said) > UNDER:
        return []
    return said


def grid_slides(deck: Deck, number: int, caption: str, block: Grid, under: Sequence[str]) -> None:
    """A table's slides: what it shows as the title, what it is below, then the rows."""
    lang, shown = deck.report.lang, block.table
    found = finding(block, lang)
    if shown.id == "points" and found:
        found = say("report.lead", lang, subject=deck.heading) + found
    counts = set(re.findall(r"\d+", found))
    told = [one for one in under if shown.id != "actions" or not set(re.findall(r"\d+", one)) <= counts or not counts]
    told = [one for one in told if one[:5] != found[:5]]
    subs = ([shown.title] if found and shown.title not in found else []) + told
    title = found or shown.title
    foot = deck.foot_note(block.footnote, shown.note)
    longest = deck.part(title, 99, 99)
    top = deck.top(longest, subs)
    high = deck.bottom(foot) - top
    parts = sheets(block, ROOM, high, lang)
    for at, part in enumerate(parts, 1):
        slide = deck.slide(deck.part(title, at, len(parts)), subs, foot)
        table(slide, part, deck.left, top, caption, lang)
        deck.notes(slide, deck.told_of(block, number, caption, "", block.footnote, shown.note))
        deck.room = (slide, top + part.tall + 0.3, deck.bottom(foot), deck.heading)
